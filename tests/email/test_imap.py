"""Mailboxes on a real Dovecot: what comes in, in which order, and what stays as it was."""

from __future__ import annotations

import imaplib
import json
import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from deskcore.clock import now
from deskcore.plugin import Net, RawItem, Refused, Secret, SignInFailed, TryLater
from plugins.email import channel, located
from plugins.email.channel import EmailChannel
from plugins.email.connect import Server
from plugins.email.imap import ImapSession
from plugins.email.imap_client import GuardedImap
from tests.email.accounts import mail, numbers
from tests.email.conftest import Connect
from tests.servers.dovecot import Dovecot
from tests.servers.maildir import StoredMail


def look(desk: EmailChannel, cursor: str | None = None) -> tuple[list[RawItem], str | None]:
    """Receive everything, as core does; the new cursor is the last item's."""
    items = list(desk.receive(cursor))
    return items, items[-1].cursor if items else cursor


def test_first_look_takes_unread_mail_of_two_weeks_and_all_that_came_since(
    dovecot: Dovecot, connect: Connect
) -> None:
    box = dovecot.mailbox("first@desk.test")
    box.deliver([mail(1, days_ago=20), mail(2, days_ago=13), mail(3, days_ago=2, seen=True)])
    box.deliver([mail(4, days_ago=1), mail(5, seen=True)])
    desk = connect("first@desk.test", connected_at=now() - timedelta(hours=1))
    before = box.flags()
    items, _ = look(desk)
    assert numbers(items) == [2, 4, 5]
    assert [item.meta.get("seen") for item in items] == [None, None, "1"]
    assert items[0].received_at < items[1].received_at
    assert box.flags() == before


def test_from_now_on_means_nothing_older(dovecot: Dovecot, connect: Connect) -> None:
    box = dovecot.mailbox("now@desk.test")
    box.deliver([mail(1, days_ago=1), mail(2, days_ago=3, seen=True)])
    desk = connect("now@desk.test", start="now")
    assert look(desk)[0] == []
    box.deliver([mail(3)])
    assert numbers(look(desk)[0]) == [3]


def test_mail_that_came_in_the_second_of_connecting_is_news_also_when_renumbered(
    dovecot: Dovecot, connect: Connect
) -> None:
    box = dovecot.mailbox("instant@desk.test")
    second = now().replace(microsecond=0) - timedelta(seconds=5)
    late = replace(mail(2), received_at=second + timedelta(milliseconds=600))
    box.deliver([mail(1, days_ago=1), late])
    connected_at = second + timedelta(milliseconds=200)
    desk = connect("instant@desk.test", start="now", connected_at=connected_at)
    items, cursor = look(desk)
    assert numbers(items) == [2]
    assert numbers(list(desk.backlog(None))) == [1]
    desk.close()
    forget_numbering(box.path)
    assert numbers(look(desk, cursor)[0]) == [2]


def test_mail_read_by_a_colleague_first_still_comes_in(dovecot: Dovecot, connect: Connect) -> None:
    box = dovecot.mailbox("colleague@desk.test")
    desk = connect("colleague@desk.test")
    assert look(desk)[0] == []
    box.deliver([mail(1, seen=True), mail(2, days_ago=40, seen=True)])
    assert numbers(look(desk)[0]) == [1, 2]


def test_second_look_brings_only_news_also_in_a_new_process(
    dovecot: Dovecot, connect: Connect
) -> None:
    box = dovecot.mailbox("second@desk.test")
    box.deliver([mail(number) for number in range(3)])
    items, cursor = look(connect("second@desk.test"))
    assert numbers(items) == [0, 1, 2]
    again = connect("second@desk.test")
    assert look(again, cursor)[0] == []
    box.deliver([mail(3)])
    assert numbers(look(again, cursor)[0]) == [3]


def test_a_stop_in_the_middle_goes_on_after_the_last_stored_mail(
    dovecot: Dovecot, connect: Connect
) -> None:
    box = dovecot.mailbox("middle@desk.test")
    box.deliver([mail(1, days_ago=1), mail(2, days_ago=1, seen=True), mail(3, days_ago=1)])
    receiving = connect("middle@desk.test").receive(None)
    first = next(receiving)
    rest, _ = look(connect("middle@desk.test"), first.cursor)
    assert numbers([first]) == [1]
    assert numbers(rest) == [3]


