"""Is never imported: its manifest is wrong."""

raise AssertionError("imported in spite of its manifest")
