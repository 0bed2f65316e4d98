"""A desk as its owner runs it: it starts, survives the death of its parts, and ends cleanly."""

from __future__ import annotations

import os
import re
import signal
import socket
import time
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from tests.process.conftest import StartDesk
from tests.process.desks import is_alive, wait_until


def test_a_new_desk_prints_where_it_is_and_the_set_up_code(start_desk: StartDesk) -> None:
    desk = start_desk(is_installed=True).ready()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", desk.address)
    assert any(re.search(r"Set-up code: +(\w{5}-){4}\w{5}$", line) for line in desk.lines)
    assert desk.get("setup") == 200
    assert desk.get("readyz") == 200


def test_the_first_page_comes_while_the_desk_still_starts(start_desk: StartDesk) -> None:
    desk = start_desk()
    assert desk.get("healthz") == 200  # the port is open first, so the browser just waits


def test_sigterm_ends_every_process_in_order(start_desk: StartDesk) -> None:
    desk = start_desk(is_installed=True).ready()
    children = desk.children()
    assert len(children) == 2
    assert desk.stop() == 0
    assert not any(is_alive(pid) for pid in children)
    assert desk.count("web stopped") == desk.count("worker stopped") == 1
    assert not list((desk.instance / "boot").glob("*.mark"))
    assert not list((desk.instance / "boot").glob("*.holder"))


def test_ctrl_c_ends_it_too(start_desk: StartDesk) -> None:
    desk = start_desk(is_installed=True).ready()
    os.killpg(desk.process.pid, signal.SIGINT)  # the terminal tells the whole group
    assert desk.stop() == 0
    assert "Traceback" not in desk.errors


@pytest.mark.kills
@pytest.mark.parametrize("kind", ["web", "worker"])
def test_a_killed_child_comes_back(start_desk: StartDesk, kind: str) -> None:
    desk = start_desk().ready()
    os.kill(desk.child(kind), signal.SIGKILL)
    wait_until(lambda: desk.count(f"{kind} ready") == 2, "a new child is ready")
    assert desk.get("readyz") == 200
    assert desk.stop() == 0


@pytest.mark.kills
def test_children_do_not_outlive_a_killed_parent(start_desk: StartDesk) -> None:
    desk = start_desk().ready()
    children = desk.children()
    os.kill(desk.process.pid, signal.SIGKILL)
    wait_until(lambda: not any(is_alive(pid) for pid in children), "the children end")
    port = int(desk.address.rstrip("/").rpartition(":")[2])
    # A process is counted as dead before the last of its threads has let its sockets go.
    wait_until(lambda: is_free(port), "the port is free")


def is_free(port: int) -> bool:
    """Whether a desk could listen on *port* of this machine."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def test_sighup_replaces_every_child_and_refuses_nobody(start_desk: StartDesk) -> None:
    desk = start_desk().ready()
    before = set(desk.children())
    desk.process.send_signal(signal.SIGHUP)
    answers = []
    while before & set(desk.children()):
        answers.append(desk.get("healthz"))
        time.sleep(0.02)
    assert set(answers) <= {200}
    assert answers
    assert len(desk.children()) == 2
    assert desk.stop() == 0


def test_web_and_worker_can_run_apart(start_desk: StartDesk) -> None:
    web = start_desk(command="web")
    assert web.get("healthz") == 200
    worker = start_desk(command="worker")
    wait_until(lambda: worker.count("worker ready"), "the worker is ready")
    assert len(web.children()) == len(worker.children()) == 1
    assert worker.stop() == 0
    assert web.stop() == 0


def test_there_are_as_many_children_as_configured(start_desk: StartDesk) -> None:
    desk = start_desk(web_children="2", worker_children="2").ready(times=2)
    assert len(desk.children()) == 4
    assert desk.get("healthz") == 200


@pytest.mark.postgresql
def test_several_desks_start_at_once_on_one_empty_database(
    start_desk: StartDesk, empty_pg_url: str
) -> None:
    desks = [start_desk(database_url=empty_pg_url, command="web", name=name) for name in "ab"]
    assert len({desk.address for desk in desks}) == 2  # each was asked, not one of them twice
    assert [desk.get("readyz") for desk in desks] == [200, 200]
    assert [desk.stop() for desk in desks] == [0, 0]


def test_headers_that_dribble_are_cut_after_ten_seconds(start_desk: StartDesk) -> None:
    desk = start_desk().ready()
    address, began = urlsplit(desk.address), time.monotonic()
    with socket.create_connection((address.hostname, address.port), timeout=0.5) as line:
        line.sendall(b"GET / HTTP/1.1\r\n")
        with suppress(ConnectionError):
            while time.monotonic() - began < 20:
                line.sendall(b"X-More: 1\r\n")
                with suppress(TimeoutError):
                    if not line.recv(1000):
                        break
    assert 9 < time.monotonic() - began < 15
