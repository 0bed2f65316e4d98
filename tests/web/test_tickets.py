"""The workspace in a browser without JavaScript: lists, a ticket, answers and changes."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from deskcore.domain.kinds import DeliveryState, Direction
from deskcore.domain.people import Actor
from deskcore.models import Delivery, User
from deskcore.services import access, lists, passwords, ticket_page
from deskcore.services.unit import reading, unit_of_work
from tests.factories import a_mailbox, a_message, a_team, a_ticket, a_user
from tests.statements import statements
from tests.web.conftest import OWNER_EMAIL, PASSWORD, TOKEN, Visitor

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def eva() -> Actor:
    with reading() as session:
        user_id = session.scalars(select(User.id).where(User.email == OWNER_EMAIL)).one()
        actor = access.actor_of(session, user_id)
    assert actor is not None
    return actor


def field(html: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)
    assert found, name
    return found[1]


def answer(owner: Visitor, number: int, **changed: object) -> dict[str, object]:
    """Return what the composer's form would post."""
    html = owner.get(f"/t/{number}?v=open").text
    form = {
        "mode": "reply",
        "then": "stay",
        "body": "A new one is on its way.",
        "to": field(html, "to"),
        "cc": "",
        "status": "waiting_customer",
        "seen_upto": field(html, "seen_upto"),
        "form_key": field(html, "form_key"),
        "version": field(html, "version"),
    }
    return {**form, **changed}


def test_home_leads_to_what_nobody_has_taken(owner: Visitor) -> None:
    assert owner.get("/").location == "/v/unassigned"
    assert "Nothing is waiting" in owner.get("/v/unassigned").text


@pytest.mark.parametrize("view", lists.VIEWS)
def test_every_view_answers_with_its_tickets(owner: Visitor, view: str) -> None:
    mailbox = a_mailbox()
    status = {"solved": "solved", "waiting": "waiting_customer"}.get(view, "open")
    assignee = eva() if view == "mine" else None
    number = a_ticket(mailbox, status=status, assignee=assignee, is_spam=view == "spam")
    page = owner.get(f"/v/{view}")
    assert page.status_code == 200
    assert f"/t/{number}?v={view}" in page.text
    assert page.text.count("<h1") == 1


def test_an_unknown_view_and_ticket_are_not_found(owner: Visitor) -> None:
    assert owner.get("/v/everything").status_code == 404
    assert owner.get("/t/99").status_code == 404


def test_a_ticket_shows_its_thread_its_list_and_its_customer(owner: Visitor) -> None:
    mailbox = a_mailbox()
    number, following = a_ticket(mailbox, text="The spout <b>broke</b>."), a_ticket(mailbox)
    page = owner.get(f"/t/{number}?v=open")
    assert "The spout &lt;b&gt;broke&lt;/b&gt;." in page.text
    assert f'href="/t/{following}?v=open"' in page.text
    assert "1 of 2" in page.text
    assert "Jana Nováková" in page.text
    assert page.text.count("<h1") == 1


@pytest.mark.parametrize("path", ["/v/open", "/t/{number}?v=open"])
def test_fragments_are_parts_of_the_whole_page(owner: Visitor, path: str) -> None:
    number = a_ticket(a_mailbox())
    path = path.format(number=number)
    part = owner.get(path, headers={**PARTIAL, "HX-Target": "main#main"})
    assert part.text.startswith("<main")
    assert "<html" not in part.text
    assert "HX-Request-Type" in part.headers["Vary"]
    whole = TOKEN.sub("", owner.get(path).text)
    assert TOKEN.sub("", part.text.partition("</main>")[0]) in whole


def test_two_browsers_find_a_token_of_their_own_in_the_same_ticket(
    owner: Visitor, desk: Flask
) -> None:
    number = a_ticket(a_mailbox())
    other = Visitor(desk.test_client())
    other.sign_in()
    pages = [browser.get(f"/t/{number}").text for browser in (owner, other)]
    tokens = [set(TOKEN.findall(page)) for page in pages]
    assert [len(found) for found in tokens] == [1, 1]
    assert tokens[0] != tokens[1]
    assert other.post(f"/t/{number}/assign", {"user": eva().id}).status_code == 303
    assert owner.post(f"/t/{number}/assign", {"user": ""}).status_code == 303


def test_pages_cost_few_statements_however_much_they_show(owner: Visitor) -> None:
    mailbox = a_mailbox()
    costs: dict[str, set[int]] = {"inbox": set(), "ticket": set()}
    number = a_ticket(mailbox)
    for count in (1, 12):
        for _ in range(count):
            a_ticket(mailbox)
            a_message(number, "again", html="<p>again</p>")
        for name, path in (("inbox", "/v/open"), ("ticket", f"/t/{number}?v=open")):
            with statements() as seen:
                owner.get(path)
            costs[name].add(len(seen))
    assert len(costs["inbox"]) == len(costs["ticket"]) == 1
    assert max(costs["inbox"]) <= 10
    assert max(costs["ticket"]) <= 12