def test_lower_number_than_the_last_is_found_by_looking_back(
    dovecot: Dovecot, connect: Connect
) -> None:
    box = dovecot.mailbox("lower@desk.test")
    box.deliver([mail(number) for number in range(4)])
    desk = connect("lower@desk.test", connected_at=now() - timedelta(days=1))
    items, cursor = look(desk)
    # As if the second had not been visible yet.
    places = json.loads(cursor or "")
    places["INBOX"]["known"] = "1,3:4"
    assert numbers(look(desk, json.dumps(places))[0]) == [1]
    assert [item.external_id.split(":")[2] for item in items] == ["1", "2", "3", "4"]


def test_new_numbering_is_noticed_and_recent_mail_is_looked_at_again(
    dovecot: Dovecot, connect: Connect
) -> None:
    box = dovecot.mailbox("renumbered@desk.test")
    box.deliver([mail(1, days_ago=50), mail(2, days_ago=5), mail(3)])
    desk = connect("renumbered@desk.test", connected_at=now() - timedelta(days=20))
    items, cursor = look(desk)
    assert numbers(items) == [2, 3]
    desk.close()
    forget_numbering(box.path)
    box.deliver([mail(4)])
    again, new_cursor = look(desk, cursor)
    assert numbers(again) == [2, 3, 4]
    assert [item.meta.get("renumbered") for item in again] == ["1", "1", "1"]
    assert {item.external_id for item in again}.isdisjoint(item.external_id for item in items)
    assert look(desk, new_cursor)[0] == []


def forget_numbering(path: Path) -> None:
    """Make Dovecot number the folder anew, as a server does after a restore."""
    time.sleep(1.1)  # its numbering is the second of its making
    for file in path.glob("dovecot*"):
        file.unlink()


def test_several_folders_with_letters_beyond_ascii(dovecot: Dovecot, connect: Connect) -> None:
    box = dovecot.mailbox("folders@desk.test")
    box.deliver([mail(1)])
    box.deliver([mail(2)], folder="Objedn&AOE-vky &- d&AO0-l")
    desk = connect("folders@desk.test", folders="INBOX, Objednávky & díl")
    items, cursor = look(desk)
    assert numbers(items) == [1, 2]
    assert items[1].external_id.startswith("Objednávky & díl:")
    assert look(desk, cursor)[0] == []


def test_missing_folder_is_told_after_the_others_were_read(
    dovecot: Dovecot, connect: Connect
) -> None:
    box = dovecot.mailbox("missing@desk.test")
    box.deliver([mail(1)])
    receiving = connect("missing@desk.test", folders="Gone, INBOX").receive(None)
    assert numbers([next(receiving)]) == [1]
    with pytest.raises(TryLater, match="“Gone” is not on"):
        next(receiving)


def test_folder_added_later_brings_no_old_read_mail(dovecot: Dovecot, connect: Connect) -> None:
    address, since = "added@desk.test", now() - timedelta(days=90)
    box = dovecot.mailbox(address)
    box.deliver([mail(1)])
    _, cursor = look(connect(address, connected_at=since))
    box.deliver([mail(2, days_ago=30, seen=True), mail(3, days_ago=3)], folder="Orders")
    both = connect(address, connected_at=since, folders="INBOX,Orders")
    assert numbers(look(both, cursor)[0]) == [3]


