"""Foreign words where no ticket shows them: held mail, answers of servers, refused strangers, bans.

Every place gets all payloads, each under its own name; what a place keeps of one is cut by columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert, select, update

from deskcore import clock
from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.domain.kinds import AccountState, DeliveryState, Direction, InboundState
from deskcore.extensions import db
from deskcore.models import (
    ChannelAccount,
    Company,
    ConnectionTest,
    Customer,
    Delivery,
    InboundItem,
    PluginFault,
    User,
)
from deskcore.plugin.channel import RawItem
from deskcore.services import inbound, sessions
from deskcore.services.unit import Unit, reading, unit_of_work
from plugins.spam.tables import BANS
from tests import factories
from tests.browser.desks import OWNER
from tests.hostile.attacked import set_up
from tests.hostile.furnished import account_of
from tests.hostile.payloads import Payload

ADDRESS = "help@shop.test"


@dataclass(kw_only=True)
class Elsewhere:
    """What to look for, and where: ``words`` by payload; addresses that show one, or all of them."""

    words: dict[str, str]
    one_each: dict[str, str]
    together: list[str]
    files: list[str]


def strew(folder: Path, url: str, payloads: list[Payload], outside: str) -> Elsewhere:
    """Set a desk up and leave every payload in every such place."""
    words = {one.id: f"{one.id} {one.aimed_at(outside)}" for one in payloads}
    app = create_app(load_config(instance=folder, database_url=url))
    with app.app_context():
        set_up()
        mailbox_id = factories.a_mailbox("Support", address=ADDRESS)
        found = Elsewhere(words=words, one_each={}, together=[], files=[])
        _hold(found, account_of(mailbox_id))
        for text in words.values():
            _refuse_by_a_server(mailbox_id, text)
        _note_by_agents(found, mailbox_id)
        with unit_of_work() as unit:
            _let_strangers_in_and_not(unit, words)
            _fail_at_the_mailbox(unit, words, mailbox_id)
            for number, text in enumerate(words.values()):
                ban = {"who": f"b{number}@ban.test", "reason": text[:300], "by_name": text[:320]}
                unit.session.execute(insert(BANS).values(**ban, at=unit.now))
        engine = db.engine
    engine.dispose()
    found.together += [
        "/attention", "/outbox", "/admin/audit", "/me/sessions", "/admin/people/1", "/p/spam/",
        "/admin/plugins/spam", "/admin/mailboxes", f"/admin/mailboxes/{mailbox_id}",
        "/admin/mailboxes/tests/known",
    ]  # fmt: skip
    return found


def _hold(found: Elsewhere, account_id: int) -> None:
    """Let mails in that pretend to be from ourselves, so that they are held: a source to look at."""
    for name, text in found.words.items():
        head = f"From: {ADDRESS}\r\nTo: {ADDRESS}\r\nAuto-Submitted: auto-replied\r\nSubject: {name}\r\n\r\n"
        content = head.encode() + text.encode("utf-8", "replace")
        item = RawItem(external_id=name, cursor=None, received_at=clock.now(), content=content)
        (item_id,) = inbound.store(account_id, [item]).new_ids
        inbound.file_items([item_id])
        found.one_each[f"/attention/{item_id}"] = name
        found.files.append(f"/attention/{item_id}/raw")
    with reading() as session:
        states = set(session.scalars(select(InboundItem.state)))
        assert states == {InboundState.HELD}
    with unit_of_work() as unit:
        # The reason is ours; a parser's may hold words of the mail.
        for name, item_id in zip(found.words, sorted(_item_ids(unit)), strict=True):
            reason = {"reason": found.words[name][:200]}
            unit.session.execute(
                update(InboundItem).where(InboundItem.id == item_id).values(**reason)
            )


def _item_ids(unit: Unit) -> list[int]:
    return list(unit.session.scalars(select(InboundItem.id)))


def _refuse_by_a_server(mailbox_id: int, text: str) -> None:
    number = factories.a_ticket(mailbox_id, subject=text[:500])
    sent = factories.a_message(
        number, text, direction=Direction.OUT, delivery=DeliveryState.FAILED, cc=(text[:60],)
    )
    with unit_of_work() as unit:
        failed = update(Delivery).where(Delivery.message_id == sent)
        unit.session.execute(failed.values(detail=f"550 {text}"))


def _note_by_agents(found: Elsewhere, mailbox_id: int) -> None:
    """Let agents paste it where they keep names and notes."""
    for name, text in found.words.items():
        customer_id, _identity_id = factories.a_customer(text[:160])
        with unit_of_work() as unit:
            company = Company(name=text[:160], notes=text, created_at=unit.now)
            unit.session.add(company)
            unit.session.flush()
            customer = unit.session.get_one(Customer, customer_id)
            customer.notes, customer.company_id = text, company.id
            company_id = company.id
        places = [
            f"/{kind}/{key}"
            for kind, key in (("customers", customer_id), ("companies", company_id))
        ]
        found.one_each |= {path + end: name for path in places for end in ("", "/edit")}
        found.one_each[f"/new?find={name}"] = name


def _let_strangers_in_and_not(unit: Unit, words: dict[str, str]) -> None:
    """Leave traces of browsers that signed in, and of tries that failed."""
    owner_id = unit.session.scalars(select(User.id).where(User.email == OWNER)).one()
    for text in words.values():
        sessions.begin_session(unit, owner_id, address=text[:45], user_agent=text)
        unit.audit("sign_in.failed", f"{text[:280]}@evil.test", address=text[:45])


def _fail_at_the_mailbox(unit: Unit, words: dict[str, str], mailbox_id: int) -> None:
    """Let servers and plugins complain in the attacker's words."""
    everything = "\n".join(words.values())
    account = unit.session.scalars(
        select(ChannelAccount).where(ChannelAccount.mailbox_id == mailbox_id)
    ).one()
    account.state, account.problem = AccountState.SIGN_IN_FAILED, everything
    lines = [{"name": text, "ok": False, "message": text, "cure": text} for text in words.values()]
    owner_id = unit.session.scalars(select(User.id).where(User.email == OWNER)).one()
    unit.session.add(
        ConnectionTest(
            public_id="known", user_id=owner_id, channel="email", address=ADDRESS,
            result={"lines": lines}, created_at=unit.now, finished_at=unit.now,
        )
    )  # fmt: skip
    unit.session.add(
        PluginFault(
            slug="spam", place="hook", digest="0", message=everything, traceback=everything,
            first_at=unit.now, last_at=unit.now,
        )
    )  # fmt: skip
