"""The life of one parser: ``python -m deskcore.plugin.reader DESCRIPTOR``, started by ``parsers``.

An interpreter of its own, not a fork: it holds no key, no password and no connection but this one.
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import socket
import sys
from contextlib import suppress

from deskcore.plugin import dialogue
from deskcore.plugin.choice import of_configuration
from deskcore.plugin.dialogue import Answer, Life, Question
from deskcore.plugin.faults import PluginFailed, fault_of
from deskcore.plugin.guard import Guard
from deskcore.plugin.loaded import Loaded
from deskcore.plugin.loader import load_plugins

_TIRED_KB = 150_000  # grown by this much since it was ready


def main() -> None:
    """Read what comes until the worker hangs up, nothing comes for long, or a limit ends this."""
    worker = socket.socket(fileno=int(sys.argv[1]))
    # A worker that is gone, nothing to do for long, or the limit of memory: the end either way.
    with suppress(EOFError, OSError, MemoryError):
        _live(worker)
    os._exit(0)  # without waiting for threads that a plugin left


def _live(worker: socket.socket) -> None:
    # Pickles go from the worker to here; what goes back to it is none.
    life: Life = pickle.loads(dialogue.receive(worker))  # noqa: S301  from our own parent
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    # Whoever gave the desk less than that may not be asked for more.
    memory = life.memory_bytes if most == resource.RLIM_INFINITY else min(most, life.memory_bytes)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    loaded = load_plugins(
        instance=life.instance, choice=of_configuration(life.plugins), guard=Guard()
    )
    gc.freeze()  # what was imported stays: it need not be looked through again
    dialogue.send(worker, b"ready")
    born_with_kb = _weight_kb()
    worker.settimeout(life.idle_s)
    while True:
        question: Question = pickle.loads(dialogue.receive(worker))  # noqa: S301  as above
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime) + life.cpu_s
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
        dialogue.send(worker, _answer(question, loaded, born_with_kb))


def _answer(question: Question, loaded: Loaded, born_with_kb: int) -> bytes:
    try:
        parsed = loaded.open_channel(question.channel, question.account).parse(question.raw)
        is_tired = _weight_kb() - born_with_kb > _TIRED_KB
        return dialogue.pack(Answer(parsed=parsed, is_tired=is_tired))
    except PluginFailed as failed:
        return dialogue.pack(Answer(parsed=[], fault=failed.fault))
    except (TypeError, ValueError) as error:  # the plugin gave what is no plain value
        fault = fault_of(question.channel, "parse", error)
        return dialogue.pack(Answer(parsed=[], fault=fault))


def _weight_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
