"""The list of blueprints: one line for each area of the desk."""

from __future__ import annotations

from flask import Flask

from deskcore.theme.shell import initials
from deskcore.web import (
    admin,
    attention,
    audit,
    auth,
    connections,
    customers,
    customize,
    files,
    finding_settings,
    first_steps,
    follow_up,
    health,
    help_home,
    inbox,
    incoming,
    live,
    look_files,
    mailboxes,
    messages,
    new_ticket,
    outbox,
    own_requests,
    people,
    plugins,
    preferences,
    privacy,
    public_links,
    public_settings,
    replies,
    rescue,
    roles,
    search,
    second_factor,
    seeing,
    setup,
    teams,
    themes,
    tickets,
)
from deskcore.web.chrome import init_chrome
from deskcore.web.ticket_words import init_ticket_words
from deskcore.web.timeline import drawn_thread

WORKSPACE = (
    inbox,
    tickets,
    replies,
    new_ticket,
    messages,
    files,
    public_links,
    customers,
    privacy,
    search,
    outbox,
    attention,
    live,
)


ADMINISTRATION = (
    connections,
    mailboxes,
    people,
    seeing,
    teams,
    roles,
    preferences,
    admin,
    customize,
    finding_settings,
    audit,
    public_settings,
    plugins,
    themes,
    first_steps,
)


def register_pages(app: Flask) -> None:
    """Register every blueprint of core."""
    init_chrome(app)
    init_ticket_words(app)
    incoming.init_incoming(app)
    app.jinja_env.globals.update(drawn_thread=drawn_thread, initials=initials)
    open_to_all = (
        auth,
        second_factor,
        setup,
        health,
        rescue,
        incoming,
        help_home,
        look_files,
        follow_up,
        own_requests,
    )
    for area in (*open_to_all, *WORKSPACE, *ADMINISTRATION):
        app.register_blueprint(area.blueprint)