def test_mail_that_is_too_large_comes_as_its_header(
    dovecot: Dovecot, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(located, "LARGEST_MAIL", 10_000)
    box = dovecot.mailbox("large@desk.test")
    box.deliver([mail(1), mail(2, size=20_000), mail(3)])
    items, _ = look(connect("large@desk.test"))
    assert numbers(items) == [1, 2, 3]
    assert [item.meta.get("truncated") for item in items] == [None, "1", None]
    assert items[1].content.endswith(b"\r\n\r\n")
    assert int(items[1].meta["size"]) > 20_000


def test_bytes_are_those_of_the_server(dovecot: Dovecot, connect: Connect) -> None:
    content = (
        b"From: a@b.test\r\n\r\n"
        + bytes(range(1, 256)).replace(b"\r", b"").replace(b"\n", b"")
        + b"\r\n)\r\n* 1 FETCH (UID 7)\r\n"
    )
    dovecot.mailbox("bytes@desk.test").deliver([content])
    items, _ = look(connect("bytes@desk.test"))
    assert [item.content for item in items] == [content]


def test_backlog_is_read_and_old_mail_by_date_and_can_go_on(
    dovecot: Dovecot, connect: Connect
) -> None:
    box = dovecot.mailbox("backlog@desk.test")
    box.deliver([mail(1, days_ago=5, seen=True), mail(2, days_ago=400), mail(3, days_ago=1)])
    box.deliver([mail(4, days_ago=30, seen=True)], folder="Archive")
    desk = connect("backlog@desk.test", folders="INBOX,Archive")
    before = box.flags()
    items = list(desk.backlog(None))
    assert numbers(items) == [2, 4, 1]
    assert {item.cursor for item in items} == {None}
    assert numbers(list(desk.backlog(items[1].received_at))) == [4, 1]
    assert numbers(list(desk.receive(None))) == [3]
    assert box.flags() == before


@pytest.mark.parametrize("after", ["leave", "seen", "move", "delete"])
def test_stored_mail_is_treated_as_the_owner_chose(
    dovecot: Dovecot, connect: Connect, after: str
) -> None:
    box = dovecot.mailbox(f"after-{after}@desk.test")
    box.deliver(
        [mail(1), mail(2), StoredMail(content=mail(3).content, flags=frozenset({"\\Deleted"}))]
    )
    box.deliver([], folder="Done")
    desk = connect(f"after-{after}@desk.test", after_import=after, move_to="Done")
    look(desk)
    items = [item for item in desk.receive(None) if numbers([item]) != [3]]
    desk.acknowledge(items[:1])
    left = {"leave": 3, "seen": 3, "move": 2, "delete": 2}[after]
    assert len(box.mails()) == left
    assert len(box.mails(folder="Done")) == (1 if after == "move" else 0)
    seen = ["\\Seen" in stored.flags for stored in box.mails()]
    assert seen.count(True) == (1 if after == "seen" else 0)


def test_mail_that_was_stored_but_not_moved_comes_again(dovecot: Dovecot, connect: Connect) -> None:
    box = dovecot.mailbox("again@desk.test")
    box.deliver([mail(1)])
    box.deliver([], folder="Done")
    desk = connect("again@desk.test", after_import="move", move_to="Done")
    items, cursor = look(desk)
    again, _ = look(desk, cursor)
    assert [item.external_id for item in again] == [item.external_id for item in items]
    desk.acknowledge(again)
    assert look(desk, cursor)[0] == []


def test_acknowledging_between_two_items_does_not_disturb_receiving(
    dovecot: Dovecot, connect: Connect
) -> None:
    box = dovecot.mailbox("between@desk.test")
    box.deliver([mail(number) for number in range(60)])
    desk = connect("between@desk.test", after_import="delete")
    found = []
    for item in desk.receive(None):
        desk.acknowledge([item])
        found.append(item)
    assert numbers(found) == list(range(60))
    assert box.mails() == []


def test_server_without_move_and_uidplus_never_expunges_other_peoples_mail(
    dovecot: Dovecot, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "bare@desk.test"
    box = dovecot.mailbox(address)
    box.deliver([mail(1), StoredMail(content=mail(2).content, flags=frozenset({"\\Deleted"}))])
    box.deliver([], folder="Done")
    server = Server(host=dovecot.host, port=dovecot.port, security="none")
    net = Net(plugin="email", allow_private=True)
    with closing(ImapSession(net, server, user=address, password=dovecot.password)) as session:
        monkeypatch.setattr(session, "has", lambda _: False)
        session.select("INBOX", write=True)
        session.move([1], "Done")
    assert len(box.mails(folder="Done")) == 1
    assert [stored.flags for stored in box.mails()] == [frozenset({"\\Deleted"})] * 2


def test_idle_wakes_up_for_a_new_mail(dovecot: Dovecot, connect: Connect) -> None:
    box = dovecot.mailbox("idle@desk.test")
    desk = connect("idle@desk.test")
    assert look(desk)[0] == []
    assert desk.wait(1) is False
    timer = threading.Timer(1.0, lambda: box.deliver([mail(1)]))
    timer.start()
    began = time.monotonic()
    assert desk.wait(60) is True
    assert time.monotonic() - began < 20
    assert numbers(look(desk)[0]) == [1]


def test_idle_is_begun_anew_before_firewalls_forget_the_line(
    dovecot: Dovecot, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "LONGEST_IDLE_S", 0.5)
    box = dovecot.mailbox("anew@desk.test")
    desk = connect("anew@desk.test")
    assert look(desk)[0] == []
    threading.Timer(1.8, lambda: box.deliver([mail(1)])).start()
    assert desk.wait(60) is True
    assert dovecot.sign_ins("anew@desk.test") == 1


def test_mail_between_looking_and_waiting_is_not_slept_over(
    dovecot: Dovecot, connect: Connect
) -> None:
    box = dovecot.mailbox("race@desk.test")
    box.deliver([mail(0)])
    desk = connect("race@desk.test")
    _, cursor = look(desk)
    box.deliver([mail(1)])
    began = time.monotonic()
    assert desk.wait(60) is True
    assert time.monotonic() - began < 5
    assert numbers(look(desk, cursor)[0]) == [1]


def test_closing_wakes_a_waiting_thread(dovecot: Dovecot, connect: Connect) -> None:
    desk = connect("closing@desk.test")
    dovecot.mailbox("closing@desk.test").deliver([mail(1)])
    look(desk)
    threading.Timer(1.0, desk.close).start()
    began = time.monotonic()
    with pytest.raises(TryLater):
        desk.wait(60)
    assert time.monotonic() - began < 10


def test_one_connection_serves_many_looks_and_a_broken_one_is_replaced(
    dovecot: Dovecot, connect: Connect
) -> None:
    address = "reuse@desk.test"
    dovecot.mailbox(address).deliver([mail(1)])
    desk = connect(address)
    _, cursor = look(desk)
    look(desk, cursor)
    assert dovecot.sign_ins(address) == 1
    assert desk._kept is not None
    desk._kept._box.client.shutdown()
    assert look(desk, cursor)[0] == []
    assert dovecot.sign_ins(address) == 2


def test_refused_password_is_told_without_the_servers_words_or_the_password(
    dovecot: Dovecot, connect: Connect
) -> None:
    desk = connect("wrong@desk.test", password=Secret("hunter2-secret"))
    with pytest.raises(SignInFailed) as caught:
        look(desk)
    told = f"{caught.value!r} {caught.value.__cause__!r}"
    assert "refused the user name or the password" in told
    assert "hunter2" not in told
    assert "AUTHENTICATIONFAILED" not in told


def test_password_from_a_variable_that_is_not_set_is_told(connect: Connect) -> None:
    desk = connect("variable@desk.test", password=Secret("env:NO_SUCH_VARIABLE"))
    with pytest.raises(SignInFailed, match="NO_SUCH_VARIABLE"):
        look(desk)


def test_nobody_at_the_port_means_try_later(dovecot: Dovecot, connect: Connect) -> None:
    desk = connect("nobody@desk.test", imap_port=1)
    with pytest.raises(TryLater):
        look(desk)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_encrypted_with_a_checked_certificate(
    dovecot: Dovecot, connect: Connect, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    address = f"{security}@desk.test"
    dovecot.mailbox(address).deliver([mail(1)])
    port = dovecot.tls_port if security == "tls" else dovecot.port
    desk = connect(address, imap_port=port, imap_security=security)
    with pytest.raises(TryLater, match="certificate"):
        look(desk)
    monkeypatch.setenv("SSL_CERT_FILE", dovecot.ca_file)
    assert numbers(look(desk)[0]) == [1]
    threading.Timer(1.0, lambda: dovecot.mailbox(address).deliver([mail(2)])).start()
    assert desk.wait(30) is True


@pytest.mark.parametrize("character", ["\0", "\r", "\n"])
def test_line_breaks_never_reach_the_wire(
    dovecot: Dovecot, connect: Connect, character: str
) -> None:
    server = Server(host=dovecot.host, port=dovecot.port, security="none")
    client = GuardedImap(Net(plugin="email", allow_private=True), server)
    with pytest.raises(Refused):
        client.login(f"a{character}b", "c")
    with pytest.raises(Refused):
        imaplib.IMAP4.xatom(client, "NOOP", f"x{character}A LOGOUT")
    client.shutdown()
