"""Faults 41 to 44: far too much mail, hostile mail, mail that answers itself, clients that are slow."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from deskcore.models import Mailbox
from deskcore.services.acknowledgements import PER_ADDRESS, PER_MAILBOX_HOUR
from deskcore.services.unit import unit_of_work
from tests.faults import oracle
from tests.faults.catalogue import fault
from tests.faults.numbers import question
from tests.faults.peace import looked_again
from tests.faults.scenarios.disks import signed_in
from tests.faults.stage import Stage
from tests.process.desks import Desk

MEGABYTE = 1024 * 1024


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


@fault(42, "hostile mails: huge, deep, broken, bombs", moments=1)
def hostile_mails(stage: Stage) -> None:
    """Send one of each kind: each is one ticket, and nobody else's mail waits."""
    place = stage.a_mailbox()
    desk = stage.start()
    with _peak_of(desk) as peak:
        for content in _hostile(stage):
            number = stage.next_number()
            place.box.deliver(number, content.replace(b"NUMBER", b"question-%d-" % number))
            stage.questions(place, 1)
        began = time.monotonic()
        stage.until(lambda: not oracle.missing(place), "every one is seen", timeout_s=600)
        took = time.monotonic() - began
    looked_again(stage)
    stage.note(f"all in {took:.0f} s; largest process {max(peak)} MB")
    assert max(peak) < 600


@fault(44, "slow clients: headers, bodies, reading", needs=("slowhttptest",), moments=3)
def slow_clients(stage: Stage) -> None:
    """Let 200 clients dawdle in each way: pages stay fast for everybody else."""
    visitor, desk = signed_in(stage), stage.desks[-1]
    for way in ("-H", "-B", "-X")[: stage.moments]:
        crowd = subprocess.Popen(
            ["slowhttptest", "-c", "200", way, "-l", "30", "-r", "100", "-u", desk.address],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        took = []
        while crowd.poll() is None:
            answer = visitor.get("/v/unassigned")
            assert answer.status == 200
            took.append(answer.seconds)
            time.sleep(0.5)
        stage.note(f"{way}: slowest page {max(took):.2f} s of {len(took)}")
        assert sorted(took)[len(took) // 2] < 1


def _hostile(stage: Stage) -> Iterator[bytes]:
    head = b"From: bad@customer.test\r\nSubject: NUMBER\r\nMIME-Version: 1.0\r\n"
    mixed = head + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
    yield (
        mixed
        + b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + (b"QUJD" * 19 + b"\r\n") * (48 * MEGABYTE // 78)
        + b"--b--\r\n"
    )
    yield mixed + part * 600 + b"--b--\r\n"
    nested = head
    for depth in range(60):
        nested += b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (depth, depth)
    yield nested + b"Content-Type: text/plain\r\n\r\ndeep\r\n"
    yield head + b"Content-Transfer-Encoding: base64\r\n\r\n=?=!!QUJ\r\n====\r\n"
    yield head + b"X-Long: " + b"a" * (2 * MEGABYTE) + b"\r\n\r\nhello\r\n"
    yield mixed + b"--other\r\n\r\nno such boundary\r\n"
    yield head + b"\r\nnul \0 and \0\r\n"
    yield head.replace(b"bad@", b"b\xe4d \xff <bad@") + b"X: \xfe\r\n\r\n8 bit \xc4\r\n"
    yield (
        mixed
        + b'--b\r\nContent-Type: application/ms-tnef; name="winmail.dat"\r\n\r\n'
        + (b"\x78\x9f\x3e\x22" + stage.rng.randbytes(2000) + b"\r\n--b--\r\n")
    )
    yield (
        mixed
        + b'--b\r\nContent-Type: application/zip; name="b.zip"\r\n\r\n'
        + _bomb()
        + b"\r\n--b--\r\n"
    )
    yield head + b"To: " + b"a, " * 40_000 + b"\r\n\r\nmany\r\n"
    yield head + b"To: a" + b"(" * 900 + b"\r\n\r\ndeep\r\n"
    yield head.replace(b"MIME", b"Message-ID: <<<<<<\r\nMIME") + b"\r\nbad id\r\n"


def _bomb() -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as bomb:
        bomb.writestr("zeros", bytes(200 * MEGABYTE))
    return packed.getvalue()


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
