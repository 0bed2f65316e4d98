"""Each plugin of the shelf switched off, on again and uninstalled, beside all others with their data."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from deskcore.config import load_config
from tests.matrix.visiting import Visitor
from tests.shelf.desk import Furnished, file, furnished, pages
from tests.shelf.rows import Held, connections, held
from tests.shelf.wheel import SHELF

DESK_ONLY = {"inbox.view", "tickets.show", "plugins.index", "plugins.show", "search.search"}
KEEPS = {
    "web_form": {"plg_web_form_form", "ticket_field", "ticket_field_value"},
    "telegram": set[str](),
    "xmpp": set[str](),
    "catalogue": {
        "plg_catalogue_product",
        "plg_catalogue_stock",
        "plg_catalogue_import",
        "plugin_file",
    },
    "cross_sell": {"plg_cross_sell_offer", "plg_cross_sell_chance"},
    "reviews": {"plg_reviews_review", "plg_reviews_answer", "plg_reviews_template", "status"},
    "stock_notes": {"plg_stock_notes_wait", "plg_stock_notes_note", "plg_stock_notes_run"},
}
OF_ALL = {"job", "plugin_setting", "role_grant"}


def mail(name: str) -> bytes:
    return (
        f"From: Ann <ann-{name}@customer.example>\r\nTo: shop@shop.example\r\n"
        f"Subject: Is the kettle back?\r\nMessage-ID: <{name}@customer.example>\r\n"
        "Date: Sat, 28 Nov 2026 12:00:00 +0000\r\n\r\nIs it in again?\r\n"
    ).encode()


def statuses(owner: Visitor, asked: dict[str, str]) -> dict[str, int]:
    return {endpoint: owner.get(path).status for endpoint, path in asked.items()}


def of(slug: str, endpoint: str) -> bool:
    blueprint = endpoint.partition(".")[0]
    return blueprint == slug or blueprint.startswith(f"{slug}_")


def tickets(desk: Furnished) -> dict[str, str]:
    """Return the page of a ticket of each kind and channel."""
    asked = text(
        "SELECT kind, channel, min(number) FROM ticket WHERE deleted_at IS NULL GROUP BY 1, 2"
    )
    with desk.switched.database() as connection:
        return {
            f"a {kind} by {channel}": f"/t/{number}"
            for kind, channel, number in connection.execute(asked)
        }


def look(desk: Furnished, slug: str) -> Held:
    with desk.switched.database() as connection:
        return held(connection, slug)


def comes_in(app: Flask, desk: Furnished, name: str) -> None:
    """Have a mail come in and be filed."""
    with app.app_context():
        before = file(desk.world.ids["account a"], mail(f"{name}-before"), f"{name}-before")
        assert file(desk.world.ids["account a"], mail(name), name) == before + 1


@pytest.mark.timeout(600)  # every plugin is switched four times, beside all other tests
def test_each_leaves_the_others_working_and_what_it_keeps_in_place_and_goes_without_a_trace(
    tmp_path: Path, database_url: str
) -> None:
    config = load_config(instance=tmp_path / "instance", database_url=database_url)
    desk = furnished(config.instance, config)
    with desk.open() as (app, owner):
        asked = pages(app, desk.world) | tickets(desk)
        if not config.is_sqlite:
            asked = {e: p for e, p in asked.items() if "/p/" in p or " by " in e or e in DESK_ONLY}
        whole = statuses(owner, asked)
    assert not [status for status in whole.values() if status >= 500]
    # The life of a switch is the same on both; what an end removes is asked of each.
    for slug in SHELF if config.is_sqlite else ():
        switch_off_and_on(desk, slug, asked, whole)
    for slug in SHELF:
        uninstall(desk, slug)


def switch_off_and_on(
    desk: Furnished, slug: str, asked: dict[str, str], whole: dict[str, int]
) -> None:
    """Switch one off and on: the rest answers as ever, mail is filed, and its rows are as they were."""
    before = look(desk, slug)
    assert OF_ALL | KEEPS[slug] <= before.own.keys(), (slug, sorted(before.own))
    desk.order("deactivate", slug)
    with desk.open() as (app, owner):
        found = statuses(owner, asked)
        assert {e: s for e, s in found.items() if not of(slug, e) and s != whole[e]} == {}, slug
        assert {s for e, s in found.items() if of(slug, e)} <= {404}, slug
        comes_in(app, desk, f"without-{slug}")
    assert look(desk, slug).own == before.own, slug
    desk.order("activate", slug)
    with desk.open() as (_app, owner):
        own = {e: p for e, p in asked.items() if of(slug, e)}
        assert statuses(owner, own) == {e: whole[e] for e in own}, slug
    assert look(desk, slug).own == before.own, slug


def uninstall(desk: Furnished, slug: str) -> None:
    """Uninstall one: nothing of it is left, and everything else is as it was."""
    kept = look(desk, slug).own
    assert OF_ALL | KEEPS[slug] <= kept.keys(), (slug, sorted(kept))
    desk.order("deactivate", slug)
    before = look(desk, slug)
    assert before.own == kept, slug
    desk.order("uninstall", slug)
    after = look(desk, slug)
    assert after.own == {}, slug
    assert after.schema == before.others(slug), slug
    assert after.counted(slug).items() ^ before.counted(slug).items() == set(), slug
    with desk.switched.database() as connection:
        assert {(kept, has) for kept, has in connections(connection, slug)} <= {("{}", False)}, slug
    if not desk.config.is_sqlite and slug != SHELF[-1]:
        return  # what pages say is the same on both
    with desk.open() as (app, owner):
        there = {e: "/v/open" if e == "inbox.view" else "/admin/plugins" for e in DESK_ONLY}
        assert set(statuses(owner, there | tickets(desk)).values()) == {200}, slug
        comes_in(app, desk, f"after-{slug}")
