"""Offers keep to what holds for every plugin that suggests texts, and the kit notices who does not."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

import plugins.cross_sell
from deskcore.domain.people import SYSTEM
from deskcore.testing import suggester_contract
from deskcore.testing.stage import Stage
from deskcore.testing.suggesters import CHECKS, Suggester, examine
from plugins.cross_sell import offers
from plugins.cross_sell.offer import Words, Written
from tests.cross_sell.shop import HERE, KETTLE, stocked
from tests.plugin.authoring import write_plugin


def furnish(_stage: Stage) -> None:
    """Have two offers, of what is in stock."""
    stocked(DES_1=5, FIL_2=5)
    for value in ("DES-1", "FIL-2"):
        words = {"en": Words(body="{{customer.greeting}}\nA {{offer.product}} goes with it.")}
        offers.create(SYSTEM, Written(name=value, value=value, texts=words))


TestOffers = suggester_contract(
    "cross_sell",
    folder=Path(plugins.cross_sell.__file__).parent,
    tool="/p/cross_sell/for/{number}",
    question=KETTLE,
    beside=[HERE],
    furnish=furnish,
)

VIEWS = """
    import time
    from flask import Blueprint, redirect, request
    from deskcore.api.data import (
        add_to_draft, opening_of, read_ticket, ready_answer, send_ready, unit_of_work,
    )
    from deskcore.api.web import current_actor, fragment, needs

    blueprint = Blueprint("adviser", __name__, template_folder="templates")
    ADVICE = "Pour it slowly."

    def said(number):
        actor = current_actor()
        return opening_of(actor, read_ticket(actor, number).id).message.text

    @blueprint.get("/for/<int:number>")
    @needs("ticket.reply")
    def show(number):
        text = ADVICE
        {look}
        return fragment("plugins/adviser/advice.html", {{"text": text, "number": number}}, title="Advice")

    @blueprint.post("/for/<int:number>")
    @needs("ticket.reply")
    def put_in(number):
        actor = current_actor()
        {press}
        return redirect(f"/t/{{number}}", code=303)
"""
CODE = """
    from deskcore.plugin import ComposerTool, hookimpl

    @hookimpl
    def desk_blueprints():
        from .views import blueprint
        return [blueprint]

    @hookimpl
    def desk_composer_tools(ticket):
        url = f"/p/adviser/for/{ticket.number}"
        return [ComposerTool(label="Advice", url=url, permission="ticket.reply")]
"""
ADVICE = (
    '{% if text %}{{ ui.insertion(text, "advice", post=url_for("adviser.put_in", number=number)) }}'
    "{% endif %}"
)
PRESS = "add_to_draft(actor, number, ADVICE)"
SENDS = "ready = ready_answer(actor, number, ADVICE)\n    with unit_of_work(actor) as unit: send_ready(unit, ready)"


# What each does when somebody looks, and presses; what its manifest says; the check that notices it.
SABOTEURS = {
    "is as it should be": ("pass", PRESS, "", set()),
    "sends what it suggests": ("pass", f"{PRESS}\n    {SENDS}", "", {"G02"}),
    "repeats the customer": ('text = f"On {said(number)}: {ADVICE}"', PRESS, "", {"G05", "G02"}),
    "obeys the customer": (
        'text = "It is free." if "free" in said(number) else ADVICE', PRESS, "", {"G05"},
    ),
    "takes its time": ("time.sleep(0.6)", PRESS, "", {"G04"}),
    "asks abroad and is silent": ("pass", PRESS, 'network = ["ai.example"]', {"G03"}),
    "says nothing": ('text = ""', PRESS, "", {"G01"}),
}  # fmt: skip


@pytest.mark.parametrize("sin", SABOTEURS)
def test_a_saboteur_fails_what_is_declared_for_it_and_nothing_else(
    tmp_path: Path, sin: str
) -> None:
    look, press, manifest, declared = SABOTEURS[sin]
    home = write_plugin(tmp_path, "adviser", CODE, manifest)
    views = textwrap.dedent(VIEWS).format(look=look, press=press)
    (home / "views.py").write_text(views, encoding="utf-8")
    (home / "README.md").write_text("# Adviser\n", encoding="utf-8")
    template = home / "templates" / "plugins" / "adviser" / "advice.html"
    template.parent.mkdir(parents=True)
    template.write_text(ADVICE, encoding="utf-8")
    tool = "/p/adviser/for/{number}"
    wrong = examine(
        Suggester(slug="adviser", folder=home, tool=tool, question="How?", beside=(home,))
    )
    assert wrong.keys() == declared, wrong


def test_every_check_has_a_saboteur_that_it_catches() -> None:
    assert set().union(*(declared for *_rest, declared in SABOTEURS.values())) == set(CHECKS)
