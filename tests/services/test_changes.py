"""What people do to what they said on a network, and what networks report of what we said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from deskcore import clock
from deskcore.config import load_config
from deskcore.domain.kinds import DeliveryState, InboundState
from deskcore.domain.messages import InboundChange
from deskcore.domain.people import Actor
from deskcore.domain.views import TicketPage
from deskcore.domain.writing import ReplyForm
from deskcore.extensions import config
from deskcore.models import (
    Attachment,
    AwaitedFile,
    ChannelAccount,
    Delivery,
    Event,
    Identity,
    InboundItem,
    MessageChange,
    SearchDocument,
    Ticket,
)
from deskcore.plugin.channel import RawItem
from deskcore.plugin.net import network_allowed
from deskcore.services import awaited_files, changes, inbound, replies, sending, ticket_page
from deskcore.services.jobs import RunAgain
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.channels import accounts
from tests.channels.accounts import an_account, lines, said
from tests.channels.network import Network, a_network
from tests.databases import opened


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    accounts.install(tmp_path / "instance")
    wanted = load_config(
        instance=tmp_path / "instance", database_url=database_url, plugins=accounts.PLUGINS
    )
    with opened(wanted, has_pages=False) as desk, network_allowed():
        yield desk


@pytest.fixture
def network() -> Iterator[Network]:
    with a_network() as there:
        yield there


@pytest.fixture
def account_id(app: Flask, network: Network) -> int:
    return an_account(port=network.port)


@pytest.fixture
def owner(app: Flask) -> Actor:
    return factories.a_user("owner")


def receive(account_id: int, *things: dict[str, str]) -> list[InboundItem]:
    """Take things in and file them; the last item of each is returned as it is then."""
    for thing in things:
        content = lines(thing)
        name = thing.get("id") or f"{thing}"
        item = RawItem(external_id=name, cursor=None, received_at=clock.now(), content=content)
        inbound.file_items(inbound.store(account_id, [item]).new_ids)
    with reading() as session:
        return list(session.scalars(select(InboundItem).order_by(InboundItem.id)))


def change(kind: str, target: str = "1", **more: str) -> dict[str, str]:
    return {"kind": kind, "target": target, "from": "jana", "name": "Jana"} | more


def page(owner: Actor) -> TicketPage:
    with reading() as session:
        number = session.scalars(select(Ticket.number)).one()
    return ticket_page.read(owner, number)


def answer(owner: Actor, network: Network, text: str = "On its way.") -> str:
    """Answer the ticket and send it; returns the id that the network gave the answer."""
    replies.queue_reply(owner, page(owner).number, ReplyForm(body=text, to=("anybody",)))
    with reading() as session:
        delivery = session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()
    assert delivery is not None
    with unit_of_work() as unit:
        unit.session.get_one(Delivery, delivery.id).run_at = unit.now
    sending.send(delivery.id)
    return f"sent-{delivery.key}"


def test_an_edit_shows_the_new_text_and_keeps_the_old_one(account_id: int, owner: Actor) -> None:
    receive(account_id, said("Pleese help"), change("edit", content="Please help"))
    [message] = page(owner).messages
    assert message.visible == "Please help"
    assert [text for _, text in message.changes.versions] == ["Pleese help"]
    with reading() as session:
        ticket = session.scalars(select(Ticket)).one()
        assert (ticket.preview, ticket.message_count) == ("Please help", 1)
        assert session.scalar(select(func.count()).where(Event.name == "message.changed")) == 1


def test_an_edit_that_was_overtaken_by_a_later_one_is_not_shown(
    account_id: int, owner: Actor
) -> None:
    receive(account_id, said("One"))
    with reading() as session:
        account = session.get_one(ChannelAccount, account_id)
    for text, minutes in (("Three", 3), ("Two", 2)):
        entry = InboundChange(
            kind="edit", target="1", content=text, at=clock.now() + timedelta(minutes=minutes)
        )
        item = receive(account_id, {"id": text})[-1]
        with unit_of_work() as unit:
            changes.apply(unit, account, unit.session.get_one(InboundItem, item.id), entry)
    assert page(owner).messages[0].visible == "Three"


def test_what_was_taken_back_is_hidden(account_id: int, owner: Actor) -> None:
    receive(account_id, said("My number is 4711"), change("unsend"))
    [message] = page(owner).messages
    assert (message.visible, message.changes.is_withdrawn) == ("", True)
    with reading() as session:
        assert session.scalars(select(Ticket.preview)).one() == ""
        assert session.scalars(select(MessageChange.before)).one() == {"text": "My number is 4711"}


def test_what_was_redacted_is_erased_in_every_form(account_id: int, owner: Actor) -> None:
    receive(account_id, said("4711"), change("edit", content="4712"), change("redaction"))
    assert page(owner).messages[0].changes.is_withdrawn
    with reading() as session:
        assert session.scalars(select(MessageChange.before)).all() == [{}, {}]
        assert set(session.scalars(select(MessageChange.content))) == {""}
        digests = session.scalars(select(InboundItem.digest).order_by(InboundItem.id)).all()
        assert digests[:2] == [None, None]
        assert session.scalars(select(SearchDocument.message_id)).all() == [None]


def test_a_change_before_its_message_waits_for_it(account_id: int, owner: Actor) -> None:
    [first, second] = receive(
        account_id, change("edit", content="Right"), change("reaction", content="👍")
    )
    assert (first.state, second.state) == (InboundState.IGNORED, InboundState.IGNORED)
    assert "waits" in first.reason
    receive(account_id, said("Wrong"))
    [message] = page(owner).messages
    assert message.visible == "Right"
    assert message.changes.reactions == (("👍", "Jana"),)


def test_changes_of_unknown_messages_and_of_other_accounts_are_harmless(
    account_id: int, owner: Actor
) -> None:
    receive(account_id, said("Mine"))
    other = an_account(address="elsewhere")
    receive(other, change("unsend"), change("edit", content="Not yours"))
    assert page(owner).messages[0].visible == "Mine"
    item = receive(account_id, change("explosion"))[-1]
    assert (item.state, "explosion" in item.reason) == (InboundState.IGNORED, True)


def test_reactions_are_signs_on_a_message_and_can_be_taken_back(
    account_id: int, owner: Actor
) -> None:
    receive(
        account_id,
        said("Thanks"),
        change("reaction", content="👍"),
        change("reaction", content="👍", id="again"),
        change("reaction", content="❤️"),
    )
    [message] = page(owner).messages
    assert message.changes.reactions == (("👍", "Jana"), ("❤️", "Jana"))
    receive(account_id, change("unreaction", content="👍"))
    assert page(owner).messages[0].changes.reactions == (("❤️", "Jana"),)
    receive(account_id, change("unreaction"))
    assert page(owner).messages[0].changes.reactions == ()
    with reading() as session:
        assert session.scalars(select(Ticket.message_count)).one() == 1


def test_a_conversation_is_one_ticket_of_whoever_speaks_in_it_and_another_account_another(
    account_id: int, owner: Actor
) -> None:
    receive(account_id, said("Hello", "1"), said("Me, too", "2") | {"from": "Petr"})
    assert [message.author_address for message in page(owner).messages] == ["jana", "Petr"]
    other = an_account(address="elsewhere")
    receive(other, said("Hello", "1"))
    with reading() as session:
        assert session.scalar(select(func.count(Ticket.id))) == 2
        kinds = session.execute(select(Identity.kind, Identity.scope, Identity.value)).all()
    assert sorted(map(tuple, kinds)) == [
        ("handle", str(account_id), "Petr"),
        ("handle", str(account_id), "jana"),
        ("handle", str(other), "jana"),
    ]


def test_an_answer_goes_to_who_wrote_and_reports_move_it_forwards_only(
    account_id: int, owner: Actor, network: Network
) -> None:
    receive(account_id, said("Where is it?"))
    key = answer(owner, network)
    assert network.sent == [{"to": ["jana"], "text": "On its way.", "conversation": "c"}]
    for status, then in (("delivered", "delivered"), ("read", "read"), ("delivered", "read")):
        receive(account_id, {"status": status, "target": key, "id": f"{status}-{then}"})
        assert delivered(owner) == then
    assert len(page(owner).messages) == 2  # nobody has to read that it was read
    receive(account_id, change("reaction", key, content="👍"), change("edit", key, content="No"))
    ours = page(owner).messages[1]
    assert (ours.visible, ours.changes.reactions) == ("On its way.", (("👍", "Jana"),))


def test_a_report_that_was_quicker_than_the_answer_of_the_network_waits(
    app: Flask, account_id: int, owner: Actor, network: Network
) -> None:
    receive(account_id, said("Where is it?"))

    def tell(key: str) -> None:
        with app.app_context():
            receive(account_id, {"status": "delivered", "target": f"sent-{key}", "id": "report"})

    network.before_answer = tell
    answer(owner, network)
    assert delivered(owner) == DeliveryState.DELIVERED
    with reading() as session:
        assert session.scalar(select(func.count(Ticket.id))) == 1


def test_a_bounce_on_a_network_opens_the_ticket_again(
    account_id: int, owner: Actor, network: Network
) -> None:
    receive(account_id, said("Where is it?"))
    key = answer(owner, network)
    assert page(owner).category == "waiting_customer"
    receive(account_id, {"status": "bounced", "target": key, "id": "report"})
    assert (delivered(owner), page(owner).category) == ("bounced", "open")


def test_a_file_the_network_keeps_comes_after_its_message(
    account_id: int, owner: Actor, network: Network
) -> None:
    network.files["bill"] = b"42 EUR"
    receive(account_id, said("See the bill", file="bill"))
    [message] = page(owner).messages
    assert (message.visible, message.awaited, message.files) == (
        "See the bill", (("bill.txt", ""),), (),
    )  # fmt: skip
    fetch_all()
    [message] = page(owner).messages
    assert (message.awaited, [(file.filename, file.size) for file in message.files]) == (
        (), [("bill.txt", 6)],
    )  # fmt: skip


def test_a_file_that_is_gone_or_too_large_is_told_and_not_asked_for_again(
    account_id: int, owner: Actor, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(config().__dict__, "max_file_bytes", 100_000)
    network.files["large"] = b"x" * 5_000_000
    receive(account_id, said("Gone", file="gone"), said("Large", "2", file="large"))
    fetch_all()
    gone, large = page(owner).messages
    assert gone.awaited == (("gone.txt", "The network does not keep this file any more."),)
    assert large.awaited == (("large.txt", "It is larger than this desk takes."),)
    with reading() as session:
        assert session.scalar(select(func.count(Attachment.id))) == 0


def test_a_network_that_is_away_is_asked_again_and_in_the_end_only_when_somebody_wants(
    account_id: int, owner: Actor, network: Network
) -> None:
    receive(account_id, said("See", file="bill"))
    with unit_of_work() as unit:
        unit.session.get_one(ChannelAccount, account_id).settings = {"port": 1}
    for _ in range(awaited_files.MOST_TRIES - 1):
        with pytest.raises(RunAgain):
            fetch_all()
        assert page(owner).messages[0].awaited == (("bill.txt", ""),)
    fetch_all()
    message = page(owner).messages[0]
    [(_, problem)] = message.awaited
    assert "does not answer" in problem
    network.files["bill"] = b"found"
    with unit_of_work() as unit:
        unit.session.get_one(ChannelAccount, account_id).settings = {"port": network.port}
    fetch_all()
    assert page(owner).messages[0].files == ()
    awaited_files.ask_again(owner, message.id)
    fetch_all()
    assert [file.size for file in page(owner).messages[0].files] == [5]


def fetch_all() -> None:
    with reading() as session:
        waiting = list(session.scalars(select(AwaitedFile.id)))
    for file_id in waiting:
        awaited_files.fetch(file_id)


def delivered(owner: Actor) -> str:
    sent = page(owner).messages[1].delivery
    assert sent is not None
    return sent.state