def test_reading_a_ticket_changes_nothing_but_seen_does(owner: Visitor) -> None:
    number = a_ticket(a_mailbox())
    owner.get(f"/t/{number}")
    assert lists.page(eva(), "open").rows[0].is_unread
    seen = field(owner.get(f"/t/{number}").text, "seen_upto")
    assert owner.post(f"/t/{number}/seen", {"message": seen}).status_code == 303
    assert not lists.page(eva(), "open").rows[0].is_unread


def test_an_answer_is_queued_with_an_undo_that_brings_the_text_back(owner: Visitor) -> None:
    number = a_ticket(a_mailbox())
    sent = owner.post(f"/t/{number}/reply?v=open", answer(owner, number))
    assert (sent.status_code, sent.location) == (303, f"/t/{number}?v=open")
    page = owner.get(f"/t/{number}?v=open").text
    assert "Waiting to be sent" in page
    assert "goes out in" in page
    undo = re.search(r'action="(/deliveries/\d+/undo)', page)
    assert undo
    assert "/deliveries/" in owner.get("/outbox").text
    owner.post(undo[1])
    page = owner.get(f"/t/{number}").text
    assert "A new one is on its way.</textarea>" in page
    assert "Waiting to be sent" not in page


def test_the_same_form_twice_sends_once(owner: Visitor) -> None:
    number = a_ticket(a_mailbox())
    form = answer(owner, number)
    owner.post(f"/t/{number}/reply", form)
    owner.post(f"/t/{number}/reply", form)
    with reading() as session:
        assert len(session.scalars(select(Delivery)).all()) == 1


def test_send_and_solve_goes_to_the_next_ticket(owner: Visitor) -> None:
    mailbox = a_mailbox()
    first, second = a_ticket(mailbox), a_ticket(mailbox)
    sent = owner.post(f"/t/{first}/reply?v=open", answer(owner, first, then="solve"))
    assert sent.location == f"/t/{second}?v=open"
    assert ticket_page.read(eva(), first).category == "solved"
    last = owner.post(f"/t/{second}/reply?v=open", answer(owner, second, then="solve"))
    assert last.location == "/v/open"


def test_something_newer_stops_the_answer_and_keeps_the_text(owner: Visitor) -> None:
    number = a_ticket(a_mailbox())
    form = answer(owner, number)
    a_message(number, "Forget it, I found it.")
    refused = owner.post(f"/t/{number}/reply?v=open", form)
    assert refused.status_code == 409
    assert "Forget it, I found it." in refused.text
    assert "A new one is on its way.</textarea>" in refused.text
    assert owner.post(f"/t/{number}/reply", {**form, "send_anyway": "1"}).status_code == 303


def test_a_wrong_address_keeps_text_and_files(owner: Visitor) -> None:
    number = a_ticket(a_mailbox())
    form = answer(owner, number, to="not an address", files=(BytesIO(b"offer"), "offer.txt"))
    refused = owner.post(f"/t/{number}/reply", form)
    assert refused.status_code == 422
    assert "is not a mail address" in refused.text
    assert "A new one is on its way.</textarea>" in refused.text
    assert "offer.txt" in refused.text
    owner.post(f"/t/{number}/reply", {**answer(owner, number)})
    assert [file.filename for file in ticket_page.read(eva(), number).messages[-1].files] == [
        "offer.txt"
    ]


def test_a_note_stays_inside(owner: Visitor) -> None:
    number = a_ticket(a_mailbox())
    owner.post(f"/t/{number}/reply", answer(owner, number, mode="note", body="We have three."))
    page = owner.get(f"/t/{number}").text
    assert "We have three." in page
    assert "internal note" in page
    with reading() as session:
        assert session.scalars(select(Delivery)).all() == []


def test_a_draft_is_saved_and_a_stale_save_is_refused(owner: Visitor) -> None:
    number = a_ticket(a_mailbox())
    form = answer(owner, number, body="Dear Jana")
    saved = owner.post(f"/t/{number}/draft", form)
    assert saved.text.startswith("Draft saved")
    version = saved.headers["Draft-Version"]
    assert "Dear Jana</textarea>" in owner.get(f"/t/{number}").text
    assert (
        owner.post(f"/t/{number}/draft", {**form, "version": version, "body": "B"}).status_code
        == 200
    )
    assert (
        owner.post(f"/t/{number}/draft", {**form, "version": version, "body": "C"}).status_code
        == 409
    )
    owner.post(f"/t/{number}/draft/discard", form)
    assert ticket_page.read(eva(), number).drafts == {}


