"""Is never imported: it is made for a later desk."""

raise AssertionError("imported in spite of its version")
