"""What customers of the tea shop say, over every way: mail, a form, Telegram, XMPP, reviews."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from deskcore import clock
from deskcore.domain.people import Actor
from deskcore.models import ChannelAccount, Mailbox, Ticket
from deskcore.plugin import RawItem
from deskcore.plugin.net import network_allowed
from deskcore.services import inbound, secrets
from deskcore.services.unit import reading, unit_of_work
from plugins.telegram.tests.bot_api import BotApi
from tests import factories
from tests.shelf.cups import cup
from tests.shelf.goods import work
from tests.telegram import desk as telegram
from tests.web_form.conftest import Writer
from tests.web_form.forms import with_topic

COMPONENT = "chat.teas.example"
XMPP = (
    "<message xmlns='jabber:component:accept' from='petra@customer.example/phone' "
    "to='help@{component}' id='{id}' type='chat'><body>{text}</body></message>"
)
# The customers who wait for something, and what they ask.
WAITING = (
    ("Olga Malá", "olga@customer.example", "Dobrý den, kdy bude Sencha? Těším se."),
    ("Ivan Petrov", "ivan@customer.example", "Здравствуйте! Когда снова будет Sencha?"),
    ("Jana Nová", "jana@customer.example", "Do you have any Sencha left?"),
    ("Tom Field", "tom@customer.example", "Is the Gyokuro coming back this year?"),
)


def letters(mailbox: int) -> dict[str, int]:
    """Let mails come in; returns the numbers of their tickets by name."""
    found = {}
    for name, address, text in WAITING:
        customer = factories.a_customer(name, address)
        found[name] = factories.a_ticket(
            mailbox, subject=text.split("!")[-1].strip(), text=text, customer=customer
        )
    petra = factories.a_customer("Petra Malá", "petra@customer.example")
    found["tea"] = factories.a_ticket(
        mailbox,
        subject="Sencha on High Street?",
        text="Hello,\n\ndo you have Sencha Fukamushi in the shop on High Street? If not, I would take "
        "Oolong Dong Ding, which I had from you in spring.\n\nPetra",
        customer=petra,
    )
    broken = "Hello,\n\nthe Kyusu teapot came broken. I am disappointed.\n\nTom"
    found["complaint"] = factories.a_ticket(
        mailbox, subject="Kyusu teapot arrived broken", text=broken
    )
    return found


def a_form(owner: Actor, app: Flask) -> str:
    """Build the form of the counter and have it sent once; returns the address of the receipt."""
    with_topic(owner)
    writer = Writer(app.test_client())
    writer.open()
    answers = {"f-topic": "Return", "f-subject": "Lid of the gaiwan"}
    message = {"f-message": "The strainer fits, the lid does not. What now?"}
    receipt = writer.send({**answers, **message}).location
    work()
    return receipt


def a_bot(bot: BotApi) -> tuple[int, int]:
    """Connect a bot and have its customer write; returns the mailbox and the ticket's number."""
    account_id = telegram.an_account(bot)
    bot.files["documents/tin"] = cup((112, 142, 48))
    size = {"file_id": "tin", "file_unique_id": "u", "width": 128, "height": 128}
    bot.say("Hello! Is Gyokuro Asahi in again?", name="Ann")
    bot.say(
        "", photo=[size], media_group_id="9", caption="This tin, the one with the crane", name="Ann"
    )
    with network_allowed():
        telegram.fetch(account_id)
        work()
    with unit_of_work() as unit:
        mailbox_id = unit.session.get_one(ChannelAccount, account_id).mailbox_id
        unit.session.get_one(Mailbox, mailbox_id).name = "Telegram"
    return mailbox_id, _newest()


def a_component() -> tuple[int, int]:
    """Connect a component of an XMPP server; returns the mailbox and the number of a ticket."""
    mailbox_id = factories.a_mailbox("Chat", address=f"help@{COMPONENT}")
    with unit_of_work() as unit:
        found = select(ChannelAccount).where(ChannelAccount.mailbox_id == mailbox_id)
        account = unit.session.scalars(found).one()
        account.channel, account.name = "xmpp", "Prosody"
        account.settings = {"component": COMPONENT, "host": "127.0.0.1"}
        account.secrets = secrets.encrypt({"secret": "a long secret"})
        account_id = account.id
    for at, text in enumerate(
        ("Good day, is the Oolong Dong Ding of this year?", "And how old is it?")
    ):
        content = XMPP.format(component=COMPONENT, id=f"m{at}", text=text).encode()
        item = RawItem(external_id=f"m{at}", cursor=None, received_at=clock.now(), content=content)
        inbound.file_items(inbound.store(account_id, [item]).new_ids)
    return mailbox_id, _newest()


def _newest() -> int:
    with reading() as session:
        return session.scalars(select(Ticket.number).order_by(Ticket.id.desc()).limit(1)).one()