def test_head_changes(owner: Visitor) -> None:
    mailbox, other = a_mailbox(), a_mailbox("Returns")
    number = a_ticket(mailbox)
    owner.get(f"/t/{number}")
    owner.post(f"/t/{number}/assign", {"user": str(eva().id)})
    owner.post(f"/t/{number}/status", {"status": "waiting_others"})
    owner.post(f"/t/{number}/tags", {"add": "damaged, gift"})
    owner.post(f"/t/{number}/tags", {"tag": ["damaged", "gift"], "remove": "gift"})
    owner.post(f"/t/{number}/edit", {"subject": "Broken spout", "mailbox": str(other)})
    page = ticket_page.read(eva(), number)
    assert (page.assignee_id, page.status, page.tags) == (eva().id, "waiting_others", ("damaged",))
    assert (page.subject, page.mailbox_name) == ("Broken spout", "Returns")
    text = owner.get(f"/t/{number}").text
    assert "Eva Nová took this" in text
    assert owner.post(f"/t/{number}/edit", {"subject": " "}).status_code == 422


def test_spam_and_deleted_tickets_come_back(owner: Visitor) -> None:
    number = a_ticket(a_mailbox())
    owner.get(f"/t/{number}")
    owner.post(f"/t/{number}/spam", {"is_spam": "1"})
    assert "This is among the spam" in owner.get(f"/t/{number}").text
    owner.post(f"/t/{number}/spam", {"is_spam": "0"})
    assert owner.post(f"/t/{number}/delete").location == "/v/open"
    assert lists.page(eva(), "open").rows == ()
    assert "This ticket was deleted" in owner.get(f"/t/{number}").text
    owner.post(f"/t/{number}/restore")
    assert len(lists.page(eva(), "open").rows) == 1


def test_failed_and_doubtful_answers_say_so_and_can_be_sent_again(owner: Visitor) -> None:
    number = a_ticket(a_mailbox())
    a_message(number, "one", direction=Direction.OUT, delivery=DeliveryState.FAILED)
    a_message(number, "two", direction=Direction.OUT, delivery=DeliveryState.UNSURE)
    page = owner.get(f"/t/{number}").text
    assert "550 no such user" in page
    assert "Perhaps sent" in page
    waiting = owner.get("/attention").text
    assert "550 no such user" in waiting
    retry = re.findall(r'action="(/deliveries/\d+/retry)', waiting)
    sent = re.search(r'action="(/deliveries/\d+/sent)', waiting)
    assert len(retry) == 2
    assert sent
    assert owner.post(sent[1], {"back": "attention"}).location == "/attention"
    assert owner.post(min(retry), {"number": number}).status_code == 303


def test_agents_of_other_mailboxes_find_nothing_anywhere(owner: Visitor, set_up: Flask) -> None:
    hidden = a_ticket(a_mailbox(), subject="Secret subject", text="secret words")
    message = a_message(hidden, "secret body", html="<p>secret body</p>")
    agent = _agent(set_up, a_team(a_mailbox()))
    for path in (
        f"/t/{hidden}",
        f"/t/{hidden}/edit",
        f"/messages/{message}/body",
        f"/messages/{message}/raw",
        "/customers/1",
        "/companies/1",
    ):
        assert agent.get(path).status_code == 404, path
    for path in ("/v/open", "/search?q=secret", f"/search?q={hidden}", "/outbox", "/attention"):
        page = agent.get(path)
        assert page.status_code == 200, path
        assert "Secret subject" not in page.text
        assert "secret body" not in page.text
    for path in ("assign", "status", "tags", "spam", "seen", "reply", "draft", "edit"):
        assert agent.post(f"/t/{hidden}/{path}", {"body": "x"}).status_code == 404, path


def test_viewers_read_and_change_nothing(set_up: Flask) -> None:
    mailbox = a_mailbox()
    number = a_ticket(mailbox)
    viewer = _agent(set_up, a_team(mailbox), role="viewer")
    page = viewer.get(f"/t/{number}").text
    assert "<textarea" not in page
    assert viewer.post(f"/t/{number}/assign").status_code == 403
    assert viewer.get("/new").status_code == 403


def _agent(app: Flask, team_id: int, role: str = "agent") -> Visitor:
    actor = a_user(role, teams=(team_id,))
    with unit_of_work() as unit:
        row = unit.session.get_one(User, actor.id)
        row.password_hash = passwords.hash_password(PASSWORD)
        email = row.email
    browser = Visitor(app.test_client())
    browser.sign_in(email)
    return browser


def test_a_tag_with_a_sign_that_is_not_kept_is_the_same_tag(owner: Visitor) -> None:
    number = a_ticket(a_mailbox())
    owner.get(f"/t/{number}")
    for typed in ("red", "red\x00", "re\x00d"):
        answer = owner.post(f"/t/{number}/tags", {"tag": "red", "add": typed})
        assert answer.status_code == 303
    page = ticket_page.read(eva(), number)
    assert list(page.tags) == ["red"]


def test_of_many_toasts_that_nobody_read_the_newest_stay(owner: Visitor) -> None:
    number = a_ticket(a_mailbox())
    owner.get(f"/t/{number}")
    for _time in range(60):
        assert owner.post(f"/t/{number}/delete").status_code == 303
        assert owner.post(f"/t/{number}/restore").status_code == 303
    shown = owner.get(f"/t/{number}").text
    assert 0 < shown.count("data-toast") < 10
