"""What other IMAP servers do that Dovecot does not: a small server that says what a test wants."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import pytest

from deskcore.plugin import SignInFailed, TryLater
from plugins.email import imap_client
from plugins.email.cursor import Place, read_cursor, write_cursor
from plugins.email.fetched import read_fetched
from tests.email.conftest import Connect

MAIL = b"From: a@b.test\r\nSubject: x\r\n\r\nHello\r\n"
OUTLINE = b'* 2 FETCH (RFC822.SIZE 37 INTERNALDATE "21-Nov-2026 10:00:00 +0100" FLAGS () UID 9)\r\n'
BODY = b"* 2 FETCH (BODY[] {%d}\r\n%b UID 9)\r\n* 1 FETCH (FLAGS (\\Seen))\r\n" % (len(MAIL), MAIL)
SILENCE = b"(silence)"
USUAL = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
    "EXAMINE": b"* 2 EXISTS\r\n* OK [UIDVALIDITY 5] ok\r\n",
    "SEARCH UID *": b"* SEARCH 9\r\n",
    "FETCH OUTLINE": OUTLINE,
    "FETCH": BODY,
}


class Script(socketserver.StreamRequestHandler):
    """Says what was prepared for a command, then ``OK`` unless that was a refusal or silence."""

    answers: Mapping[str, bytes]
    marking: list[str]  # what marked mails as read: BODY[] does, and only some heed EXAMINE there

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        idle_tag = b""
        with suppress(ConnectionError):
            for line in self.rfile:
                tag, _, command = line.strip().partition(b" ")
                answer = self._answer(command.decode().removeprefix("UID "))
                if command == b"IDLE":
                    idle_tag = tag
                elif tag == b"DONE":
                    answer = idle_tag + b" OK done\r\n"
                elif answer.startswith(b"NO"):
                    answer = tag + b" " + answer
                elif answer != SILENCE:
                    answer += tag + b" OK done\r\n"
                self.wfile.write(answer.replace(SILENCE, b""))

    def _answer(self, command: str) -> bytes:
        if "BODY[" in command:
            self.marking.append(command)
        if "INTERNALDATE" in command:
            command = "FETCH OUTLINE"
        starts = [start for start in self.answers if command.startswith(start)]
        return self.answers[max(starts, key=len)] if starts else b""


@contextmanager
def scripted(marking: list[str] | None = None, **answers: bytes) -> Iterator[int]:
    changed = {name.replace("_", " "): answer for name, answer in answers.items()}
    handler = type(
        "Handler",
        (Script,),
        {"answers": USUAL | changed, "marking": [] if marking is None else marking},
    )
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_attributes_in_any_order_and_without_the_next_uid(connect: Connect) -> None:
    now_connected = datetime(2026, 11, 21, 8, tzinfo=UTC)
    with scripted(SEARCH_SINCE=b"* SEARCH 9\r\n") as port:
        desk = connect("odd@desk.test", imap_port=port, connected_at=now_connected)
        items = list(desk.receive(None))
        assert [item.external_id for item in items] == ["INBOX:5:9"]
        assert items[0].content == MAIL
        assert items[0].received_at == datetime(2026, 11, 21, 9, tzinfo=UTC)
        assert desk.wait(1) is False
        desk.close()


def test_a_server_that_marks_what_is_read_is_asked_not_to(connect: Connect) -> None:
    marking: list[str] = []
    with scripted(marking, SEARCH_SINCE=b"* SEARCH 9\r\n") as port:
        now_connected = datetime(2026, 11, 21, 8, tzinfo=UTC)
        desk = connect("peek@desk.test", imap_port=port, connected_at=now_connected)
        assert [item.content for item in desk.receive(None)] == [MAIL]
        desk.close()
    assert marking == []


def test_right_password_at_a_bad_moment_does_not_stop_the_account(connect: Connect) -> None:
    for words in (
        b"NO [UNAVAILABLE] later\r\n",
        b"NO [ALERT] Too many simultaneous connections\r\n",
    ):
        with scripted(LOGIN=words) as port, pytest.raises(TryLater):
            list(connect("moment@desk.test", imap_port=port).receive(None))
    with scripted(LOGIN=b"NO [AUTHENTICATIONFAILED] s3cret banner\r\n") as port:
        with pytest.raises(SignInFailed) as caught:
            list(connect("moment@desk.test", imap_port=port).receive(None))
        assert "s3cret banner" not in str(caught.value)


def test_server_that_falls_silent_is_given_up(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_client, "COMMAND_TIMEOUT_S", 0.3)
    with scripted(EXAMINE=SILENCE) as port, pytest.raises(TryLater, match="in time"):
        list(connect("silent@desk.test", imap_port=port).receive(None))


def test_words_that_are_not_imap_mean_try_later(connect: Connect) -> None:
    with scripted(EXAMINE=b"HTTP/1.1 400 Bad Request\r\n") as port, pytest.raises(TryLater):
        list(connect("http@desk.test", imap_port=port).receive(None))


@pytest.mark.parametrize(
    "idle", [b"* 3 EXISTS\r\n+ idling\r\n", b"+ idling\r\n* 3 EXISTS\r\n"], ids=["before", "after"]
)
def test_news_in_one_piece_with_the_beginning_of_idle_is_seen(
    connect: Connect, idle: bytes
) -> None:
    capable = b"* CAPABILITY IMAP4rev1 IDLE\r\n"
    with scripted(CAPABILITY=capable, IDLE=idle) as port:
        desk = connect("idling@desk.test", imap_port=port)
        began = time.monotonic()
        assert desk.wait(30) is True
        assert time.monotonic() - began < 5
        desk.close()


def test_still_here_is_no_news(connect: Connect) -> None:
    capable = b"* CAPABILITY IMAP4rev1 IDLE\r\n"
    with scripted(CAPABILITY=capable, IDLE=b"+ idling\r\n* OK Still here\r\n") as port:
        desk = connect("still@desk.test", imap_port=port)
        assert desk.wait(0.5) is False
        desk.close()


def test_fetched_mails_keep_apart_and_strangers_are_passed_over() -> None:
    data = [
        (b"1 (UID 7 BODY[] {3}", b"abc"),
        b" FLAGS (\\Seen))",
        b"2 (UID 8 FLAGS () RFC822.SIZE 5)",
        b"3 (FLAGS (\\Deleted))",
        (b"4 (BODY[] {4}", b"defg"),
        b" UID 99)",
        None,
        b"8 (UID 8 FLAGS (\\Answered))",
    ]
    found = {mail.uid: mail for mail in read_fetched(data, wanted=frozenset({7, 8}))}
    assert (found[7].content, found[7].seen) == (b"abc", True)
    assert (found[8].size, found[8].content) == (5, b"")
    assert set(found) == {7, 8}


@pytest.mark.parametrize("broken", ["", "{", "[]", "7", '{"INBOX": 7}', '{"INBOX": {}}', "null"])
def test_cursor_that_cannot_be_read_counts_as_none(broken: str) -> None:
    assert read_cursor(broken) == {}


def test_cursor_reads_back_as_it_was_written() -> None:
    place = Place(
        uidvalidity=3,
        first_uid=10,
        since=datetime(2026, 11, 21, tzinfo=UTC),
        unread_since=datetime(2026, 11, 7, tzinfo=UTC),
        last_uid=12,
        known=frozenset({1, 2, 3, 7, 9, 10}),
    )
    cursor = write_cursor({"INBOX": place, "Díl": place.after(11)})
    assert read_cursor(cursor) == {"INBOX": place, "Díl": place.after(11)}
    assert '"known": "1:3,7,9:10"' in cursor
