"""What stands behind the question mark: each name a page reads, with values worth asking for."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from deskcore.services.lists import VIEWS
from tests.channels.accounts import SECRET
from tests.matrix.furnish_tickets import EVERYWHERE
from tests.matrix.routes import Cell, Which
from tests.matrix.world import NOBODY, Thing, World

# Every name that the desk's pages read from a query, so that a new one is asked for as well.
NAMES = frozenset(
    "about all asked before busy category channel customer find first from gone id k kind lang language look mode next number page q safe said show since sort status stock test to until v what who writing".split()
)
HANDSHAKE = f"challenge=42&token={quote(SECRET)}"
ASKED: dict[str, tuple[str, ...]] = {
    "search.search": (
        f"q={EVERYWHERE}",
        f"q={EVERYWHERE}&from=100",
        f"q={quote('is:spam')}",
        f"q={quote('is:deleted')}",
        f"q={quote('has:file')}",
        f"q={quote('from:customer')}",
        f"q={quote('kind:question')}",
    ),
    "inbox.view": ("kind=question", "sort=newest", "from=a1-1", "from=bfffffffffffff-fffff"),
    "customize.draft_sheet": ("v=1",),
    "tickets.show": (
        "look=draft",
        "safe=1",
        "all=1",
        "mode=note",
        "v=spam",
        "mode=reply&status=solved",
    ),
    "reviews.index": (f"q={EVERYWHERE}", "state=open&stars=3", "site=1&page=2", "stars=x&page=x"),
    "reviews.show": ("text=1",),
    "saved_replies.index": (f"q={EVERYWHERE}",),
    "saved_replies_picker.pick": (f"q={EVERYWHERE}", "language=cs", "language=x"),
    "saved_replies_picker.options": (f"q={EVERYWHERE}", "language=cs"),
    "catalogue.index": (
        f"q={EVERYWHERE}",
        "category=x&stock=out",
        "gone=1&stock=x&page=9",
    ),
    "stock_notes.show": (f"q={EVERYWHERE}",),
    "stock_notes_board.waiting": ("since=1", "since=x"),
    "cross_sell_card.card": ("at=tool",),
    "cross_sell.attempt": ("before=1", "before=x"),
    "cross_sell_results.index": ("days=0", "days=7", "days=x"),
    "cross_sell_results.behind": ("days=0&offer=1", "days=30&after=9", "offer=x&after=x"),
    "new_ticket.show": ("find=zq", "find=customer", "to=both%40customer.example"),
    "connections.new": ("first=1", "channel=chat", "channel=feed"),
    "plugins.index": ("show=active", "show=upgrade"),
    "audit.index": (
        "before=1000000",
        "who=1&what=sign_in&about=e&since=2026-01-01&until=2026-12-31",
        "who=x&what=x&since=x&until=9999-12-31",
    ),
    "auth.forgot": ("asked=password",),
    "help.home": ("lang=cs", "look=draft"),
    "requests.ask": ("asked=1",),
    "follow_up.show": ("lang=cs", "said=answer"),
    "auth.sign_in": ("next=/admin",),
    "forgetful.on": ("to=https%3A%2F%2Fevil.example", "to=%2F%5Cevil.example", "to=javascript%3Ax"),
    "messages.body": ("k=0-0-en",),
    "incoming.push": (HANDSHAKE,),
    "incoming.app_push": (HANDSHAKE,),
}

NO_TICKET = Thing(kind="ticket", key="999999", readers=NOBODY)
NO_CUSTOMER = Thing(kind="customer", key="999999", readers=NOBODY)
NO_TEST = Thing(kind="tried connection", key="nothing-was-tried-here", readers=NOBODY)


def queries(world: World, cell: Cell) -> list[Cell]:
    """Return further addresses of an open page: with what its query may hold."""
    found = [replace(cell, path=f"{cell.path}?{asked}") for asked in ASKED.get(cell.endpoint, ())]
    if cell.endpoint == "inbox.view":
        found += [replace(cell, path=f"/v/{view}", names=(view,)) for view in VIEWS]
    if cell.endpoint == "live.poll":
        found += [_live(cell, view=view) for view in VIEWS] + [_live(cell, view="open", busy=True)]
        for thing in world.things["ticket"]:
            found += [_live(cell, view="open", thing=thing, busy=busy) for busy in (False, True)]
        found.append(_live(cell, view="open", thing=NO_TICKET))
    if cell.endpoint == "spam.new":
        found += [_named(cell, "customer", thing) for thing in world.things["customer"]]
        found.append(_named(cell, "customer", NO_CUSTOMER))
    if cell.endpoint == "connections.new":
        found += [_named(cell, "test", thing) for thing in world.things["tried connection"]]
        found.append(_named(cell, "test", NO_TEST))
    return found


def _live(cell: Cell, *, view: str, busy: bool = False, thing: Thing | None = None) -> Cell:
    asked = f"v={view}&since=0-0-0-0&busy={int(busy)}&writing={int(busy)}"
    named = replace(cell, path=f"{cell.path}?{asked}")
    return _named(named, "number", thing) if thing else named


def _named(cell: Cell, name: str, thing: Thing) -> Cell:
    """Name a thing in the query: to *cell*'s role it is theirs, foreign, or it is not there."""
    joint = "&" if "?" in cell.path else "?"
    which: Which = "own" if cell.role in thing.readers else "foreign"
    return replace(
        cell,
        path=f"{cell.path}{joint}{name}={thing.key}",
        names=(str(thing.key),),
        which=which if thing.readers else "missing",
    )
