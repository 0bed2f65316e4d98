"""What messages hold: every letter of it, in parts that a platform takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from deskcore.domain.messages import InboundMessage, OutboundFile
from deskcore.plugin.channel import Payload, Refused, TextLimit
from deskcore.testing.case import Case
from deskcore.testing.checks.registry import check, expect, sample

# A woman technologist with a skin tone (joined by ZWJ), a letter with a combining mark, one of the
# same letters composed, Hebrew, a letter of the second plane, a tab.
LETTERS = "\U0001f469\U0001f3fd\u200d\U0001f4bb e\u0301 \u00e9 שלום \U0001d11e"
_ODD = f"{LETTERS}\0 \ud83d end"
_WORDS = ("Добрый", "\U0001f469\U0001f3fd\u200d\U0001f4bb", "https://shop.example/o/1?a=b", "day")
_GSM7_EXTENDED = frozenset("^{}\\[~]|€\f")
_TOO_MUCH = 10
_A_LOT = 100_000


@check(
    "K22",
    "bronze",
    "Names and emoji come out as question marks, or a message cannot be stored at all.",
)
def keeps_every_letter(case: Case) -> None:
    """Unicode comes in and goes out unchanged."""
    content = _written(case, LETTERS)
    found = [entry.text for entry in case.messages(content)]
    expect(
        any(LETTERS in text for text in found), f"Of {LETTERS!r} came in {[*map(ascii, found)]}."
    )
    if case.contract.write is None:
        for text in (entry.text for entry in case.messages(_written(case, _ODD))):
            is_clean = "\0" not in text and text == text.encode("utf-8", "ignore").decode()
            expect(is_clean, "NUL or half a letter came in: no database takes them.")
    payloads = case.channel().render(case.outbound(LETTERS))
    sent = "".join(case.contract.text_of(payload) for payload in payloads)
    expect(LETTERS in sent, f"Of {LETTERS!r} went out {sent[:300]!r}.")


@check("K23", "bronze", "A message is there, and its ticket shows nothing.")
def shows_something_of_every_message(case: Case) -> None:
    """A message with words or markup always has something to show."""
    for name, content in case.contract.contents.items():
        for entry in case.messages(content):
            expect(entry.visible or not entry.text, f"{name}: all of its text is folded.")
            expect(entry.text or not entry.html, f"{name}: it has markup and no text.")


@check(
    "K24",
    "bronze",
    "The platform cuts a long answer off, in the middle of an address or an emoji.",
)
def keeps_the_limit(case: Case) -> None:
    """Text at, below and above the limit is taken, parted or refused, and never torn."""
    limit = case.contract.kind.can.text
    if limit is None:
        expect(_parts(case, "word " * (_A_LOT // 5)), "No limit is claimed, and nothing was sent.")
        return
    for units, may_be_refused in (
        (limit.max - 1, False),
        (limit.max, False),
        (limit.max + 1, limit.parts == 1),
        (_TOO_MUCH * limit.max, True),
    ):
        text = _text_of(units, limit)
        parts = _parts(case, text)
        if parts is None:
            expect(may_be_refused, f"{units} {limit.unit} were refused; {limit.max} are claimed.")
            continue
        over = [each for each in parts if measured(each, limit) > limit.max]
        expect(not over, f"A part has {[measured(each, limit) for each in over]} {limit.unit}.")
        expect(len(parts) <= limit.parts, f"{len(parts)} parts; {limit.parts} are claimed.")
        expect(
            " ".join(parts).split() == text.split(), "A word was torn, lost or moved between parts."
        )


@check(
    "K28",
    "silver",
    "An agent sends the invoice, reads “sent”, and the customer got a message without it.",
)
def loses_no_file(case: Case) -> None:
    """A file goes out with the message, or the message is refused."""
    file = OutboundFile(filename="invoice.pdf", content_type="application/pdf", content=b"%PDF-k")
    try:
        payloads = case.channel().render(case.outbound(files=(file,)))
    except Refused:
        claims = case.contract.kind.can.attachments
        expect(claims is None, "Files are claimed, and a small one was refused.")
        return
    expect(case.contract.kind.can.attachments, "Files are not claimed: refuse them.")
    sizes = sum(len(payload.content) for payload in payloads)
    plain = sum(len(payload.content) for payload in case.channel().render(case.outbound()))
    expect(sizes > plain, "The file is not in what is sent.")


def measured(text: str, limit: TextLimit) -> int:
    """Count *text* in the unit of the platform."""
    return _MEASURES[limit.unit](text)


def _gsm7(text: str) -> int:
    return sum(2 if letter in _GSM7_EXTENDED else 1 for letter in text)


_MEASURES: dict[str, Callable[[str], int]] = {
    "chars": len,
    "utf16": lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    "bytes": lambda text: len(text.encode("utf-8", "surrogatepass")),
    "graphemes": len,  # never fewer than there are: a text that fits by this fits
    "gsm7": _gsm7,
}


def _text_of(units: int, limit: TextLimit) -> str:
    """Write words of *units* in the platform's unit, ended by letters that fit exactly."""
    words: list[str] = []
    for word in _endless():
        if measured(" ".join([*words, word]), limit) > units:
            break
        words.append(word)
    text = " ".join(words)
    return text + "x" * (units - measured(text, limit))


def _endless() -> Iterator[str]:
    while True:
        yield from _WORDS


def _parts(case: Case, text: str) -> list[str] | None:
    """Return the texts of the parts, None when the message was refused."""
    try:
        payloads: list[Payload] = case.channel().render(case.outbound(text))
    except Refused:
        return None
    return [case.contract.text_of(payload) for payload in payloads]


def _written(case: Case, text: str) -> bytes:
    """Make an item that says *text*: by the contract's ``write``, or out of the sample."""
    if case.contract.write is not None:
        return case.contract.write(text)
    content = sample(case, "message")
    [entry] = [found for found in case.parse(content) if isinstance(found, InboundMessage)]
    return json.dumps(_replaced(json.loads(content), entry.text, text)).encode()


def _replaced(value: object, old: str, new: str) -> object:
    if value == old:
        return new
    if isinstance(value, dict):
        return {key: _replaced(inner, old, new) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, old, new) for inner in value]
    return value
