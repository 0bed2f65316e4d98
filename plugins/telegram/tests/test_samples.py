"""What updates mean: each sample as written down, and whatever becomes of one in a bad hour."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskcore.api import Ignored, Inbound, InboundChange, InboundMessage
from plugins.telegram.events import meaning

HERE = Path(__file__).parent
SAMPLES = {path.stem: path.read_bytes() for path in sorted((HERE / "samples").glob("*.json"))}
EXPECTED = json.loads((HERE / "expected.json").read_text())
ORIGINS = (HERE / "samples.md").read_text()
WRONG: tuple[object, ...] = (
    None, 0, -1, -1.5, 1e40, 2**70, "", "\ud800\0", "x" * 5000, [], {}, [None], [[]], True, "9" * 400,
)  # fmt: skip


def shown(entry: Inbound) -> dict[str, object]:
    """Say what a value holds, without what is empty."""
    if isinstance(entry, Ignored):
        return {"ignored": entry.reason}
    if isinstance(entry, InboundChange):
        who = entry.sender.value if entry.sender else ""
        return {entry.kind: entry.content, "target": entry.target, "by": who}
    assert isinstance(entry, InboundMessage)
    found: dict[str, object] = {
        "text": entry.text,
        "quoted": entry.quoted,
        "html": entry.html,
        "by": f"{entry.sender.value} {entry.sender.name}",
        "own": entry.keys.own,
        "answers": list(entry.keys.references),
        "in": entry.keys.conversation,
        "group": entry.group,
        "files": [f"{ref.ref} {ref.filename} {ref.content_type}" for ref in entry.awaited],
        "warned": bool(entry.warnings),
        "automatic": entry.is_auto,
    }
    return {name: value for name, value in found.items() if value}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_means_what_is_written_down(name: str) -> None:
    assert [shown(entry) for entry in meaning(SAMPLES[name], takes_groups=True)] == EXPECTED[name]
    assert name in ORIGINS, "Where does this sample come from?"


def test_there_are_enough_samples_and_each_says_something_else() -> None:
    assert len(SAMPLES) >= 25
    assert len({json.dumps(each) for each in EXPECTED.values()}) == len(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_prefix_and_every_wrong_field_of_a_sample_means_something(name: str) -> None:
    whole = json.dumps(json.loads(SAMPLES[name])).encode()
    tried = 0
    for content in (*(whole[:end] for end in range(len(whole))), *mutated(json.loads(whole))):
        for takes_groups in (False, True):
            for entry in meaning(content, takes_groups=takes_groups):
                is_sound(entry)
        tried += 1
    assert tried > len(whole) + 100


def mutated(value: object) -> Iterator[bytes]:
    """Give a sample with each field left out, and with something wrong in its place."""
    yield from (json.dumps(wrong).encode() for wrong in WRONG)
    yield from (json.dumps(changed).encode() for changed in _changed(value))


def _changed(value: object) -> Iterator[object]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()  # fmt: skip
    for key, old in inner:
        for new in (*WRONG, *_changed(old)):
            yield _with(value, key, new)
        yield _without(value, key)


def _with(value: object, key: object, new: object) -> object:
    if isinstance(value, dict):
        return {**value, key: new}
    assert isinstance(value, list)
    return [new if place == key else each for place, each in enumerate(value)]


def _without(value: object, key: object) -> object:
    if isinstance(value, dict):
        return {name: each for name, each in value.items() if name != key}
    assert isinstance(value, list)
    return [each for place, each in enumerate(value) if place != key]


def is_sound(entry: Inbound) -> None:
    """Fail unless a value can be stored and shown as it is."""
    if isinstance(entry, Ignored):
        assert entry.reason
        return
    if isinstance(entry, InboundChange):
        texts = [entry.target, entry.content, entry.sender.name if entry.sender else ""]
        assert entry.target
    else:
        assert isinstance(entry, InboundMessage)
        texts = [entry.text, entry.visible, entry.quoted, entry.html, entry.sender.name]
        assert entry.keys.own == entry.external_id
        assert entry.sender.value
        assert entry.visible
        assert entry.keys.conversation
    for text in texts:
        assert "\0" not in text
        text.encode()
