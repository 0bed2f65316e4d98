"""Faults 41 to 44: far too much mail, hostile mail, mail that answers itself, clients that are slow."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

from deskcore.models import Mailbox
from deskcore.services.acknowledgements import PER_ADDRESS, PER_MAILBOX_HOUR
from deskcore.services.unit import unit_of_work
from tests.faults import oracle
from tests.faults.catalogue import fault
from tests.faults.hostile_mails import KINDS
from tests.faults.numbers import question
from tests.faults.peace import looked_again
from tests.faults.scenarios.disks import signed_in
from tests.faults.stage import Stage
from tests.process.desks import Desk


@fault(41, "flood: 500 mails for each moment at once, a fifth from one sender")
def floods(stage: Stage) -> None:
    """Send 10,000 mails to four mailboxes that acknowledge; read pages all the while."""
    places = [stage.a_mailbox("seen") for _ in range(4)]
    with unit_of_work() as unit:
        for place in places:
            mailbox = unit.session.get_one(Mailbox, place.mailbox_id)
            mailbox.sends_acknowledgement, mailbox.acknowledgement_text = True, "We have it."
    visitor, desk = signed_in(stage), stage.desks[-1]
    for _ in range(stage.moments * 125):
        for place in places:
            number = stage.next_number()
            content = question(number)
            if number % 5 == 0:
                content = content.replace(b"From: c%d@" % number, b"From: one@")
            place.box.deliver(number, content)
    began, took, peak = time.monotonic(), [], 0
    while any(map(oracle.missing, places)) and time.monotonic() - began < 2400:
        took.append(visitor.get("/v/unassigned").seconds)
        peak = max(peak, *map(_resident_mb, desk.children()))
        time.sleep(1)
    minutes = (time.monotonic() - began) / 60
    looked_again(stage)
    slowest = sorted(took)[int(len(took) * 0.95) - 1]
    answered = len(stage.ledger.taken)
    total = sum(len(place.box.sent_in) for place in places)
    stage.note(
        f"{total} mails in {minutes:.1f} min; pages p95 {slowest:.2f} s; largest process {peak} MB; "
        f"{answered} automatic answers"
    )
    to_one = sum("one@customer.test" in each.recipients for each in stage.ledger.taken)
    assert 0 < answered <= len(places) * PER_MAILBOX_HOUR * (1 + minutes / 60), answered
    assert to_one <= PER_ADDRESS[0][1] * (1 + minutes / 60), to_one


@fault(42, "hostile mails: huge, deep, broken, bombs")
def hostile_mails(stage: Stage) -> None:
    """Send one of each kind, in other sizes each time: one ticket each, and nobody else's mail waits."""
    place = stage.a_mailbox()
    desk, slowest = stage.start(), 0.0
    with _peak_of(desk) as peak:
        for _, make in zip(range(stage.moments), cycle(KINDS), strict=False):
            number = stage.next_number()
            content = make(stage.rng).replace(b"NUMBER", b"question-%d-" % number)
            place.box.deliver(number, content)
            stage.questions(place, 1)
            began = time.monotonic()
            stage.until(lambda: not oracle.missing(place), f"{make.__name__} is seen", 600)
            slowest = max(slowest, time.monotonic() - began)
    looked_again(stage)
    stage.note(f"each of {len(KINDS)} kinds within {slowest:.0f} s; largest process {max(peak)} MB")
    assert max(peak) < 600
    assert slowest < 15


@fault(44, "slow clients: headers, bodies, reading", needs=("slowhttptest",))
def slow_clients(stage: Stage) -> None:
    """Let 200 clients dawdle in each way: pages stay fast for everybody else."""
    visitor, desk = signed_in(stage), stage.desks[-1]
    slowest: dict[str, list[float]] = {}
    for moment in range(stage.moments):
        way = ("-H", "-B", "-X")[moment % 3]
        rate = str(stage.rng.choice([50, 100, 200]))
        crowd = subprocess.Popen(
            ["slowhttptest", "-c", "200", way, "-l", "30", "-r", rate, "-u", desk.address],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        took = slowest.setdefault(way, [])
        while crowd.poll() is None:
            answer = visitor.get("/v/unassigned")
            assert answer.status == 200
            took.append(answer.seconds)
            time.sleep(0.5)
        assert sorted(took)[len(took) // 2] < 1
    address = urlsplit(desk.address)
    cut = [_cut_after(address.hostname or "", address.port or 0, each) for each in (1, 3, 9.5)]
    assert max(cut) <= 13, cut
    for way, took in slowest.items():
        stage.note(f"{way}: slowest page {max(took):.2f} s of {len(took)}")
    stage.note(f"headers that dribble were cut after {max(cut):.0f} s at the latest")


def _cut_after(host: str, port: int, pause_s: float) -> float:
    """Say a header line every *pause_s* without end; return after how long that was cut."""
    began = time.monotonic()
    with socket.create_connection((host, port), timeout=pause_s) as line, suppress(ConnectionError):
        line.sendall(b"GET / HTTP/1.1\r\nHost: desk.test\r\n")
        while time.monotonic() - began < 60:
            line.sendall(b"X-More: 1\r\n")
            with suppress(TimeoutError):
                if not line.recv(1000):
                    break
    return time.monotonic() - began


@contextmanager
def _peak_of(desk: Desk) -> Iterator[list[int]]:
    """Watch the largest of the desk's processes, in MB, until the block ends."""
    peak, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            peak.append(max(map(_resident_mb, _family(desk.process.pid)), default=0))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def _family(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        for path in Path(f"/proc/{each}/task").glob("*/children"):
            try:
                found.extend(int(child) for child in path.read_text().split())
            except OSError:
                continue
    return found


def _resident_mb(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmRSS")), "VmRSS: 0 kB")
    return int(line.split()[1]) // 1024
