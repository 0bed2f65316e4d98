"""Fault 43: mail that answers itself. Two desks, holidays, bounces: two mails, silence, a notice.

Everything is real: ``desk run``, mailboxes on Dovecot, Postfix delivering from each to the other.
In the worst cases Postfix takes away every header by which a program could be told from a person,
so that nothing but the budgets can end it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from smtplib import SMTP

from sqlalchemy import func, select

from deskcore.domain.people import Actor
from deskcore.domain.writing import NewTicketForm
from deskcore.models import ChannelAccount, Delivery, Event, Mailbox
from deskcore.services import attention_list, starting
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.databases import copy_sqlite
from tests.faults.catalogue import fault
from tests.faults.stage import Stage
from tests.process.crashing import DeskFolder, connect, eventually
from tests.process.desks import Desk
from tests.servers import dovecot, postfix, rundir
from tests.servers.dovecot import Dovecot
from tests.servers.maildir import Maildir
from tests.servers.postfix import Postfix

MOST = 2  # automatic mails that may ever leave for one beginning


@dataclass(kw_only=True)
class Shop:
    """One real desk with one mailbox that acknowledges, and its database to look into."""

    address: str
    folder: DeskFolder
    mailbox_id: int
    agent: Actor

    def writes_to(self, address: str) -> None:
        """Let an agent, a person, begin a ticket with somebody."""
        form = NewTicketForm(
            mailbox_id=self.mailbox_id, to=[address], subject="A question", body="Can you help?"
        )
        with self.folder.opened():
            starting.start_ticket(self.agent, form)

    def automatic(self) -> int:
        """Count the automatic mails it has made."""
        with self.folder.opened(), reading() as session:
            return session.scalar(select(func.count()).where(Delivery.is_automatic)) or 0

    def notices(self) -> tuple[int, int]:
        """Count what its agents are told: on tickets, and under Needs attention."""
        with self.folder.opened():
            with reading() as session:
                withheld = select(func.count()).where(Event.name == "answer.withheld")
                on_tickets = session.scalar(withheld) or 0
            return on_tickets, len(attention_list.read(self.agent).inbound)


@dataclass(kw_only=True)
class Wire:
    """The servers between everybody; what each mailbox was sent, by its files."""

    imap: Dovecot
    honest: Postfix
    forgetful: Postfix
    quiet_s: float
    boxes: list[Maildir] = field(default_factory=list)

    def box(self, address: str) -> Maildir:
        """Return a mailbox and count what comes to it from now on."""
        self.boxes.append(self.imap.mailbox(address))
        return self.boxes[-1]

    def ledger(self) -> Counter[str]:
        """Count the mails that arrived, by whom and to whom."""
        mails = (
            (box, message_from_bytes(one.content)) for box in self.boxes for one in box.mails()
        )
        return Counter(f"{_bare(str(mail['From']))} → {box.address}" for box, mail in mails)

    def until_silent(self) -> Counter[str]:
        """Wait until nothing has arrived for a while; raises when it never ends."""
        before, since, began = self.ledger(), time.monotonic(), time.monotonic()
        while time.monotonic() - since < self.quiet_s:
            time.sleep(0.5)
            now = self.ledger()
            if now != before:
                before, since = now, time.monotonic()
            assert time.monotonic() - began < 60 + 5 * self.quiet_s, f"it never ends: {now}"
        return before


@fault(43, "loops: two desks, vacation at each reply, bounce of a bounce", in_ci=True)
def loops(stage: Stage) -> None:
    """Let machines answer one another, begun by as many mails of people as there are moments.

    Two automatic mails at most in each case, then silence, and a notice where one was withheld.
    """
    _two_desks(stage, is_forgetful=True)
    _on_holiday(stage, is_marked=False)
    _bounces(stage)
    if stage.is_patient:  # the same with honest headers, where less can go wrong
        _two_desks(stage, is_forgetful=False)
        _on_holiday(stage, is_marked=True)


def _two_desks(stage: Stage, *, is_forgetful: bool) -> None:
    """Let agents of one desk write to another desk; both acknowledge."""
    wire = _wire(stage)
    server, name = (wire.forgetful, "forgetful") if is_forgetful else (wire.honest, "honest")
    with ExitStack() as running:
        first, second = (
            running.enter_context(_shop(stage, wire, server, f"{side}@{name}.test"))
            for side in ("first", "second")
        )
        for _ in range(stage.moments):
            first.writes_to(second.address)
        seen = wire.until_silent()
        automatic = first.automatic() + second.automatic()
        told = max(shop.notices() for shop in (first, second))
    _tell(stage, f"two desks, {name} mail server", seen, automatic, told)
    assert automatic == (MOST if is_forgetful else 1), (automatic, seen)
    assert told >= (1, 1) or not is_forgetful, f"nobody was told: {told}"


def _on_holiday(stage: Stage, *, is_marked: bool) -> None:
    """Answer every mail of the desk with a note of one's holiday, marked as such or not."""
    wire, name = _wire(stage), "marked" if is_marked else "unmarked"
    marks = {"Auto-Submitted": "auto-replied (vacation)"} if is_marked else {}
    person = f"ann@{name}.test"
    with _shop(stage, wire, wire.honest, f"help@{name}.test") as shop:
        box = wire.box(person)
        for number in range(stage.moments):
            _post(wire.honest, person, shop.address, f"Question {number}")
        answered, until = 0, time.monotonic() + wire.quiet_s + 30
        while time.monotonic() < until:
            for answered in range(answered + 1, len(box.mails()) + 1):  # noqa: B020  goes on from there
                _post(wire.honest, person, shop.address, f"I am away ({answered})", **marks)
                until = time.monotonic() + wire.quiet_s
            time.sleep(0.2)
        seen, automatic, told = wire.until_silent(), shop.automatic(), shop.notices()
    _tell(stage, f"{name} vacation", seen, automatic + answered, told)
    assert automatic == answered == 1, (automatic, answered)
    assert told >= (1, 1) or is_marked, f"nobody was told: {told}"


