"""Some things are done in one place only; these are the doors, and nobody climbs in elsewhere."""

from __future__ import annotations

import ast
import re

import pytest
from jinja2 import Environment, nodes

from tests.contract.sources import ROOT, files, lines_with, named, tree

CODE = files("deskcore", "plugins")
TEMPLATES = files("deskcore", "plugins", "themes", ending=".html")
SHARED_DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc"}

# What may be written where only: text -> the files it may stand in.
DOORS = {
    # A plugin is called through the guarded verbs.
    ".hook.": {"deskcore/plugin/manager.py"},
    # Who knows htmx, so that a new release of it is one file's work.
    "HX-": {"deskcore/web/htmx.py"},
    # Transactions belong to the unit of work, what plugins borrow of them to lending.
    ".commit(": {"deskcore/services/unit.py", "deskcore/services/lending.py"},
    # A ticket that is there gets another status by its kind's flow only.
    ".status_id, ": {"deskcore/services/tickets.py"},
    ".status_id = ": set(),
    # All that a ticket says asks the flow of its kind first.
    "direction=Direction.OUT": {"deskcore/services/outgoing.py"},
    # Numbers of strangers are read by "whole", which knows what a row's can be.
    "type=int": set(),
    # The schema comes from migrations only.
    "create_all(": set(),
    "drop_all(": set(),
    # Tests may not be turned off.
    "pragma: no cover": set(),
}

# Fences: a fault is recorded there and goes no further.
FENCES = {
    # A plugin's fault is its own.
    "deskcore/plugin/guard.py",
    # A job that fails is tried again, then kept for a person.
    "deskcore/services/jobs.py",
    # A mail that cannot be read is kept, and a person sees it.
    "deskcore/services/inbound.py",
    "plugins/email/fence.py",
    # A channel that fails costs its own account a pause, not the worker.
    "deskcore/fetching.py",
    # A mail server must be told to try again, whatever happened.
    "deskcore/cli/mail_in.py",
    # A plugin whose tables cannot be made is left out; the desk starts.
    "deskcore/plugin/migrations.py",
    # What a plugin's migrations cannot take back is dropped by its name.
    "deskcore/switching/leave.py",
    # A theme that fails is replaced by the core's own page.
    "deskcore/theme/pages.py",
    "deskcore/theme/wearing.py",
    # Whatever a theme fails at is what its check tells.
    "deskcore/authoring/theme_check/drawn.py",
    # In tests of plugins, whatever a channel does is the result of a check.
    "deskcore/testing/report.py",
    "deskcore/testing/checks/life.py",
    "deskcore/testing/checks/sending.py",
}
SILENCED = re.compile(r"#\s*(noqa|type: ignore)(: ?[A-Z0-9, ]+\b|\[[a-z, -]+\])?(?P<reason>.*)")
SENDERS = (
    "deskcore/services/sending.py:",
    "deskcore/plugin/guarded.py:",
    "deskcore/testing/",  # to the far sides of tests
)


@pytest.mark.parametrize("text", sorted(DOORS))
def test_only_its_door_says(text: str) -> None:
    others = [path for path in CODE if named(path) not in DOORS[text]]
    assert lines_with(text, *others) == []


def test_no_template_marks_anything_as_safe() -> None:
    assert lines_with("|safe", *TEMPLATES) + lines_with("| safe", *TEMPLATES) == []


def test_templates_translate_only_what_is_written_out_in_them() -> None:
    """What stands in a variable goes through the filter "translated", which knows no formats."""
    parse = Environment(autoescape=True, extensions=["jinja2.ext.do", "jinja2.ext.i18n"]).parse
    calls = [
        f"{named(path)}:{call.lineno}"
        for path in TEMPLATES
        for call in parse(path.read_text()).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name)
        and call.node.name in {"_", "gettext", "ngettext"}
        and not isinstance(call.args[0], nodes.Const)
    ]
    assert calls == []


def test_only_the_delivery_service_lets_a_channel_send() -> None:
    calls = [
        f"{named(path)}:{node.lineno}"
        for path in files("deskcore")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "send"
        and "committing" in {keyword.arg for keyword in node.keywords}
    ]
    assert [call for call in calls if not call.startswith(SENDERS)] == []


def test_only_the_fences_catch_everything() -> None:
    broad = [
        f"{named(path)}:{node.lineno}"
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and _catches_everything(node.type)
        and not isinstance(node.body[-1], ast.Raise)
    ]
    assert [place for place in broad if place.partition(":")[0] not in FENCES] == []


def test_every_silenced_tool_is_told_why() -> None:
    bare = [
        f"{named(path)}:{number}"
        for path in files("deskcore", "plugins", "tests")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if (silenced := SILENCED.search(line)) and not re.search(r"\w{2}", silenced["reason"])
    ]
    assert bare == []


def test_no_file_is_a_drawer_for_everything() -> None:
    names = files("deskcore", "plugins", "tests")
    assert [named(path) for path in names if path.stem in SHARED_DRAWERS] == []
    assert [child.name for child in ROOT.iterdir() if child.name in SHARED_DRAWERS] == []


def test_no_script_or_style_stands_in_a_template() -> None:
    pages = [
        path for path in TEMPLATES if path.parent.name != "mail"
    ]  # mail programs know no sheets
    for mark in ("<style", ' style="', " onclick=", " hx-on", "javascript:"):
        assert lines_with(mark, *pages) == []


def _catches_everything(caught: ast.expr | None) -> bool:
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(
        name is None or (isinstance(name, ast.Name) and name.id in {"Exception", "BaseException"})
        for name in names
    )
