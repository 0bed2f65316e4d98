"""Settings, secrets and the plugin's life in the desk."""

from __future__ import annotations

import ast
import io
import json
import logging
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import replace
from functools import cache
from pathlib import Path

from deskcore.plugin import stored
from deskcore.plugin.channel import Channel, HealthCheck
from deskcore.plugin.discovery import NAMESPACE
from deskcore.plugin.secret import Secret
from deskcore.plugin.settings import PluginSettings, Value
from deskcore.plugin.settings import fields as settings_of
from deskcore.testing.case import CANARY, Case
from deskcore.testing.checks.registry import check, expect

_MOST_IMPORT_MS = 150
_PROBE = """
import json, sys, threading, time
sys.path[:0] = json.loads(sys.argv[2])
import deskcore.api, deskcore.plugin
from deskcore.plugin.discovery import open_namespace
if sys.argv[1].startswith("plugins."):
    open_namespace(*json.loads(sys.argv[3]))
opened = []
sys.addaudithook(lambda name, _: opened.append(name) if name == "socket.connect" else None)
started = time.process_time()
__import__(sys.argv[1])
took = (time.process_time() - started) * 1000
print(json.dumps({"ms": took, "threads": threading.active_count(), "sockets": len(opened)}))
"""
_HEADINGS = ("set-up", "limits", "costs", "removal")


@check("K42", "bronze", "An owner leaves a space in a field and sees an error page.")
def takes_any_settings(case: Case) -> None:
    """Odd settings are problems in words, good ones are none."""
    good = case.contract.settings_with(None) if case.far is None else case.settings
    expect(stored.check(good) == [], f"The contract's own settings: {stored.check(good)}.")
    for each in settings_of(case.contract.kind.settings):
        if each.kind not in {"text", "secret"}:
            continue
        for odd in ("", " ", "\0", "a\r\nb", "x" * 10_000, "obchod-č.example"):
            value: Value = Secret(odd) if each.secret else odd
            problems = _problems(good, each.name, value)
            must_object = odd == "\0" or (odd == "" and each.required)
            expect(problems or not must_object, f"{each.name}: {odd!r} is taken for a good value.")
    empty = stored.load(case.contract.kind.settings, {})
    case.channel(empty)


@check(
    "K43",
    "bronze",
    "The token stands in a log that is sent to somebody for help: they are the shop now.",
)
def keeps_its_secrets(case: Case) -> None:
    """Secrets are in no log, text, address or error."""
    settings = case.contract.settings_with(case.far, canary=CANARY)
    with _heard() as heard:
        channel = case.channel(settings)
        heard.write(f"{channel!r} {channel.account!r} {vars(channel)!r} {settings!r}")
        tries: tuple[Callable[[], object], ...] = (
            channel.check,
            lambda: _send(case, channel),
            lambda: _fail(case, channel),
        )
        for work in tries:
            try:
                heard.write(repr(work()))
            except Exception as error:  # noqa: BLE001  whatever it is, its words are looked at
                heard.write("".join(traceback.format_exception(error)))
    if CANARY in heard.getvalue():
        raise AssertionError(f"A secret stands in: {_around(heard.getvalue())}")
    shown = " ".join(case.far.addresses) if case.far else ""
    expect(CANARY not in shown, "A secret stands in an address that is asked for.")


@check("K44", "bronze", "“Test” sends a customer a message, or says “no” and not what to do.")
def tests_without_changing(case: Case) -> None:
    """Check changes nothing, and says what to do when something is wrong."""
    before = case.there.changes
    found = case.guarded().check()
    expect(case.there.changes == before, "A test of the connection changed something there.")
    expect(found, "A test says nothing.")
    wrong = [each.message for each in found if not each.ok]
    expect(not wrong, f"All is well, and the test says: {wrong}.")
    denied = case.guarded(case.contract.settings_with(case.far, canary="no-such-secret")).check()
    expect(not all(each.ok for each in denied), "Wrong credentials pass the test.")
    for each in denied:
        expect(each.ok or each.cure, f"“{each.message}” does not say what to do.")


@check(
    "K47", "bronze", "Switching a plugin off and on leaves connections behind, until none is left."
)
def lets_go_twice(case: Case) -> None:
    """Closing is harmless, also twice and before anything was done."""
    for channel in (case.channel(), case.channel()):
        for _time in range(2):
            close = getattr(channel, "close", None)
            if callable(close):
                close()


