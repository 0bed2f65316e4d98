"""Reviews in every state that a page of theirs can be pressed in, on each side of the desk."""

from __future__ import annotations

import json

from sqlalchemy import insert, select, update

from deskcore import clock
from deskcore.domain.events import MessageReceived
from deskcore.domain.people import SYSTEM
from deskcore.models import ChannelAccount, Message, Ticket
from deskcore.plugin.channel import RawItem
from deskcore.services import kind_rows, secrets
from deskcore.services.plugin_channels import hand_in
from deskcore.services.plugin_tickets import change_status
from deskcore.services.unit import reading, unit_of_work
from plugins.reviews import arrivals, texts
from plugins.reviews.kinds import KINDS
from plugins.reviews.tables import ANSWERS, REVIEWS
from plugins.reviews.texts import Text
from tests.matrix.world import ADMINS, PEOPLE, SEES, World

# What is pressed: in which kind of site, and by which steps a review comes to stand there.
STATES = {
    "review": ("strict", ()),
    "overdue review": ("strict", ("asked", "overdue")),
    "fresh review": ("alone", ()),
    "approved review": ("alone", ("approved",)),
    "published review": ("alone", ("published",)),
}


def furnish_reviews(world: World) -> None:
    """Have reviews on each side, and a text to begin answers with."""
    with unit_of_work(SYSTEM) as unit:
        kind_rows.keep(unit, "reviews", KINDS)
    for side in SEES:
        sites = {name: _site(world, side, name) for name in ("strict", "alone")}
        world.ids[f"review site {side}"] = sites["strict"]
        for what, (site, steps) in STATES.items():
            number = _review(world, side, what, sites[site])
            _bring(number, steps)
            world.put(what, number, SEES[side])
    name = world.mark("review text", PEOPLE, is_shown=False)
    world.put("review text", texts.keep(SYSTEM, Text(name=name, words="Thank you")), ADMINS)


def _site(world: World, side: str, name: str) -> int:
    with unit_of_work(SYSTEM) as unit:
        account = ChannelAccount(
            mailbox_id=world.ids[f"mailbox {side}"],
            channel="reviews_site",
            name=world.mark(f"review site {name} {side}", SEES[side], is_shown=False),
            address=f"{name}-{side}",
            settings={"four_eyes": name == "strict"},
            secrets=secrets.encrypt({}),
            connected_at=unit.now,
            created_at=unit.now,
        )
        unit.session.add(account)
        unit.session.flush()
        return account.id


def _review(world: World, side: str, what: str, site: int) -> int:
    """Have one come in, as the worker would take it in."""
    word = world.mark(f"{what} {side}", SEES[side])
    said = {"id": f"{what} {side}", "stars": "3", "author": "Ann", "text": word}
    content = json.dumps({"pasted": said}).encode()
    item = RawItem(external_id=said["id"], cursor=None, received_at=clock.now(), content=content)
    number = hand_in(SYSTEM, site, item)
    with reading() as session:
        found = select(Message.id, Message.ticket_id).join(Ticket).where(Ticket.number == number)
        row = session.execute(found).one()
    came = MessageReceived(
        message_id=row.id, ticket_id=row.ticket_id, channel="reviews_site", first=True
    )
    arrivals.take_in(came)
    world.mark_number(number, SEES[side])
    return number


def _bring(number: int, steps: tuple[str, ...]) -> None:
    """Have words stand there that nobody who visits has written."""
    if not steps:
        return
    with unit_of_work(SYSTEM) as unit:
        row = unit.session.execute(select(REVIEWS).where(REVIEWS.c.number == number)).one()
        for step in steps:
            change_status(unit, row.ticket_id, f"{row.kind}.{step}")
        words = {"words": "Thanks", "approved": "Thanks", "published": "", "digest": row.digest}
        words["published"] = "Thanks" if steps[-1] == "published" else ""
        rest = {"comment": "", "comment_by": "", "approved_by": "Desk", "by_name": "Desk"}
        values = {"version": 1, "writers": [], "at": unit.now, **words, **rest}
        unit.session.execute(insert(ANSWERS).values(review_id=row.id, **values))
        state = update(REVIEWS).where(REVIEWS.c.id == row.id)
        unit.session.execute(state.values(state=steps[-1], waits_since=unit.now))
