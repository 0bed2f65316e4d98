"""Reading foreign bytes in processes of its own: what kills one of them costs one item."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deskcore.clock import now
from deskcore.domain.messages import Ignored
from deskcore.plugin import AccountView, PluginSettings, RawItem
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.guard import Guard
from deskcore.plugin.loader import load_plugins
from deskcore.plugin.parsers import Limits, Parsers, Unreadable
from tests.plugin.authoring import write_plugin
from tests.plugin.recording import KeptFaults

CHANNEL = """
import os
import time

from deskcore.domain.messages import Ignored
from deskcore.plugin import Capabilities, Channel, PluginSettings, hookimpl


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
        if word == "exit":
            os._exit(0)
        if word == "raise":
            raise ValueError("no good")
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
LIMITS = Limits(cpu_s=1, patience_s=4.0)


@pytest.fixture
def kept() -> KeptFaults:
    return KeptFaults()


@pytest.fixture
def parsers(tmp_path: Path, kept: KeptFaults) -> Iterator[Parsers]:
    write_plugin(tmp_path / "plugins", "hostile", CHANNEL)
    loaded = load_plugins(instance=tmp_path, wanted=("hostile",), guard=Guard(sink=kept))
    parsers = Parsers(loaded, LIMITS)
    yield parsers
    parsers.close()


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


@pytest.mark.kills
@pytest.mark.parametrize("word", ["spin", "hang", "exit"])
def test_an_item_that_ends_its_reader_costs_only_itself(parsers: Parsers, word: str) -> None:
    before = read(parsers, "before")
    with pytest.raises(Unreadable):
        read(parsers, word)
    after = read(parsers, "after")
    assert after[0] == "after"
    assert after[1] != before[1]


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
