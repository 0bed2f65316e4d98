"""Every hook, as core calls it."""

from __future__ import annotations

import pytest

from deskcore.domain.kinds import CustomerId, Verdict
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.guard import Guard
from deskcore.plugin.hooks import Hooks
from deskcore.plugin.manager import DeskPluginManager
from deskcore.plugin.parts import Judgement
from tests.plugin.recording import KeptFaults
from tests.plugin.test_manager import module
from tests.plugin.values import DRAFT, INBOUND, OUTBOUND, TICKET, USER


@pytest.fixture
def kept() -> KeptFaults:
    return KeptFaults()


def hooks(kept: KeptFaults, *guards: str, **code_by_slug: str) -> Hooks:
    manager = DeskPluginManager(Guard(sink=kept))
    for slug, code in code_by_slug.items():
        objections = manager.register(slug, module(slug, code))
        assert objections == []
    return Hooks(manager, guards=frozenset(guards))


def test_desk_channels_asks_one_plugin_for_classes(kept: KeptFaults) -> None:
    found = hooks(kept, tea="@hookimpl\ndef desk_channels(): return [int]", coffee="")
    assert [kind.__name__ for kind in found.channels_of("tea")] == ["int"]
    assert found.channels_of("coffee") == []


def test_desk_subscriptions_must_be_subscriptions(kept: KeptFaults) -> None:
    found = hooks(kept, tea="@hookimpl\ndef desk_subscriptions(): return ['ticket.opened']")
    with pytest.raises(PluginFailed):
        found.subscriptions_of("tea")


def test_desk_ticket_panels_come_with_their_owner(kept: KeptFaults) -> None:
    code = (
        "@hookimpl\ndef desk_ticket_panels(ticket):"
        " return Panel(title=ticket.subject, body=str(ticket.number))"
    )
    (owned,) = hooks(kept, tea=code).ticket_panels(TICKET, USER)
    assert (owned.slug, owned.item.title, owned.item.body) == ("tea", "Tea", "7")


def judging(verdict: str) -> str:
    return f"@hookimpl\ndef desk_inbound_verdict(): return {verdict}"


def test_desk_inbound_verdict_takes_the_strictest_with_its_reasons(kept: KeptFaults) -> None:
    why = "reasons=(Reason(text='Because.'),)"
    found = hooks(
        kept,
        a=judging(f"Judgement(verdict=Verdict.SPAM, {why})"),
        b=judging(f"Judgement(verdict=Verdict.HOLD, {why})"),
        c=judging("Judgement(verdict=Verdict.ACCEPT)"),
        d=judging("'drop'"),
        e=judging("None"),
    ).inbound_verdict(INBOUND)
    assert (found.verdict, [reason.text for reason in found.reasons]) == (
        Verdict.HOLD,
        ["Because."],
    )
    assert [fault.slug for fault in kept.faults] == ["d"]


@pytest.mark.parametrize("verdict", ["SPAM", "BANNED"])
def test_desk_inbound_verdict_that_files_as_spam_without_a_reason_is_a_fault(
    kept: KeptFaults, verdict: str
) -> None:
    found = hooks(kept, tea=judging(f"Judgement(verdict=Verdict.{verdict})"))
    assert found.inbound_verdict(INBOUND).verdict == Verdict.ACCEPT
    assert [fault.slug for fault in kept.faults] == ["tea"]


def test_desk_inbound_verdict_without_judges_accepts(kept: KeptFaults) -> None:
    assert hooks(kept).inbound_verdict(INBOUND) == Judgement(verdict=Verdict.ACCEPT)


def test_desk_blueprints_must_be_blueprints(kept: KeptFaults) -> None:
    found = hooks(kept, tea="@hookimpl\ndef desk_blueprints(): return ['page']")
    with pytest.raises(PluginFailed):
        found.blueprints_of("tea")


