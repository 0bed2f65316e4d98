"""The farewell, and the sign in the window; both are rows of the plugin's own table."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, MetaData, String, Table, insert, select
from sqlalchemy.orm import Session

from deskcore.api.data import NAMING, reading

WORDS = Table(
    "plg_courtesy_words",
    MetaData(naming_convention=NAMING),
    Column("name", String(40), primary_key=True),
    Column("words", String(400), nullable=False),
)


def begin(session: Session) -> None:
    """Make the first farewell."""
    session.execute(insert(WORDS).values(name="farewell", words="Come again!"))


def words() -> str:
    """Return the farewell as it is now."""
    with reading() as session:
        return _said(session, "farewell")


def turn_sign(session: Session, side: str) -> None:
    """Write on the sign, if there is one."""
    if place := _said(session, "sign"):
        Path(place).write_text(side, encoding="utf-8")


def _said(session: Session, name: str) -> str:
    return session.scalar(select(WORDS.c.words).where(WORDS.c.name == name)) or ""
