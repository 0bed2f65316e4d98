"""Many made-up conversations for trying a desk at its size: always the same ones.

Sizes and spread follow a help desk of four years: 30 % open, most tickets short, a few long,
customers and words by Zipf's law, and two planted words that only first messages hold.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Literal

from deskcore.samples.stories import Said, Story, Writer

SEED = 20_261_121
MAILBOXES = tuple(f"{name} (sample)" for name in ("Support", "Sales", "Billing", "Returns", "Tech"))
PLANTED = {"thermocouple": (100, 37), "quillwort": (9973, 17)}  # word: one in, at
TAGS = ("billing", "bug", "vip", "shipping", "login", "refund", "feature", "urgent")
LASTS = timedelta(days=4 * 365)
_VOCABULARY = 40_000
_COUNTS = ((1, 25), (2, 25), (3, 20), (4, 12), (5, 8), (6, 4), (7, 2.5), (8, 1.5), (10, 1), (15, 1))
_FIRST = (
    "Ada Ben Cara Dan Eva Finn Gita Hugo Ines Jon Kira Liam Mona Nils Olga Paul Rosa Zoe".split()
)
_LAST = (
    "Abbott Berger Costa Dahl Evans Fischer Haas Ito Kowal Moreau Novak Patel Rossi Vogel".split()
)
_HEAD = (
    "the to order and my it is for you not this that with have be can we please account from when "
    "help thanks hello parcel invoice payment card refund delivery product broken return warranty "
    "objednávka zásilka faktura dobrý den děkuji prosím konvička platba vrácení účet заказ посылка "
    "счёт здравствуйте спасибо пожалуйста чайник оплата возврат доставка"
).split()


def bulk_stories(count: int, now: datetime) -> Iterator[Story]:
    """Tell *count* stories in order of their beginning, the last one shortly before *now*."""
    rng = random.Random(SEED)  # noqa: S311  sample data, not secrets
    words = _Words(rng)
    writers = _writers(rng, max(20, count // 5))
    weights = list(accumulate(1 / (place + 10) ** 0.8 for place in range(len(writers))))
    for place in range(1, count + 1):
        began = now - LASTS * (1 - place / count) - timedelta(days=3)
        writer = rng.choices(writers, cum_weights=weights)[0]
        yield _story(rng, words, writer, began, place)


def _story(rng: random.Random, words: _Words, writer: Writer, at: datetime, place: int) -> Story:
    is_open = rng.random() < 0.3  # noqa: PLR2004  the share of open tickets
    planted = [word for word, (every, rest) in PLANTED.items() if place % every == rest]
    said = [Said(kind="customer", text=" ".join([*planted, words.text()]), at=at)]
    length = rng.choices([n for n, _ in _COUNTS], weights=[share for _, share in _COUNTS])[0]
    for _ in range(length - 1):
        at += timedelta(seconds=rng.randint(600, 15_000))
        said.append(Said(kind=_kind(rng), text=words.text(), at=at))
    return Story(
        writer=writer,
        subject=words.subject(),
        said=tuple(said),
        status=_status(rng, is_open=is_open),
        mailbox=rng.choices(range(len(MAILBOXES)), weights=(5, 3, 2, 1, 1))[0],
        agent=None if is_open and rng.random() < 0.4 else rng.randrange(1000),  # noqa: PLR2004  the share of nobody's
        tags=tuple(rng.sample(TAGS, rng.choice((0, 0, 1, 2)))),
        priority=rng.choice((1, 2, 3, 3, 3, 4, 5)),
        is_spam=rng.random() < 0.01,  # noqa: PLR2004  the share of spam
    )


def _kind(rng: random.Random) -> Literal["customer", "agent", "note"]:
    chance = rng.random()
    return "agent" if chance < 0.52 else "customer" if chance < 0.92 else "note"  # noqa: PLR2004  shares


def _status(rng: random.Random, *, is_open: bool) -> str:
    if not is_open:
        return "solved"
    return rng.choices(("open", "waiting_customer", "waiting_others"), weights=(6, 3, 1))[0]


def _writers(rng: random.Random, count: int) -> list[Writer]:
    found = []
    for place in range(count):
        first, last = rng.choice(_FIRST), rng.choice(_LAST)
        found.append(
            Writer(
                name=f"{first} {last}",
                address=f"{first}.{last}.{place}@bulk.example".lower(),
                company=f"{rng.choice(_LAST)} {rng.choice(('Ltd', 'GmbH', 'Inc', 'SA'))}",
                language=rng.choice(("en", "cs", "ru")),
            )
        )
    return found


class _Words:
    """Draws words by Zipf's law in large blocks, and makes text of them."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._words = _vocabulary(rng)
        self._weights = list(accumulate(1 / (n + 2.7) ** 1.05 for n in range(len(self._words))))
        self._drawn: list[str] = []

    def subject(self) -> str:
        return " ".join(self._take(self._rng.randint(3, 8))).capitalize()

    def text(self) -> str:
        left = max(8, min(600, int(self._rng.lognormvariate(3.9, 0.7))))
        sentences = []
        while left > 0:
            sentence = self._take(min(left, self._rng.randint(5, 16)))
            left -= len(sentence)
            sentences.append(" ".join(sentence).capitalize() + ".")
        return "\n\n".join(" ".join(sentences[n : n + 4]) for n in range(0, len(sentences), 4))

    def _take(self, count: int) -> Sequence[str]:
        if len(self._drawn) < count:
            self._drawn = self._rng.choices(self._words, cum_weights=self._weights, k=200_000)
        taken = self._drawn[-count:]
        del self._drawn[-count:]
        return taken


def _vocabulary(rng: random.Random) -> list[str]:
    """Return real words first, then made-up ones that can be spoken."""
    words = dict.fromkeys(_HEAD)
    begin = "b c d f g h j k l m n p r s t v w z br cl dr fl gr pl pr sh st th tr".split()
    middle = "a e i o u ai ea ou".split()
    end = ("", "n", "r", "s", "l", "t", "nd", "rk", "st")
    while len(words) < _VOCABULARY:
        syllables = range(rng.choice((2, 2, 3, 3, 4)))
        word = "".join(rng.choice(begin) + rng.choice(middle) + rng.choice(end) for _ in syllables)
        words.setdefault(word)
    return list(words)
