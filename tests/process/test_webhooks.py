"""Networks that push to a running desk, over real HTTP: believed, stored, answered, filed."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from deskcore.domain.kinds import AccountState, InboundState
from deskcore.models import ChannelAccount, InboundItem, Message, PluginFault, Ticket
from deskcore.services.unit import reading, unit_of_work
from tests.channels import accounts
from tests.channels.accounts import an_account, lines, path_of, push, said, send, signed
from tests.process.conftest import StartDesk
from tests.process.crashing import DeskFolder, eventually


@dataclass(frozen=True, kw_only=True)
class Told:
    """A running desk with an account that is pushed to."""

    folder: DeskFolder
    address: str
    account_id: int
    hook: str

    def count(self, *conditions: object) -> int:
        with self.folder.opened(), reading() as session:
            wanted = select(func.count(InboundItem.id)).where(*conditions)  # type: ignore[arg-type]  # conditions of any kind
            return int(session.scalar(wanted) or 0)

    def texts(self) -> list[str]:
        with self.folder.opened(), reading() as session:
            return list(session.scalars(select(Message.visible).order_by(Message.id)))

    def account(self) -> ChannelAccount:
        with self.folder.opened():
            return accounts.account(self.account_id)

    def set(self, **columns: object) -> None:
        with self.folder.opened(), unit_of_work() as unit:
            row = unit.session.get_one(ChannelAccount, self.account_id)
            for name, value in columns.items():
                setattr(row, name, value)


@pytest.fixture
def desk(start_desk: StartDesk, tmp_path: Path, database_url: str) -> Told:
    folder = DeskFolder(instance=tmp_path / "instance", database_url=database_url)
    accounts.install(folder.instance)
    with folder.opened():
        account_id = an_account()
        path = path_of(account_id)
    running = start_desk(database_url=database_url).ready()
    address = running.address
    return Told(folder=folder, address=address, account_id=account_id, hook=address + path)


def test_a_push_is_answered_as_the_network_wants_and_becomes_a_ticket(desk: Told) -> None:
    body = lines(said("Where is my order?"))
    status, answer, headers = push(desk.hook, body)
    assert (status, answer) == (202, b"ok")
    assert headers["Content-Length"] == "2"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "Set-Cookie" not in headers
    assert eventually(desk.texts) == ["Where is my order?"]
    with desk.folder.opened(), reading() as session:
        assert session.scalars(select(Ticket.channel)).all() == ["chat"]
        assert session.scalars(select(InboundItem.state)).all() == [InboundState.FILED]
    assert desk.account().last_received_at is not None


def test_the_same_push_twice_and_many_at_once_is_one_message(desk: Told) -> None:
    body = lines(said("Once"), said("Once", "2"))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: push(desk.hook, body)[0], range(24)))
    assert set(answers) == {202}
    assert eventually(lambda: len(desk.texts()) == 2)
    assert desk.texts() == ["Once", "Once"]  # the network named two things, in the same words
    assert desk.count() == 2


def test_one_that_is_not_understood_costs_the_others_of_its_push_nothing(desk: Told) -> None:
    assert push(desk.hook, b"\xff{nonsense\n" + lines(said("Fine")))[0] == 202
    assert eventually(desk.texts) == ["Fine"]
    assert eventually(lambda: desk.count(InboundItem.state == InboundState.IGNORED)) == 1


@pytest.mark.parametrize("wrong", ["missing", "other secret", "cut", "other bytes"])
def test_a_push_that_is_not_authentic_is_refused_counted_and_not_stored(
    desk: Told, wrong: str
) -> None:
    body = lines(said("Grüße"))
    right = signed(body)["X-Signature"]
    headers = {
        "missing": {},
        "other secret": signed(body, "guessed"),
        "cut": {"X-Signature": right[:-1]},
        "other bytes": signed(lines(said("Grusse"))),
    }[wrong]
    status, answer, _ = push(desk.hook, body, headers)
    assert (status, answer) == (401, b"not authentic\n")
    assert desk.count() == 0
    row = desk.account()
    assert (row.refused_count, row.refused_at is not None) == (1, True)


def test_many_that_are_not_authentic_are_slowed_down_and_keep_no_right_one_out(desk: Told) -> None:
    statuses = [push(desk.hook, b"x", {})[0] for _ in range(40)]
    assert statuses == [401] * 30 + [429] * 10
    assert desk.account().refused_count == 30
    assert push(desk.hook, lines(said("Still welcome")))[0] == 202
    _, _, headers = push(desk.hook, b"x", {})
    assert int(headers["Retry-After"]) > 0


def test_five_megabytes_that_nobody_signed_cost_little_and_more_is_not_read(desk: Told) -> None:
    began = time.monotonic()
    assert push(desk.hook, b"x" * 5_000_000, {})[0] == 401
    assert time.monotonic() - began < 2
    assert push(desk.hook, b"x" * 11_000_000)[0] == 413
    assert desk.count() == 0


def test_a_handshake_is_answered_in_its_own_words_and_can_never_run(desk: Told) -> None:
    challenge = "challenge=%3Cscript%3Ealert(1)%3C/script%3E"
    status, answer, headers = send(
        f"{desk.hook}?{challenge}&token={accounts.SECRET.replace(' ', '+')}"
    )
    assert (status, answer) == (200, b"<script>alert(1)</script>")
    assert headers["Content-Security-Policy"].startswith("sandbox;")
    assert send(f"{desk.hook}?{challenge}&token=guessed")[0] == 401
    assert desk.count() == 0


def test_nobody_listens_at_an_address_that_is_unknown_paused_or_of_mail(desk: Told) -> None:
    body = lines(said("Hello"))
    for path in ("in/chat/unknown", "in/email/unknown", "in/nothing/unknown", "in/chat", "in/feed"):
        assert push(desk.address + path, body)[:2] == (404, b"nobody listens here\n"), path
    desk.set(state=AccountState.OFF)
    assert push(desk.hook, body)[0] == 404
    # Who cannot send at the moment is written to all the same.
    desk.set(state=AccountState.SIGN_IN_FAILED)
    assert push(desk.hook, body)[0] == 202


def test_a_fault_of_the_plugin_makes_the_network_send_again(desk: Told) -> None:
    status, answer, headers = push(desk.hook, b"please fail")
    assert (status, answer) == (503, b"send it again\n")
    assert int(headers["Retry-After"]) > 0
    assert desk.count() == 0

    def faults() -> list[str]:
        with desk.folder.opened(), reading() as session:
            return list(session.scalars(select(PluginFault.place)))

    assert eventually(faults) == ["unpack"]
    assert push(desk.hook, lines(said("Others go on")))[0] == 202


def test_a_push_is_stored_while_the_worker_is_away(
    start_desk: StartDesk, tmp_path: Path, database_url: str
) -> None:
    folder = DeskFolder(instance=tmp_path / "instance", database_url=database_url)
    accounts.install(folder.instance)
    with folder.opened():
        path = path_of(an_account())
    running = start_desk(command="web", database_url=database_url)
    assert push(running.address + path, lines(said("Later")))[0] == 202
    with folder.opened(), reading() as session:
        assert session.scalars(select(InboundItem.state)).all() == [InboundState.STORED]


def test_accounts_of_one_app_share_an_address_and_get_what_is_theirs(desk: Told) -> None:
    with desk.folder.opened():
        ids = [an_account("app_chat", address=name) for name in ("page-a", "page-b")]
    hook, body = f"{desk.address}in/app_chat", lines(said("To B"))
    assert push(hook, body, {**signed(body), "X-Account": "page-b"})[0] == 202
    assert push(hook, body, {**signed(body), "X-Account": "page-z"})[0] == 404
    assert push(hook, body, signed(body))[0] == 404
    assert push(hook, body, {"X-Account": "page-a"})[0] == 401
    assert send(f"{hook}?challenge=42&token={accounts.SECRET.replace(' ', '+')}")[:2] == (
        200,
        b"42",
    )
    assert [desk.count(InboundItem.account_id == each) for each in ids] == [0, 1]
