"""What the shop made of it: offers and their figures, reviews in every state, who waits, lists."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert, select

from deskcore import clock
from deskcore.domain.kinds import Direction
from deskcore.domain.people import SYSTEM, Actor
from deskcore.models import Ticket
from deskcore.services import plugin_settings
from deskcore.services.unit import reading, unit_of_work
from plugins.cross_sell import marking, offers, suggesting
from plugins.cross_sell.links import path_of
from plugins.cross_sell.offer import Words, Written
from plugins.cross_sell.tables import CHANCES
from plugins.reviews import answers, inbox, texts
from plugins.reviews.answers import Press
from plugins.reviews.settings import ReviewsSettings
from plugins.reviews.tables import ASKED
from plugins.reviews.texts import Text
from plugins.stock_notes import lists, notes, runs, waits
from plugins.stock_notes.board import read as read_board
from plugins.stock_notes.lists import Written as ShopList
from plugins.stock_notes.tables import CARDS, ITEMS
from plugins.stock_notes.waits import Wish
from tests import factories
from tests.reviews.conftest import Shop, approve, asked
from tests.shelf.goods import in_days
from tests.shelf.talk import WAITING
from tests.stock_notes.waiting import TEXTS

OFFERS = (
    Written(
        name="A kyusu for green tea",
        value="T-KYUSU",
        texts={
            "en": Words(
                body="A side-handled pot suits it: {{offer.product}}, {{offer.price}}.",
                terms="One for each customer, as long as there are any.",
            ),
            "cs": Words(body="Hodí se k němu {{offer.product}}, {{offer.price}}."),
        },
        code="KYUSU10",
        ends_on=in_days(40),
    ),
    Written(
        name="Strainer with loose tea",
        value="T-STRAIN",
        texts={"en": Words(body="For loose leaves: {{offer.product}}.")},
        season_from=1001,
        season_to=228,
    ),
    Written(
        name="Pots for regulars", what="category", value="Pots", customer_tag="regular",
        texts={"en": Words(body="You may like {{offer.product}}.")}, is_on=False,
    ),
)  # fmt: skip
ASSAM, SITE = "Assam, second flush", "https://zbozi.example/assam"
LISTS = (
    ("Opening", "opening", "High Street", ("Lights on", "Count the till", "Sign outside", "Water on")),
    ("Shelves", "shelf", "High Street", ("Assam tins to the front", "Dust the pots")),
)  # fmt: skip


def make_offers(owner: Actor, number: int, mailbox_id: int) -> str:
    """Write offers, put one into an answer, and have figures; returns the address of its link."""
    ids = [offers.create(owner, offer) for offer in OFFERS]
    found = suggesting.fitting(owner, number)
    token = found.chance(suggesting.pick(found, ids[0])).token
    _figures(ids[0], mailbox_id)
    marking.hand_in(owner, "KYUSU10", 3)
    marking.put_in(owner, number, ids[0], "http://shop.example", puts_in=False)
    return f"/c/cross_sell/{token}"


def answer_with_an_offer(owner: Actor) -> int:
    """Have the customer that the figures begin with been answered with the offer; returns their ticket."""
    first = select(CHANCES.c.ticket_number, CHANCES.c.token).where(CHANCES.c.token == _figure(0))
    with reading() as session:
        number, token = session.execute(first).one()
    text = f"It holds two cups. A side-handled pot suits it: http://shop.example{path_of(token)}"
    factories.a_message(number, text, direction=Direction.OUT, author=owner)
    return int(number)


def _figure(at: int) -> str:
    return f"figure-{at:015d}"


def _figures(offer_id: int, mailbox_id: int) -> None:
    """Have customers of the last weeks who were shown an offer or not, enough to be compared."""
    rows = []
    for at in range(96):
        seen = clock.now() - timedelta(days=1 + at % 25)
        number = factories.a_ticket(
            mailbox_id, subject=f"Which pot for green tea? {at}", status="solved", at=seen,
            customer=factories.a_customer(f"Customer {at + 1}"),
        )  # fmt: skip
        is_control, takes = at % 4 == 3, at % 24 == 3 or (at % 4 == 0)
        inserted = seen if at % 4 in {0, 2} else None
        dismissed = seen if at % 8 == 1 else None
        rows.append({
            "offer_id": offer_id, "product": "T-KYUSU", **_whose(number), "is_control": is_control,
            "token": _figure(at), "shown_at": seen,
            "inserted_at": inserted, "inserted_by": "Eva Nová" if inserted else "",
            "sent_at": inserted, "clicked_at": inserted if at % 3 == 0 else None,
            "dismissed_at": dismissed, "dismissed_by": "Eva Nová" if dismissed else "",
            "dismissed_for": ("has_it", "not_now")[at % 16 // 8] if dismissed else "",
            "taken_at": seen if takes else None, "taken_by": "Eva Nová" if takes else "",
            "taken_how": "code" if takes else "",
        })  # fmt: skip
    with unit_of_work(SYSTEM) as unit:
        unit.session.execute(insert(CHANCES), rows)


def _whose(number: int) -> dict[str, int | None]:
    with reading() as session:
        row = session.execute(select(Ticket).where(Ticket.number == number)).scalar_one()
    return {"ticket_id": row.id, "ticket_number": number, "customer_id": row.customer_id}


def have_reviews(owner: Actor, shop: Shop) -> dict[str, int]:
    """Have a review in each state; returns the numbers of their tickets."""
    plugin_settings.change_settings(
        owner, "reviews", ReviewsSettings(ask_share=60, ask_link="https://zbozi.example/teas")
    )
    thanks = Text(name="Happy", least=4, most=5, words="Thank you, {{reviews.author}}! Enjoy it.")
    texts.keep(shop.ann, thanks)
    sorry = "We are sorry, {{reviews.author}}. Write to us, we will put it right."
    texts.keep(shop.ann, Text(name="Sorry", least=1, most=3, words=sorry))
    said = "The tea is as good as ever. The parcel took eight days, though, and nobody answered."
    found = {"changed": shop.review(said, author="Klára", product=ASSAM, link=SITE)}
    better = "The tea is as good as ever. The parcel took eight days, though they did answer."
    shop.review(better, author="Klára", stars="4", product=ASSAM, link=SITE)
    found["new"] = shop.review(
        "Lovely pot, pours well. The lid rattles a little.", stars="4", author="Petra",
        email="petra@customer.example", product="Kyusu teapot",
    )  # fmt: skip
    found["asked"] = shop.review(
        "Cold tea, cold welcome.", stars="1", author="Ivo", email="", title="Never again",
        product="Market Hall",
    )  # fmt: skip
    asked(shop.ann, found["asked"], "We are sorry, Ivo. That Saturday the stove was out of order.")
    found["approved"] = shop.review("Lovely!", stars="5", author="Nina", product="Gyokuro Asahi")
    asked(shop.ann, found["approved"], "Thank you, Nina! Sixty degrees, and it stays lovely.")
    approve(shop.bob, found["approved"])
    found["returned"] = shop.review("", stars="2", author="Tom", product="Strainer")
    asked(shop.ann, found["returned"], "Pity.")
    version = inbox.one(shop.bob, found["returned"]).version
    answers.give_back(
        shop.bob, Press(number=found["returned"], version=version), "Ask what is wrong."
    )
    found["published"] = shop.review("Fine.", stars="4", author="Eva", product="Hibiscus")
    asked(shop.ann, found["published"], "Thank you, Eva!")
    approve(shop.bob, found["published"])
    answers.publish(shop.ann, found["published"])
    _draws()
    return found


def _draws() -> None:
    outcomes = ("asked", "asked", "not_drawn", "asked", "opted_out", "not_drawn", "lately")
    with unit_of_work(SYSTEM) as unit:
        tickets = unit.session.execute(select(Ticket.id, Ticket.number, Ticket.customer_id))
        rows = [
            {
                "ticket_id": row.id, "number": row.number, "customer_id": row.customer_id,
                "address": "", "at": unit.now - timedelta(hours=at), "draw": (at * 37) % 100, "share": 60,
                "outcome": outcome,
            }
            for at, (row, outcome) in enumerate(zip(tickets, outcomes, strict=False))
        ]  # fmt: skip
        unit.session.execute(insert(ASKED), rows)


def have_people_wait(owner: Actor, letters: dict[str, int]) -> dict[str, int]:
    """Put customers on the list, tell some, note things, tick lists; returns ids by name."""
    for name, _address, text in WAITING:
        waits.put(
            owner, letters[name], Wish(product="T-GYOKURO" if "Gyokuro" in text else "T-SENCHA")
        )
    notes.add(owner, "T-SENCHA", "The importer is on holiday until Monday.", place="High Street")
    notes.add(owner, "T-KYUSU", "One has a chip: half price, ask Eva.", place="High Street")
    found = {"run": runs.confirm(owner, "T-GYOKURO", TEXTS, expected=1)}
    runs.stop(owner, found["run"])
    _lanes(owner)
    found |= {
        f"card {card.product}": card.id for lane in read_board().lanes.values() for card in lane
    }
    for name, kind, place, items in LISTS:
        written = ShopList(name=name, kind=kind, place=place, days="1234567", items=items)
        found[name] = lists.create(owner, written)
    _ticks(owner)
    return found


def _lanes(owner: Actor) -> None:
    """Have something in each lane of the board."""
    rows = (("T-OOLONG", "ordered", 5), ("T-ASSAM-250", "arrived", 0), ("T-HIBI", "told", 0))
    with unit_of_work(owner) as unit:
        for key, lane, days in rows:
            values = {
                "product": key, "lane": lane, "expected": in_days(days) if days else None,
                "version": 1, "moved_at": unit.now, "moved_by": owner.name,
            }  # fmt: skip
            unit.session.execute(insert(CARDS).values(values))


def _ticks(owner: Actor) -> None:
    with reading() as session:
        items = session.scalars(select(ITEMS.c.id).order_by(ITEMS.c.id).limit(2)).all()
    for item in items:
        lists.tick(owner, item, is_done=True)
