"""A desk with everything that comes with it switched on and full of data, as the matrix furnishes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, select, update

from deskcore import clock
from deskcore.app import create_app
from deskcore.config import Config
from deskcore.domain.people import SYSTEM
from deskcore.extensions import db
from deskcore.models import Job, Message, PluginSetting, Role, RoleGrant, UserSession
from deskcore.plugin.channel import RawItem
from deskcore.services import inbound, secrets
from deskcore.services.unit import reading, unit_of_work
from plugins.catalogue import imports
from plugins.stock_notes import runs
from tests.channels import accounts
from tests.matrix.furnish import furnish
from tests.matrix.proven import SURVEYED_WITHIN, leave_a_code
from tests.matrix.routes import RIGHT_OF, cells, rules
from tests.matrix.surveying import SHOP, install
from tests.matrix.visiting import Visitor, arrive
from tests.matrix.world import EVERYBODY, HOLDERS, World, may
from tests.plugin.switched import Switched
from tests.shelf.wheel import SHELF

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
# Of each chat network: what it says, and where an account of it would be.
SAYS = {"telegram": "message.json", "xmpp": "message.xml"}


@dataclass(kw_only=True)
class Furnished:
    """The desk on disk, and what stands in it."""

    config: Config
    world: World
    accounts: dict[str, int]

    @property
    def switched(self) -> Switched:
        """The desk to be switched, and its database."""
        return Switched(config=self.config)

    def order(self, what: str, slug: str) -> None:
        """Switch a plugin as its page does."""
        outcome = self.switched.order(what, slug)  # type: ignore[arg-type]  # one of its words
        assert (outcome.is_done, outcome.reason, outcome.remark) == (True, "", ""), outcome

    @contextmanager
    def open(self) -> Iterator[tuple[Flask, Visitor]]:
        """Give the desk as it goes on after a switch, and its owner's browser."""
        app = create_app(self.config)
        owner = arrive(app, self.world, "owner")
        with app.app_context():
            prove_again(self.world)
            engine = db.engine
            self.world.put("digest", app.extensions["desk_assets"].digest, EVERYBODY)
        try:
            yield app, owner
        finally:
            engine.dispose()


def furnished(folder: Path, config: Config) -> Furnished:
    """Switch everything on, and fill it."""
    accounts.install(folder)
    install(folder, SHOP, Path(__file__).resolve().parents[1] / "cross_sell")
    desk = Furnished(config=config, world=World(), accounts={})
    for slug in ("chat", SHOP, *SHELF):
        desk.order("activate", slug)
    app = create_app(config)
    with app.app_context():
        world = furnish()
        digest = app.extensions["desk_assets"].digest
        for kind, key in {"digest": digest, "asset": "desk.css", "view": "open"}.items():
            world.put(kind, key, EVERYBODY)
        world.put("surface", "public", EVERYBODY)
        leave_a_code(world)
        take_in()
        for slug in SAYS:
            desk.accounts[slug] = connect(slug)
        for slug in SHELF:
            keep_of_everything(slug)
        with unit_of_work(SYSTEM) as unit:  # as leaving does, which changes nothing else
            imports.stop_all(unit.session)
            runs.stop_all(unit.session)
        engine = db.engine
    engine.dispose()
    desk.world = world
    return desk


def connect(slug: str) -> int:
    """Give a chat network an account, and let somebody write there."""
    account_id = accounts.an_account(slug, address=f"shop-{slug}")
    content = (PLUGINS / slug / "tests" / "samples" / SAYS[slug]).read_bytes()
    file(account_id, content, "1")
    return account_id


def take_in() -> None:
    """File what came by forms."""
    with reading() as session:
        waiting = session.scalars(select(Job.args).where(Job.name == "inbound.file")).all()
    for args in waiting:
        ids = args["item_ids"]
        assert isinstance(ids, list)
        inbound.file_items(ids)


def keep_of_everything(slug: str) -> None:
    """Keep one thing of each sort that the desk keeps for plugins."""
    rights = [right for right in HOLDERS if right.startswith(f"{slug}.")]
    with unit_of_work(SYSTEM) as unit:
        role = unit.session.scalars(select(Role.id).where(Role.key == "viewer")).one()
        for right in {*rights, f"{slug}.gone.right"}:
            there = select(RoleGrant).where(
                RoleGrant.role_id == role, RoleGrant.permission == right
            )
            if unit.session.execute(there).first() is None:
                unit.session.execute(insert(RoleGrant).values(role_id=role, permission=right))
        sealed = secrets.encrypt({"token": "kept"})
        unit.session.add(PluginSetting(slug=slug, key="left", value='"here"', secret=sealed))
        unit.enqueue(f"{slug}.left", {}, order_key=f"{slug}.left")


def file(account_id: int, content: bytes, name: str) -> int:
    """Have an item come in; returns how many messages there are now."""
    item = RawItem(external_id=name, cursor=None, received_at=clock.now(), content=content)
    inbound.file_items(inbound.store(account_id, [item]).new_ids)
    with reading() as session:
        return len(session.scalars(select(Message.id)).all())


def prove_again(world: World) -> None:
    """Have everybody's second factor shown, for whoever has signed in just now."""
    with unit_of_work(SYSTEM) as unit:
        unit.session.execute(update(UserSession).values(confirmed_at=unit.now + SURVEYED_WITHIN))


def pages(app: Flask, world: World) -> dict[str, str]:
    """Return an address of every page that the owner may see, by its endpoint."""
    found = {}
    for rule, method in rules(app):
        if method != "GET" or not may("owner", RIGHT_OF[rule.endpoint]):
            continue
        own = next((c for c in cells(world, rule, "GET", "owner") if c.which == "own"), None)
        if own is not None:
            found[rule.endpoint] = own.path
    return found
