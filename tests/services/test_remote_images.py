"""Remote pictures: nothing before a click, then each once, kept, and never a word of who clicked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select

from deskcore import clock
from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.domain.html import image_key
from deskcore.domain.views import ImagesView, MessageView
from deskcore.errors import NotAllowed, NotFound
from deskcore.extensions import db
from deskcore.models import Attachment, Blob, Event, Job, Message, Ticket
from deskcore.plugin.net import network_allowed
from deskcore.services import files, jobs, message_body, remote_images, search, ticket_page
from deskcore.services.unit import reading, unit_of_work
from tests.factories import a_mailbox, a_message, a_team, a_ticket, a_user
from tests.servers.web import Page, WebServer, web_server

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
BOSS = "admin"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as found:
        yield found


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Iterator[Callable[..., Flask]]:
    """Give a desk; ``desk(private_image_hosts=False)`` is one as it comes."""
    contexts = []

    def opened(**settings: object) -> Flask:
        settings = {"private_image_hosts": True, **settings}
        app = create_app(
            load_config(instance=tmp_path / "instance", database_url=database_url, **settings)
        )
        contexts.append(app.app_context())
        contexts[-1].push()
        return app

    yield opened
    engine = db.engine
    contexts[-1].pop()
    engine.dispose()


def picture(content: bytes = PNG) -> Page:
    return 200, {"Content-Type": "image/png"}, content


def a_newsletter(server: WebServer, *paths: str) -> tuple[int, int]:
    """Let a mail come that shows these pictures; returns the ids of ticket number and message."""
    number = a_ticket(a_mailbox())
    markup = "".join(f'<p>Tea<img src="{server.url(path)}"></p>' for path in paths)
    return number, a_message(number, "Tea", html=markup)


def work() -> None:
    """Do what the worker would do now."""
    with network_allowed():
        while jobs.run_next("test"):
            pass


def click_and_work(message_id: int) -> None:
    remote_images.ask(a_user(BOSS), message_id)
    work()


def shown(number: int, message_id: int) -> ImagesView:
    return told(number, message_id).images


def told(number: int, message_id: int) -> MessageView:
    page = ticket_page.read(a_user(BOSS), number)
    return next(message for message in page.messages if message.id == message_id)


def test_a_mail_that_comes_and_is_read_asks_nobody(
    desk: Callable[..., Flask], server: WebServer
) -> None:
    desk()
    number, message = a_newsletter(server, "/1", "/2", "/3")
    work()
    assert shown(number, message) == ImagesView(total=3)
    assert message_body.read(a_user(BOSS), message).images == {}
    work()
    assert server.connections == 0


def test_a_job_that_nobody_clicked_for_asks_nobody(
    desk: Callable[..., Flask], server: WebServer
) -> None:
    desk()
    number, message = a_newsletter(server, "/1")
    server.pages["/1"] = picture()
    with unit_of_work() as unit:
        unit.enqueue("images.load", {"message_id": message})
        unit.enqueue("images.load", {"message_id": 99_999})
    work()
    assert server.connections == 0
    assert shown(number, message) == ImagesView(total=1)


def test_a_click_has_each_picture_asked_for_once_and_kept(
    desk: Callable[..., Flask], server: WebServer
) -> None:
    desk()
    number, message = a_newsletter(server, "/1?u=a&amp;v=b", "/2", "/1?u=a&amp;v=b")
    server.pages["/1?u=a&v=b"] = picture()
    server.pages["/2"] = picture(b"GIF89a" + bytes(9))
    assert remote_images.ask(a_user(BOSS), message) == number
    assert shown(number, message) == ImagesView(total=3, is_loading=True)
    assert server.connections == 0
    work()
    assert server.paths == ["/1?u=a&v=b", "/2"]
    assert shown(number, message) == ImagesView(total=3, shown=2, is_loaded=True)
    found = message_body.read(a_user(BOSS), message).images
    assert set(found) == {image_key(server.url("/1?u=a&v=b")), image_key(server.url("/2"))}
    row, path = files.open_attachment(a_user(BOSS), found[image_key(server.url("/2"))])
    assert (row.content_type, path.read_bytes()) == ("image/gif", b"GIF89a" + bytes(9))


def test_the_sender_learns_nothing_of_who_clicked(
    desk: Callable[..., Flask], server: WebServer
) -> None:
    desk()
    _number, message = a_newsletter(server, "/1", "/2")
    server.pages["/1"] = 302, {"Location": "/2", "Set-Cookie": "seen=1"}, b""
    server.pages["/2"] = 200, {"Set-Cookie": "seen=2"}, PNG
    remote_images.ask(a_user(BOSS, name="Eva"), message)
    work()
    assert server.paths == ["/1", "/2", "/2"]
    for _path, headers in server.asked:
        assert headers == {
            "host": f"127.0.0.1:{server.port}",
            "user-agent": "Deskcore",
            "accept": "image/*",
            "accept-encoding": "identity",
            "connection": "close",
        }


def test_clicking_again_and_in_another_tab_changes_nothing(
    desk: Callable[..., Flask], server: WebServer
) -> None:
    desk()
    number, message = a_newsletter(server, "/1")
    server.pages["/1"] = picture()
    for _click in range(3):
        remote_images.ask(a_user(BOSS), message)
    with reading() as session:
        assert len(session.scalars(select(Job).where(Job.name == "images.load")).all()) == 1
    work()
    click_and_work(message)
    assert server.paths == ["/1"]
    assert shown(number, message) == ImagesView(total=1, shown=1, is_loaded=True)


def test_what_could_not_be_loaded_is_told_by_reason_and_asked_for_again(
    desk: Callable[..., Flask], server: WebServer
) -> None:
    desk()
    paths = ("/good", "/gone", "/text", "/svg", "/large", "/zipped", "/loop", "/away", "/cut")
    number, message = a_newsletter(server, *paths)
    server.pages |= {
        "/good": picture(),
        "/text": (200, {"Content-Type": "image/png"}, b"<html>"),
        "/svg": (200, {"Content-Type": "image/svg+xml"}, SVG),
        "/large": picture(PNG + bytes(5_000_000)),
        "/zipped": (200, {"Content-Encoding": "gzip"}, PNG),
        "/loop": (302, {"Location": "/loop"}, b""),
        "/away": (302, {"Location": "file:///etc/passwd"}, b""),
        "/cut": (200, {"Content-Length": "5000"}, PNG),
    }
    click_and_work(message)
    now = shown(number, message)
    assert (now.shown, now.is_loaded) == (1, True)
    assert dict(now.failed) == {"missing": 2, "kind": 2, "size": 1, "closed": 2, "silent": 1}
    assert server.paths.count("/loop") == 4
    server.asked.clear()
    server.pages["/gone"] = picture()
    remote_images.ask(a_user(BOSS), message)
    assert shown(number, message).is_loading
    assert shown(number, message).shown == 1
    work()
    assert "/good" not in server.paths
    assert shown(number, message).shown == 2
    assert dict(shown(number, message).failed)["missing"] == 1


def test_the_network_being_down_loses_nothing(
    desk: Callable[..., Flask], server: WebServer
) -> None:
    desk()
    number = a_ticket(a_mailbox())
    markup = '<img src="https://nobody.invalid/1"><img src="//nobody.invalid/2">'
    message = a_message(number, "Tea", html=markup)
    click_and_work(message)
    assert shown(number, message).failed == (("silent", 2),)
    with reading() as session:
        assert session.scalars(select(Job)).all() == []


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/1",
        "http://localhost:{port}/1",
        "http://127.0.0.1/1",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]:{port}/1",
        "http://2130706433:{port}/1",
        "//127.0.0.1:{port}/1",
        "http://eva:secret@127.0.0.1:{port}/1",
    ],
)
def test_a_desk_as_it_comes_asks_nobody_in_its_own_network(
    desk: Callable[..., Flask], server: WebServer, address: str
) -> None:
    desk(private_image_hosts=False)
    number = a_ticket(a_mailbox())
    markup = f'<img src="{address.format(port=server.port)}">'
    message = a_message(number, "Tea", html=markup)
    click_and_work(message)
    assert server.connections == 0
    assert shown(number, message).failed == (("closed", 1),)


def test_every_hop_of_a_redirect_is_checked(desk: Callable[..., Flask], server: WebServer) -> None:
    desk()
    number, message = a_newsletter(server, "/1", "/2")
    server.pages["/1"] = 302, {"Location": "http://169.254.169.254/latest/meta-data/"}, b""
    server.pages["/2"] = 307, {"Location": "gopher://127.0.0.1:25/_HELO"}, b""
    click_and_work(message)
    assert server.paths == ["/1", "/2"]
    assert shown(number, message).failed == (("closed", 2),)


def test_a_message_shows_so_many_pictures_and_no_more(
    desk: Callable[..., Flask], server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk()
    paths = [f"/{number}" for number in range(45)]
    server.pages |= {path: picture() for path in paths}
    number, message = a_newsletter(server, *paths)
    click_and_work(message)
    assert shown(number, message) == ImagesView(
        total=45, shown=40, failed=(("many", 5),), is_loaded=True
    )
    monkeypatch.setattr(remote_images, "MOST_BYTES", 100)
    number, message = a_newsletter(server, "/1", "/2", "/3", "/4")
    click_and_work(message)
    assert shown(number, message).shown == 2
    assert dict(shown(number, message).failed) == {"size": 2}


def test_servers_that_dawdle_cost_a_minute_at_most(
    desk: Callable[..., Flask], server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dawdle(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.3)
        handler.send_error(404)

    desk()
    server.pages["/1"] = server.pages["/2"] = dawdle
    monkeypatch.setattr(remote_images, "MOST_SECONDS", 0.2)
    number, message = a_newsletter(server, "/1", "/2")
    click_and_work(message)
    assert dict(shown(number, message).failed) == {"missing": 1, "many": 1}


def test_pictures_are_no_files_of_the_message(
    desk: Callable[..., Flask], server: WebServer
) -> None:
    desk()
    number, message = a_newsletter(server, "/1")
    server.pages["/1"] = picture()
    click_and_work(message)
    assert told(number, message).files == ()
    with unit_of_work() as unit:
        ticket = unit.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        assert ticket.has_files is False
        search.index_ticket(unit.session, ticket)


def test_pictures_go_with_their_ticket_and_stay_with_a_backup_and_the_sweep_until_then(
    desk: Callable[..., Flask], server: WebServer
) -> None:
    desk()
    number, message = a_newsletter(server, "/1")
    server.pages["/1"] = picture()
    click_and_work(message)
    with reading() as session:
        digest = session.scalars(select(Blob.digest)).one()
    tomorrow = clock.now() + timedelta(days=2)
    with time_machine.travel(tomorrow, tick=False):
        files.sweep()
        assert files.read(digest) == PNG
        with unit_of_work() as unit:
            unit.session.execute(delete(Ticket).where(Ticket.number == number))
        files.sweep()
        with pytest.raises(NotFound):
            files.read(digest)
    with reading() as session:
        assert session.scalars(select(Attachment)).all() == []


def test_only_who_works_on_tickets_has_pictures_loaded_and_every_reader_sees_them(
    desk: Callable[..., Flask], server: WebServer
) -> None:
    desk()
    number, message = a_newsletter(server, "/1")
    server.pages["/1"] = picture()
    with reading() as session:
        mailbox = session.scalars(select(Ticket.mailbox_id)).one()
    team = a_team(mailbox)
    viewer, agent = a_user("viewer", teams=(team,)), a_user("agent", teams=(team,))
    stranger = a_user("agent", teams=(a_team(a_mailbox()),))
    with pytest.raises(NotAllowed):
        remote_images.ask(viewer, message)
    for foreign in (message, 99_999):
        with pytest.raises(NotFound):
            remote_images.ask(stranger, foreign)
    work()
    assert server.connections == 0
    remote_images.ask(agent, message)
    work()
    [public_id] = message_body.read(viewer, message).images.values()
    assert files.open_attachment(viewer, public_id)
    with pytest.raises(NotFound):
        files.open_attachment(stranger, public_id)
    assert number


def test_a_plain_message_has_nothing_to_load(desk: Callable[..., Flask]) -> None:
    desk()
    number = a_ticket(a_mailbox())
    message = a_message(number, "Tea")
    assert remote_images.ask(a_user(BOSS), message) == number
    with reading() as session:
        assert session.scalars(select(Job)).all() == []


def test_a_worker_that_died_is_not_waited_for_for_ever(
    desk: Callable[..., Flask], server: WebServer
) -> None:
    desk()
    number, message = a_newsletter(server, "/1")
    server.pages["/1"] = picture()
    remote_images.ask(a_user(BOSS), message)
    with unit_of_work() as unit:
        unit.session.execute(delete(Job))
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False):
        assert not shown(number, message).is_loading
        remote_images.ask(a_user(BOSS), message)
        assert shown(number, message).is_loading
        work()
        assert shown(number, message).shown == 1


def test_what_happened_is_news_for_every_open_page_and_tells_who_clicked(
    desk: Callable[..., Flask], server: WebServer
) -> None:
    desk()
    _number, message = a_newsletter(server, "/1")
    eva = a_user(BOSS, name="Eva")
    remote_images.ask(eva, message)
    work()
    with reading() as session:
        rows = session.scalars(select(Event).where(Event.name == "message.images")).all()
        ticket_id = session.scalars(select(Message.ticket_id).where(Message.id == message)).one()
    assert [(row.actor_name, row.ticket_id) for row in rows] == [
        ("Eva", ticket_id),
        ("Deskcore", ticket_id),
    ]