def _bounces(stage: Stage) -> None:
    """Write from an address that takes no mail: its bounce, and a bounce of that, end there."""
    wire = _wire(stage)
    with _shop(stage, wire, wire.honest, "help@bounces.test") as shop:
        for number in range(stage.moments):
            _post(wire.honest, "gone@nowhere.test", shop.address, f"Hello from nowhere {number}")
        wire.until_silent()
        daemon = "mailer-daemon@bounces.test"
        _post(wire.forgetful, daemon, shop.address, "Undeliverable: your undeliverable mail")
        seen, automatic = wire.until_silent(), shop.automatic()
        told = shop.notices()
    _tell(stage, "bounce of a bounce", seen, automatic, told)
    assert automatic == 1, automatic
    assert any("MAILER-DAEMON@desk.test" in line for line in seen), "nothing bounced"


def _wire(stage: Stage) -> Wire:
    imap = rundir.shared("dovecot", Dovecot, dovecot.start)
    return Wire(
        imap=imap,
        honest=rundir.shared("postfix", Postfix, lambda to: postfix.start(to, imap)),
        forgetful=rundir.shared(
            "forgetful", Postfix, lambda to: postfix.start(to, imap, is_forgetful=True)
        ),
        quiet_s=60 if stage.is_patient else 5,
    )


@contextmanager
def _shop(stage: Stage, wire: Wire, server: Postfix, address: str) -> Iterator[Shop]:
    """Start a desk of its own: folder, database, mailbox, ``desk run``."""
    home = stage.folder / address
    home.mkdir()
    folder = DeskFolder(instance=home / "instance", database_url=copy_sqlite(home / "desk.db"))
    folder.instance.mkdir()
    wire.box(address)
    mailbox_id = connect(folder, wire.imap, server, address)
    with folder.opened():
        agent = factories.a_user("owner")
        with unit_of_work() as unit:
            mailbox = unit.session.get_one(Mailbox, mailbox_id)
            mailbox.sends_acknowledgement, mailbox.undo_seconds = True, 0
            mailbox.acknowledgement_text = "We have your message, it is #{{ticket.number}}."
    desk = Desk(instance=folder.instance, environment=folder.environment).ready()
    try:
        # What comes before the first look is old mail, which no machine answers.
        with folder.opened():
            assert eventually(lambda: _is_looked_into(mailbox_id)), "the mailbox is not read"
        yield Shop(address=address, folder=folder, mailbox_id=mailbox_id, agent=agent)
    finally:
        desk.stop()


def _is_looked_into(mailbox_id: int) -> bool:
    looked_at = select(ChannelAccount.last_checked_at)
    with reading() as session:
        return (
            session.scalars(looked_at.where(ChannelAccount.mailbox_id == mailbox_id)).one()
            is not None
        )


def _post(server: Postfix, sender: str, to: str, subject: str, **headers: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(subject)
    with SMTP(server.host, server.port) as client:
        client.send_message(mail)


def _tell(
    stage: Stage, case: str, seen: Counter[str], automatic: int, told: tuple[int, int]
) -> None:
    lines = ", ".join(f"{line} {count}×" for line, count in sorted(seen.items()))
    stage.note(
        f"{case}: {automatic} automatic mails, then silence; {told[0]} withheld, {told[1]} before "
        f"people; {lines}"
    )


def _bare(sender: str) -> str:
    return sender.rpartition("<")[2].strip("<> ")
