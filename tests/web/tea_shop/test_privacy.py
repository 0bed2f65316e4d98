"""One customer is handed out, or forgotten, as a whole: what the desk holds and what plugins keep."""

from __future__ import annotations

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select

from deskcore.config import Config
from deskcore.domain.kinds import Direction
from deskcore.domain.messages import InboundFile
from deskcore.models import (
    Attachment,
    Customer,
    Erasure,
    Event,
    Message,
    SearchDocument,
    Ticket,
    TicketParticipant,
)
from deskcore.services import files, nav_counts
from deskcore.services.unit import reading, unit_of_work
from tests.factories import a_customer, a_mailbox, a_message, a_ticket, a_user
from tests.plugin.authoring import write_plugin
from tests.plugin.tea import part
from tests.web.conftest import PASSWORD, Visitor

ANN = "ann@tea.example"
REFUSES = """
from deskcore.plugin import PrivacyHandler, hookimpl

def refuse(*_):
    raise RuntimeError("I keep it")

@hookimpl
def desk_privacy_handlers():
    return [PrivacyHandler(name="keeper.all", label="All", export=refuse, erase=refuse)]
"""


@pytest.fixture
def ann(owner: Visitor) -> int:
    """Give a customer with a ticket, a file, a ban and a wish."""
    customer = a_customer("Ann Lee", ANN)
    number = a_ticket(a_mailbox(), customer=customer, text="Where is my Assam?")
    a_message(number, "She is angry", direction=Direction.NOTE)
    said = a_message(number, "On its way", direction=Direction.OUT)
    with unit_of_work() as unit:
        file = InboundFile(filename="receipt.txt", content_type="text/plain", content=b"3 pounds")
        files.attach(unit, file, message_id=said)
        part("wishes").wish(unit, customer[0], "Sencha")
    owner.get("/p/spam/bans/new")
    owner.post("/p/spam/bans", {"who": ANN, "reason": "Insults"})
    return customer[0]


def export(owner: Visitor, customer_id: int) -> ZipFile:
    owner.get(f"/customers/{customer_id}/privacy")
    answer = owner.post(f"/customers/{customer_id}/export")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    content = answer.data
    answer.close()
    return ZipFile(BytesIO(content))


def erase(owner: Visitor, customer_id: int) -> int:
    owner.get(f"/customers/{customer_id}/privacy")
    typed = {"confirm_password": PASSWORD}
    return owner.post(f"/customers/{customer_id}/erase", typed).status_code


def count(model: type) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_desk_privacy_handlers_join_the_export_of_a_customer(owner: Visitor, ann: int) -> None:
    page = owner.get(f"/customers/{ann}/privacy").text
    assert "What they wait for" in page
    assert "Bans of their addresses" in page
    archive = export(owner, ann)
    told = json.loads(archive.read("customer.json"))
    assert told["customer"]["addresses"][0]["value"] == ANN
    (ticket,) = told["tickets"]
    assert [said["text"] for said in ticket["messages"]] == ["Where is my Assam?", "On its way"]
    assert archive.read(ticket["messages"][1]["files"][0]) == b"3 pounds"
    assert told["plugins"]["tea_shop.wishes"] == {"waits_for": ["Sencha"]}
    assert told["plugins"]["spam.bans"][0]["reason"] == "Insults"
    assert archive.read("plugins/tea_shop.wishes/slip.txt") == b"Ann Lee: Sencha\n"
    assert "angry" not in archive.read("customer.json").decode()
    assert "exported a customer" in owner.get("/admin/audit").text


def test_desk_privacy_handlers_forget_an_erased_customer_and_nobody_else(
    owner: Visitor, ann: int
) -> None:
    wishes = part("wishes")
    other = a_customer("Bob Ray", "bob@tea.example")
    kept = a_ticket(a_mailbox(), customer=other, text="Bob asks")
    with unit_of_work() as unit:
        wishes.wish(unit, other[0], "Sencha")
    assert erase(owner, ann) == 303
    assert owner.get(f"/customers/{ann}").status_code == 404
    assert owner.get(f"/t/{kept}").status_code == 200
    assert ANN not in owner.get("/p/spam/").text
    assert wishes.wishes_of(ann) == []
    assert wishes.wishes_of(other[0]) == ["Sencha"]
    with reading() as session:
        assert session.scalars(select(Ticket.number)).all() == [kept]
        assert session.scalars(select(Message.visible)).all() == ["Bob asks"]
        assert session.scalars(select(Customer.name)).all() == ["Bob Ray"]
        assert session.scalars(select(Erasure.customer_id)).all() == [ann]
        assert session.scalars(select(Event).where(Event.customer_id == ann)).all() == []
    assert (count(Attachment), count(SearchDocument)) == (0, 2)
    assert nav_counts.read(a_user("owner"))["open"] == 1
    audit = owner.get("/admin/audit").text
    assert "erased a customer" in audit
    assert "Ann Lee" not in audit


def test_what_they_wrote_on_a_ticket_of_somebody_else_is_emptied(owner: Visitor, ann: int) -> None:
    bob = a_customer("Bob Ray", "bob@tea.example")
    number = a_ticket(a_mailbox(), customer=bob, text="Bob asks")
    said = a_message(number, "Ann's secret")
    with unit_of_work() as unit:
        row = unit.session.get_one(Message, said)
        identity = unit.session.scalars(
            select(TicketParticipant.identity_id)
            .join(Ticket, Ticket.id == TicketParticipant.ticket_id)
            .where(Ticket.customer_id == ann)
        ).one()
        row.author_identity_id, row.author_name, row.author_address = identity, "Ann Lee", ANN
    assert erase(owner, ann) == 303
    page = owner.get(f"/t/{number}").text
    assert "Bob asks" in page
    assert "Ann" not in page
    assert f'href="/t/{number}' not in owner.get("/search?q=secret").text


class TestOneThatFails:
    @pytest.fixture
    def config(self, config: Config) -> Config:
        write_plugin(config.instance / "plugins", "keeper", REFUSES)
        return config.model_copy(update={"plugins": (*(config.plugins or ()), "keeper")})

    def test_desk_privacy_handlers_that_fail_are_named_in_the_export_and_undo_an_erasure(
        self, owner: Visitor, ann: int
    ) -> None:
        told = json.loads(export(owner, ann).read("customer.json"))
        assert told["plugins"]["keeper.all"] == {"error": "The plugin keeper failed to tell."}
        assert told["plugins"]["tea_shop.wishes"] == {"waits_for": ["Sencha"]}
        assert erase(owner, ann) == 303
        page = owner.get(f"/customers/{ann}/privacy").text
        assert "Nothing was erased: the plugin keeper could not forget" in page
        assert export(owner, ann).read("plugins/tea_shop.wishes/slip.txt")
        assert (count(Ticket), count(Erasure)) == (1, 0)
