"""``suggester_contract``: a plugin that offers texts for answers is put to what holds for all of them.

It never sends, writes nothing of its own accord into an answer, says where texts of customers go, is
quick enough to be asked beside every ticket, and is told nothing by what a customer writes.
"""

from __future__ import annotations

import tempfile
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from deskcore.plugin.manifest import FILE_NAME, Manifest, read_manifest
from deskcore.testing.hostile_texts import CANARY, TEXTS
from deskcore.testing.rules import Rule, Rules
from deskcore.testing.stage import Stage, a_stage, shown_texts

BUDGET_S = 0.5  # what a reader takes for at once; the best of three counts
_TRIES = 3
_OK = 200
_LETTERS = 20  # of a conversation that is long


@dataclass(frozen=True, kw_only=True)
class Suggester:
    """What its author says of a plugin that suggests."""

    slug: str
    folder: Path
    tool: str
    question: str
    beside: tuple[Path, ...] = ()
    furnish: Callable[[Stage], None] = lambda _stage: None

    @property
    def manifest(self) -> Manifest:
        """Its manifest."""
        slug = tomllib.loads((self.folder / FILE_NAME).read_text())["plugin"]["slug"]
        return read_manifest(self.folder, slug=slug)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A suggester at work on a desk of its own."""

    suggester: Suggester
    stage: Stage

    def page(self, number: int) -> str:
        """Open the tool of a ticket."""
        answer = self.stage.get(self.suggester.tool.format(number=number))
        expect(answer.status_code == _OK, f"The tool answered {answer.status_code}.")
        return answer.text

    def texts(self, number: int) -> list[tuple[str, str]]:
        """Return what it would put in: the form that is told of it, and the text."""
        return shown_texts(self.page(number))


Body = Callable[[Asked], None]
CHECKS: Rules[Body, Suggester] = Rules()
_SENDING = ("delivery", "delivery_payload", "message", "notice", "job", "inbound_item")


def expect(condition: object, message: str) -> None:
    """Fail the check with *message* unless the condition holds."""
    if not condition:
        raise AssertionError(message)


@CHECKS.register("G01", "bronze", "A person who only looks has changed something, or sent it.")
def looking_changes_nothing(asked: Asked) -> None:
    """Looking at suggestions changes nothing, and there is one for the question."""
    number = asked.stage.ticket(asked.suggester.question)
    before = asked.stage.rows()
    expect(asked.texts(number), "Nothing is suggested for the contract's own question.")
    # An agent's visit is noted with their session; no other row of the desk may come or go.
    changed = {name for name, rows in asked.stage.rows().items() if rows != before[name]}
    expect(not changed, f"Looking changed {', '.join(sorted(changed))}.")


@CHECKS.register("G02", "bronze", "A customer gets what no colleague has read.")
def nothing_is_sent(asked: Asked) -> None:
    """Putting a suggestion in sends nothing: the text is in a draft, as it was shown."""
    number = asked.stage.ticket(asked.suggester.question)
    [(form, text), *_more] = asked.texts(number) or [("", "")]
    if not form:
        return  # it is only copied from the page
    before = asked.stage.rows()
    asked.stage.post(form)
    after = asked.stage.rows()
    sent = {name for name in _SENDING if after[name] != before[name]}
    expect(not sent, f"Putting a text in changed {', '.join(sorted(sent))}.")
    draft = asked.stage.get(f"/t/{number}?mode=reply").text
    expect(_plain(text) in _plain(draft), "The text that was shown is not the one in the draft.")


@CHECKS.register("G03", "bronze", "Letters of customers go abroad, and nobody was told.")
def says_where_texts_go(asked: Asked) -> None:
    """Every host that the manifest lets it reach is named in the README and beside the suggestions."""
    hosts = asked.suggester.manifest.network
    readme = (asked.suggester.folder / "README.md").read_text() if hosts else ""
    page = asked.page(asked.stage.ticket(asked.suggester.question)) if hosts else ""
    for host in hosts:
        expect(host in readme, f"The README does not say that texts may go to {host}.")
        expect(host in page, f"The suggestions do not say that texts may go to {host}.")


@CHECKS.register("G04", "silver", "Every ticket waits for it, for every colleague.")
def stays_within_the_budget(asked: Asked) -> None:
    """A long conversation is looked at within half a second."""
    long = "\n".join([asked.suggester.question, *("Word " * 12 for _line in range(400))])
    number = asked.stage.ticket(*[long] * _LETTERS)
    took = min(_timed(asked, number) for _try in range(_TRIES))
    expect(took <= BUDGET_S, f"It took {took:.2f} s; {BUDGET_S} s are the most.")


@CHECKS.register("G05", "bronze", "A customer's letter writes the shop's answers.")
def what_customers_write_tells_it_nothing(asked: Asked) -> None:
    """What a customer writes is looked at and never obeyed, repeated, or made part of the page."""
    usual = {_plain(text, links=False) for _form, text in asked.texts(_fresh(asked))}
    for hostile in TEXTS:
        number = asked.stage.ticket(f"{asked.suggester.question}\n{hostile}", subject=hostile[:80])
        page = asked.page(number)
        expect(f"<{CANARY}" not in page, f"Markup became part of the page: {hostile[:60]!r}")
        for _form, text in shown_texts(page):
            expect(CANARY not in text, f"It repeats what a customer wrote: {hostile[:60]!r}")
            known = _plain(text, links=False) in usual
            expect(known, f"A customer's words changed what is suggested: {hostile[:60]!r}")


def suggester_contract(
    slug: str,
    *,
    folder: str | Path,
    tool: str,
    question: str,
    beside: Sequence[str | Path] = (),
    furnish: Callable[[Stage], None] = lambda _stage: None,
) -> type:
    """Return a class of tests for a plugin that suggests texts; name it ``Test…``.

    *tool* is the address of its composer tool, with ``{number}`` for the ticket's. *question* is what a
    customer writes for whom it suggests something; *furnish* fills the desk before, in its context.
    *beside* are folders of plugins that it asks, as one with a catalogue.
    """
    suggester = Suggester(
        slug=slug,
        folder=Path(folder),
        tool=tool,
        question=question,
        beside=tuple(map(Path, beside)),
        furnish=furnish,
    )
    wrong = cache(lambda: examine(suggester))  # one desk for all of its tests
    tests = {f"test_{each.id}_{each.body.__name__}": _test(each, wrong) for each in CHECKS.values()}
    return type(f"Suggests_{slug}", (), {"suggester": suggester, **tests})


def examine(suggester: Suggester) -> dict[str, str]:
    """Put a suggester to every check, on one desk; returns what is wrong by the check's id."""
    with (
        tempfile.TemporaryDirectory(prefix="desk-kit-") as folder,
        a_stage(Path(folder), suggester.slug, suggester.beside) as stage,
    ):
        suggester.furnish(stage)
        asked = Asked(suggester=suggester, stage=stage)
        return {each.id: why for each in CHECKS.values() if (why := _failure(each, asked))}


def _failure(check: Rule[Body, Suggester], asked: Asked) -> str:
    try:
        check.body(asked)
    except AssertionError as error:
        return str(error) or "failed"
    return ""


def _test(check: Rule[Body, Suggester], wrong: Callable[[], dict[str, str]]) -> Callable[..., None]:
    def test(_self: object) -> None:
        why = wrong().get(check.id)
        if why:
            pytest.fail(
                f"{check.id} ({check.level}): {check.title}.\n  What is wrong: {why}\n"
                f"  In production: {check.danger}",
                pytrace=False,
            )

    test.__doc__ = f"{check.title}."
    return test


def _timed(asked: Asked, number: int) -> float:
    begun = time.perf_counter()
    asked.page(number)
    return time.perf_counter() - begun


def _fresh(asked: Asked) -> int:
    return asked.stage.ticket(asked.suggester.question)


def _plain(text: str, *, links: bool = True) -> str:
    """Return the words of a text; without *links* those that differ from ticket to ticket are out."""
    return " ".join(word for word in text.split() if links or "://" not in word)
