"""What a log line holds, and what never gets into one."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from deskcore.errors import Unavailable
from deskcore.logs import describe_error, get_logger, log_context, set_up_logging

SECRET = "marker-7f3a"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    set_up_logging("json", "info", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def last(lines: io.StringIO) -> dict[str, Any]:
    return json.loads(lines.getvalue().splitlines()[-1])


def test_a_line_is_json_with_time_level_and_ids(lines: io.StringIO) -> None:
    with log_context(request="a1", job=7):
        get_logger("deskcore.test").info("job done", tries=2)
    line = last(lines)
    assert line["event"] == "job done"
    assert (line["level"], line["request"], line["job"], line["tries"]) == ("info", "a1", 7, 2)
    assert line["timestamp"].endswith("Z")


def test_ids_end_with_their_block(lines: io.StringIO) -> None:
    with log_context(job=7):
        pass
    get_logger("deskcore.test").info("later")
    assert "job" not in last(lines)


def test_an_error_of_a_library_does_not_quote_what_people_wrote(lines: io.StringIO) -> None:
    try:
        raise ValueError(f"cannot parse {SECRET}")
    except ValueError:
        get_logger("deskcore.test").exception("a mail could not be read")
        logging.getLogger("some.library").exception("failed")
    assert SECRET not in lines.getvalue()
    assert last(lines)["error"].startswith("ValueError in ")
    assert "test_logs.py" in last(lines)["trace"]


def test_an_error_made_for_people_says_its_sentence() -> None:
    assert describe_error(Unavailable("The disk is full.")) == "Unavailable: The disk is full."


@pytest.mark.parametrize("name", ["subject", "body", "password", "token", "cookie", "html"])
def test_what_people_wrote_is_left_out_even_when_handed_over(lines: io.StringIO, name: str) -> None:
    get_logger("deskcore.test").info("careless", **{name: SECRET})
    assert SECRET not in lines.getvalue()


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\x1b[2Jb", "a\u2028b", "a\x85b", "a\0b"])
@pytest.mark.parametrize("log_format", ["json", "text"])
def test_nothing_can_start_a_line_of_its_own(text: str, log_format: str) -> None:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    set_up_logging("json" if log_format == "json" else "text", "info", stream)
    try:
        get_logger("deskcore.test").info("folder chosen", folder=text)
        logging.getLogger("some.library").info("folder %s", text)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    assert len(stream.getvalue().splitlines()) == 2
    assert "\x1b" not in stream.getvalue()
    assert "\0" not in stream.getvalue()
