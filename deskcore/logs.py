"""Logs: JSON lines for machines, readable lines on a terminal, never what people wrote.

An error's own text may quote a mail, so only the errors of the desk, which are written for people,
show theirs; of any other the log keeps the type and the places it passed.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections import deque
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Literal, TextIO

import structlog

from deskcore.errors import DeskError

LogFormat = Literal["auto", "json", "text"]

_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), 127, *range(128, 160))} | {
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}
# What a careless caller might pass; a value under such a name never reaches a line.
_FORBIDDEN = frozenset(
    {"body", "text", "html", "subject", "password", "token", "secret", "cookie", "authorization"}
)
_QUIET = {"huey": logging.WARNING, "waitress.queue": logging.ERROR, "alembic": logging.WARNING}
_FRAMES = 8
# For whoever helps with a desk whose log they cannot reach; a few hundred kilobytes at most.
_recent: deque[str] = deque(maxlen=300)

Fields = MutableMapping[str, object]


def set_up_logging(log_format: LogFormat, level: str, stream: TextIO | None = None) -> None:
    """Send every log line of the desk and its libraries to *stream* (standard error)."""
    stream = stream or sys.stderr
    as_json = log_format == "json" or (log_format == "auto" and not stream.isatty())
    handler = logging.StreamHandler(stream)
    json = structlog.processors.JSONRenderer(ensure_ascii=False)
    handler.setFormatter(_formatter(json if as_json else _readable))
    keeping = _Keeping(logging.WARNING)
    keeping.setFormatter(_formatter(json))
    root = logging.getLogger()
    root.handlers[:] = [handler, keeping]
    root.setLevel(level.upper())
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(least)


def recent_lines() -> list[str]:
    """Return the last warnings and errors of this process, oldest first, as they were logged."""
    return list(_recent)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a module; pass facts as keywords: ``log.info("job done", job=7)``."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


@contextmanager
def log_context(**ids: object) -> Iterator[None]:
    """Put ids (request, job, plugin, account) on every line logged inside."""
    with structlog.contextvars.bound_contextvars(**ids):
        yield


def describe_error(error: BaseException) -> str:
    """Write an error in one line that quotes nobody: its text if it is meant for people.

    Otherwise its type and the place in our own code, or the deepest one, where it happened.
    """
    if isinstance(error, DeskError):
        return f"{type(error).__name__}: {error}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/deskcore/" in frame.filename] or list(frames)
    if not ours:
        return type(error).__name__
    return f"{type(error).__name__} in {_short(ours[-1])}"


class _Keeping(logging.Handler):
    """Keeps the last lines in memory."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        _recent.append(self.format(record))


def _formatter(renderer: structlog.typing.Processor) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_processors(),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        keep_exc_info=False,
    )


def _with_safe_error(_logger: object, _method: str, fields: Fields) -> Fields:
    """Replace ``exc_info`` by the error's type and the places it passed."""
    info = fields.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        fields["error"] = describe_error(error)
        fields["trace"] = " < ".join(_short(frame) for frame in reversed(frames))
    return fields


def _without_what_people_wrote(_logger: object, _method: str, fields: Fields) -> Fields:
    for key in _FORBIDDEN & fields.keys():
        fields[key] = "(left out)"
    return fields


def _without_controls(_logger: object, _method: str, fields: Fields) -> Fields:
    """Escape what could start a line or move a terminal's cursor."""
    for key, value in fields.items():
        if isinstance(value, str):
            fields[key] = value.translate(_CONTROLS)
    return fields


def _readable(_logger: object, _method: str, fields: Fields) -> str:
    moment = str(fields.pop("timestamp", ""))[11:19]
    level = str(fields.pop("level", "")).upper()
    event = fields.pop("event", "")
    rest = " ".join(f"{key}={value}" for key, value in fields.items() if not key.startswith("_"))
    return f"{moment} {level:<7} {event}{'  ' + rest if rest else ''}"


def _short(frame: traceback.FrameSummary) -> str:
    name = "/".join(frame.filename.rsplit("/", 2)[-2:])
    return f"{name}:{frame.lineno}"


def _processors() -> list[structlog.typing.Processor]:
    """Return what every line goes through, ours and the libraries'."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_what_people_wrote,
        _with_safe_error,
        _without_controls,
    ]


# At import already: structlog's own default would print every local variable of an error.
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_processors(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)
