"""A desk told to stop in its worst moments: at a fork, while it prepares, by way of a thread."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from deskcore import children
from tests.broken.visiting import Person
from tests.plugin.authoring import write_plugin
from tests.process.conftest import StartDesk
from tests.process.desks import PATIENCE_S, is_alive, wait_until
from tests.process.test_theme_change import set_up

# Python runs it before anything of the desk. The second fork makes the first child that serves;
# there it tells the parent to stop, and holds the child in os.fork() until that was passed on.
STOPPED_AT_SECOND_FORK = """
import os, signal, time
forks = 0
def count():
    global forks
    forks += 1
def stop():
    if forks == 2:
        os.kill(os.getppid(), signal.SIGTERM)
        limit = time.monotonic() + 3
        while signal.SIGTERM not in signal.sigpending() and time.monotonic() < limit:
            time.sleep(0.01)
os.register_at_fork(before=count, after_in_child=stop)
"""
LEAVES_A_THREAD = "import threading\nthreading.Thread(target=threading.Event().wait).start()\n"


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Hold up whoever wants to migrate."""
    database.parent.mkdir()
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


def test_a_child_told_to_stop_while_it_is_born_does_not_live_on(
    start_desk: StartDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(STOPPED_AT_SECOND_FORK, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    desk = start_desk(command="web", is_installed=True)
    wait_until(lambda: desk.process.poll() is not None or desk.count("web ready"), "an end")
    assert desk.count("web ready") == 0
    assert desk.stop() == 0


@pytest.mark.parametrize("told", ["parent", "child"])
def test_a_desk_that_waits_for_its_database_can_be_stopped(
    start_desk: StartDesk, tmp_path: Path, told: str
) -> None:
    with locked(tmp_path / "instance" / "desk.db"):
        desk = start_desk(command="web")
        [preparing] = wait_until(desk.children, "the desk prepares", lambda: desk.errors)
        # Who tells a whole group of processes may be heard by any of them first.
        os.kill(desk.process.pid if told == "parent" else preparing, signal.SIGTERM)
        assert desk.process.wait(timeout=PATIENCE_S) == 0
    assert not is_alive(preparing)
    assert desk.lines == []
    assert desk.errors == ""


def test_a_worker_ends_whichever_thread_the_signal_wakes_and_whatever_a_plugin_left_running(
    start_desk: StartDesk, tmp_path: Path
) -> None:
    write_plugin(tmp_path / "instance" / "plugins", "lingering", LEAVES_A_THREAD)
    desk = start_desk(command="worker", plugins='["lingering"]', is_installed=True)
    wait_until(lambda: desk.count("worker ready"), "the worker is ready", lambda: desk.errors)
    worker = desk.child("worker")
    threads = {int(path.name) for path in Path(f"/proc/{worker}/task").iterdir()}
    os.kill(max(threads - {worker}), signal.SIGTERM)
    wait_until(lambda: not is_alive(worker), "the worker ends", patience_s=15)
    assert desk.count("worker stopped") == 1
    assert desk.stop() == 0


def test_a_child_that_does_not_stop_is_killed_when_its_parent_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(children, "KILL_AFTER_S", 0.1)
    parents_end, ours = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.close(ours)
        children.end_with(parents_end)
        os._exit(0)
    os.close(parents_end)
    os.close(ours)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


@pytest.mark.parametrize("begun", [b"GET /healthz HTTP/1.1\r\nHost: x\r\n", b""])
def test_whoever_was_let_in_is_answered_before_a_web_child_ends(
    start_desk: StartDesk, begun: bytes
) -> None:
    desk = start_desk(command="web")
    assert desk.get("healthz") == 200
    port = int(desk.address.rstrip("/").rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as caller:
        caller.sendall(begun)
        assert desk.get("healthz") == 200  # connections are taken in their order: ours was, too
        desk.process.send_signal(signal.SIGTERM)
        if begun:
            caller.settimeout(1.5)
            with pytest.raises(TimeoutError):  # nobody hangs up on half a question
                caller.recv(1)
            caller.settimeout(20)
        whole = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
        caller.sendall(whole.removeprefix(begun) + b"Connection: close\r\n\r\n")
        assert caller.recv(4096).startswith(b"HTTP/1.1 200")
    assert desk.stop() == 0


def test_a_web_child_that_another_one_relieved_is_in_no_hurry(start_desk: StartDesk) -> None:
    desk = start_desk(command="web", changes={"deskcore.webserver.DRAIN_S": 0.1})
    assert desk.get("healthz") == 200
    port = int(desk.address.rstrip("/").rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as caller:
        caller.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        assert desk.get("healthz") == 200  # ours was taken, as above
        desk.process.send_signal(signal.SIGHUP)
        wait_until(lambda: desk.count("web ready") == 2, "another one", lambda: desk.errors)
        caller.settimeout(1.5)
        with pytest.raises(TimeoutError):
            caller.recv(1)
        caller.settimeout(20)
        caller.sendall(b"Connection: close\r\n\r\n")
        assert caller.recv(4096).startswith(b"HTTP/1.1 200")
    wait_until(lambda: desk.count("web stopped") == 1, "the first ends", lambda: desk.errors)
    assert desk.stop() == 0


SLOW = """
import time
from pathlib import Path
from flask import Blueprint
from deskcore.api.web import needs
from deskcore.plugin import hookimpl

blueprint = Blueprint("slow", __name__)

@blueprint.get("/")
@needs("ticket.read")
def index():
    Path(__file__).with_name("begun").touch()
    time.sleep(2.5)
    Path(__file__).with_name("done").touch()
    return "at last"

@hookimpl
def desk_blueprints():
    return [blueprint]
"""


def test_what_somebody_began_who_closed_the_page_is_done_before_a_web_child_ends(
    start_desk: StartDesk, tmp_path: Path
) -> None:
    instance = tmp_path / "instance"
    slow = write_plugin(instance / "plugins", "slow", SLOW)
    (instance / "config.toml").write_text('plugins = ["slow"]')
    desk = start_desk(command="web")
    assert desk.get("healthz") == 200
    set_up(instance)
    person = Person(desk.address)
    assert person.sign_in("eva@example.com", "velmi dlouhe heslo") == 200
    person.leave_waiting("p/slow/")
    wait_until((slow / "begun").exists, "it has begun", lambda: desk.errors)
    person.hang_up()
    desk.process.send_signal(signal.SIGHUP)
    wait_until(lambda: desk.count("web stopped") == 1, "the first ends", lambda: desk.errors)
    assert (slow / "done").exists()
    assert desk.stop() == 0
