"""What comes in: read the same way each time, once each, whole, whatever else happens."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from itertools import islice

from deskcore.domain.messages import Ignored, InboundChange, InboundMessage
from deskcore.plugin.channel import ChannelFailure, Listening, Polled, Pushed, RawItem
from deskcore.testing.case import Case, let_go
from deskcore.testing.checks.registry import check, expect, listening, polled, sample

_MOST_PREFIXES = 64
_WRONG: tuple[object, ...] = (None, 0, -1.5, 1e40, "", "\ud800\0", [], {}, True, [None], "9" * 400)
_TWO = 2
_GARBAGE = b'{"this": ["is", null, 7]}'


@check(
    "K01",
    "bronze",
    "A mail that is filed again after a crash becomes another one: duplicates, or lost replies.",
)
def reads_the_same_twice(case: Case) -> None:
    """Parse is deterministic."""
    for name, content in case.contract.contents.items():
        raw = case.raw(content)
        first, second = case.channel().parse(raw), case.channel().parse(raw)
        expect(first == second, f"{name}: the same bytes gave {first!r}, then {second!r}.")


@check(
    "K02",
    "bronze",
    "The platform leaves a field out one day: items wait for a person, customers for an answer.",
)
def reads_anything(case: Case) -> None:
    """Parse is total: shortened, incomplete and wrong items give something."""
    channel = case.channel()
    for name, content in case.contract.contents.items():
        for broken in _broken(content):
            raw = case.raw(broken)
            try:
                for entry in channel.parse(raw):
                    if isinstance(entry, InboundMessage):
                        channel.thread_keys(entry)
            except Exception as error:
                shown = broken[:200]
                raise AssertionError(
                    f"{name}: {type(error).__name__}: {error} for {shown!r}"
                ) from error
    if isinstance(channel, Pushed) and case.contract.sign:
        sign, body = case.contract.sign, case.push_body(*case.contract.contents.values())
        for broken in islice(_broken(body), 200):
            channel.unpack(sign(broken))


@check(
    "K03",
    "bronze",
    "Platforms push again what was not answered in time: the customer's message stands there twice.",
)
def takes_each_once(case: Case) -> None:
    """The same item twice, and two at once, is one message."""
    content = sample(case, "message")
    first = case.items(content)
    again = case.items(content) if case.far is None or _is_pushed(case) else _once_more(case)
    names = [item.external_id for item in first]
    expect(
        names == [item.external_id for item in again],
        f"The same item was called {names}, then {[item.external_id for item in again]}.",
    )
    case.desk.file(first)
    case.desk.file(again)
    _at_once(case, first)
    said = case.desk.said()
    expect(len(said) == 1, f"It was filed {len(said)} times.")


@check(
    "K04",
    "bronze",
    "One push holds the messages of many customers: those after the first are never seen.",
)
def takes_all_of_many(case: Case) -> None:
    """Many items at once all come in, a bad one among them."""
    contents = [sample(case, "message"), _GARBAGE, sample(case, "other_person")]
    case.desk.file(case.items(*contents))
    wanted = [entry.text for each in contents for entry in case.messages(each)]
    found = [said.text for said in case.desk.said()]
    visible = [entry.visible for each in contents for entry in case.messages(each)]
    expect(found == visible, f"Of {wanted} these came in: {found}.")


@check(
    "K05",
    "bronze",
    "News overtakes the message it is about: it fails, and with it what follows.",
)
def takes_any_order(case: Case) -> None:
    """A report or change before its message harms nothing."""
    early = [*case.contract.named("report"), *case.contract.named("edit")]
    message = sample(case, "message")
    case.desk.file([case.raw(content) for content in early])
    case.desk.file([case.raw(message)])
    expect(case.desk.unfiled() == [], f"Items wait for a person: {case.desk.unfiled()}.")
    expect(len(case.desk.said()) >= 1, "The message that came late is missing.")


@check(
    "K06",
    "bronze",
    "Our own answers come back as the customer's: solved tickets open again and again.",
)
def knows_its_own(case: Case) -> None:
    """Our own messages coming back are recognised."""
    sample(case, "echo")
    for content in case.contract.named("echo"):
        for entry in case.parse(content):
            ours = isinstance(entry, Ignored) or (
                isinstance(entry, InboundMessage) and entry.is_own
            )
            expect(ours, f"This was taken for a customer's: {entry!r}.")


@check(
    "K12",
    "silver",
    "The desk is stopped between fetching and storing: what was fetched is never seen.",
    need=polled,
)
def fetches_by_its_cursor(case: Case) -> None:
    """A fetch marks nothing, goes on after its cursor, and copes with an unknown one."""
    case.there.offer(sample(case, "message"), sample(case, "other_person"))
    before = case.there.changes
    found = len(_fetched(case, None))
    expect(found == _TWO, f"Two items wait, {found} were fetched.")
    expect(
        case.there.changes == before,
        "Fetching changed something there: an item is marked before it is stored.",
    )
    again = _fetched(case, None)
    expect(len(again) == _TWO, f"Fetched again by another process, {len(again)} came.")
    rest = len(_fetched(case, again[0].cursor))
    expect(rest <= 1, f"After the first of two items, {rest} were fetched.")
    done = _fetched(case, again[-1].cursor)
    expect(done == [], f"After the last item {len(done)} more were fetched.")
    try:
        _fetched(case, "no cursor of ours")
    except ChannelFailure:
        return
    except Exception as error:
        raise AssertionError(f"A cursor it does not know: {type(error).__name__}.") from error


@check(
    "K13",
    "silver",
    "Held connections break every day: items are lost at the cut, or all come again.",
    need=listening,
)
def goes_on_after_a_cut(case: Case) -> None:
    """A connection that was cut goes on after the last item."""
    case.there.offer(sample(case, "message"))
    channel = case.channel()
    expect(isinstance(channel, Listening), "The channel does not listen.")
    held = channel.listen(None)  # type: ignore[attr-defined]  # said just above
    first = next(each for each in held if isinstance(each, RawItem))
    case.there.drop()
    try:
        next(held, None)
    except ChannelFailure:
        pass
    except Exception as error:
        raise AssertionError(
            f"A cut is {type(error).__name__}; raise TryLater, or return."
        ) from error
    case.there.offer(sample(case, "other_person"))
    another = case.channel()
    anew = another.listen(first.cursor)  # type: ignore[attr-defined]  # as above
    second = next(each for each in anew if isinstance(each, RawItem))
    expect(second.external_id != first.external_id, "After the cut the first item came again.")
    expect(second.cursor != first.cursor, "Two items have one cursor.")


@check(
    "K14",
    "silver",
    "The platform adds a kind of event: it is filed as an empty message, or nobody hears of it.",
)
def says_what_it_does_not_know(case: Case) -> None:
    """Unknown kinds of events are ignored, with a reason."""
    for entry in case.parse(sample(case, "unknown")):
        expect(
            isinstance(entry, Ignored) and entry.reason,
            f"An event that is not known became {entry!r}.",
        )


@check("K15", "silver", "Somebody presses “Test” at the platform: a ticket of nobody's opens.")
def ignores_tests_of_the_platform(case: Case) -> None:
    """Test events of the platform are ignored, and said so."""
    for entry in case.parse(sample(case, "test")):
        expect(isinstance(entry, Ignored) and entry.reason, f"A test became {entry!r}.")


@check("K20", "silver", "A customer takes back what was sent: it stays, or stands there twice.")
def understands_changes(case: Case) -> None:
    """Edits and deletions say which message they change."""
    message = sample(case, "message")
    [own] = {entry.keys.own or entry.external_id for entry in case.messages(message)}
    if not case.contract.named("delete"):
        sample(case, "edit")  # some networks tell of one of the two only
    for name, kinds in (("edit", {"edit"}), ("delete", {"unsend", "redaction"})):
        for entry in (found for each in case.contract.named(name) for found in case.parse(each)):
            is_change = isinstance(entry, InboundChange) and entry.kind in kinds
            expect(is_change, f"{name}: this became {entry!r}.")
            target = entry.target if isinstance(entry, InboundChange) else ""
            expect(target == own, f"{name}: it changes {target!r}, the message is {own!r}.")
            is_empty = isinstance(entry, InboundChange) and name == "edit" and not entry.content
            expect(not is_empty, "edit: the new text is missing.")


@check("K21", "silver", "A thumbs-up opens a solved ticket again.")
def takes_reactions_as_such(case: Case) -> None:
    """Reactions are notes on a message, not messages."""
    for entry in case.parse(sample(case, "reaction")):
        is_reaction = isinstance(entry, InboundChange) and "reaction" in entry.kind
        expect(is_reaction, f"A reaction became {entry!r}.")


def _broken(content: bytes) -> Iterator[bytes]:
    """Give an item shortened, and with each field removed or of a wrong kind."""
    step = max(1, len(content) // _MOST_PREFIXES)
    yield from (content[:end] for end in range(0, len(content), step))
    yield from (content.replace(b"\n", b""), b"\xff\xfe" + content, b"[" * 5000)
    try:
        whole = json.loads(content)
    except ValueError:
        return
    yield from (json.dumps(wrong).encode() for wrong in _WRONG)
    for changed in _changed(whole):
        yield json.dumps(changed).encode()


def _changed(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {name: each for name, each in value.items() if name != key}
            for other in (*_WRONG, *_changed(inner)):
                yield {**value, key: other}
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            for other in (*_WRONG, *_changed(inner)):
                yield [*value[:place], other, *value[place + 1 :]]


def _is_pushed(case: Case) -> bool:
    return isinstance(case.channel(), Pushed)


def _once_more(case: Case) -> list[RawItem]:
    """Fetch again what is offered already."""
    return case.items()


def _fetched(case: Case, cursor: str | None) -> list[RawItem]:
    channel = case.channel()
    assert isinstance(channel, Polled)  # noqa: S101  the check is for polled channels only
    found = list(channel.receive(cursor))
    let_go(channel)
    return found


def _at_once(case: Case, items: list[RawItem]) -> None:
    """File the same items from two threads at the same moment."""
    from flask import current_app  # noqa: PLC0415  only here, and only in tests

    app, start = current_app._get_current_object(), threading.Barrier(2)  # type: ignore[attr-defined]  # noqa: SLF001  how Flask hands an app to a thread

    def file() -> None:
        with app.app_context():
            start.wait(10)
            case.desk.file(items)

    threads = [threading.Thread(target=file) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
