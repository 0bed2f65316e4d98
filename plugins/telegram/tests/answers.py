"""The answers of the Bot API, in its words, and how often it gives the wrong ones."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from deskcore.testing import Fault, Reply, reply_json, says


def ok(result: object) -> Reply:
    return reply_json({"ok": True, "result": result})


def no(code: int, words: str, *, parameters: Mapping[str, object] | None = None) -> Reply:
    found: dict[str, object] = {"ok": False, "error_code": code, "description": words}
    return reply_json(found | ({"parameters": parameters} if parameters else {}), code)


def not_ok(code: int, words: str) -> bytes:
    return json.dumps({"ok": False, "error_code": code, "description": words}).encode()


def busy(seconds: int) -> Fault:
    words = f"Too Many Requests: retry after {seconds}"
    return Fault(how="answer", reply=no(429, words, parameters={"retry_after": seconds}))


@dataclass(kw_only=True)
class Chaos:
    """What share of the requests goes wrong, and how; the same seed does the same."""

    share: float
    seed: int = 1
    patience_s: int = 1
    played: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)  # noqa: S311  nobody has to be unable to guess it

    def fault(self, method: str) -> Fault | None:
        """Throw the dice for one request."""
        if self._dice.random() >= self.share:
            return None
        how = self._dice.choice(("busy", "error", "gate", "reset", "lost", "half"))
        self.played[how] = self.played.get(how, 0) + 1
        plans = {
            "busy": busy(self.patience_s),
            "error": says(500, not_ok(500, "Internal Server Error")),
            "gate": says(502, b"<html>Bad Gateway</html>", "text/html"),
            "reset": Fault(how="reset"),
            "lost": Fault(how="lost"),
            "half": Fault(how="half"),
        }
        return plans[how]
