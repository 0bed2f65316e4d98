"""Fills a desk through its own services, so that every route has something it can be asked about."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from flask import Flask
from sqlalchemy import select

from deskcore import clock
from deskcore.domain.appearance import Appearance
from deskcore.domain.kinds import DeliveryState, Direction
from deskcore.domain.people import Actor
from deskcore.models import ChannelAccount, Ticket, User
from deskcore.plugin.channel import RawItem
from deskcore.services import (
    access,
    appearance,
    inbound,
    invitations,
    public_links,
    setup,
    tickets,
)
from deskcore.services.desk_settings import DeskSettings
from deskcore.services.invitations import Invited
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.hostile.valid import CONNECTION
from tests.hostile.visiting import OWNER_EMAIL, PASSWORD, Visitor

ADDRESS = "help@shop.example"
SHELF = ("cross_sell", "reviews", "stock_notes", "web_form")  # beside the catalogue
WITNESS = "Zirkonia"  # a word no hostile string holds, in rows that no request names
_MAIL = (
    "From: Jana <jana@example.cz>\r\nTo: {to}\r\nSubject: Dotaz\r\nMessage-ID: <{id}@example.cz>\r\n"
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/html\r\n\r\n<p>Dobrý den</p>\r\n"
    "--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nx\r\n--b--\r\n"
)


def furnish(app: Flask) -> Visitor:
    """Set the desk up and return the owner's signed-in browser."""
    code = setup.ensure_setup_code()
    assert code
    owner = setup.FirstOwner(name="Eva Nová", email=OWNER_EMAIL, password=PASSWORD)
    settings = DeskSettings(name="Čajovna", time_zone="Europe/Prague", language="en")
    setup.create_owner(setup.check_setup_code(code), owner, settings)
    visitor = Visitor(app.test_client())
    visitor.sign_in()
    _mails()
    _work(visitor)
    return visitor


def _mails() -> None:
    mailbox_id = factories.a_mailbox("Podpora", address=ADDRESS)
    factories.a_team(mailbox_id)
    receive(account_of(mailbox_id), _MAIL.format(to=ADDRESS, id="first").encode())
    looped = (
        f"From: {ADDRESS}\r\nTo: {ADDRESS}\r\nAuto-Submitted: auto-replied\r\nSubject: x\r\n\r\nx"
    )
    receive(account_of(mailbox_id), looped.encode())
    factories.a_ticket(mailbox_id, subject=WITNESS, text=f"{WITNESS} is not to be found")
    number = factories.a_ticket(mailbox_id)
    factories.a_message(number, "x", direction=Direction.OUT, delivery=DeliveryState.FAILED)


def _work(visitor: Visitor) -> None:
    with reading() as session:
        owner_id = session.scalars(select(User.id).where(User.email == OWNER_EMAIL)).one()
        actor = access.actor_of(session, owner_id)
        number = session.scalars(select(Ticket.number).order_by(Ticket.id)).first()
    assert actor
    assert number
    tickets.set_tags(actor, number, ["rozbité"])
    invited = Invited(name="Ivan", email="ivan@shop.example", role="agent", team_ids=())
    visitor.knows.append(f"/invite/{invitations.invite(actor, invited).token}")
    visitor.knows.append(f"/reset/{invitations.make_reset_link(actor, owner_id).token}")
    visitor.get(f"/t/{number}")
    for customer_id in (1, 2, 3, 4):
        form = {"name": f"Jana {customer_id}", "company": "Zima s. r. o."}
        visitor.post(f"/customers/{customer_id}/edit", form)
    visitor.post(f"/t/{number}/draft", {"mode": "reply", "body": "x"})
    typed = {"address": "new@shop.example", "password": "x", "imap_host": "127.0.0.1"}
    tried = visitor.post("/admin/mailboxes/new", {**CONNECTION, **typed})
    visitor.knows.append(tried.location)
    reply = {"name": "Thanks", "text_en": "Thank you, {{customer.name}}.", "tags": "thanks"}
    assert visitor.post("/p/saved_replies/new", reply).status_code == 303
    _shelf(visitor)
    if "stock_notes" in visitor.client.application.blueprints:
        _rest_of_shelf(visitor, number)
    visitor.post("/p/spam/bans", {"who": "pest@annoying.example", "reason": "Insults"})
    file = (BytesIO(b"x"), "a.txt")
    visitor.post(f"/t/{number}/reply", {"mode": "reply", "to": "", "body": "", "files": file})
    _for_customers(visitor, actor, number)
    _look(actor)


def _shelf(visitor: Visitor) -> None:
    """Put something into the bundled plugins that have to be switched on."""
    product = {"name": "Kettle", "sku": "KET-15", "is_sold": "y", "currency": "EUR"}
    picture = {"picture": (BytesIO(b"\x89PNG\r\n\x1a\n"), "a.png")}
    made = visitor.post("/p/catalogue/new", {**product, **picture})
    assert made.status_code == 303
    visitor.knows.append(made.location)
    visitor.post("/p/catalogue/places", {"name": "Shop"})
    brought = {"file": (BytesIO(b"SKU,Name\nTRI-1,Trivet\n"), "shop.csv")}
    visitor.knows.append(visitor.post("/p/catalogue/imports", brought).location)


def _rest_of_shelf(visitor: Visitor, number: int) -> None:
    """Put something into the others, which are switched on when everything is tried."""
    words = {"text_en": "A {{offer.product}} fits.", "stock_needed": "1", "is_on": "y"}
    offer = {"name": "Trivet", "what": "product", "value": "TRI-1", **words}
    assert visitor.post("/p/cross_sell/offers/new", offer).status_code == 303
    listed = {"name": "Opening", "kind": "opening", "days": "1", "items": "Lights on"}
    assert visitor.post("/p/stock_notes/lists/new", listed).status_code == 303
    visitor.post(f"/p/stock_notes/card/{number}/wait", {"words": "Sencha"})
    text = {"name": "Thanks", "least": "1", "most": "5", "language": "", "words": "Thank you"}
    assert visitor.post("/p/reviews/texts/new", text).status_code == 303
    assert visitor.post("/p/web_form/new", {"name": "Returns"}).status_code == 303


def _for_customers(visitor: Visitor, owner: Actor, number: int) -> None:
    """Give the ticket's customer the link to it, and one to all their requests."""
    public_links.make_anew(owner, number)
    made = public_links.key_of_ticket(owner, number)
    assert made
    with unit_of_work(owner) as unit:
        ticket = access.get_visible(unit.session, owner, number)
        customer = public_links.customer_of(unit.session, ticket)
        assert customer
        until = unit.now + timedelta(hours=1)
        mailed = public_links.issue(unit, "requests", customer.id, expires_at=until)
    visitor.knows += [f"/r/{made[0]}", f"/requests/{mailed}"]


def _look(owner: Actor) -> None:
    """Publish two looks, so that there is one to go back to."""
    for corner in ("round", "sharp"):
        wished = Appearance(corner=corner)
        draft = appearance.save_draft(owner, appearance.draft(owner).version, wished)
        appearance.publish(owner, draft.version)


def receive(account_id: int, content: bytes) -> None:
    """Take a mail in as a poller would, and file it."""
    item = RawItem(
        external_id=str(hash(content)), cursor=None, received_at=clock.now(), content=content
    )
    inbound.file_items(inbound.store(account_id, [item]).new_ids)


def account_of(mailbox_id: int) -> int:
    """Return the mail account of a mailbox."""
    with reading() as session:
        wanted = select(ChannelAccount.id).where(ChannelAccount.mailbox_id == mailbox_id)
        return session.scalars(wanted).one()
