"""Who may call what: every route says it, and strangers get nowhere."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from deskcore.domain.people import SYSTEM
from deskcore.models import AuditEntry
from deskcore.services import invitations
from deskcore.services.access import PERMISSIONS
from deskcore.services.invitations import Invited
from deskcore.services.unit import reading
from deskcore.web.guards import access_of, check_routes, needs, public
from tests.web.conftest import PASSWORD, Visitor

STRANGERS_MAY_SEE = {
    "/sign-in", "/sign-in/code", "/sign-in/set-up", "/forgot", "/setup", "/setup/owner", "/healthz", "/readyz",
    "/invite/<token>", "/invite/<token>/again", "/reset/<token>", "/rescue", "/rescue/key", "/static/<digest>/<path:name>",
    "/look/<digest>/<surface>", "/look/logo/<digest>",
    "/help", "/robots.txt", "/r/<key>", "/r/<key>/messages/<int:message_id>/body",
    "/r/<key>/files/<public_id>", "/requests", "/requests/<key>",  # for customers
    "/in/<channel>", "/in/<channel>/<key>",  # for networks, which sign what they push
}  # fmt: skip


def pages(app: Flask) -> list[str]:
    """Give every address that answers to GET."""
    return sorted({rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())})


def test_a_route_that_declares_nothing_stops_the_start(desk: Flask) -> None:
    desk.view_functions["forgotten"] = lambda: "open to all"
    with pytest.raises(RuntimeError, match="forgotten"):
        check_routes(desk)


def test_a_route_with_an_unknown_right_stops_the_start(desk: Flask) -> None:
    desk.view_functions["misspelt"] = needs("people.mange")(lambda: "x")
    with pytest.raises(RuntimeError, match=r"people\.mange"):
        check_routes(desk)


def test_a_stranger_is_sent_to_sign_in_from_every_page_but_those_that_are_open(
    set_up: Flask, visitor: Visitor
) -> None:
    for rule in pages(set_up):
        if rule in STRANGERS_MAY_SEE | {"/requests/mine"}:
            continue
        path = rule
        for kind in ("<int:", "<path:", "<"):
            while kind in path:
                start = path.index(kind)
                path = f"{path[:start]}1{path[path.index('>', start) + 1 :]}"
        answer = visitor.get(path)
        assert (answer.status_code, answer.headers.get("Location", "")[:8]) == (303, "/sign-in"), (
            rule
        )


def test_every_open_route_is_on_the_list(set_up: Flask) -> None:
    rules = {rule.endpoint: rule.rule for rule in set_up.url_map.iter_rules()}
    declared_open = {
        rules[endpoint]
        for endpoint, view in set_up.view_functions.items()
        if (access := access_of(view)) and access.kind == "public" and endpoint in rules
    }
    forms = {"/language", "/r/<key>/answer", "/r/<key>/solve", "/r/<key>/reopen"}
    assert declared_open <= STRANGERS_MAY_SEE | forms | {"/requests/mine"}


def test_a_fragment_for_a_stranger_is_no_sign_in_page(set_up: Flask, visitor: Visitor) -> None:
    answer = visitor.get("/me", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/sign-in")
    assert not answer.data


@pytest.mark.parametrize("is_part", [True, False])
def test_a_form_sent_after_signing_out_leads_to_sign_in_at_once(
    set_up: Flask, visitor: Visitor, *, is_part: bool
) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"} if is_part else {}
    answer = visitor.client.post("/t/1/reply", data={"body": "Dear Jana"}, headers=headers)
    assert answer.status_code == (401 if is_part else 303)
    assert answer.headers["HX-Redirect" if is_part else "Location"] == "/sign-in"
    assert "You were signed out. Nothing was changed" in visitor.get("/sign-in").text


def test_a_right_that_is_missing_is_named_and_remembered(set_up: Flask, visitor: Visitor) -> None:
    link = invitations.invite(SYSTEM, Invited(email="p@example.com", name="Petr", role="agent"))
    invitations.accept_invitation(link.token, name="Petr", password=PASSWORD)
    visitor.sign_in("p@example.com")
    answer = visitor.get("/admin/people")
    assert answer.status_code == 403
    assert PERMISSIONS["people.manage"].label in answer.text
    with reading() as session:
        line = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "access.refused")
        ).one()
    assert (line.actor_name, line.subject) == ("Petr", "GET /admin/people")


@pytest.mark.parametrize("role", ["agent", "viewer"])
def test_no_page_of_the_administration_opens_for_others(
    set_up: Flask, visitor: Visitor, role: str
) -> None:
    link = invitations.invite(SYSTEM, Invited(email="p@example.com", name="Petr", role=role))
    invitations.accept_invitation(link.token, name="Petr", password=PASSWORD)
    visitor.sign_in("p@example.com")
    for rule in pages(set_up):
        if rule.startswith("/admin") and "<" not in rule:
            assert visitor.get(rule).status_code == 403, rule


def test_declaring_leaves_the_view_as_it_is() -> None:
    def view() -> str:
        return "x"

    assert public(view) is view
