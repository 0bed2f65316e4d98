"""A running desk whose mailbox is a component of an XMPP server, and what its people see."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select

from deskcore.domain.writing import ReplyForm, Upload
from deskcore.models import Attachment, ChannelAccount, Delivery, Mailbox, Message, Ticket
from deskcore.services import delivery, files, replies, secrets
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.process.crashing import eventually
from tests.servers.xmpp import COMPONENT, XmppServer

ADDRESS = f"help@{COMPONENT}"


class Shop:
    """One account, one agent, and one ticket of Ann's."""

    def __init__(self, instance: Path, server: XmppServer, port: int = 0) -> None:
        """Make it in the desk that is open in this thread."""
        instance.mkdir(parents=True, exist_ok=True)
        (instance / "config.toml").write_text(f"plugins = {json.dumps(['email', 'xmpp'])}\n")
        self.account_id = _connect(server, port or server.component_port)
        self.agent = factories.a_user("owner")

    def texts(self) -> list[str]:
        """Return what customers said, as tickets show it."""
        with reading() as session:
            rows = session.scalars(
                select(Message.visible).where(Message.direction == "in").order_by(Message.id)
            )
            return list(rows)

    def tickets(self) -> int:
        """Count the tickets."""
        with reading() as session:
            return len(session.scalars(select(Ticket.id)).all())

    def files_of_customers(self) -> list[tuple[str, bytes]]:
        """Return the files that came, with their content."""
        with reading() as session:
            rows = session.execute(
                select(Attachment.filename, Attachment.digest)
                .join(Message, Message.id == Attachment.message_id)
                .where(Message.direction == "in")
                .order_by(Attachment.id)
            ).all()
            return [(row.filename, files.read(row.digest)) for row in rows]

    def answer(self, text: str, *uploads: tuple[str, bytes]) -> int:
        """Press send on the ticket; returns the delivery."""
        with reading() as session:
            number = session.scalars(select(Ticket.number)).one()
        form = ReplyForm(
            body=text,
            to=("whoever",),
            files=[Upload(filename=name, content=content) for name, content in uploads],
        )
        return replies.queue_reply(self.agent, number, form).delivery_id

    def send_again(self, delivery_id: int) -> None:
        """Press “Send again” on a message that was perhaps sent."""
        delivery.retry(self.agent, delivery_id)

    def state(self, delivery_id: int) -> tuple[str, str]:
        """Say how far a message is, and why."""
        with reading() as session:
            row = session.get_one(Delivery, delivery_id)
            return str(row.state), row.detail

    def reaches(self, delivery_id: int, *states: str) -> bool:
        """Wait until a message is that far."""
        return bool(eventually(lambda: self.state(delivery_id)[0] in states))

    def says(self, *texts: str) -> bool:
        """Wait until customers have said exactly this, in this order."""
        return bool(eventually(lambda: self.texts() == list(texts)))

    def account(self) -> ChannelAccount:
        """Return the account as it is now."""
        with reading() as session:
            return session.get_one(ChannelAccount, self.account_id)


def _connect(server: XmppServer, port: int) -> int:
    mailbox_id = factories.a_mailbox(address=ADDRESS)
    with unit_of_work() as unit:
        unit.session.get_one(Mailbox, mailbox_id).undo_seconds = 0
        account = unit.session.scalars(
            select(ChannelAccount).where(ChannelAccount.mailbox_id == mailbox_id)
        ).one()
        account.channel, account.name = "xmpp", "Tea shop"
        account.settings = {
            "host": "127.0.0.1",
            "port": port,
            "component": server.component,
            "files": f"http://127.0.0.1:{server.http_port}/",
        }
        account.secrets = secrets.encrypt({"secret": server.secret})
        return account.id
