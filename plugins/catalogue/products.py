"""Products: read by whoever may, changed by whoever has the right."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from deskcore.api import N_, Actor, Invalid, NotFound, Problem, _
from deskcore.api.data import Unit, fold, reading, require, unit_of_work
from plugins.catalogue import pictures
from plugins.catalogue.checking import checked
from plugins.catalogue.many import among, put
from plugins.catalogue.rights import CHANGE, READ
from plugins.catalogue.tables import FITS, PRODUCTS, WORDS
from plugins.catalogue.values import Kept, Written, index_words, kept


def one(actor: Actor, product_id: int) -> Kept:
    """Return a product; raises NotFound."""
    require(actor, READ.name)
    with reading() as session:
        asked = select(PRODUCTS).where(PRODUCTS.c.id == product_id)
        row = session.execute(asked).mappings().one_or_none()
    if row is None:
        raise NotFound(_("There is no such product; somebody may have deleted it meanwhile."))
    return kept(row)


def with_keys(session: Session, skus: Iterable[str]) -> list[Kept]:
    """Return the products with these SKUs, by name."""
    asked = select(PRODUCTS).where(PRODUCTS.c.sku.in_(list(skus)))
    rows = session.execute(asked.order_by(PRODUCTS.c.name_folded, PRODUCTS.c.id))
    return [kept(row) for row in rows.mappings()]


def fits_of(session: Session, product_id: int) -> list[str]:
    """Return the SKUs of what a product was said to fit with."""
    asked = select(FITS.c.other_sku).where(FITS.c.product_id == product_id)
    return list(session.scalars(asked.order_by(FITS.c.other_sku)))


def usual_currency() -> str:
    """Return the currency of what was changed last; "" while nothing has a price."""
    with reading() as session:
        asked = select(PRODUCTS.c.currency).where(PRODUCTS.c.price.is_not(None))
        return session.scalar(asked.order_by(PRODUCTS.c.id.desc()).limit(1)) or ""


def create(actor: Actor, written: Written, picture: bytes = b"") -> int:
    """Keep a new product; returns its id. Raises Invalid."""
    require(actor, CHANGE.name)
    written = checked(written)
    kind = pictures.kind_of(picture)
    with unit_of_work(actor) as unit:
        _refuse_second(unit.session, written.sku)
        values = {**_columns(unit, written), "picture": "", "picture_kind": "", "version": 1}
        made = insert(PRODUCTS).values(**values).returning(PRODUCTS.c.id)
        product_id: int = unit.session.execute(made).scalar_one()
        _store_parts(unit.session, product_id, written)
        if picture:
            pictures.put(unit, product_id, "", picture, kind)
        unit.audit(N_("added a product"), _named(written))
    return product_id


def change(
    actor: Actor,
    product_id: int,
    written: Written,
    *,
    version: int,
    picture: bytes = b"",
    takes_picture_away: bool = False,
) -> None:
    """Change a product; raises Invalid, also when it was changed since *version* was read."""
    require(actor, CHANGE.name)
    before = one(actor, product_id)
    written = checked(written)
    kind = pictures.kind_of(picture)
    try:
        with unit_of_work(actor) as unit:
            moved = update(PRODUCTS).where(
                PRODUCTS.c.id == product_id, PRODUCTS.c.version == version
            )
            values = {**_columns(unit, written), "version": version + 1}
            done = unit.session.execute(moved.values(**values).returning(PRODUCTS.c.id))
            if done.one_or_none() is None:
                raise Invalid([Problem(field="", message=_changed_meanwhile())])
            _store_parts(unit.session, product_id, written)
            if written.sku != before.sku:
                _follow(unit.session, before.sku, written.sku)
            if picture or takes_picture_away:
                pictures.put(unit, product_id, before.picture, picture, kind)
            unit.audit(N_("changed a product"), _named(written))
    except IntegrityError as error:
        raise _second() from error


def remove(actor: Actor, product_id: int) -> str:
    """Delete a product with its stock; returns its name."""
    require(actor, CHANGE.name)
    before = one(actor, product_id)
    with unit_of_work(actor) as unit:
        pictures.put(unit, product_id, before.picture, b"", "")
        unit.session.execute(delete(PRODUCTS).where(PRODUCTS.c.id == product_id))
        unit.audit(N_("deleted a product"), f"{before.sku} {before.name}")
    return before.name


def store_words(
    session: Session, found: Sequence[tuple[int, set[str]]], *, new: Collection[int] = ()
) -> None:
    """Keep by which words products are found, instead of those before; *new* ones have none yet."""
    before = [product_id for product_id, _words in found if product_id not in new]
    if before:
        session.execute(delete(WORDS).where(among(session, WORDS.c.product_id, before)))
    # In the order of the key: what lies side by side there is put there at once.
    pairs = sorted((word, product_id) for product_id, words in found for word in words)
    put(session, WORDS, [{"word": word, "product_id": product_id} for word, product_id in pairs])


def _columns(unit: Unit, written: Written) -> dict[str, object]:
    return {
        "sku": written.sku,
        "sku_folded": fold(written.sku),
        "name": written.name,
        "name_folded": fold(written.name),
        "summary": written.summary,
        "group_sku": written.group,
        "category": written.category,
        "tags": list(written.tags),
        "barcode": written.barcode,
        "price": written.price.amount if written.price else None,
        "currency": written.price.currency if written.price else "",
        "url": written.url,
        "is_sold": written.is_sold,
        "changed_at": unit.now,
        "changed_by": unit.actor.name,
    }


def _store_parts(session: Session, product_id: int, written: Written) -> None:
    words = index_words(written.sku, written.name, written.category, written.barcode, written.tags)
    store_words(session, [(product_id, words)])
    session.execute(delete(FITS).where(FITS.c.product_id == product_id))
    if written.fits:
        rows = [{"product_id": product_id, "other_sku": sku} for sku in written.fits]
        session.execute(insert(FITS), rows)


def _follow(session: Session, before: str, after: str) -> None:
    """Let what was said of a product by its SKU be said of the new one."""
    variants = update(PRODUCTS).where(PRODUCTS.c.group_sku == before)
    session.execute(variants.values(group_sku=after))
    there = select(FITS.c.product_id).where(FITS.c.other_sku == after)
    doubled = delete(FITS).where(FITS.c.other_sku == before, FITS.c.product_id.in_(there))
    session.execute(doubled)
    session.execute(update(FITS).where(FITS.c.other_sku == before).values(other_sku=after))


def _refuse_second(session: Session, sku: str) -> None:
    if session.scalar(select(PRODUCTS.c.id).where(PRODUCTS.c.sku == sku)) is not None:
        raise _second()


def _second() -> Invalid:
    message = _("Another product has this SKU. Open that one, or give this one a SKU of its own.")
    return Invalid([Problem(field="sku", message=message)])


def _changed_meanwhile() -> str:
    return _(
        "Somebody changed this product meanwhile. Nothing was saved; what you wrote is below. "
        "Open the product in another tab to compare."
    )


def _named(written: Written) -> str:
    return f"{written.sku} {written.name}"
