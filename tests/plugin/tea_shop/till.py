"""Asking the till, in the worker; what it said is kept, so pages need not ask it."""

from __future__ import annotations

import json

from sqlalchemy import delete, insert, select

from deskcore.api.data import network_of, reading, settings_of, unit_of_work
from deskcore.plugin import HealthCheck, TryLater

from .settings import ShopSettings
from .tables import SHELVES

SLUG = "tea_shop"


def fetch(only: str = "") -> None:
    """Write down what is on the shelves, or on one of them."""
    said = _ask("/shelves")
    with unit_of_work() as unit:
        for tea, count in said.items():
            if only in {"", tea}:
                unit.session.execute(delete(SHELVES).where(SHELVES.c.tea == tea))
                unit.session.execute(insert(SHELVES).values(tea=tea, count=count))


def shelves() -> dict[str, int]:
    """Return what is on the shelves, as far as we know."""
    with reading() as session:
        rows = session.execute(select(SHELVES).order_by(SHELVES.c.tea)).all()
    return {tea: count for tea, count in rows}  # noqa: C416  a row is no pair to a type checker


def health() -> list[HealthCheck]:
    """Look whether the till answers."""
    if not settings_of(SLUG, ShopSettings).host:
        return []
    try:
        _ask("/shop")
    except TryLater as failure:
        return [HealthCheck(name="till", ok=False, message=str(failure), cure="Switch it on.")]
    return [HealthCheck(name="till", ok=True, message="The till answers.")]


def _ask(path: str) -> dict[str, int]:
    settings = settings_of(SLUG, ShopSettings)
    token = {"Authorization": f"Bearer {settings.token.reveal()}"}
    url = f"http://{settings.host}:{settings.port}{path}"
    answer = network_of(SLUG).http(url, headers=token)
    if answer.status != 200:
        raise TryLater(f"The till answers with {answer.status}.")
    found: dict[str, int] = json.loads(answer.content)
    return found
