"""The work that the script of a web form's page does, done here."""

from __future__ import annotations

import json
from base64 import b64encode

from altcha import v1 as altcha


def solved(work: str) -> str:
    """Return the solution of a page's *work*, as its form sends it."""
    asked = json.loads(work)
    done = altcha.solve_challenge(
        asked["challenge"], asked["salt"], asked["algorithm"], asked["maxNumber"], 0
    )
    assert done is not None
    answer = {name: asked[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return b64encode(json.dumps({**answer, "number": done.number}).encode()).decode()
