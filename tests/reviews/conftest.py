"""A desk with reviews: sites that are pasted into, fetched or written to, and who answers there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from deskcore.config import Config
from deskcore.domain.people import SYSTEM, Actor
from deskcore.models import ChannelAccount, Mailbox
from deskcore.plugin import stored
from deskcore.plugin.active import plugins
from deskcore.plugin.channel import RawItem
from deskcore.plugin.net import network_allowed
from deskcore.services import (
    channels,
    events,
    inbound,
    jobs,
    kind_rows,
    plugin_settings,
    secrets,
    sending,
)
from deskcore.services.ticket_page import read
from deskcore.services.unit import reading, unit_of_work
from plugins.reviews import answers, inbox, pasting
from plugins.reviews.answers import Press
from plugins.reviews.channel_site import AnySite
from plugins.reviews.kinds import KINDS
from plugins.reviews.settings import ReviewsSettings
from plugins.reviews.site import SiteSettings
from plugins.reviews.tables import REVIEWS
from tests import factories
from tests.databases import opened
from tests.web.conftest import owner, set_up

WORDS = "Thank you, Ann! We are mending the post."


@pytest.fixture
def config(config: Config) -> Config:
    """Give the configuration of a desk with reviews, whose sites are on this machine."""
    return config.model_copy(
        update={"plugins": ("email", "spam", "reviews"), "allow_private_networks": True}
    )


@pytest.fixture
def desk(config: Config) -> Iterator[Flask]:
    """Give that desk, which nobody has set up, with what activating the plugin makes."""
    with opened(config, has_pages=True) as app:
        with unit_of_work() as unit:
            kind_rows.keep(unit, "reviews", KINDS)
        yield app


@pytest.fixture
def app(desk: Flask) -> Flask:
    """Give the desk, inside its application context."""
    return desk


@dataclass
class Shop:
    """A site whose reviews are pasted in, and three who work there; Bob and Eva may approve."""

    site: int
    mailbox: int
    ann: Actor
    bob: Actor
    eva: Actor

    def review(self, text: str = "Good tea, slow post.", *, site: int = 0, **said: str) -> int:
        """Have a review come in; returns the number of its ticket."""
        entry = {"stars": "3", "author": "Ann", "email": "ann@example.com", "product": "Assam"}
        number = pasting.paste(self.bob, site or self.site, {**entry, "text": text, **said})
        work()
        return number


@pytest.fixture
def shop(app: Flask) -> Shop:
    site = a_site()
    with reading() as session:
        mailbox = session.scalars(
            select(ChannelAccount.mailbox_id).where(ChannelAccount.id == site)
        ).one()
    people = (factories.a_user("admin", name=name) for name in ("Ann", "Bob", "Eva"))
    return Shop(site, mailbox, *people)


def a_site(
    channel: str = "reviews_site", settings: SiteSettings | None = None, *, name: str = "Zboží"
) -> int:
    """Connect a site to a mailbox of its own; returns the account's id."""
    mailbox_id = factories.a_mailbox(name)
    plain, hidden = stored.split_secrets(settings or AnySite(longest=60))
    with unit_of_work() as unit:
        unit.session.execute(update(Mailbox).values(undo_seconds=0))
        account = unit.session.scalars(
            select(ChannelAccount).where(ChannelAccount.mailbox_id == mailbox_id)
        ).one()
        account.channel, account.address, account.name = channel, name.lower(), name
        account.settings, account.secrets = dict(plain), secrets.encrypt(hidden)
        return account.id


def fetch(account_id: int) -> int:
    """Ask a site for news, as the worker does; returns how many were new."""
    with reading() as session:
        account = session.get_one(ChannelAccount, account_id)
    with network_allowed():
        channel = channels.build(account)
        items: list[RawItem] = list(channel.receive(account.cursor))
        found = inbound.store(account_id, items) if items else None
    work()
    return len(found.new_ids) if found else 0


def work() -> None:
    """Do all that is due, as the worker does."""
    for _round in range(4):
        events.dispatch()
        with network_allowed():
            while jobs.run_next("test"):
                events.dispatch()
    assert plugins().guard.is_paused("reviews") is False


def configure(**values: Any) -> None:
    """Change the plugin's settings."""
    plugin_settings.change_settings(
        factories.a_user("owner", name="Owner"), "reviews", ReviewsSettings(**values)
    )


def asked(actor: Actor, number: int, words: str = WORDS) -> None:
    """Have somebody write an answer and ask for approval."""
    version = inbox.one(actor, number).version
    answers.propose(actor, Press(number=number, version=version, words=words))


def approved(shop: Shop, number: int, words: str = WORDS) -> None:
    """Have Ann write it, and Bob approve it."""
    asked(shop.ann, number, words)
    approve(shop.bob, number)


def approve(actor: Actor, number: int) -> None:
    """Have somebody approve what stands there."""
    answers.approve(actor, Press(number=number, version=inbox.one(actor, number).version))


def state(number: int) -> str:
    """Return the last word of the key of a ticket's status; the list says the same."""
    word = read(SYSTEM, number).status.rpartition(".")[2]
    work()
    with reading() as session:
        listed = session.scalars(select(REVIEWS.c.state).where(REVIEWS.c.number == number)).one()
    assert listed == word
    return word


def pasted(**said: str) -> bytes:
    """Return an item as it is pasted in."""
    return json.dumps({"pasted": said}).encode()


__all__ = ["owner", "sending", "set_up"]
