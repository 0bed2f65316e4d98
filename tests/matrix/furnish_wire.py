"""What stands between the desk and its servers: raw mail, own mail, connections being tried."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import insert, select

from deskcore.domain.kinds import AccountState, DeliveryState, InboundState, PluginState
from deskcore.domain.people import SYSTEM
from deskcore.extensions import config
from deskcore.models import (
    ChannelAccount,
    ConnectionTest,
    Delivery,
    InboundItem,
    Notice,
    PluginSetting,
)
from deskcore.services import files, plugin_records, secrets
from deskcore.services.unit import Unit, unit_of_work
from plugins.saved_replies import replies
from plugins.saved_replies.replies import Written
from plugins.spam.tables import BANS
from plugins.web_form.answers import Answers
from plugins.web_form.beginning import begin
from plugins.web_form.proof import new_page, seal, work_for
from plugins.web_form.sending import send
from plugins.web_form.stored import by_slug
from tests.channels.accounts import SECRET
from tests.matrix.world import ADMINS, EVERYBODY, NOBODY, SEES, WORKERS, World
from tests.plugin.authoring import write_plugin
from tests.web_form.working import solved

ON_THE_PAGE = (InboundState.FAILED, InboundState.HELD)


def furnish_wire(world: World) -> None:
    """Put raw items of every state, own mail and tried connections into the desk."""
    with unit_of_work(SYSTEM) as unit:
        for side in SEES:
            for state in InboundState:
                _item(unit, world, side, state)
            _lost_account(unit, world, side)
        for delivery in (DeliveryState.FAILED, DeliveryState.BOUNCED, DeliveryState.QUEUED):
            _own_mail(unit, world, delivery)
        for channel in ("chat", "app_chat"):
            _pushed_account(unit, world, channel)
        for role in sorted(ADMINS):
            _tried_connection(unit, world, role)
        word = world.mark("plugin secret", NOBODY, is_shown=False)
        hidden = secrets.encrypt({"token": word})
        unit.session.add(PluginSetting(slug="spam", key="*", value="null", secret=hidden))
        note = json.dumps(world.mark("drawer", ADMINS))
        kept = secrets.encrypt({"token": world.mark("drawer token", NOBODY, is_shown=False)})
        unit.session.add(PluginSetting(slug="careful", key="note", value=note))
        unit.session.add(PluginSetting(slug="careful", key="*", value="null", secret=kept))
        _plugins(unit, world)
        unit.audit("user.invited", world.mark("audit", ADMINS))
        banned = {"who": f"{world.mark('banned', ADMINS)}.example", "at": unit.now}
        words = {"reason": world.mark("ban reason", ADMINS), "by_name": "Eva"}
        ban = insert(BANS).values(**banned, **words).returning(BANS.c.id)
        world.put("ban", unit.session.scalars(ban).one(), ADMINS)
    for side in SEES:
        _saved_reply(world, side)
    _web_form(world)


def _saved_reply(world: World, side: str) -> None:
    """Keep a reply for the team of a side; whoever only reads has none."""
    readers = SEES[side] - {"viewer"}
    written = Written(
        name=world.mark(f"saved reply {side}", readers),
        texts={"en": world.mark(f"saved text {side}", readers)},
        team_ids=frozenset({world.ids[f"team {side}"]}),
    )
    world.put("saved reply", replies.create(SYSTEM, written), readers)
    if not world.things.get("shared reply"):
        shared = Written(name=world.mark("shared reply", WORKERS), texts={"en": "Hello"})
        world.put("shared reply", replies.create(SYSTEM, shared), WORKERS)


def _web_form(world: World) -> None:
    """Have a form that everybody may open and administrators change, and one that was sent."""
    with unit_of_work(SYSTEM) as unit:
        begin(unit.session)
    form = by_slug("contact")
    world.put("web form", form.id, ADMINS)
    world.put("open web form", form.slug, EVERYBODY)
    world.put("web form field", form.fields[-1].id, ADMINS)
    email = f"{world.mark('web form', ADMINS, is_shown=False)}@customer.example"
    answers = Answers(values={"email": (email,), "subject": ("x",), "message": ("x",)})
    key = "a-key-of-a-page-of-a-web-form"
    send(form, answers, page_key=key, language="en")
    world.put("sent web form", key, EVERYBODY)
    page = new_page(form.id)
    world.words |= {"web form page": seal(page), "web form work": solved(work_for(page))}


def _plugins(unit: Unit, world: World) -> None:
    """Drop plugins that can be switched in every way."""
    dropped = config().instance / "plugins"
    for slug, state, version in (
        ("spam", PluginState.ACTIVE, ""),
        ("leaf", PluginState.INACTIVE, "1.0"),
        ("rests", PluginState.PAUSED, "1.0"),
        ("grown", PluginState.ACTIVE, "0.9"),
    ):
        plugin_records.keep(unit, slug, state, version=version)
        if slug != "spam":
            write_plugin(dropped, slug)
    for kind, slug in (
        ("active plugin", "spam"),
        ("inactive plugin", "leaf"),
        ("paused plugin", "rests"),
        ("outgrown plugin", "grown"),
    ):
        world.put(kind, slug, ADMINS)
    world.put("theme", "linen", ADMINS)


def _item(unit: Unit, world: World, side: str, state: InboundState) -> None:
    """Store a mail as it was received; a filed one became the message with markup."""
    workers = SEES[side] - {"viewer"}
    readers = workers if state in {*ON_THE_PAGE, InboundState.FILED} else ADMINS
    content = f"Subject: x\r\n\r\n{world.mark(f'raw {state} {side}', readers)}".encode()
    digest = files.write(content)
    files.refer(unit.session, digest, len(content), unit.now)
    is_on_page = state in ON_THE_PAGE
    item = InboundItem(
        account_id=world.ids[f"account {side}"],
        external_id=f"{state}-{side}",
        content_hash=hashlib.sha256(content).hexdigest(),
        digest=digest,
        size=len(content),
        meta={},
        state=state,
        reason=world.mark(f"reason {state} {side}", workers, is_shown=is_on_page),
        received_at=unit.now,
        stored_at=unit.now,
    )
    if state == InboundState.FILED:
        [thing] = [thing for thing in world.things["html message"] if thing.readers == SEES[side]]
        item.message_id = int(thing.key)
        world.put("mail message", thing.key, SEES[side])
    unit.session.add(item)
    unit.session.flush()
    world.put(f"{state} item" if is_on_page else "other item", item.id, readers)


def _lost_account(unit: Unit, world: World, side: str) -> None:
    workers = SEES[side] - {"viewer"}
    account = ChannelAccount(
        mailbox_id=world.ids[f"mailbox {side}"],
        channel="email",
        name=f"Lost {side}",
        address=f"{world.mark(f'lost {side}', workers)}@shop.example",
        settings={"imap_host": "imap.example", "imap_user": "u", "smtp_host": "smtp.example"},
        secrets=secrets.encrypt({"password": world.mark("mail password", NOBODY, is_shown=False)}),
        state=AccountState.SIGN_IN_FAILED,
        problem=world.mark(f"problem {side}", workers),
        connected_at=unit.now,
        created_at=unit.now,
    )
    unit.session.add(account)


def _pushed_account(unit: Unit, world: World, channel: str) -> None:
    """Connect an account that a network pushes to: anybody may ask there, and is refused."""
    account = ChannelAccount(
        mailbox_id=world.ids["mailbox a"],
        channel=channel,
        name=channel,
        address=channel,
        settings={},
        secrets=secrets.encrypt({"secret": SECRET}),
        connected_at=unit.now,
        created_at=unit.now,
    )
    unit.session.add(account)
    unit.session.flush()
    if channel == "app_chat":
        world.put("channel of an app", channel, EVERYBODY)
        return
    world.put("pushed channel", channel, EVERYBODY)
    world.put("hook key", account.hook_key, EVERYBODY)


def _own_mail(unit: Unit, world: World, state: DeliveryState) -> None:
    account_id = unit.session.scalars(select(ChannelAccount.id).order_by(ChannelAccount.id)).first()
    assert account_id is not None
    word = f"own{state}"
    row = Delivery(
        account_id=account_id,
        key=word,
        token=word,
        external_id=f"{word}@shop.example",
        state=state,
        detail=world.mark(f"own detail {state}", ADMINS, is_shown=state == DeliveryState.FAILED),
        run_at=unit.now,
        created_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    notice = Notice(
        delivery_id=row.id,
        user_id=world.user_ids["invited"],
        kind="invite",
        address=f"{world.mark(f'own address {state}', ADMINS)}@staff.example",
        subject=world.mark(f"own subject {state}", ADMINS),
        words=secrets.encrypt({"text": world.mark("own words", NOBODY, is_shown=False)}),
        useful_until=unit.now,
    )
    unit.session.add(notice)
    world.put(f"own {state} delivery", row.id, EVERYBODY)


def _tried_connection(unit: Unit, world: World, role: str) -> None:
    """Leave a connection half-way: whose test it is, they alone may look at it."""
    row = ConnectionTest(
        public_id=f"tried-by-{role}-long-enough",
        user_id=world.user_ids[role],
        channel="email",
        address=f"{world.mark(f'tried {role}', {role})}@shop.example",
        settings={"imap_host": "imap.example", "imap_user": "u", "smtp_host": "smtp.example"},
        secrets=secrets.encrypt({"password": world.mark("tried password", NOBODY, is_shown=False)}),
        result={"lines": [{"name": "x", "ok": True, "message": "x", "cure": ""}]},
        created_at=unit.now,
        finished_at=unit.now,
    )
    unit.session.add(row)
    world.put("tried connection", row.public_id, {role})
