"""Is never imported: what it requires is not there."""

raise AssertionError("imported in spite of its requirement")