def test_desk_permissions_must_be_rights(kept: KeptFaults) -> None:
    found = hooks(kept, tea="@hookimpl\ndef desk_permissions(): return ['tea.cup.drink']")
    with pytest.raises(PluginFailed):
        found.permissions_of("tea")


LINK = "[Link(label='Tea', url='/p/tea/', permission='ticket.read')]"


def test_desk_nav_items_come_with_their_owner(kept: KeptFaults) -> None:
    found = hooks(kept, tea=f"@hookimpl\ndef desk_nav_items(user): return {LINK}")
    assert [(owned.slug, owned.item.url) for owned in found.nav_items(USER)] == [("tea", "/p/tea/")]


def test_desk_customer_links_are_told_whose_page_it_is(kept: KeptFaults) -> None:
    code = LINK.replace("/p/tea/'", "/p/tea/' + str(customer_id)")
    found = hooks(kept, tea=f"@hookimpl\ndef desk_customer_links(customer_id): return {code}")
    assert [owned.item.url for owned in found.customer_links(CustomerId(7), USER)] == ["/p/tea/7"]


@pytest.mark.parametrize(
    "change",
    [
        "external_id='2:2'",
        "sender=replace(message.sender, value='x@example.com')",
        "kind='reviews.review'",
    ],
)
def test_desk_inbound_prepare_may_not_change_whose_message_it_is(
    kept: KeptFaults, change: str
) -> None:
    code = f"@hookimpl\ndef desk_inbound_prepare(message): return replace(message, {change})"
    assert hooks(kept, tea=code).inbound_prepare(INBOUND) == INBOUND
    assert [fault.slug for fault in kept.faults] == ["tea"]


BROKEN_CHECK = "@hookimpl\ndef desk_reply_check(): 1/0"
STRICT_CHECK = """
from deskcore.api import Problem
@hookimpl
def desk_reply_check(draft):
    return [Problem(field="text", message="Too short: " + draft.text)]
"""


def test_desk_reply_check_collects_objections(kept: KeptFaults) -> None:
    (owned,) = hooks(kept, tea=STRICT_CHECK).reply_check(DRAFT, TICKET, USER)
    assert owned.item.message == "Too short: It is on its way."


def test_desk_reply_check_is_skipped_when_it_fails(kept: KeptFaults) -> None:
    assert hooks(kept, tea=BROKEN_CHECK).reply_check(DRAFT, TICKET, USER) == []


def test_desk_reply_check_of_a_guard_objects_when_it_fails(kept: KeptFaults) -> None:
    (owned,) = hooks(kept, "tea", tea=BROKEN_CHECK).reply_check(DRAFT, TICKET, USER)
    assert "tea" in owned.item.message


SIGNS = "@hookimpl\ndef desk_outbound_prepare(message): return replace(message, text='Signed')"
BROKEN_WAY_OUT = "@hookimpl\ndef desk_outbound_prepare(): 1/0"


def test_desk_outbound_prepare_changes_what_is_sent(kept: KeptFaults) -> None:
    found = hooks(kept, a=BROKEN_WAY_OUT, b=SIGNS)
    assert found.outbound_prepare(OUTBOUND, TICKET).text == "Signed"


@pytest.mark.parametrize("change", ["to=()", "bcc=message.to", "external_id='x'", "token=''"])
def test_desk_outbound_prepare_may_not_change_who_gets_it(kept: KeptFaults, change: str) -> None:
    code = f"@hookimpl\ndef desk_outbound_prepare(message): return replace(message, {change})"
    assert hooks(kept, tea=code).outbound_prepare(OUTBOUND, TICKET) == OUTBOUND
    assert [fault.slug for fault in kept.faults] == ["tea"]


def test_desk_outbound_prepare_of_a_guard_holds_the_message_when_it_fails(
    kept: KeptFaults,
) -> None:
    with pytest.raises(PluginFailed):
        hooks(kept, "tea", tea=BROKEN_WAY_OUT).outbound_prepare(OUTBOUND, TICKET)
