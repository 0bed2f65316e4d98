"""One desk among servers of ours, for one run of one fault: who writes, who answers, who is killed."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import select, update

from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.domain.kinds import DeliveryState
from deskcore.domain.people import Actor
from deskcore.domain.writing import ReplyForm, Upload
from deskcore.extensions import db
from deskcore.models import ChannelAccount, Delivery, Job, Mailbox
from deskcore.plugin import Secret
from deskcore.services import replies
from deskcore.services.unit import reading, unit_of_work
from plugins.email.settings import EmailSettings
from tests import factories
from tests.faults.imap_box import Box
from tests.faults.imap_server import PASSWORD, ImapServer
from tests.faults.numbers import question
from tests.faults.smtp_sink import Ledger, SmtpSink
from tests.process.crashing import a_connected_mailbox, eventually
from tests.process.desks import Desk, wait_until

PATIENT = 20  # moments; the design asks for so many of each fault


@dataclass(frozen=True, kw_only=True)
class Pressed:
    """An answer an agent pressed send on and was told is queued."""

    number: int
    delivery_id: int
    recipients: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Place:
    """One mailbox of the desk and the server it reads."""

    mailbox_id: int
    account_id: int
    server: ImapServer

    @property
    def box(self) -> Box:
        """The mails on the server."""
        return self.server.box


class Stage:
    """Everything one run needs; ``moments`` is how often the fault is provoked, *seed* says when."""

    def __init__(self, folder: Path, database_url: str, *, seed: int, moments: int) -> None:
        self.folder, self.database_url = folder, database_url
        self.instance = folder / "instance"
        self.rng = random.Random(seed)  # noqa: S311  moments, not secrets
        self.moments = moments
        self.ledger = Ledger()
        self.places: list[Place] = []
        self.pressed: list[Pressed] = []
        self.notes: list[str] = []
        self.desks: list[Desk] = []
        self._numbers = iter(range(1, 10**6))
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.instance.mkdir(parents=True, exist_ok=True)
        app = create_app(load_config(instance=self.instance, database_url=self.database_url))
        self._stack.enter_context(app.app_context())
        self._stack.callback(db.engine.dispose)
        self.agent: Actor = factories.a_user("owner")
        self.sink = self.a_sink()
        return self

    def __exit__(self, *_details: object) -> None:
        for desk in self.desks:
            desk.kill()
        for place in self.places:
            place.server.troubles.end()
        self._stack.close()

    def a_sink(self, **options: Any) -> SmtpSink:
        """Start another sink that writes into the ledger of this run."""
        sink = SmtpSink(self.ledger, **options)
        self._stack.callback(sink.close)
        self._stack.callback(sink.troubles.end)
        return sink

    def a_mailbox(
        self,
        after_import: str = "leave",
        *,
        sink: SmtpSink | None = None,
        tls: tuple[Path, Path] | None = None,
        **settings: Any,
    ) -> Place:
        """Connect one more mailbox, on a server of its own."""
        box = Box(address=f"box{len(self.places) + 1}@desk.test")
        server = ImapServer(box, tls=tls)
        self._stack.callback(server.close)
        values: dict[str, Any] = {
            "imap_host": "127.0.0.1",
            "imap_port": server.port,
            "imap_security": "none",
            "imap_user": box.address,
            "password": Secret(PASSWORD),
            "smtp_host": "127.0.0.1",
            "smtp_port": (sink or self.sink).port,
            "smtp_security": "none",
            "smtp_sign_in": False,
            "after_import": after_import,
            "move_to": "Archive" if after_import == "move" else "",
        }
        mailbox_id = a_connected_mailbox(box.address, EmailSettings(**(values | settings)))
        with unit_of_work() as unit:
            unit.session.get_one(Mailbox, mailbox_id).undo_seconds = 0
        place = Place(mailbox_id=mailbox_id, account_id=account_of(mailbox_id), server=server)
        self.places.append(place)
        return place

    def questions(self, place: Place, count: int, *, size: int = 0) -> None:
        """Let *count* customers write to a mailbox."""
        for _ in range(count):
            number = self.next_number()
            place.box.deliver(number, question(number, size=size))

    def next_number(self) -> int:
        """Return a number nothing carries yet."""
        return next(self._numbers)

    def a_ticket(self, place: Place, number: int) -> int:
        """Make a ticket that waits for the answer of this number."""
        customer = factories.a_customer(address=f"c{number}@customer.test")
        return factories.a_ticket(place.mailbox_id, customer=customer)

    def press_send(self, place: Place, *recipients: str, file_size: int = 0) -> Pressed:
        """Answer a new ticket of this mailbox, as an agent who presses send, perhaps with a file."""
        number = self.next_number()
        to = recipients or (f"c{number}@customer.test",)
        ticket = factories.a_ticket(place.mailbox_id, customer=factories.a_customer(address=to[0]))
        body, content = f"answer-{number}- is posted today.", self.rng.randbytes(file_size)
        files = [Upload(filename="plan.bin", content=content)] if file_size else []
        form = ReplyForm(body=body, to=list(to), files=files)
        queued = replies.queue_reply(self.agent, ticket, form)
        pressed = Pressed(number=number, delivery_id=queued.delivery_id, recipients=tuple(to))
        self.pressed.append(pressed)
        return pressed

    def start(
        self,
        command: str = "worker",
        *,
        under: tuple[str, ...] = (),
        environment: Mapping[str, str] | None = None,
        changes: Mapping[str, object] | None = None,
    ) -> Desk:
        """Start the desk's processes and wait until they are ready."""
        kinds = ("web", "worker") if command == "run" else (command,)
        before = {kind: self.times_said(f"{kind} ready") for kind in kinds}
        desk = self.begin(command, under=under, environment=environment, changes=changes)
        wait_until(
            lambda: all(self.times_said(f"{kind} ready") > before[kind] for kind in kinds),
            f"desk {command} is ready",
            lambda: desk.errors[-3000:],
        )
        return desk

    def begin(
        self,
        command: str = "worker",
        *,
        under: tuple[str, ...] = (),
        environment: Mapping[str, str] | None = None,
        changes: Mapping[str, object] | None = None,
    ) -> Desk:
        """Start the desk's processes and wait for nothing."""
        told = {"DESK_DATABASE_URL": self.database_url, "DESK_PORT": "0", **(environment or {})}
        desk = Desk(
            instance=self.instance,
            environment=told,
            command=command,
            under=under,
            changes=changes or {},
            is_installed="LD_PRELOAD" in told,  # a fork of what runs already would load nothing
        )
        self.desks.append(desk)
        return desk

    @property
    def environment(self) -> dict[str, str]:
        """What a command of this desk is told."""
        own = {"DESK_INSTANCE": str(self.instance), "DESK_DATABASE_URL": self.database_url}
        return {**os.environ, **own}

    def times_said(self, event: str) -> int:
        """Count the log lines of all its processes that say *event*."""
        log = self.instance / "log.jsonl"
        return log.read_text(encoding="utf-8").count(f'"event": "{event}"') if log.exists() else 0

    @property
    def is_patient(self) -> bool:
        """Whether this run may wait for minutes: the full matrix does, CI does not."""
        return self.moments >= PATIENT

    def note(self, text: str) -> None:
        """Keep something worth telling in the report, once."""
        if text not in self.notes:
            self.notes.append(text)

    def make_due(self) -> None:
        """Let the waits of jobs and deliveries be over, instead of sleeping through them."""
        with unit_of_work() as unit:
            unit.session.execute(update(Delivery).values(run_at=unit.now))
            unit.session.execute(update(Job).values(run_at=unit.now))

    def until(self, look: Callable[[], Any], what: str, timeout_s: float = 60.0) -> Any:
        """Wait for what must happen; the run fails when it does not."""
        found = eventually(look, timeout_s=timeout_s)
        if not found:
            raise Stuck(f"not within {timeout_s:g} s: {what}")
        return found

    def until_state(
        self, pressed: Pressed, *states: DeliveryState, timeout_s: float = 60.0
    ) -> None:
        """Wait until an answer's delivery is in one of *states*."""
        self.until(
            lambda: delivery(pressed).state in states,
            f"answer {pressed.number} is {' or '.join(states)}",
            timeout_s,
        )


class Stuck(AssertionError):
    """Something that had to happen did not."""


def account_of(mailbox_id: int) -> int:
    """Return the id of a mailbox's only account."""
    with reading() as session:
        statement = select(ChannelAccount.id).where(ChannelAccount.mailbox_id == mailbox_id)
        return session.scalars(statement).one()


def account(place: Place) -> ChannelAccount:
    """Return the account of a place as it is now."""
    with reading() as session:
        return session.get_one(ChannelAccount, place.account_id)


def delivery(pressed: Pressed) -> Delivery:
    """Return an answer's delivery as it is now."""
    with reading() as session:
        return session.get_one(Delivery, pressed.delivery_id)
