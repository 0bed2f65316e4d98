"""A desk with pages on a throw-away database, a plugin at work in it, and somebody who answers there.

Nothing of the core is replaced: mails go through the inbound service into tickets, and pages are asked
for as a browser without scripts does.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from html import unescape
from itertools import count
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, func, select
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from deskcore.app import create_app
from deskcore.clock import now
from deskcore.config import load_config
from deskcore.db import Base, prepare_engine
from deskcore.extensions import db
from deskcore.models import ChannelAccount, Mailbox, Ticket
from deskcore.plugin.channel import RawItem
from deskcore.plugin.discovery import NAMESPACE, discover
from deskcore.plugin.migrations import of_plugin, upgrade
from deskcore.services import inbound, secrets, setup
from deskcore.services.desk_settings import DeskSettings
from deskcore.services.unit import reading, unit_of_work
from deskcore.testing.desk import _template

_EMAIL, _PASSWORD = "kit@desk.example", "a long word of the kit"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_SETTINGS = {"imap_host": "imap.example", "imap_user": "u", "smtp_host": "smtp.example"}
_serial = count(1)


@dataclass
class Stage:
    """The desk, and its owner's browser."""

    app: Flask
    account_id: int
    token: str = ""

    def __post_init__(self) -> None:
        self._client = self.app.test_client()
        self.get("/sign-in")
        self.post("/sign-in", {"email": _EMAIL, "password": _PASSWORD})
        self.get("/me")

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        with self.app.app_context():
            answer = self._client.get(path)
        found = _TOKEN.search(answer.text)
        self.token = found[1] if found else self.token
        return answer

    def post(self, path: str, form: Mapping[str, object] | None = None) -> TestResponse:
        """Send a form, with the token of the page it is on."""
        with self.app.app_context():
            return self._client.post(path, data={"csrf_token": self.token, **(form or {})})

    def ticket(self, *texts: str, subject: str = "A question", sender: str = "") -> int:
        """Have a customer write, and write again; returns the ticket's number."""
        sender = sender or f"customer{next(_serial)}@kit.example"
        first = f"kit-{next(_serial)}@kit.example"
        for place, text in enumerate(texts):
            mail = EmailMessage()
            mail["From"], mail["To"], mail["Subject"] = sender, "help@desk.example", subject
            mail["Message-ID"] = f"<{first if not place else f'{place}.{first}'}>"
            if place:
                mail["References"] = f"<{first}>"
            mail.set_content(text.encode("utf-8", "replace").decode())
            item = RawItem(
                external_id=f"{place}.{first}", cursor=None, received_at=now(), content=bytes(mail)
            )
            inbound.file_items(inbound.store(self.account_id, [item]).new_ids)
        with reading() as session:
            return session.scalars(select(Ticket.number).order_by(Ticket.id.desc())).first() or 0

    def rows(self) -> dict[str, int]:
        """Count the rows of the desk's own tables."""
        with reading() as session:
            return {
                name: session.scalar(select(func.count()).select_from(table)) or 0
                for name, table in Base.metadata.tables.items()
            }


@contextmanager
def a_stage(folder: Path, slug: str, beside: Sequence[Path]) -> Iterator[Stage]:
    """Run a desk in *folder* with a plugin, bundled or among the folders *beside* it."""
    dropped = folder / "instance" / "plugins"
    dropped.mkdir(parents=True)
    for home in beside:
        for name in [name for name in sys.modules if name.startswith(f"{NAMESPACE}.{home.name}")]:
            del sys.modules[name]  # an earlier desk's folder had it too
        shutil.copytree(home, dropped / home.name)
    active = tuple(dict.fromkeys(("email", *(home.name for home in beside), slug)))
    url = f"sqlite:///{folder / 'desk.db'}"
    _migrate(url, dropped, active)
    app = create_app(load_config(instance=dropped.parent, database_url=url, plugins=active))
    with app.app_context():
        engine: Engine = db.engine
        yield Stage(app=app, account_id=_furnish())
    engine.dispose()


def shown_texts(page: str) -> list[tuple[str, str]]:
    """Return what a page of a composer tool offers to put in: the address of its form, and the text."""
    found = re.findall(
        r'<span class="message-text" id="[^"]*-text"[^>]*>(.*?)</span>\s*'
        r'(?:<form method="post" action="([^"]*)")?',
        page,
        re.DOTALL,
    )
    return [(unescape(action), unescape(re.sub(r"<[^>]+>", "", text))) for text, action in found]


def _migrate(url: str, dropped: Path, active: Sequence[str]) -> None:
    shutil.copyfile(_template(), url.removeprefix("sqlite:///"))
    engine = create_engine(url)
    prepare_engine(engine)
    for component in (of_plugin(each) for each in discover(dropped) if each.slug in active):
        if component is not None:
            upgrade(engine, component)
    engine.dispose()


def _furnish() -> int:
    code = setup.ensure_setup_code() or ""
    setup.create_owner(
        setup.check_setup_code(code),
        setup.FirstOwner(name="Eva Kit", email=_EMAIL, password=_PASSWORD),
        DeskSettings(name="Kit", time_zone="UTC", language="en"),
    )
    with unit_of_work() as unit:
        mailbox = Mailbox(name="Support", created_at=unit.now)
        unit.session.add(mailbox)
        unit.session.flush()
        account = ChannelAccount(
            mailbox_id=mailbox.id,
            channel="email",
            name="Mail",
            address="help@desk.example",
            settings=_SETTINGS,
            secrets=secrets.encrypt({"password": "x"}),
            connected_at=unit.now,
            created_at=unit.now,
        )
        unit.session.add(account)
        unit.session.flush()
        return account.id
