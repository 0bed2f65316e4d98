"""Reading foreign bytes in processes of its own: what kills one of them costs one item."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from socket import socketpair
from time import monotonic
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskcore.clock import now
from deskcore.domain.messages import (
    Address,
    DeliveryReport,
    Ignored,
    Inbound,
    InboundChange,
    InboundFile,
    InboundMessage,
    ThreadKeys,
)
from deskcore.plugin import AccountView, PluginSettings, RawItem
from deskcore.plugin.choice import of_configuration
from deskcore.plugin.dialogue import Answer, BadAnswer, pack, receive, unpack
from deskcore.plugin.faults import MAX_MESSAGE, PluginFailed
from deskcore.plugin.guard import Guard
from deskcore.plugin.loaded import Loaded
from deskcore.plugin.loader import load_plugins
from deskcore.plugin.parsers import Limits, Parsers, Unreadable
from tests.plugin.authoring import write_plugin
from tests.plugin.recording import KeptFaults
from tests.process.desks import wait_until

pytestmark = pytest.mark.usefixtures("really_started")

CHANNEL = """
import os
import pickle
import socket
import struct
import sys
import time

import msgspec

from deskcore.domain.messages import Ignored
from deskcore.plugin import Capabilities, Channel, PluginSettings, hookimpl


class Bomb:
    def __reduce__(self):
        return (os.mkdir, (os.path.join(os.path.dirname(__file__), "exploded"),))


def framed(content):
    return struct.pack(">Q", len(content)) + content


def packed(**value):
    return framed(msgspec.msgpack.encode(value))


# What code that took this process over might send in place of an answer.
FAULT = {"slug": "email", "place": "p", "digest": "d", "message": "m" * 9000, "at": 0}
ANSWERS = {
    "pickle": framed(pickle.dumps(Bomb())),
    "garbage": framed(bytes(range(256)) * 40),
    "nothing": framed(b""),
    "too much": struct.pack(">Q", 2**50) + b"x" * 1000,
    "another type": packed(means=[{"message": {"external_id": 7, "sender": {"value": "a"}}}]),
    "a strange field": packed(means=[], code="import os"),
    "neither": packed(means=[{}]),
    "two at once": packed(means=[{"ignored": {"reason": "a"}, "change": {"kind": "b", "target": ""}}]),
    "deep": framed(b"\\x91" * 100_000),
    "half": struct.pack(">Q", 100) + b"x" * 50,
}


def answer_as_somebody_else_would(content):
    worker = socket.socket(fileno=int(sys.argv[1]))
    worker.sendall(content)
    os._exit(0)


class Hostile(Channel):
    slug = "hostile"
    label = "Hostile"
    settings = PluginSettings
    can = Capabilities()

    def parse(self, raw):
        word = raw.content.decode()
        if word == "spin":
            while True:
                pass
        if word == "grow":
            b"x" * 4_000_000_000
        if word == "hang":
            time.sleep(600)
        if word == "drip":
            worker = socket.socket(fileno=int(sys.argv[1]))
            worker.sendall(struct.pack(">Q", 1000))
            while True:
                worker.sendall(b"x")
                time.sleep(0.5)
        if word == "another's fault":
            fault = {**FAULT, "at": msgspec.msgpack.Ext(-1, struct.pack(">I", 1))}
            answer_as_somebody_else_would(packed(fault=fault))
        if word == "exit":
            os._exit(0)
        if word == "raise":
            raise ValueError("no good")
        if word == "half a letter":
            return [Ignored(reason="\\ud800")]
        if word == "no value":
            return [Ignored(reason=object())]
        if word == "environment":
            return [Ignored(reason=" ".join(sorted(os.environ)))]
        if word in ANSWERS:
            answer_as_somebody_else_would(ANSWERS[word])
        return [Ignored(reason=f"{word} {os.getpid()}")]

    def thread_keys(self, message):
        raise NotImplementedError

    def render(self, message):
        raise NotImplementedError

    def send(self, payload, *, key, committing):
        raise NotImplementedError

    def check(self):
        return []


@hookimpl
def desk_channels():
    return [Hostile]
