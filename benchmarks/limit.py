"""The limit: what Flask, SQLAlchemy Core and a plain template need for the same rows.

No session, no rights but a list of mailboxes, no translations, no layout. Each route with its
statement and template stays under 40 lines, which a test holds. ``python -m benchmarks.limit URL``
serves it as the desk is served and prints its port.
"""

from __future__ import annotations

import sys
from typing import Any

from flask import Flask, request
from jinja2 import Environment
from sqlalchemy import bindparam, column, create_engine, func, literal_column, select, table
from waitress.server import create_server

from deskcore.db import prepare_engine
from deskcore.models import Message, SearchDocument, Status, Ticket, User
from deskcore.services.lists import LISTED

THREADS = 16
MAILBOXES = (1, 2, 3)
_jinja = Environment(autoescape=True)

ROW = """<tr><td>{{ row.number }}<td>{{ row.customer_name }}<td><a href="/t/{{ row.number }}">
{{ row.subject }}</a><td>{{ row.preview }}<td>{{ row.key }}<td>{{ row.name }}<td>{{ row.channel }}
<td>{{ row.message_count }}<td>{{ row.list_at }}"""
LIST_PAGE = _jinja.from_string(
    "<!doctype html><title>List</title><table>{% for row in rows %}" + ROW + "{% endfor %}</table>"
)
TICKET_PAGE = _jinja.from_string("""<!doctype html><title>{{ ticket.subject }}</title>
<h1>#{{ ticket.number }} {{ ticket.subject }}</h1>
<p>{{ ticket.customer_name }} {{ ticket.key }} {{ ticket.name }}</p>
{% for row in messages %}<article><h2>{{ row.author_name }}</h2><time>{{ row.created_at }}</time>
<pre>{{ row.visible }}</pre></article>{% endfor %}""")

ROWS = (
    select(
        Ticket.id,
        Ticket.number,
        Ticket.subject,
        Ticket.customer_name,
        Ticket.preview,
        Ticket.channel,
        Ticket.message_count,
        Ticket.list_at,
        Status.key,
        User.name,
    )
    .join(Status, Status.id == Ticket.status_id)
    .outerjoin(User, User.id == Ticket.assignee_id)
    .where(Ticket.mailbox_id.in_(MAILBOXES))
)
OPEN = ROWS.where(Ticket.category == "open", LISTED).order_by(Ticket.list_at, Ticket.id).limit(50)
ONE = ROWS.where(Ticket.number == bindparam("number"))
SAID = (
    select(Message.id, Message.author_name, Message.created_at, Message.visible)
    .where(Message.ticket_id == bindparam("ticket_id"))
    .order_by(Message.id)
)
_fts = table("search_index", column("rowid"), column("body"), column("rank"))
_terms: Any = literal_column("search_document.terms")


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


def create_limit(url: str) -> Flask:
    """Build the bare app."""
    app, engine = Flask("limit"), create_engine(url)
    prepare_engine(engine)
    found = best(engine.dialect.name)

    @app.get("/list")
    def rows() -> str:
        with engine.connect() as connection:
            return LIST_PAGE.render(rows=connection.execute(OPEN).all())

    @app.get("/ticket/<int:number>")
    def ticket(number: int) -> str:
        with engine.connect() as connection:
            one = connection.execute(ONE, {"number": number}).one()
            messages = connection.execute(SAID, {"ticket_id": one.id}).all()
            page = TICKET_PAGE.render(ticket=one, messages=messages)
            if "list" in request.args:
                page += LIST_PAGE.render(rows=connection.execute(OPEN).all())
            return page

    @app.get("/search")
    def search() -> str:
        with engine.connect() as connection:
            ids = connection.execute(found, {"word": request.args["q"]}).scalars().all()
            rows = connection.execute(ROWS.where(Ticket.id.in_(ids))).all()
            return LIST_PAGE.render(rows=sorted(rows, key=lambda row: ids.index(row.id)))

    return app


if __name__ == "__main__":
    server = create_server(
        create_limit(sys.argv[1]), listen="127.0.0.1:0", threads=THREADS, asyncore_use_poll=True
    )
    print(server.effective_port, flush=True)
    server.run()
