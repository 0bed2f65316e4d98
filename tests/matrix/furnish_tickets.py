"""The tickets of one mailbox: every state, notes, files, drafts of several people, deliveries."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select, update

from deskcore import clock
from deskcore.domain.kinds import DeliveryState, Direction
from deskcore.domain.messages import InboundFile
from deskcore.domain.people import SYSTEM, Actor
from deskcore.domain.writing import DraftForm, DraftMode
from deskcore.models import AwaitedFile, Delivery, Draft, Message, Ticket, TicketParticipant
from deskcore.services import drafts, files, public_links, search, tickets
from deskcore.services.unit import unit_of_work
from tests import factories
from tests.matrix.world import ADMINS, EVERYBODY, NOBODY, PEOPLE, SEES, World

# Every ticket, message and note holds it, so that one search would find whatever may be found.
EVERYWHERE = "kettle"
FAR = "https://far.example/rose.png"  # asked by nobody: the matrix has no worker
AGENT = {"a": "agent_a", "b": "agent_b"}
STATES = ("waiting_customer", "waiting_others", "solved")


def furnish_tickets(world: World, actors: Mapping[str, Actor], side: str) -> None:
    """Make the tickets of one mailbox."""
    main = _ticket(world, side, "open")
    world.put("ticket", main, SEES[side])
    _thread(world, actors, side, main)
    _drafts(world, actors, side, main)
    tag = world.mark(f"tag {side}", SEES[side])
    agent = actors[AGENT[side]]
    tickets.set_tags(agent, main, [tag])
    tickets.assign(agent, main, agent.id)
    _link(world, "customer key", side, main)
    world.words[f"number {side}"] = str(main)
    for state in STATES:
        number = _ticket(world, side, state)
        world.put("other ticket", number, SEES[side])
    _link(world, "solved customer key", side, number)
    for column in ("spam_at", "deleted_at"):
        number = _ticket(world, side, column)
        with unit_of_work(SYSTEM) as unit:
            chosen = update(Ticket).where(Ticket.number == number)
            unit.session.execute(chosen.values({column: clock.now()}))
        world.put(column, number, SEES[side])
        world.put("other ticket", number, SEES[side])


def _ticket(world: World, side: str, state: str, customer: str = "") -> int:
    """Make one ticket; its number is a marker like its words."""
    readers = SEES[side]
    number = factories.a_ticket(
        world.ids[f"mailbox {side}"],
        subject=f"{EVERYWHERE} {world.mark(f'subject {state} {side}', readers)}",
        text=f"{EVERYWHERE} {world.mark(f'preview {state} {side}', readers)}",
        customer=(
            world.ids[f"customer {customer or side}"],
            world.ids[f"identity {customer or side}"],
        ),
        status=state if state in STATES else "open",
    )
    world.mark_number(number, readers)
    return number


def _link(world: World, kind: str, side: str, number: int) -> None:
    """Make the links to a ticket's page and to its customer's list; whoever holds one is shown it."""
    public_links.make_anew(SYSTEM, number)
    found = public_links.key_of_ticket(SYSTEM, number)
    assert found
    if side == "a":  # a key opens the messages and files of its own ticket alone
        world.put(kind, found[0], EVERYBODY)
    with unit_of_work(SYSTEM) as unit:
        identity = select(TicketParticipant.identity_id).join(Ticket).where(Ticket.number == number)
        key = public_links.issue(unit, "requests", unit.session.scalars(identity).one())
        world.put("mailed key", key, EVERYBODY)


def _thread(world: World, actors: Mapping[str, Actor], side: str, number: int) -> None:
    readers, agent = SEES[side], actors[AGENT[side]]

    def said(what: str, **more: object) -> int:
        # Of a message with markup the markup is shown, of an undone one nothing.
        is_shown = what not in {"visible", "undone"}
        word = world.mark(f"{what} {side}", readers, is_shown=is_shown)
        text = f"{EVERYWHERE} {word}"
        return factories.a_message(number, text, author=agent, **more)  # type: ignore[arg-type]  # passed on

    html = f"<p>{EVERYWHERE} {world.mark(f'markup {side}', readers)}</p><img src='{FAR}'>"
    marked_up = said("visible", html=html, cc=(f"{world.mark(f'cc {side}', readers)}@cc.example",))
    world.put("html message", marked_up, readers)
    _lost_file(world, side, marked_up)
    _file(world, "file", side, readers, message_id=marked_up)
    _file(world, "remote image", side, readers, message_id=marked_up, is_remote=True)
    note = said("note", direction=Direction.NOTE)
    _file(world, "note file", side, readers, message_id=note)
    for state in DeliveryState:
        message_id = said(f"answer {state}", direction=Direction.OUT, delivery=state)
        with unit_of_work(SYSTEM) as unit:
            chosen = select(Delivery).where(Delivery.message_id == message_id)
            row = unit.session.scalars(chosen).one()
            shown = state in {DeliveryState.FAILED, DeliveryState.UNSURE}
            row.detail = world.mark(f"detail {state} {side}", readers, is_shown=shown)
            row.previous = {"status": "open", "list_at": clock.now().isoformat()}
            world.put(f"{state} delivery", row.id, readers)
    readers = NOBODY
    undone = said("undone", direction=Direction.OUT)
    with unit_of_work(SYSTEM) as unit:
        unit.session.get_one(Message, undone).undone_at = clock.now()
        search.remove_message(unit.session, undone)


def _lost_file(world: World, side: str, message_id: int) -> None:
    """Let a file of a message be one that a network could not hand out."""
    with unit_of_work(SYSTEM) as unit:
        unit.session.get_one(Message, message_id).awaited_files = 1
        row = AwaitedFile(
            message_id=message_id,
            account_id=world.ids[f"account {side}"],
            ref="lost",
            filename=f"{world.mark(f'lost file {side}', SEES[side])}.txt",
            problem="It is gone.",
            given_up_at=unit.now,
            created_at=unit.now,
        )
        unit.session.add(row)


def _drafts(world: World, actors: Mapping[str, Actor], side: str, number: int) -> None:
    """Let everybody who can write here write something that is theirs alone."""
    for role in sorted(SEES[side] - {"viewer"}):
        modes: tuple[DraftMode, ...] = ("reply", "note")
        for mode in modes:
            is_shown = mode == "reply" or side == "a" or role not in ADMINS
            text = world.mark(f"draft {mode} {role} {side}", {role}, is_shown=is_shown)
            drafts.save(actors[role], number, DraftForm(mode=mode, body=text))
        _draft_file(world, actors[role], role, mode="reply")
        if side == "a" or role not in ADMINS:
            new = DraftForm(mode="new", body=world.mark(f"new draft {role}", {role}))
            drafts.save(actors[role], None, new)


def _draft_file(world: World, actor: Actor, role: str, *, mode: DraftMode) -> None:
    with unit_of_work(actor) as unit:
        mine = select(Draft).where(Draft.user_id == actor.id, Draft.mode == mode)
        draft_id = unit.session.scalars(mine.order_by(Draft.id.desc())).first()
    assert draft_id is not None
    _file(world, "draft file", role, frozenset({role}), draft_id=draft_id.id)


def _file(
    world: World,
    kind: str,
    side: str,
    readers: frozenset[str],
    *,
    message_id: int | None = None,
    draft_id: int | None = None,
    is_remote: bool = False,
) -> None:
    # Nobody named a picture that was fetched: no page shows its name.
    name = world.mark(f"{kind} name {side}", readers, is_shown=not is_remote)
    file = InboundFile(
        filename=f"{name}.txt",
        content_type="text/plain",
        content=world.mark(f"{kind} {side}", readers).encode(),
    )
    with unit_of_work(SYSTEM) as unit:
        row = files.attach(
            unit, file, message_id=message_id, draft_id=draft_id, is_remote=is_remote
        )
        world.put(kind, row.public_id, readers)


def tie_together(world: World) -> None:
    """Let one customer write to both mailboxes, and tie tickets of one mailbox to the other's."""
    name = world.mark("customer both", PEOPLE - {"agent_none"}).capitalize()
    made = factories.a_customer(name, "both@customer.example")
    world.ids["customer both"], world.ids["identity both"] = made
    alike = {side: _ticket(world, side, "shared", "both") for side in SEES}
    joined = {side: _ticket(world, side, "merged") for side in SEES}
    with unit_of_work(SYSTEM) as unit:
        rows = {row.number: row for row in unit.session.scalars(select(Ticket))}
        for side, other in (("a", "b"), ("b", "a")):
            rows[alike[side]].resembles_id = rows[alike[other]].id
            rows[joined[side]].merged_into_id = rows[alike[other]].id
            world.put("other ticket", alike[side], SEES[side])
            world.put("other ticket", joined[side], SEES[side])
            world.ids[f"ticket id {side}"] = rows[alike[side]].id
