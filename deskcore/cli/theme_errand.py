"""One check of a theme, in a process of its own: ``python -m deskcore.cli.theme_errand FD``.

The configuration and the folder come as JSON on standard input, what was found goes to FD.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from deskcore.authoring.theme_check import check_theme
from deskcore.children import leave
from deskcore.config import Config
from deskcore.logs import set_up_logging


def main() -> None:
    """Look through it, tell, and end."""
    asked = json.load(sys.stdin)
    config = Config(**asked["config"])
    set_up_logging(config.log_format, config.log_level)
    findings = check_theme(Path(asked["folder"]), beside=config.instance)
    with os.fdopen(int(sys.argv[1]), "w", encoding="utf-8") as answer:
        json.dump([asdict(finding) for finding in findings], answer)
    leave()


if __name__ == "__main__":
    main()
