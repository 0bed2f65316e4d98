"""The limit: what Flask, SQLAlchemy Core and a plain template need for the same rows.

No session, no rights but a list of mailboxes, no translations, no layout. Each route stays under
40 lines, which a test holds; ``limit_rows`` has what they ask and show. ``python -m
benchmarks.limit URL`` serves it as the desk is served and prints its port.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from flask import Flask, request
from sqlalchemy import (
    Connection,
    Engine,
    bindparam,
    column,
    create_engine,
    func,
    literal_column,
    select,
    table,
)
from waitress.server import create_server

from benchmarks import limit_rows as bare
from benchmarks.limit_rows import MAILBOXES
from deskcore.db import prepare_engine
from deskcore.models import SearchDocument, Ticket

THREADS = 16
_fts = table("search_index", column("rowid"), column("body"), column("rank"))
_terms: Any = literal_column("search_document.terms")


@cache  # made once: building it is no part of what a request costs
def best(dialect: str) -> Any:  # noqa: ANN401  a select
    """Select the tickets with the best documents of one term."""
    word: Any = bindparam("word")
    score: Any
    documents = select(SearchDocument.ticket_id, Ticket.id).join(
        Ticket, Ticket.id == SearchDocument.ticket_id
    )
    if dialect == "sqlite":
        match, score = _fts.c.body.op("MATCH")(word), func.min(_fts.c.rank)
        documents = documents.join(_fts, _fts.c.rowid == SearchDocument.id)
    else:
        asked = func.to_tsquery("simple", word)
        match, score = _terms.op("@@")(asked), -func.max(func.ts_rank(_terms, asked))
    return (
        documents.with_only_columns(Ticket.id)
        .where(match, Ticket.mailbox_id.in_(MAILBOXES))
        .group_by(Ticket.id)
        .order_by(score)
        .limit(50)
    )


def best_first(connection: Connection, rows: Any) -> list[Any]:  # noqa: ANN401  a select
    """Return the rows of the tickets found for the word asked for, the best first."""
    found = best(connection.dialect.name)
    ids = connection.execute(found, {"word": request.args["q"]}).scalars().all()
    unordered = connection.execute(rows.where(Ticket.id.in_(ids))).all()
    return sorted(unordered, key=lambda row: ids.index(row.id))


def create_limit(url: str) -> Flask:
    """Build the bare app."""
    app, engine = Flask("limit"), create_engine(url)
    prepare_engine(engine)

    @app.get("/list")
    def rows() -> str:
        with engine.connect() as connection:
            counts = connection.execute(bare.COUNTS).one()
            return bare.LIST_PAGE.render(rows=connection.execute(bare.OPEN).all(), counts=counts)

    @app.get("/ticket/<int:number>")
    def ticket(number: int) -> str:
        with engine.connect() as connection:
            one = connection.execute(bare.ONE, {"number": number}).one()
            of_it = {"ticket_id": one.id, "customer_id": one.customer_id}
            found = {
                name: connection.execute(statement, of_it).all()
                for name, statement in bare.OF_TICKET.items()
            }
            choices = {name: connection.execute(each).all() for name, each in bare.CHOICES.items()}
            counts = connection.execute(bare.COUNTS).one()
            has_list = "list" in request.args
            around = [] if has_list else connection.execute(bare.AROUND).all()
            page = bare.TICKET_PAGE.render(
                ticket=one, choices=choices, counts=counts, around=around, **found
            )
            if has_list:
                rows = connection.execute(bare.OPEN).all()
                page += bare.LIST_PAGE.render(rows=rows, counts=())
            return page

    @app.get("/search")
    def search() -> str:
        with engine.connect() as connection:
            rows = best_first(connection, bare.ROWS)
            return bare.LIST_PAGE.render(rows=rows, counts=connection.execute(bare.COUNTS).one())

    _add_lean(app, engine)
    return app


def _add_lean(app: Flask, engine: Engine) -> None:
    """Add the routes that show tickets and messages only."""

    @app.get("/lean/list")
    def lean_rows() -> str:
        with engine.connect() as connection:
            return bare.LEAN_LIST_PAGE.render(rows=connection.execute(bare.LEAN_OPEN).all())

    @app.get("/lean/search")
    def lean_search() -> str:
        with engine.connect() as connection:
            rows = best_first(connection, bare.LEAN_ROWS)
            return bare.LEAN_LIST_PAGE.render(rows=rows)

    @app.get("/lean/ticket/<int:number>")
    def lean_ticket(number: int) -> str:
        with engine.connect() as connection:
            one = connection.execute(bare.LEAN_ONE, {"number": number}).one()
            messages = connection.execute(bare.LEAN_SAID, {"ticket_id": one.id}).all()
            page = bare.LEAN_TICKET_PAGE.render(ticket=one, messages=messages)
            if "list" in request.args:
                rows = connection.execute(bare.LEAN_OPEN).all()
                page += bare.LEAN_LIST_PAGE.render(rows=rows)
            return page


if __name__ == "__main__":
    server = create_server(
        create_limit(sys.argv[1]), listen="127.0.0.1:0", threads=THREADS, asyncore_use_poll=True
    )
    print(server.effective_port, flush=True)
    server.run()
