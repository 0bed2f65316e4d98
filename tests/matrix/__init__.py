"""Every route, as every kind of person, with an object of theirs, a foreign one and none."""
