"""What a backup says of itself: its first entry, by which the rest is judged at the restore."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from deskcore.errors import Unavailable

FORMAT = 1
NAME = "manifest.json"
DATABASE = "database"
FILES = "files/"
INSTANCE = "instance/"
LARGEST = 10_000_000  # bytes of a manifest; one of a desk has some kilobytes
DIGEST = re.compile(r"[0-9a-f]{64}")

Kind = Literal["sqlite", "postgresql"]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The facts of one backup, all of one moment of the database.

    ``tables`` counts rows by table; ``files`` counts what the database names, of which
    ``missing`` were not on the disk. ``revision`` is that of the core's schema.
    """

    version: str
    made_at: str
    kind: Kind
    revision: str
    tables: Mapping[str, int]
    files: int
    missing: tuple[str, ...] = ()
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        """When the backup was made."""
        return datetime.fromisoformat(self.made_at)

    def to_bytes(self) -> bytes:
        """Write it down."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Manifest:
        """Read it back; raises Unavailable with a sentence when this is none of ours."""
        try:
            values = json.loads(content)
            if values["format"] != FORMAT:
                raise Unavailable(
                    "The backup was made by a newer version of the desk; restore it with that one."
                )
            return cls(**{**values, "missing": tuple(values["missing"])})
        except (ValueError, KeyError, TypeError) as error:
            raise Unavailable("The file is not a backup of a desk.") from error
