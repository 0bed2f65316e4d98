"""What the plugin keeps of customers, and what else is found by its tables."""

from __future__ import annotations

from deskcore.domain.events import MessageReceived
from deskcore.domain.kinds import CustomerId
from deskcore.domain.people import SYSTEM, Actor
from deskcore.plugin import CustomerRef
from deskcore.services import search_query
from deskcore.services.unit import unit_of_work
from plugins.stock_notes import asks, privacy, waits
from plugins.stock_notes.waits import Wish
from tests.factories import a_customer, a_ticket
from tests.stock_notes.counter import offer
from tests.stock_notes.test_card import rows


def test_what_is_kept_of_a_customer_is_handed_out_and_forgotten(eva: Actor, mailbox: int) -> None:
    customer_id, _identity = a_customer("Olga", "olga@cz.example")
    number = a_ticket(mailbox, customer=(customer_id, _identity))
    waits.put(eva, number, Wish(product="T-2"))
    waits.refuse(eva, number, wants_none=True)
    olga = CustomerRef(id=CustomerId(customer_id), name="Olga")
    told = privacy.tell(olga)
    assert told is not None
    assert "'product': 'T-2'" in str(told.data)
    with unit_of_work(SYSTEM) as unit:
        assert privacy.forget(unit.session, olga) == 2
    assert privacy.tell(olga) is None
    assert rows("SELECT * FROM plg_stock_notes_wait") == []


def test_new_tickets_are_found_by_how_much_there_is_of_what_they_ask_for(
    eva: Actor, mailbox: int, counts: dict[tuple[str, str], int]
) -> None:
    numbers = [a_ticket(mailbox, text=text) for text in ("Sencha?", "Assam, please", "Gyokuro")]
    ids = {row[0]: row[1] for row in rows("SELECT number, id FROM ticket")}
    for number in (*numbers, numbers[0]):
        asks.note_asked(MessageReceived(ticket_id=int(str(ids[number])), first=True))

    def found(words: str) -> list[int]:
        return sorted(row.number for row in search_query.find(eva, words).rows)

    assert found("stock:none") == numbers[:1]
    assert found("stock:low") == numbers[:1]
    assert found("stock:back") == []
    counts["T-2", "Harbour"] = 5
    assert found("stock:none") == []
    assert found("stock:back") == numbers[:1]
    assert rows("SELECT COUNT(*) FROM plg_stock_notes_ask") == [(3,)]


def test_an_offer_that_fails_costs_what_a_ticket_asks_for_and_nothing_else(
    eva: Actor, mailbox: int
) -> None:
    a_ticket(mailbox, text="Sencha?")
    offer().broken.add("recognise")
    asks.note_asked(MessageReceived(ticket_id=1, first=True))
    assert rows("SELECT COUNT(*) FROM plg_stock_notes_ask") == [(0,)]
    assert len(search_query.find(eva, "Sencha").rows) == 1
    assert search_query.find(eva, "stock:low").rows == ()
