"""Furnishes the desk of the matrix: people, mailboxes, customers, tickets, each with its markers."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from deskcore import clock
from deskcore.domain.appearance import Appearance
from deskcore.domain.people import SYSTEM, Actor
from deskcore.models import (
    ChannelAccount,
    Company,
    Customer,
    Mailbox,
    MailboxTeam,
    Role,
    Team,
    TeamMember,
    TicketSequence,
    User,
    UserSession,
)
from deskcore.services import access, appearance, secrets, tokens
from deskcore.services.desk_settings import DeskSettings, store_desk_settings
from deskcore.services.passwords import hash_password
from deskcore.services.unit import Unit, reading, unit_of_work
from tests import factories
from tests.matrix.furnish_offers import furnish_offers
from tests.matrix.furnish_reviews import furnish_reviews
from tests.matrix.furnish_shelf import furnish_shelf
from tests.matrix.furnish_stock import furnish_stock
from tests.matrix.furnish_tickets import furnish_tickets, tie_together
from tests.matrix.furnish_wire import furnish_wire
from tests.matrix.world import ADMINS, EVERYBODY, NOBODY, ROLES, SEES, World
from tests.web.conftest import PASSWORD

TEAM_OF = {
    "agent_a": "a", "viewer": "a", "deactivated": "a", "invited": "a", "at_code": "a",
    "at_set_up": "a", "agent_b": "b",
}  # fmt: skip
_LINKS: tuple[tuple[tokens.Purpose, str], ...] = (("invite", "invited"), ("reset", "agent_b"))
FIRST_NUMBER = 470_000  # ticket numbers are markers too, so they must look like nothing else


def furnish() -> World:
    """Fill an empty desk; needs its application context."""
    world = World()
    with unit_of_work(SYSTEM) as unit:
        store_desk_settings(unit, DeskSettings(name="Shop", time_zone="UTC", language="en"))
        unit.session.execute(update(TicketSequence).values(last_number=FIRST_NUMBER))
        for side in SEES:
            _mailbox(unit, world, side)
        _people(unit, world)
    for side in SEES:
        _customers(world, side)
    with reading() as session:
        found = {role: access.actor_of(session, key) for role, key in world.user_ids.items()}
    actors = {role: actor for role, actor in found.items() if actor is not None}
    for side in SEES:
        furnish_tickets(world, actors, side)
    tie_together(world)
    furnish_wire(world)
    furnish_shelf(world)
    furnish_reviews(world)
    furnish_stock(world)
    furnish_offers(world)
    _looks(world, actors["owner"])
    return world


def _looks(world: World, owner: Actor) -> None:
    """Publish a look with a logo, and leave a draft that nobody else is shown."""
    version = appearance.draft(owner).version
    logo = b"\x89PNG\r\n\x1a\n"
    shown = appearance.save_draft(owner, version, Appearance(corner="round"), logo=logo)
    appearance.publish(owner, shown.version)
    words = {"en": world.mark("foot of the draft", ADMINS)}
    version = appearance.draft(owner).version
    draft = appearance.save_draft(owner, version, Appearance(footer=words))
    world.ids["look draft"] = draft.version
    world.put("logo", shown.appearance.logo, EVERYBODY)
    world.put("look", appearance.revisions(owner)[0].id, EVERYBODY)


def _mailbox(unit: Unit, world: World, side: str) -> None:
    """Make a mailbox with a connection and the team it is open to."""
    readers = SEES[side]
    mailbox = Mailbox(
        name=world.mark(f"mailbox {side}", readers).capitalize(),
        signature=world.mark(f"signature {side}", ADMINS),
        acknowledgement_text=world.mark(f"acknowledgement {side}", ADMINS),
        created_at=unit.now,
    )
    team = Team(name=world.mark(f"team {side}", ADMINS), created_at=unit.now)
    unit.session.add_all([mailbox, team])
    unit.session.flush()
    unit.session.add(MailboxTeam(mailbox_id=mailbox.id, team_id=team.id))
    host = world.mark(f"server {side}", ADMINS)
    account = ChannelAccount(
        mailbox_id=mailbox.id,
        channel="email",
        name=f"Mail {side}",
        address=f"{world.mark(f'address {side}', readers)}@shop.example",
        settings={"imap_host": f"{host}.example", "imap_user": "u", "smtp_host": "smtp.example"},
        secrets=secrets.encrypt({"password": world.mark("mail password", NOBODY, is_shown=False)}),
        connected_at=unit.now,
        created_at=unit.now,
    )
    unit.session.add(account)
    unit.session.flush()
    world.ids |= {f"mailbox {side}": mailbox.id, f"team {side}": team.id}
    world.ids[f"account {side}"] = account.id
    world.put("mailbox", mailbox.id, EVERYBODY)
    world.put("account", account.id, EVERYBODY)
    world.put("team", team.id, EVERYBODY)


def _people(unit: Unit, world: World) -> None:
    roles = {role.key: role.id for role in unit.session.scalars(select(Role))}
    stored = hash_password(PASSWORD)
    for name, key in ROLES.items():
        # Set-up is over once there is an owner; nobody but admins and themselves reads addresses.
        email = f"{world.mark(f'staff {name}', ADMINS | {name})}@staff.example"
        user = User(
            email=email,
            name=name.replace("_", " ").title(),
            password_hash="" if name == "invited" else stored,
            role_id=roles[key],
            created_at=unit.now,
            deactivated_at=unit.now if name == "deactivated" else None,
        )
        unit.session.add(user)
        unit.session.flush()
        world.user_ids[name], world.emails[name] = user.id, email
        if name in TEAM_OF:
            team_id = world.ids[f"team {TEAM_OF[name]}"]
            unit.session.execute(insert(TeamMember).values(team_id=team_id, user_id=user.id))
        browser = UserSession(
            digest=tokens.digest_of(f"elsewhere {name}"),
            user_id=user.id,
            created_at=unit.now,
            last_seen_at=unit.now,
            address=world.mark(
                f"network {name}", ADMINS | {name}, is_shown=name in {"owner", "viewer", "agent_b"}
            ),
        )
        unit.session.add(browser)
        unit.session.flush()
        world.put("session", browser.id, {name})
    for kind, name in (
        ("user", "agent_b"),
        ("user", "viewer"),
        ("deactivated", "deactivated"),
        ("invited", "invited"),
    ):
        world.put(kind, world.user_ids[name], EVERYBODY)
    for purpose, name in _LINKS:
        token = tokens.issue(unit, purpose, user_id=world.user_ids[name])
        world.put(purpose, token, EVERYBODY)


def _customers(world: World, side: str) -> None:
    """Make a customer of this mailbox alone, of a company of this mailbox alone."""
    readers = SEES[side]
    customer_id, identity_id = factories.a_customer(
        world.mark(f"customer {side}", readers).capitalize(),
        f"{world.mark(f'customer address {side}', readers)}@customer.example",
    )
    with unit_of_work(SYSTEM) as unit:
        company = Company(
            name=world.mark(f"company {side}", readers).capitalize(),
            domains=[],
            notes=world.mark(f"company notes {side}", readers),
            created_at=clock.now(),
        )
        unit.session.add(company)
        unit.session.flush()
        customer = unit.session.get_one(Customer, customer_id)
        customer.company_id = company.id
        customer.notes = world.mark(f"customer notes {side}", readers)
        world.put("company", company.id, readers)
    world.put("customer", customer_id, readers)
    world.ids |= {f"customer {side}": customer_id, f"identity {side}": identity_id}
