"""Write the reference, or with ``--check`` print what would change and fail."""

from __future__ import annotations

import sys

from tests.upkeep.reference import differences, write

if "--check" in sys.argv[1:]:
    found = list(differences())
    sys.stdout.write("".join(f"{line}\n" for line in found))
    sys.exit(1 if found else 0)
write()
