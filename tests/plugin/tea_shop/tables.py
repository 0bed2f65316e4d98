"""The tables of the shop."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, String, Table

from deskcore.api.data import NAMING, BigId

METADATA = MetaData(naming_convention=NAMING)

SHELVES = Table(
    "plg_tea_shop_shelf",
    METADATA,
    Column("tea", String(80), primary_key=True),
    Column("count", Integer, nullable=False),
)

# Which tea a ticket asks for.
ASKED = Table(
    "plg_tea_shop_asked",
    METADATA,
    Column("ticket_id", BigId, primary_key=True, autoincrement=False),
    Column("tea", String(80), primary_key=True),
)

# Who wants to be told when a tea is back.
WISHES = Table(
    "plg_tea_shop_wish",
    METADATA,
    Column("customer_id", BigId, primary_key=True, autoincrement=False),
    Column("tea", String(80), primary_key=True),
)
