"""What a desk holds of one plugin, and what it holds beside that."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import JSON, Connection, LargeBinary, inspect, text

# What the desk writes of itself while somebody looks and switches.
DIARIES = frozenset(
    {
        "audit_digest",
        "audit_entry",
        "event",
        "form_key",
        "plugin_fault",
        "plugin_record",
        "plugin_set",
        "sqlite_sequence",
        "user_session",
    }
)
# Where the desk's own tables hold something of a plugin, by what its names begin with.
SHARED = {
    "desk_setting": "key LIKE 'tick.{slug}.%'",
    "job": "name LIKE '{slug}.%' OR order_key LIKE 'event:{slug}.%'",
    "once_done": "subscription LIKE '{slug}.%'",
    "plugin_file": "slug = '{slug}'",
    "plugin_setting": "slug = '{slug}'",
    "role_grant": "permission LIKE '{slug}.%'",
    "status": "kind LIKE '{slug}.%'",
    "ticket_field": "key LIKE '{slug}.%'",
    "ticket_field_option": "field_id IN (SELECT id FROM ticket_field WHERE key LIKE '{slug}.%')",
    "ticket_field_value": "field_id IN (SELECT id FROM ticket_field WHERE key LIKE '{slug}.%')",
    # Of a kind that tickets bear its name stays with them.
    "ticket_kind": "name LIKE '{slug}.%' AND name NOT IN (SELECT kind FROM ticket)",
}
# Rows of connections are their mailbox's, and stay; what is kept of a network goes.
_CONNECTIONS = "channel = '{slug}' OR channel LIKE '{slug}!_%' ESCAPE '!'"


@dataclass(frozen=True, kw_only=True)
class Held:
    """Tables with their columns and indexes, every row of every table, and rows of one plugin."""

    schema: dict[str, list[str]]
    rows: dict[str, list[str]]
    own: dict[str, list[str]]

    def others(self, slug: str) -> dict[str, list[str]]:
        """Return the schema without the tables of the plugin."""
        return {name: each for name, each in self.schema.items() if not is_of(slug, name)}

    def counted(self, slug: str) -> dict[str, int]:
        """Return how many rows each table has that are not the plugin's."""
        return {
            name: len(self.rows[name]) - len(self.own.get(name, ()))
            for name in self.others(slug)
            if name not in DIARIES and "search_index" not in name
        }


def is_of(slug: str, table: str) -> bool:
    """Whether a table is the plugin's."""
    return table.startswith(f"plg_{slug}_") or table == f"alembic_version_{slug}"


def held(connection: Connection, slug: str) -> Held:
    """Read all of it."""
    looked = inspect(connection)
    names = sorted(looked.get_table_names())
    schema = {
        name: sorted(each["name"] for each in looked.get_columns(name))
        + sorted(str(each["name"]) for each in looked.get_indexes(name))
        for name in names
    }
    rows = {name: _rows(connection, name) for name in names}
    own = {name: rows[name] for name in names if is_of(slug, name)}
    for name, condition in SHARED.items():
        own[name] = _rows(connection, name, condition.format(slug=slug))
    own = {name: found for name, found in own.items() if found}
    return Held(schema=schema, rows=rows, own=own)


def connections(connection: Connection, slug: str) -> list[tuple[str, bool]]:
    """Return what is kept of each connection to a plugin's networks, and whether there are secrets."""
    asked = text(
        f"SELECT settings, secrets FROM channel_account WHERE {_CONNECTIONS.format(slug=slug)}"  # noqa: S608  our own names
    )
    return [
        (json.dumps(row.settings), bool(row.secrets))
        for row in connection.execute(asked.columns(settings=JSON, secrets=LargeBinary))
    ]


def _rows(connection: Connection, table: str, condition: str = "1 = 1") -> list[str]:
    asked = text(f'SELECT * FROM "{table}" WHERE {condition}')  # noqa: S608  our own names
    return sorted(str(tuple(row)) for row in connection.execute(asked))
