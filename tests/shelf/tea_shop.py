"""The tea shop: a desk with all of the shelf active, where something of everything has happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.domain.people import Actor
from deskcore.models import ChannelAccount, User
from deskcore.services import access, kind_rows, setup
from deskcore.services.desk_settings import DeskSettings
from deskcore.services.unit import reading, unit_of_work
from plugins.reviews.kinds import KINDS
from plugins.telegram.tests.bot_api import BotApi
from plugins.web_form.beginning import begin
from tests import factories
from tests.databases import copy_sqlite
from tests.reviews.conftest import Shop, a_site
from tests.shelf import goods, talk, told
from tests.web.conftest import OWNER_EMAIL, PASSWORD
from tests.web_form.forms import contact

SHELF = ("catalogue", "cross_sell", "reviews", "stock_notes", "telegram", "web_form", "xmpp")
ACTIVE = ("email", "spam", "saved_replies", *SHELF)


@dataclass(frozen=True, kw_only=True)
class TeaShop:
    """The desk and, by name, the keys of what its pages are about."""

    app: Flask
    keys: Mapping[str, int | str]


@contextmanager
def tea_shop(folder: Path) -> Iterator[TeaShop]:
    """Open the shop in *folder*, in the context of its desk."""
    config = load_config(
        instance=folder / "instance",
        database_url=copy_sqlite(folder / "desk.db"),
        plugins=ACTIVE,
    )
    app = create_app(config.model_copy(update={"allow_private_networks": True}))
    with app.app_context(), BotApi() as bot:
        yield TeaShop(app=app, keys=_furnish(app, bot))


def _furnish(app: Flask, bot: BotApi) -> dict[str, int | str]:
    owner = _owner()
    with unit_of_work() as unit:
        begin(unit.session)
        kind_rows.keep(unit, "reviews", KINDS)
    help_id = factories.a_mailbox("Help", address="help@teas.example")
    keys: dict[str, int | str] = {"help": help_id}
    keys |= goods.fill_shelves(owner)
    keys |= {f"import {state}": made for state, made in goods.bring_files(owner).items()}
    letters = talk.letters(help_id)
    keys |= {f"ticket {name}": number for name, number in letters.items()}
    keys["receipt"] = talk.a_form(owner, app)
    order = contact().field("order_number")
    keys["order field"] = order.id if order else 0
    keys["bot"], keys["ticket bot"] = talk.a_bot(bot)
    keys["chat"], keys["ticket chat"] = talk.a_component()
    keys["offer link"] = told.make_offers(owner, letters["tea"], help_id)
    keys["ticket offered"] = told.answer_with_an_offer(owner)
    reviews = told.have_reviews(owner, _reviewed(owner))
    keys |= {f"review {state}": number for state, number in reviews.items()}
    keys |= told.have_people_wait(owner, letters)
    return keys


def _owner() -> Actor:
    code = setup.ensure_setup_code()
    assert code
    first = setup.FirstOwner(name="Eva Nová", email=OWNER_EMAIL, password=PASSWORD)
    desk = DeskSettings(name="Tea & Teapots", time_zone="Europe/Prague", language="en")
    setup.create_owner(setup.check_setup_code(code), first, desk)
    with reading() as session:
        user_id = session.scalars(select(User.id).where(User.email == OWNER_EMAIL)).one()
        owner = access.actor_of(session, user_id)
    assert owner
    return owner


def _reviewed(owner: Actor) -> Shop:
    """Connect a site whose reviews are pasted in, with two who write and approve answers."""
    site = a_site(name="Zboží")
    with reading() as session:
        mailbox_id = session.get_one(ChannelAccount, site).mailbox_id
    ann, bob = (factories.a_user("admin", name=name) for name in ("Ann Field", "Bob Marsh"))
    return Shop(site, mailbox_id, ann, bob, owner)