@check("K50", "bronze", "Every start of the desk, and every mail that is read, waits for it.")
def is_cheap_to_import(case: Case) -> None:
    """Importing it is quick, starts no thread and asks nobody."""
    found = _imported(case.contract.kind.__module__)
    expect("error" not in found, f"It cannot be imported: {found.get('error')}")
    expect(found["threads"] == 1, "Importing it starts a thread.")
    expect(not found["sockets"], "Importing it opens a connection.")
    took = found["ms"]
    expect(
        isinstance(took, float) and took < _MOST_IMPORT_MS,
        f"Importing it takes {took} ms; {_MOST_IMPORT_MS} are fine.",
    )


@check("K51", "bronze", "The next version of the desk moves what it relied on: it does not load.")
def uses_public_names_only(case: Case) -> None:
    """Only the public names of the desk are imported."""
    folder = case.contract.folder
    inside = {name for path in sorted(folder.glob("*.py")) for name in _imports(path)}
    closed = sorted(
        name for name in inside if name.partition(".")[0] == "deskcore" and not _is_public(name)
    )
    expect(not closed, f"These are the desk's own: {', '.join(closed)}.")


@check("K54", "gold", "Mail stops at night, and the page that shows it says that all is well.")
def can_be_looked_after(case: Case) -> None:
    """A test names what it looked at, in sentences."""
    for each in case.guarded().check():
        expect(isinstance(each, HealthCheck) and each.name, "A line of the test has no name.")
        expect(not each.message[:1].islower(), f"This is no sentence: {each.message!r}.")


@check("K55", "gold", "Nobody knows where the platform hides the token, nor what a message costs.")
def tells_how_to_set_it_up(case: Case) -> None:
    """The README tells of set-up, limits, costs and removal, and names each setting."""
    path = case.contract.folder / "README.md"
    expect(path.exists(), "There is no README.md.")
    text = path.read_text().casefold()
    headings = [line for line in text.splitlines() if line.startswith("#")]
    missing = [each for each in _HEADINGS if not any(each in line for line in headings)]
    expect(not missing, f"README.md has no heading about: {', '.join(missing)}.")
    unnamed = [
        each.label
        for each in settings_of(case.contract.kind.settings)
        if each.label.casefold() not in text
    ]
    expect(not unnamed, f"README.md does not name the settings: {', '.join(unnamed)}.")


def _problems(good: PluginSettings, name: str, value: Value) -> object:
    odd = replace(good, **{name: value})  # type: ignore[type-var]  # every settings class is made a dataclass
    try:
        return stored.check(odd)
    except Exception as error:
        raise AssertionError(
            f"{name}: {value!r} raised {type(error).__name__} instead of a problem."
        ) from error


@contextmanager
def _heard() -> Iterator[io.StringIO]:
    """Listen to logs at every level, and to what is printed."""
    heard = io.StringIO()
    handler, root = logging.StreamHandler(heard), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with redirect_stdout(heard), redirect_stderr(heard):
            yield heard
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def _send(case: Case, channel: Channel) -> object:
    payloads = channel.render(case.outbound())
    return [payloads, [_sent(channel, payload) for payload in payloads] if case.far else None]


def _sent(channel: Channel, payload: object) -> object:
    return channel.send(payload, key="canary", committing=_nothing)  # type: ignore[arg-type]  # a payload of its own


def _fail(case: Case, channel: Channel) -> object:
    if case.far is not None:
        case.far.plan("reset")
    return _send(case, channel)


def _nothing() -> None:
    """Commit nothing."""


def _around(text: str) -> str:
    place = text.index(CANARY)
    return text[max(0, place - 80) : place + 40]


@cache
def _imported(module: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, module, json.dumps(sys.path), json.dumps(_namespace())],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if done.returncode != 0:
        return {"error": done.stderr.strip().splitlines()[-1] if done.stderr else "it ended"}
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def _namespace() -> list[str]:
    """List where the desk's own name for plugins leads to."""
    return [str(path) for path in getattr(sys.modules.get(NAMESPACE), "__path__", ())]


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _is_public(name: str) -> bool:
    if name in {"deskcore.plugin", "deskcore.api", "deskcore.api.data", "deskcore.api.web"}:
        return True
    return name.startswith("deskcore.testing")
