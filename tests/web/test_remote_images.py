"""The line above a mail that names remote pictures: what it says, who may press it, what changes."""

from __future__ import annotations

import html as entities
import re

import pytest
from flask import Flask
from sqlalchemy import delete, update

from deskcore.domain.html import image_key
from deskcore.domain.kinds import Direction
from deskcore.domain.messages import InboundFile
from deskcore.models import Job, Message, User
from deskcore.services import files, passwords, ticket_page
from deskcore.services.unit import unit_of_work
from tests.factories import a_mailbox, a_message, a_team, a_ticket, a_user
from tests.statements import statements
from tests.web.conftest import PASSWORD, Visitor
from tests.web.test_tickets import PARTIAL, eva

FAR = "https://far.example/x.png"
MARKUP = f'<p>Hello</p><img src="{FAR}"><img src="//far.example/y.png">'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def letter(set_up: Flask) -> tuple[int, int]:
    number = a_ticket(a_mailbox())
    return number, a_message(number, "Hello", html=MARKUP)


def line(visitor: Visitor, number: int, message: int) -> str:
    """Return the line as it reads, button included."""
    return words(visitor.get(f"/t/{number}").text, message)


def words(page: str, message: int) -> str:
    found = re.search(
        rf'<div class="message-images" id="message-{message}-images".*?</div>', page, re.DOTALL
    )
    return " ".join(entities.unescape(re.sub(r"<[^>]+>", " ", found[0] if found else "")).split())


def frame(visitor: Visitor, number: int) -> str:
    found = re.search(r'<iframe[^>]* src="([^"]+)"', visitor.get(f"/t/{number}").text)
    assert found
    return entities.unescape(found[1])


def loaded(message: int, *, shown: int, failed: dict[str, int]) -> None:
    """Let the worker have done its work."""
    with unit_of_work() as unit:
        picture = InboundFile(
            filename="image", content_type="image/png", content=PNG, content_id=image_key(FAR)
        )
        if shown:
            files.attach(unit, picture, message_id=message, is_remote=True)
        unit.session.execute(delete(Job).where(Job.name == "images.load"))
        unit.session.execute(
            update(Message)
            .where(Message.id == message)
            .values(images_asked_at=None, image_load={"shown": shown, "failed": failed})
        )


def test_pictures_are_asked_for_by_a_button_without_javascript(
    owner: Visitor, letter: tuple[int, int]
) -> None:
    number, message = letter
    assert line(owner, number, message) == "2 remote images are not shown. Show images"
    answer = owner.post(f"/messages/{message}/images?v=open")
    assert answer.location == f"/t/{number}?v=open#message-{message}"
    assert line(owner, number, message) == "Loading images… Look again"


def test_htmx_gets_the_thread_alone_and_is_told_to_look_often(
    owner: Visitor, letter: tuple[int, int]
) -> None:
    number, message = letter
    owner.get(f"/t/{number}")
    with owner.client.application.app_context():
        answer = owner.client.post(
            f"/messages/{message}/images?v=open", headers=PARTIAL, data={"csrf_token": owner.token}
        )
    assert answer.text.lstrip().startswith('<div class="thread" id="thread"')
    assert words(answer.text, message).startswith("Loading images…")
    assert 'data-poll="1"' in answer.text
    assert 'id="composer"' not in answer.text
    loaded(message, shown=2, failed={})
    assert 'data-poll="5"' in owner.get(f"/t/{number}").text


def test_the_frame_shows_what_was_loaded_under_an_address_of_its_own(
    owner: Visitor, letter: tuple[int, int]
) -> None:
    number, message = letter
    before = frame(owner, number)
    assert "<img><img>" in owner.get(before).text
    loaded(message, shown=1, failed={"missing": 1})
    after = frame(owner, number)
    assert after != before
    body = owner.get(after)
    assert "immutable" in body.headers["Cache-Control"]
    source = re.search(r'<img src="(/files/[0-9a-f]+)"><img>', body.text)
    assert source
    assert "far.example" not in body.text
    with owner.client.application.app_context():
        picture = owner.client.get(source[1])
    assert (picture.data, picture.mimetype) == (PNG, "image/png")
    assert picture.headers["Content-Security-Policy"].startswith("sandbox")
    picture.close()


@pytest.mark.parametrize(
    ("shown", "failed", "said"),
    [
        (2, {}, ""),
        (1, {"silent": 1}, "1 image could not be loaded: no answer (1). Retry"),
        (
            0,
            {"missing": 2, "closed": 1},
            "3 images could not be loaded: not there any more (2), address not allowed (1). Retry",
        ),
        (0, {}, "There is no image to show, only invisible ones that tell who reads."),
    ],
)
def test_the_line_tells_what_came_of_it(
    owner: Visitor, letter: tuple[int, int], shown: int, failed: dict[str, int], said: str
) -> None:
    number, message = letter
    loaded(message, shown=shown, failed=failed)
    assert line(owner, number, message) == said


def test_a_mail_without_remote_pictures_has_no_such_line(owner: Visitor) -> None:
    number = a_ticket(a_mailbox())
    a_message(number, "Hello", html='<p>Hello</p><img src="cid:one">')
    a_message(number, "https://far.example/x.png")
    assert "message-images" not in owner.get(f"/t/{number}").text


def test_a_viewer_reads_the_line_and_is_offered_no_button(
    set_up: Flask, visitor: Visitor, letter: tuple[int, int]
) -> None:
    number, message = letter
    mailbox = ticket_page.read(eva(), number).mailbox_id
    actor = a_user("viewer", teams=(a_team(mailbox),))
    with unit_of_work() as unit:
        user = unit.session.get_one(User, actor.id)
        user.password_hash, email = passwords.hash_password(PASSWORD), user.email
    visitor.sign_in(email)
    assert line(visitor, number, message) == "2 remote images are not shown."
    assert visitor.post(f"/messages/{message}/images").status_code == 403
    assert visitor.post("/messages/99999/images").status_code == 403


def test_reading_changes_nothing_and_asks_for_nothing(
    owner: Visitor, letter: tuple[int, int]
) -> None:
    number, message = letter
    assert owner.get(f"/messages/{message}/images").status_code == 405
    for path in (f"/t/{number}", frame(owner, number), "/v/open"):
        assert owner.get(path).status_code == 200
    with unit_of_work() as unit:
        assert unit.session.get_one(Message, message).images_asked_at is None
        assert unit.session.query(Job).count() == 0


def test_pictures_cost_the_page_no_statement(owner: Visitor, letter: tuple[int, int]) -> None:
    number, message = letter
    owner.get(f"/t/{number}")
    with statements() as before:
        owner.get(f"/t/{number}")
    for _more in range(8):
        loaded(a_message(number, "Hello", html=MARKUP), shown=1, failed={"silent": 1})
    a_message(number, "Hello", html=MARKUP, direction=Direction.OUT)
    with statements() as after:
        owner.get(f"/t/{number}")
    assert len(after) == len(before)
    assert message
