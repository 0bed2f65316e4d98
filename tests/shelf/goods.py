"""What the tea shop sells: products with pictures and stock, places, and files in every state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from deskcore import clock
from deskcore.domain.people import Actor
from deskcore.plugin import Money
from deskcore.services import jobs
from plugins.catalogue import imports, products, shops, stock
from plugins.catalogue.imports import Chosen
from plugins.catalogue.stock import Counted
from plugins.catalogue.values import Written
from tests.shelf.cups import cup

PLACES = (("High Street", "Open 9 to 18"), ("Market Hall", "Saturdays only"), ("Web shop", ""))
FILE = """Number;Article;Price;EAN;High Street;Goes with
T-ASSAM;Assam, second flush 100 g;8.90;4006381333931;12;T-STRAIN
T-ROOI;Rooibos, vanilla 100 g;6,50;;20;
T-MATCHA;Matcha for the kitchen 50 g;14.00;;8;
;Gift paper;2.00;;;
T-MINT;Peppermint 80 g;cheap;;4;
T-CHAI;Chai 100 g;7.20;12345;9;
"""
EARLIER = "".join(FILE.splitlines(keepends=True)[:3])
FILES = {
    "done": "herbs-2025.csv",
    "checked": "supplier-november.csv",
    "stopped": "gifts.csv",
    "columns": "supplier-december.csv",
}


@dataclass(frozen=True, kw_only=True)
class Tea:
    """A product, and how many of it there are in each place."""

    sku: str
    name: str
    price: int
    colour: tuple[int, int, int]
    pieces: tuple[int | None, ...]
    category: str = "Tea"
    fits: tuple[str, ...] = ()
    group: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    back_in: int = 0


TEAS = (
    Tea(sku="T-ASSAM", name="Assam, second flush 100 g", price=890, colour=(122, 58, 24),
        pieces=(12, 3, 40), fits=("T-STRAIN",), tags=("black",),
        summary="Malty and strong; takes milk well. Three minutes, boiling water."),
    Tea(sku="T-ASSAM-250", name="Assam, second flush 250 g", price=1990, colour=(122, 58, 24),
        pieces=(4, 0, 16), tags=("black",), group="T-ASSAM"),
    Tea(sku="T-SENCHA", name="Sencha Fukamushi 100 g", price=1250, colour=(150, 168, 62),
        pieces=(0, 3, 0), fits=("T-KYUSU", "T-STRAIN"), tags=("green",), back_in=9,
        summary="Steamed for longer: soft and dark green. One minute, 70 °C."),
    Tea(sku="T-GYOKURO", name="Gyokuro Asahi 50 g", price=2400, colour=(112, 142, 48),
        pieces=(0, 0, 0), fits=("T-KYUSU",), tags=("green",), back_in=16),
    Tea(sku="T-OOLONG", name="Oolong Dong Ding 100 g", price=1680, colour=(196, 142, 52),
        pieces=(7, None, 22), fits=("T-GAIWAN",), tags=("oolong",)),
    Tea(sku="T-HIBI", name="Hibiscus with orange 150 g", price=540, colour=(160, 28, 52),
        pieces=(31, 6, 60), tags=("fruit",)),
    Tea(sku="T-KYUSU", name="Kyusu teapot, clay 300 ml", price=4900, colour=(90, 70, 60),
        pieces=(2, 0, 5), category="Pots", tags=("gift",)),
    Tea(sku="T-GAIWAN", name="Gaiwan with a blue rim", price=2600, colour=(214, 190, 120),
        pieces=(1, 1, 9), category="Pots", tags=("gift",)),
    Tea(sku="T-STRAIN", name="Strainer, steel", price=690, colour=(170, 170, 168),
        pieces=(18, 5, 50), category="Tools"),
)  # fmt: skip


def fill_shelves(owner: Actor) -> dict[str, int]:
    """Put everything into the catalogue; returns the ids of products by SKU."""
    places = [shops.create(owner, name, note) for name, note in PLACES]
    found = {}
    for tea in TEAS:
        written = Written(
            sku=tea.sku,
            name=tea.name,
            summary=tea.summary,
            group=tea.group,
            category=tea.category,
            tags=tea.tags,
            price=Money(amount=tea.price, currency="EUR"),
            url=f"https://shop.example/{tea.sku.lower()}",
            fits=tea.fits,
        )
        found[tea.sku] = products.create(owner, written, cup(tea.colour))
        back = clock.now().date() + timedelta(days=tea.back_in) if tea.back_in else None
        counted = {
            place: Counted(pieces=pieces, back_on=back if not pieces else None)
            for place, pieces in zip(places, tea.pieces, strict=True)
            if pieces is not None
        }
        stock.count(owner, found[tea.sku], counted)
    return found


def bring_files(owner: Actor) -> dict[str, int]:
    """Bring a file in each state that stays by itself; returns their ids by state."""
    found = {}
    for state, name in FILES.items():
        content = EARLIER if state == "done" else FILE
        found[state] = imports.begin(owner, name, content.encode())
        if state != "columns":
            _chosen(owner, found[state])
        if state in {"done", "stopped"}:
            imports.start(owner, found[state])
        if state == "stopped":
            imports.stop(owner, found[state])
        work()
    return found


def _chosen(owner: Actor, import_id: int) -> None:
    this = imports.one(owner, import_id)
    meanings = ["sku", "name", "price", "barcode", f"stock:{next(iter(shops.names()))}", "fits"]
    chosen = Chosen(
        encoding=this.encoding,
        delimiter=this.delimiter,
        decimal_sign=".",
        currency="EUR",
        columns=meanings,
    )
    assert imports.choose(owner, import_id, chosen)
    work()


def work() -> None:
    """Do all that is due, as a worker would."""
    while jobs.run_next("shelf"):
        pass


def in_days(days: int) -> date:
    """Return a day that is so far away."""
    return clock.now().date() + timedelta(days=days)
