"""A made desk with the whole shelf in it: products, stock, offers, notes, reviews, and tickets that name them.

The ticket that is measured asks for five of the products, of which one is out of stock and waited for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import insert, select, update

from benchmarks.data import DeskData
from deskcore import clock
from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.domain.kinds import Direction
from deskcore.domain.people import SYSTEM, Actor
from deskcore.extensions import db
from deskcore.models import ChannelAccount, Mailbox, Message, Ticket, User
from deskcore.plugin.discovery import discover
from deskcore.prepare import upgrade_database
from deskcore.services import access
from deskcore.services.plugin_settings import change_settings
from deskcore.services.unit import reading, unit_of_work
from plugins.catalogue import importing, imports, shops
from plugins.catalogue.imports import Chosen
from plugins.cross_sell import offers
from plugins.cross_sell.offer import Words, Written
from plugins.cross_sell.settings import OfferSettings
from plugins.reviews.tables import REVIEWS
from plugins.stock_notes import notes, waits
from plugins.stock_notes.waits import Wish

MOST_PRODUCTS, FEWEST_PRODUCTS = 5_000, 300
OFFERS = 20
REVIEWED = 3
SAYS_EVERY = 100  # of the customers' messages, so many name a product
ASKED = (0, 61, 122, 183, 250)  # the products that the ticket asks for, by their place in the file
MISSING = ASKED[-1]  # nobody has any
FITS_WITH = (7, 40)  # how far from a product in the file those are that fit it
THINGS = (
    "kettle", "teapot", "saucepan", "strainer", "trivet", "cup", "saucer", "ladle", "grater", "funnel",
    "whisk", "colander", "thermos", "grinder", "canister", "tray", "jug", "mortar", "sieve", "steamer",
)  # fmt: skip
MADE_OF = ("enamel", "copper", "bamboo", "porcelain", "glass", "steel", "stoneware", "walnut")
NAMES = (
    "Klara", "Bruno", "Olga", "Vltava", "Petrov", "Moravia", "Tatra", "Dunaj", "Ladoga", "Volga",
)  # fmt: skip
HEADERS = "SKU;Name;Price;Category;Tags;Fits with;Stock Brno;Stock Praha\n"


def every_plugin() -> list[str]:
    """Return the plugins that come with the desk."""
    return sorted(each.slug for each in discover(Path("no-instance")) if each.source == "bundled")


def furnish(data: DeskData) -> None:
    """Put all that into a desk that may be changed."""
    config = load_config(
        instance=data.instance, database_url=data.database_url, plugins=tuple(every_plugin())
    )
    upgrade_database(config)
    count = max(FEWEST_PRODUCTS, min(MOST_PRODUCTS, data.facts.tickets // 2))
    with create_app(config, has_pages=False).app_context():
        fill_shelf(_agent(data.facts.agent), data.facts.ten_messages, count)
        db.engine.dispose()


def fill_shelf(agent: Actor, number: int, count: int = FEWEST_PRODUCTS) -> None:
    """Fill the shelf of the desk at hand with *count* products, and have a ticket name some."""
    _import_products(count)
    _ask_for_products(number)
    _offer()
    for at in ASKED:
        notes.add(agent, _sku(at), "Two more under the counter.", place="Brno")
    waits.put(agent, number, Wish(product=_sku(MISSING)))
    _review(number)


def _agent(email: str) -> Actor:
    with reading() as session:
        user_id = session.scalars(select(User.id).where(User.email == email)).one()
        found = access.actor_of(session, user_id)
    assert found is not None
    return found


def _import_products(count: int) -> None:
    """Import products, as a shop does."""
    for place in ("Brno", "Praha"):
        shops.create(SYSTEM, place, "")
    this = imports.one(SYSTEM, imports.begin(SYSTEM, "shelf.csv", "".join(_rows(count)).encode()))
    told = {name: getattr(this, name) for name in ("encoding", "delimiter", "columns")}
    imports.choose(SYSTEM, this.id, Chosen(**told, decimal_sign=".", currency="CZK"))
    for state in ("checked", "done"):
        while imports.one(SYSTEM, this.id).is_at_work:
            importing.work(this.id)
        assert imports.one(SYSTEM, this.id).state == state
        if state == "checked":
            imports.start(SYSTEM, this.id)


def _rows(count: int) -> Iterator[str]:
    yield HEADERS
    for at in range(count):
        pieces = 0 if at == MISSING else at % 20 + 1
        yield (
            f"{_sku(at)};{_name(at)};{at % 900 + 1}.50;{THINGS[at % 20].title()};a{at % 9}, b{at % 7};"
            f"{', '.join(_sku((at + step) % count) for step in FITS_WITH)};{pieces};{pieces}\n"
        )


def _sku(at: int) -> str:
    return f"SH-{at:05}"


def _name(at: int) -> str:
    made_of, name = MADE_OF[at // 20 % 8], NAMES[at // 160 % 10]
    return f"{made_of.title()} {THINGS[at % 20]} {name} {at // 1600 + 1} l"


def _ask_for_products(number: int) -> None:
    """Have the ticket, and one in a hundred messages elsewhere, name what is sold."""
    wished = ", ".join(f"{_name(at)} ({_sku(at)})" for at in ASKED)
    some = f" Do you have the {_name(ASKED[1])}, {_sku(ASKED[1])}?"
    is_asking = (Message.direction == Direction.IN) & (Message.id % SAYS_EVERY == 0)
    last = (
        select(Message.id)
        .join(Ticket, Ticket.id == Message.ticket_id)
        .where(Ticket.number == number, Message.direction == Direction.IN)
        .order_by(Message.id.desc())
        .limit(1)
    )
    with unit_of_work() as unit:
        says = update(Message).where(is_asking)
        unit.session.execute(says.values(visible=Message.visible + some))
        asks = update(Message).where(Message.id.in_(unit.session.scalars(last).all()))
        unit.session.execute(asks.values(visible=Message.visible + f" Do you have {wished}?"))


def _offer() -> None:
    """Write offers, of which some fit what the ticket asks for; all that is made up there complains."""
    settings = OfferSettings(complaint_words="lawyer", complaint_tags="lawsuit")
    change_settings(SYSTEM, "cross_sell", settings)
    body = "To it fits {{offer.product}} at {{offer.price}}, with the code {{offer.code}}."
    for at in range(OFFERS):
        fits = ASKED[at % len(ASKED)]
        written = Written(
            name=f"Offer {at}",
            value=_sku(fits + FITS_WITH[at % 2]),
            # Some leave it to the catalogue what they fit.
            fits=(_sku(fits), _sku(at + 5)) if at % 3 else (),
            texts={"en": Words(body=body, terms="One each."), "cs": Words(body=body)},
            code=f"SHELF{at}",
        )
        offers.create(SYSTEM, written)


def _review(number: int) -> None:
    """Have the ticket's customer have written reviews on a site."""
    with unit_of_work() as unit:
        ticket = unit.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        mailbox = unit.session.get_one(Mailbox, ticket.mailbox_id)
        account = ChannelAccount(
            mailbox_id=mailbox.id,
            channel="reviews_site",
            name="Zboží",
            address="zbozi",
            settings={},
            connected_at=unit.now,
            created_at=unit.now,
        )
        unit.session.add(account)
        unit.session.flush()
        others = select(Ticket.id, Ticket.number).where(
            Ticket.mailbox_id == ticket.mailbox_id, Ticket.id != ticket.id
        )
        for at, other in enumerate(unit.session.execute(others.limit(REVIEWED)).all()):
            row = _reviewed(ticket, account.id, at)
            row |= {"ticket_id": other.id, "number": other.number}
            unit.session.execute(insert(REVIEWS).values(**row))


def _reviewed(ticket: Ticket, account_id: int, at: int) -> dict[str, object]:
    empty = ("email", "title", "product_url", "link", "refusal")
    return {
        **dict.fromkeys(empty, ""),
        "account_id": account_id,
        "external_id": f"review-{at}",
        "mailbox_id": ticket.mailbox_id,
        "kind": "reviews.review",
        "state": "new",
        "tenths": 50 - 10 * at,
        "author": ticket.customer_name,
        "customer_id": ticket.customer_id,
        "text": "It pours well, and it came in two days.",
        "product": _name(ASKED[at]),
        "language": "en",
        "digest": "0" * 16,
        "arrived_at": clock.now(),
    }
