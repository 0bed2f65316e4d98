"""Offers: read by whoever answers, written by whoever has the right."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Row, delete, insert, select, update

from deskcore.api import N_, Actor, Invalid, NotFound, Problem, _
from deskcore.api.data import Unit, reading, require, unit_of_work
from plugins.cross_sell.checking import checked
from plugins.cross_sell.offer import Offer, Words, Written
from plugins.cross_sell.places import MANAGE
from plugins.cross_sell.tables import CHANCES, HANDED_IN, OFFERS, TEXTS

MOST = 500  # offers of one desk: each card looks through those that are on
_COLUMNS = (
    "name", "what", "value", "customer_tag", "season_from", "season_to", "starts_on", "ends_on",
    "stock_needed", "code", "url", "is_on",
)  # fmt: skip


def every() -> list[Offer]:
    """Return all offers by name, in one question."""
    statement = (
        select(OFFERS, TEXTS.c.language, TEXTS.c.body, TEXTS.c.terms)
        .join(TEXTS, TEXTS.c.offer_id == OFFERS.c.id)
        .order_by(OFFERS.c.name, OFFERS.c.id, TEXTS.c.language)
    )
    with reading() as session:
        rows = session.execute(statement).all()
    by_offer: defaultdict[int, list[Row[tuple[object, ...]]]] = defaultdict(list)
    for row in rows:
        by_offer[row.id].append(row)
    return [_offer(each) for each in by_offer.values()]


def one(offer_id: int) -> Offer:
    """Return one; raises NotFound."""
    for offer in every():
        if offer.id == offer_id:
            return offer
    raise NotFound(_("There is no such offer; somebody may have deleted it meanwhile."))


def create(actor: Actor, written: Written) -> int:
    """Keep a new one; returns its id. Raises Invalid."""
    require(actor, MANAGE.name)
    written = checked(written)
    if len(every()) >= MOST:
        problem = _("There are %(count)d offers. Delete those that nobody needs.", count=MOST)
        raise Invalid([Problem(field="", message=problem)])
    with unit_of_work(actor) as unit:
        made = {"made_at": unit.now, "made_by": actor.name, "version": 1}
        statement = insert(OFFERS).values(**_values(unit, written), **made).returning(OFFERS.c.id)
        offer_id: int = unit.session.execute(statement).scalar_one()
        _store_texts(unit, offer_id, written)
        unit.audit(N_("wrote an offer"), written.name)
    return offer_id


def change(actor: Actor, offer_id: int, written: Written, *, version: int) -> None:
    """Change one; raises Invalid, also when it was changed since *version* was read."""
    require(actor, MANAGE.name)
    one(offer_id)
    written = checked(written)
    with unit_of_work(actor) as unit:
        statement = (
            update(OFFERS)
            .where(OFFERS.c.id == offer_id, OFFERS.c.version == version)
            .values(**_values(unit, written), version=version + 1)
            .returning(OFFERS.c.id)
        )
        if unit.session.execute(statement).one_or_none() is None:
            problem = _(
                "Somebody changed this offer meanwhile. Nothing was saved; your text is below. "
                "Open the offer in another tab to compare."
            )
            raise Invalid([Problem(field="", message=problem)])
        _store_texts(unit, offer_id, written)
        unit.audit(N_("changed an offer"), written.name)


def switch(actor: Actor, offer_id: int, *, is_on: bool) -> Offer:
    """Switch one on or off; links that customers have go on leading somewhere."""
    require(actor, MANAGE.name)
    offer = one(offer_id)
    if offer.is_on != is_on:
        with unit_of_work(actor) as unit:
            changed = {"changed_at": unit.now, "changed_by": actor.name}
            statement = update(OFFERS).where(OFFERS.c.id == offer_id)
            values = {"is_on": is_on, "version": OFFERS.c.version + 1, **changed}
            unit.session.execute(statement.values(**values))
            told = N_("switched an offer on") if is_on else N_("switched an offer off")
            unit.audit(told, offer.name)
    return offer


def remove(actor: Actor, offer_id: int) -> str:
    """Delete one that was never made; returns its name. Raises Invalid for one that customers have."""
    require(actor, MANAGE.name)
    name = one(offer_id).name
    with unit_of_work(actor) as unit:
        for table in (CHANCES, HANDED_IN):
            used = select(table.c.id).where(table.c.offer_id == offer_id).limit(1)
            if unit.session.execute(used).first() is not None:
                problem = _(
                    "It was shown already: links to it are out, and its figures stand in the results. "
                    "Switch it off instead."
                )
                raise Invalid([Problem(field="", message=problem)])
        unit.session.execute(delete(TEXTS).where(TEXTS.c.offer_id == offer_id))
        unit.session.execute(delete(OFFERS).where(OFFERS.c.id == offer_id))
        unit.audit(N_("deleted an offer"), name)
    return name


def _values(unit: Unit, written: Written) -> dict[str, object]:
    return {
        **{name: getattr(written, name) for name in _COLUMNS},
        "fits": list(written.fits),
        "changed_at": unit.now,
        "changed_by": unit.actor.name,
    }


def _store_texts(unit: Unit, offer_id: int, written: Written) -> None:
    unit.session.execute(delete(TEXTS).where(TEXTS.c.offer_id == offer_id))
    rows = [
        {"offer_id": offer_id, "language": language, "body": words.body, "terms": words.terms}
        for language, words in written.texts.items()
    ]
    unit.session.execute(insert(TEXTS), rows)


def _offer(rows: list[Row[tuple[object, ...]]]) -> Offer:
    row = rows[0]
    kept = ("id", "made_at", "made_by", "changed_at", "changed_by", "version")
    return Offer(
        **{name: getattr(row, name) for name in (*_COLUMNS, *kept)},
        fits=tuple(row.fits),
        texts={each.language: Words(body=each.body, terms=each.terms) for each in rows},
    )
