"""Banned senders: their mail is kept apart, disturbs nobody, and is answered by nobody."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from deskcore.domain.people import Actor
from deskcore.errors import Invalid, NotAllowed, NotFound
from deskcore.models import AuditEntry, InboundItem, Message
from deskcore.services import lists, news, plugin_places, ticket_page
from deskcore.services.unit import reading
from deskcore.web.ticket_words import judged
from plugins.spam import bans
from plugins.spam.verdict import judge
from tests import factories
from tests.spam.mails import Shop
from tests.spam.test_filter import acknowledged, acknowledging
from tests.spam.test_tokens import message

PEST = "Pest <pest@annoying.example>"


def test_mail_of_a_banned_sender_is_stored_and_filed_under_spam_with_who_and_why(
    shop: Shop,
) -> None:
    acknowledging(shop)
    bans.ban(shop.owner, "Pest@Annoying.example", "Insults  everybody")
    before = news.mark(shop.owner)
    ticket = shop.receive("Hello again", sender=PEST)
    assert ticket.spam_at is not None
    _flag, (reason,) = judged(ticket_page.read(shop.owner, ticket.number))
    assert "pest@annoying.example is banned" in reason
    assert shop.owner.name in reason
    assert "Insults everybody" in reason
    assert acknowledged() == 0
    assert news.arrived(shop.owner, before) == 0
    assert ticket.number in [row.number for row in lists.page(shop.owner, "spam").rows]
    with reading() as session:
        assert session.scalars(select(InboundItem.state)).one() == "filed"


def test_others_at_the_same_domain_may_write(shop: Shop) -> None:
    bans.ban(shop.owner, "pest@annoying.example", "Insults")
    assert shop.receive("Hello", sender="Ann <ann@annoying.example>").spam_at is None


@pytest.mark.parametrize("sender", ["a@spam.example", "b@mail.spam.example"])
def test_a_banned_domain_bans_everybody_there_and_below(shop: Shop, sender: str) -> None:
    bans.ban(shop.owner, "@Spam.example", "Sells followers")
    assert shop.receive("Hello", sender=sender).spam_at is not None
    assert shop.receive("Hello", sender="c@nospam.example").spam_at is None


def test_a_banned_sender_does_not_get_into_an_open_ticket(shop: Shop) -> None:
    ticket = shop.receive("Hello", sender=PEST)
    bans.ban(shop.owner, "pest@annoying.example", "Insults")
    with reading() as session:
        first = session.scalars(select(Message.external_id)).one()
    again = shop.receive("And another thing", sender=PEST, In_Reply_To=f"<{first}>")
    assert again.number != ticket.number
    assert again.spam_at is not None
    assert again.resembles_id == ticket.id
    more = shop.receive("Why?", sender=PEST, In_Reply_To="<2@customer.example>")
    assert more.spam_at is not None


def test_a_lifted_ban_lets_mail_in_again_and_both_are_remembered(shop: Shop) -> None:
    bans.ban(shop.owner, "pest@annoying.example", "Insults")
    (ban,) = bans.bans(shop.owner).newest
    bans.lift(shop.owner, ban.id)
    assert shop.receive("Sorry", sender=PEST).spam_at is None
    assert bans.bans(shop.owner).count == 0
    with pytest.raises(NotFound):
        bans.lift(shop.owner, ban.id)
    with reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.action, entry.subject) for entry in entries] == [
        ("banned a sender", "pest@annoying.example"),
        ("lifted a ban", "pest@annoying.example"),
    ]
    assert entries[0].after == {"reason": "Insults"}


@pytest.mark.parametrize(
    ("who", "reason", "field"),
    [
        ("", "why", "who"),
        ("nobody", "why", "who"),
        ("a b@c.example", "why", "who"),
        ("gmail.com", "why", "who"),
        ("a@b.example", "  ", "reason"),
        ("a@b.example", "x" * 301, "reason"),
        (f"{'x' * 330}@b.example", "why", "who"),
    ],
)
def test_what_cannot_be_banned_is_refused_with_a_sentence(
    shop: Shop, who: str, reason: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        bans.ban(shop.owner, who, reason)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_nobody_is_banned_twice(shop: Shop) -> None:
    bans.ban(shop.owner, "a@b.example", "why")
    with pytest.raises(Invalid, match="banned already"):
        bans.ban(shop.owner, "A@B.example", "why")


@pytest.mark.parametrize("role", ["agent", "viewer"])
def test_agents_may_neither_ban_nor_lift_nor_read_the_list(shop: Shop, role: str) -> None:
    actor: Actor = factories.a_user(role)
    for attempt in (
        lambda: bans.ban(actor, "a@b.example", "why"),
        lambda: bans.lift(actor, 1),
        lambda: bans.bans(actor),
    ):
        with pytest.raises(NotAllowed):
            attempt()


@pytest.mark.parametrize(("role", "is_offered"), [("admin", True), ("agent", False)])
def test_only_who_may_ban_is_offered_to(shop: Shop, role: str, *, is_offered: bool) -> None:
    actor: Actor = factories.a_user(role)
    customer_id = shop.receive("Hello").customer_id or 0
    assert bool(plugin_places.customer_links(actor, customer_id)) == is_offered
    offered = {owned.slug for owned in plugin_places.nav_items(actor)}
    assert ("spam" in offered) == is_offered


def test_a_narrow_ban_is_named_before_a_wide_one(shop: Shop) -> None:
    bans.ban(shop.owner, "b.example", "all of them")
    bans.ban(shop.owner, "a@b.example", "this one")
    from_both = judge(message("Hello", sender=message().sender.__class__(value="a@b.example")))
    assert from_both is not None
    assert from_both.reasons[0].values["reason"] == "this one"


def test_desk_ticket_actions_ban_whoever_wrote_a_ticket_by_one_press(shop: Shop) -> None:
    ticket = shop.receive("Hello", sender=PEST)
    seen = ticket_page.read(shop.owner, ticket.number)
    (owned,) = plugin_places.actions(shop.owner, seen)
    assert (owned.item.label, owned.item.permission) == ("Ban this sender", "spam.sender.ban")
    assert bans.ban_writer(shop.owner, ticket.number) == "pest@annoying.example"
    (kept,) = bans.bans(shop.owner).newest
    assert kept.reason == f"By one press in ticket #{ticket.number}"
    assert shop.receive("Hello again", sender=PEST).spam_at is not None
    with pytest.raises(Invalid, match="banned already"):
        bans.ban_writer(shop.owner, ticket.number)
    with pytest.raises(NotAllowed):
        bans.ban_writer(factories.a_user("agent"), ticket.number)


def test_whoever_has_no_mail_address_cannot_be_banned_and_that_is_said(shop: Shop) -> None:
    customer = factories.a_customer("Ann", "known-by-a-name")
    number = factories.a_ticket(factories.a_mailbox(), customer=customer)
    with pytest.raises(Invalid, match="no mail address"):
        bans.ban_writer(shop.owner, number)
    assert bans.bans(shop.owner).count == 0
