"""Has something done by a process of its own: whatever is run there ends only that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a process answered, empty when it died or took too long; and what it ended with."""

    text: str
    pid: int
    code: int


def ask(module: str, question: Mapping[str, object], *, patience_s: float) -> Answer:
    """Run *module*, which is given a JSON text on standard input and a descriptor to answer on."""
    reading, writing = os.pipe()
    with os.fdopen(reading, encoding="utf-8") as answer:
        with subprocess.Popen(
            [sys.executable, "-P", "-m", module, str(writing)],
            stdin=subprocess.PIPE,
            stdout=sys.stderr.fileno(),
            pass_fds=(writing,),
        ) as process:
            os.close(writing)
            try:
                process.communicate(json.dumps(question).encode(), timeout=patience_s)
            except subprocess.TimeoutExpired:
                process.kill()
        return Answer(text=answer.read(), pid=process.pid, code=process.returncode)
