"""Fetch the browser parts made by others, pin them by our own hash, and cut the icon sprite.

Run by hand when a version changes: ``python tests/upkeep/vendor.py``. Needs npm and the network; the
result is committed, so nobody else does.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "deskcore" / "static" / "vendor"
SPRITE = VENDOR.parent / "icons.svg"

HTMX = "4.0.1"
LUCIDE = "1.62.0"
ICONS = (VENDOR / "icons.txt").read_text("utf-8").split()


def main() -> None:
    """Replace the vendored files and write down what they are."""
    with tempfile.TemporaryDirectory() as folder:
        htmx = _package("htmx.org", HTMX, Path(folder))
        lucide = _package("lucide-static", LUCIDE, Path(folder))
        (VENDOR / "htmx.min.js").write_bytes((htmx / "dist" / "htmx.min.js").read_bytes())
        (VENDOR / "htmx.LICENSE").write_bytes((htmx / "LICENSE").read_bytes())
        (VENDOR / "lucide.LICENSE").write_bytes((lucide / "LICENSE").read_bytes())
        SPRITE.write_text(_sprite(lucide / "icons"), "utf-8")
    manifest = {
        "vendor/htmx.min.js": {
            "package": "htmx.org",
            "version": HTMX,
            "licence": "0BSD",
            "sha384": _sha384(VENDOR / "htmx.min.js"),
        },
        "icons.svg": {
            "package": "lucide-static",
            "version": LUCIDE,
            "licence": "ISC, MIT",
            "sha384": _sha384(SPRITE),
        },
    }
    (VENDOR / "MANIFEST.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def _package(name: str, version: str, folder: Path) -> Path:
    command = ["npm", "pack", "--silent", f"{name}@{version}"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    target = folder / name
    with tarfile.open(folder / done.stdout.split()[-1]) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def _sprite(icons: Path) -> str:
    symbols = []
    for name in ICONS:
        drawing = (icons / f"{name}.svg").read_text("utf-8")
        inner = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
        assert inner is not None
        shapes = re.sub(r"\s+", " ", inner[1]).replace("> <", "><").strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    body = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'


def _sha384(path: Path) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


if __name__ == "__main__":
    main()
