"""A parent that has nothing to do makes itself small: it becomes another program and comes back.

All that the parent ever imported would stay in memory to watch two processes. What it must
remember waits in a pipe, and ``desk resume`` reads it again.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

from deskcore.children import Child, Place
from deskcore.config import Config
from deskcore.errors import Unavailable

_WATCH = Path(__file__).with_name("watch.py")
# Only this program, without what a folder or a site might add to it.
_ALONE = ("-I", "-S")
# As the command found its own code; never what lies in the folder it was called in.
_AGAIN = ("-P", "-m", "deskcore", "resume")


@dataclass(frozen=True, kw_only=True)
class Rest:
    """What a parent must not forget: its configuration, children and open files.

    ``listening`` and ``lifeline`` are descriptors; the former is None when no pages are served.
    """

    config: Config
    places: list[Place]
    listening: int | None
    lifeline: tuple[int, int]


def begin(rest: Rest) -> NoReturn:
    """Become small. Every child must be ready and every heeded signal blocked.

    Raises OSError when it cannot be: the program is being replaced, or files have run out.
    """
    kept = asdict(rest) | {"config": rest.config.model_dump(mode="json")}
    memory, writing = os.pipe()
    os.set_blocking(writing, False)  # what did not fit would have nobody who reads it
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(json.dumps(kept).encode())
    for descriptor in (memory, *_open_files(rest)):
        os.set_inheritable(descriptor, True)
    again = [sys.executable, *_AGAIN, str(memory)]
    pids = [str(place.child.pid) for place in rest.places if place.child is not None]
    sys.stdout.flush()
    sys.stderr.flush()
    program = [sys.executable, *_ALONE, str(_WATCH), *again, "--", *pids]
    os.execv(sys.executable, program)  # noqa: S606  the desk's own program, no shell


def recall(memory: int) -> Rest:
    """Read what the parent wrote before it rested, and close it.

    Raises Unavailable when it cannot be understood: another version was installed meanwhile. The
    children end with this process then, and whatever started the desk starts it again.
    """
    try:
        with os.fdopen(memory, "rb") as file:
            kept = json.load(file)
        config = Config(**kept["config"])
        places = [
            Place(**{**each, "child": Child(**each["child"]) if each["child"] else None})
            for each in kept["places"]
        ]
        reading, writing = kept["lifeline"]
        rest = Rest(
            config=config,
            places=places,
            listening=kept["listening"],
            lifeline=(reading, writing),
        )
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise Unavailable(
            "The desk was changed while it ran and cannot go on. Start it again."
        ) from error
    for descriptor in _open_files(rest):
        os.set_inheritable(descriptor, False)
    return rest


def _open_files(rest: Rest) -> list[int]:
    return [*rest.lifeline] if rest.listening is None else [*rest.lifeline, rest.listening]
