"""Saved replies as a service: who may use and write them, and what a picker offers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from deskcore.domain.people import Actor
from deskcore.errors import Invalid, NotAllowed, NotFound
from deskcore.services import access, drafts, teams, ticket_page
from deskcore.services.unit import reading
from plugins.saved_replies import picking, replies
from plugins.saved_replies.replies import Written
from tests.factories import a_customer, a_mailbox, a_team, a_ticket, a_user

RETURN = Written(
    name="Return by post",
    texts={
        "en": "{{customer.greeting}}\n\nSend the parcel back, #{{ticket.number}}. {{agent.first_name}}",
        "cs": "{{customer.greeting}}\n\nPošlete balík zpět, č. {{ticket.number}}.",
    },
    tags=("return", "Post"),
    status="solved",
)
HOURS = Written(name="Opening hours", texts={"en": "We are open from nine to five."})


@pytest.fixture
def admin(app: Flask) -> Actor:
    return a_user("admin", name="Petr Dvořák")


def wrong(actor: Actor, written: Written) -> list[str]:
    with pytest.raises(Invalid) as refused:
        replies.create(actor, written)
    return [problem.field for problem in refused.value.problems]


def test_what_was_written_is_kept_as_it_was(admin: Actor) -> None:
    kept = replies.one(admin, replies.create(admin, RETURN))
    assert (kept.name, kept.texts, kept.tags) == (RETURN.name, RETURN.texts, RETURN.tags)
    assert (kept.status, kept.uses, kept.changed_by) == ("solved", 0, "Petr Dvořák")


def test_writing_needs_the_right_and_using_does_not(admin: Actor) -> None:
    agent = a_user("agent")
    reply_id = replies.create(admin, HOURS)
    assert [each.id for each in replies.usable(agent)] == [reply_id]
    with pytest.raises(NotAllowed):
        replies.create(agent, HOURS)
    with pytest.raises(NotAllowed):
        replies.change(agent, reply_id, HOURS, version=1)
    with pytest.raises(NotAllowed):
        replies.remove(agent, reply_id)


def test_what_is_for_a_team_is_nobody_elses(admin: Actor) -> None:
    team = a_team(a_mailbox())
    reply_id = replies.create(admin, replace(HOURS, team_ids=frozenset({team})))
    stranger, colleague = a_user("agent"), a_user("agent", teams=(team,))
    assert replies.one(colleague, reply_id)
    assert replies.one(admin, reply_id)
    with pytest.raises(NotFound):
        replies.one(stranger, reply_id)
    assert replies.usable(stranger) == []


def test_what_cannot_be_kept_is_named_by_its_field(admin: Actor) -> None:
    assert wrong(admin, Written(name=" ", texts={"en": " "})) == ["name", "text_en"]
    assert wrong(admin, replace(HOURS, texts={"en": "{{customer.nmae}}"})) == ["text_en"]
    assert wrong(admin, replace(HOURS, texts={"cs": "x" * 20_001})) == ["text_cs"]
    assert wrong(admin, replace(HOURS, status="no_such")) == ["after"]
    assert wrong(admin, replace(HOURS, team_ids=frozenset({999}))) == ["team_ids"]
    assert wrong(admin, replace(HOURS, tags=["x" * 61])) == ["tags"]
    assert replies.usable(admin) == []


def test_two_who_change_one_at_once_are_told(admin: Actor) -> None:
    reply_id = replies.create(admin, HOURS)
    replies.change(admin, reply_id, replace(HOURS, name="Hours"), version=1)
    with pytest.raises(Invalid) as refused:
        replies.change(admin, reply_id, RETURN, version=1)
    assert "Nothing was saved" in refused.value.problems[0].message
    kept = replies.one(admin, reply_id)
    assert (kept.name, kept.version) == ("Hours", 2)


def test_a_deleted_one_is_gone_with_its_texts(admin: Actor) -> None:
    reply_id = replies.create(admin, replace(RETURN, team_ids=frozenset({a_team()})))
    assert replies.remove(admin, reply_id) == "Return by post"
    assert replies.usable(admin) == []
    assert replies.all_placeholders() == frozenset()


def test_the_picker_offers_what_the_ticket_is_about_first(admin: Actor) -> None:
    hours, back = replies.create(admin, HOURS), replies.create(admin, RETURN)
    replies.count_use(admin, hours)
    mailbox = a_mailbox()
    number = a_ticket(mailbox, subject="Returning a parcel", text="I want to send it back by post.")
    picked = picking.pick(admin, number)
    assert [(each.reply.id, each.fits) for each in picked.options] == [(back, True), (hours, False)]
    other = a_ticket(mailbox, subject="Hm", text="Hm?")
    assert [each.reply.id for each in picking.pick(admin, other).options] == [hours, back]


def test_the_picker_speaks_as_the_customer_does(admin: Actor) -> None:
    replies.create(admin, RETURN)
    number = a_ticket(a_mailbox(), text="Dobrý den, přišel mi rozbitý šálek, chtěl bych ho vrátit.")
    (option,) = picking.pick(admin, number).options
    assert option.language == "cs"
    assert option.filled.text == f"Dobrý den,\n\nPošlete balík zpět, č. {number}."
    (option,) = picking.pick(admin, number, language="en").options
    assert option.filled.text.endswith(f"#{number}. Petr")
    (option,) = picking.pick(admin, number, language="ru").options
    assert option.language == "en"


def test_the_picker_finds_folded_fuzzy_and_in_the_text(admin: Actor) -> None:
    back = replies.create(admin, replace(RETURN, name="Vrácení zboží"))
    number = a_ticket(a_mailbox())
    for typed in ("vraceni", "ZBOZI vra", "vrqceni", "vz", "parcel", "balik"):
        found = picking.pick(admin, number, typed=typed).options
        assert [each.reply.id for each in found] == [back], typed
    assert picking.pick(admin, number, typed="teapot").options == ()


def test_a_use_is_counted_and_tags_the_ticket(admin: Actor) -> None:
    reply_id = replies.create(admin, RETURN)
    number = a_ticket(a_mailbox())
    assert picking.use(admin, number, reply_id) == "Tags added: return, Post"
    assert sorted(ticket_page.read(admin, number).tags) == ["Post", "return"]
    assert replies.one(admin, reply_id).uses == 1
    assert drafts.get(admin, number, "reply").body == ""


def test_without_scripts_the_text_goes_below_the_draft(admin: Actor) -> None:
    reply_id = replies.create(admin, HOURS)
    number = a_ticket(a_mailbox())
    for _again in range(2):
        picking.use(admin, number, reply_id, puts_in=True)
    body = "We are open from nine to five."
    assert drafts.get(admin, number, "reply").body == f"{body}\n\n{body}"


def test_nothing_is_offered_or_counted_for_a_ticket_out_of_reach(admin: Actor) -> None:
    reply_id = replies.create(admin, HOURS)
    number = a_ticket(a_mailbox(), customer=a_customer())
    stranger = a_user("agent", teams=(a_team(a_mailbox()),))
    with pytest.raises(NotFound):
        picking.pick(stranger, number)
    with pytest.raises(NotFound):
        picking.use(stranger, number, reply_id)
    assert replies.one(admin, reply_id).uses == 0


def test_a_team_that_is_gone_leaves_its_replies_to_who_writes_them(admin: Actor) -> None:
    team = a_team()
    reply_id = replies.create(admin, replace(HOURS, team_ids=frozenset({team})))
    owner = a_user("owner")
    teams.delete_team(owner, team)
    assert replies.usable(a_user("agent")) == []
    assert replies.one(owner, reply_id).team_ids == {team}


def test_colleagues_know_which_team_they_are_in(admin: Actor) -> None:
    team = a_team()
    member = a_user("agent", teams=(team,))
    with reading() as session:
        again = access.actor_of(session, member.id)
    assert again is not None
    assert again.team_ids == {team}