"""
ACCOUNT = AccountView(id=1, name="A", address="a@desk.test", settings=PluginSettings())
LIMITS = Limits(cpu_s=1)


@pytest.fixture
def kept() -> KeptFaults:
    return KeptFaults()


@pytest.fixture
def loaded(tmp_path: Path, kept: KeptFaults) -> Loaded:
    write_plugin(tmp_path / "plugins", "hostile", CHANNEL)
    return load_plugins(
        instance=tmp_path, choice=of_configuration(("hostile",)), guard=Guard(sink=kept)
    )


@pytest.fixture
def parsers(loaded: Loaded) -> Iterator[Parsers]:
    parsers = Parsers(loaded, LIMITS)
    yield parsers
    parsers.close()


def is_gone(process: int) -> bool:
    """Whether a process has ended; its parent may not have looked yet."""
    stat = Path(f"/proc/{process}/stat")
    return (
        not stat.exists() or stat.read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z"
    )


def read(parsers: Parsers, word: str) -> list[str]:
    """Return the words of the answer: what was read, and the process that read it."""
    raw = RawItem(external_id="1", cursor=None, received_at=now(), content=word.encode())
    [answer] = parsers.parse("hostile", ACCOUNT, raw)
    assert isinstance(answer, Ignored)
    return answer.reason.split()


def test_an_item_is_read_by_another_process_which_is_kept(parsers: Parsers) -> None:
    first, second = read(parsers, "hello"), read(parsers, "again")
    assert first[0] == "hello"
    assert first[1] == second[1]


def test_a_desk_that_may_have_less_memory_than_a_parser_reads_with_that(
    parsers: Parsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = subprocess.Popen

    def limited(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        return started(["prlimit", f"--as={2**30}:{2**30}", *command], **options)

    monkeypatch.setattr(subprocess, "Popen", limited)
    assert read(parsers, "hello")[0] == "hello"
    with pytest.raises(PluginFailed, match="MemoryError"):
        read(parsers, "grow")


@pytest.mark.kills
@pytest.mark.parametrize("word", ["spin", "hang", "exit", "drip"])
def test_an_item_that_ends_its_reader_costs_only_itself(loaded: Loaded, word: str) -> None:
    with closing(Parsers(loaded, replace(LIMITS, patience_s=4.0))) as parsers:
        before = read(parsers, "before")
        with pytest.raises(Unreadable):
            read(parsers, word)
        after = read(parsers, "after")
    assert after[0] == "after"
    assert after[1] != before[1]


@pytest.mark.parametrize(
    "word",
    [
        "pickle",
        "garbage",
        "nothing",
        "too much",
        "another type",
        "a strange field",
        "neither",
        "two at once",
        "deep",
        "half",
    ],
)
def test_what_a_captured_reader_says_runs_nothing_and_costs_one_item(
    parsers: Parsers, tmp_path: Path, word: str
) -> None:
    with pytest.raises(Unreadable):
        read(parsers, word)
    assert read(parsers, "after")[0] == "after"
    assert not list(tmp_path.rglob("exploded"))


def test_more_than_any_mail_can_mean_is_not_even_listened_to() -> None:
    ours, theirs = socketpair()
    with ours, theirs:
        theirs.sendall(struct.pack(">Q", 101))
        with pytest.raises(BadAnswer):
            receive(ours, most=100, deadline=monotonic() + 1)


def test_a_captured_reader_accuses_no_other_plugin(parsers: Parsers, kept: KeptFaults) -> None:
    with pytest.raises(PluginFailed):
        read(parsers, "another's fault")
    [fault] = kept.faults
    assert fault.slug == "hostile"
    assert len(fault.message) == MAX_MESSAGE


@given(content=st.binary(max_size=300))
def test_any_bytes_are_an_answer_or_a_bad_one(content: bytes) -> None:
    with suppress(BadAnswer):
        assert all(isinstance(entry, Inbound) for entry in unpack(content).parsed)


@pytest.mark.parametrize("word", ["half a letter", "no value"])
def test_what_cannot_be_written_down_is_the_plugins_fault(
    parsers: Parsers, kept: KeptFaults, word: str
) -> None:
    with pytest.raises(PluginFailed):
        read(parsers, word)
    assert [fault.slug for fault in kept.faults] == ["hostile"]


def test_everything_a_mail_can_mean_comes_back_as_it_was() -> None:
    address = Address(value="ann@example.test", name="Ann")
    message = InboundMessage(
        external_id="1@example.test",
        sender=address,
        subject="Ein Žluťoučký kůň",
        to=(address,),
        files=(InboundFile(filename="a", content_type="b/c", content=bytes(range(256))),),
        sent_at=now(),
        keys=ThreadKeys(own="1@example.test", references=("0@example.test",), tokens=("t",)),
        original_sender=address,
        verified=False,
        headers=MappingProxyType({"x-mailer": "mutt"}),
    )
    parsed: list[Inbound] = [
        message,
        DeliveryReport(status="bounced", recipients=("b@example.test",), message=message),
        InboundChange(kind="edit", target="1", at=now(), content="new"),
        Ignored(reason="nothing"),
    ]
    assert unpack(pack(Answer(parsed=parsed))).parsed == parsed


def test_a_reader_is_told_nothing_of_the_desks_environment(
    parsers: Parsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_DATABASE_URL", "postgresql://desk:password@db.test/desk")
    monkeypatch.setenv("MAIL_PASSWORD", "password")
    assert not {"DESK_DATABASE_URL", "MAIL_PASSWORD"} & set(read(parsers, "environment"))


def test_a_reader_without_work_ends_and_the_next_item_gets_another(
    loaded: Loaded, tmp_path: Path
) -> None:
    parsers = Parsers(loaded, replace(LIMITS, idle_s=0.2))
    [_, process] = read(parsers, "before")
    wait_until(lambda: is_gone(int(process)), "the reader ends")
    assert read(parsers, "after")[0] == "after"
    parsers.close()


def test_a_reader_that_ended_leaves_nothing_in_the_table_of_processes(
    loaded: Loaded, tmp_path: Path
) -> None:
    parsers = Parsers(loaded, replace(LIMITS, idle_s=0.2))
    [_, process] = read(parsers, "before")
    parsers.look()
    assert Path(f"/proc/{process}").exists()
    wait_until(lambda: is_gone(int(process)), "the reader ends")
    parsers.look()
    assert not Path(f"/proc/{process}").exists()


def test_what_wants_all_memory_is_a_failure_of_that_item(
    parsers: Parsers, kept: KeptFaults
) -> None:
    with pytest.raises((PluginFailed, Unreadable)):
        read(parsers, "grow")
    assert read(parsers, "after")[0] == "after"


def test_an_exception_comes_back_as_the_plugins_fault(parsers: Parsers, kept: KeptFaults) -> None:
    with pytest.raises(PluginFailed) as failed:
        read(parsers, "raise")
    assert "no good" in failed.value.fault.message
    assert [fault.place for fault in kept.faults] == ["parse"]


def test_many_threads_are_served_at_once(parsers: Parsers) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: read(parsers, f"word{n}")[0], range(60)))
    assert found == [f"word{n}" for n in range(60)]
