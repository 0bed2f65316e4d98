"""Networks that a real worker holds a connection to: nothing lost, nothing twice, one owner."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from deskcore.models import ChannelAccount, InboundItem, Message, PluginFault
from deskcore.services.unit import reading, unit_of_work
from tests.channels import accounts
from tests.channels.accounts import an_account, said
from tests.channels.network import Network, a_network
from tests.process.crashing import DeskFolder, eventually


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> DeskFolder:
    accounts.install(tmp_path / "instance")
    return DeskFolder(instance=tmp_path / "instance", database_url=database_url)


@pytest.fixture
def network() -> Iterator[Network]:
    with a_network() as there:
        yield there


def connected(desk: DeskFolder, network: Network, address: str = "shop") -> int:
    with desk.opened():
        return an_account("feed", address=address, port=network.port)


def texts(desk: DeskFolder) -> list[str]:
    with desk.opened(), reading() as session:
        return list(session.scalars(select(Message.visible).order_by(Message.id)))


def account(desk: DeskFolder, account_id: int) -> ChannelAccount:
    with desk.opened():
        return accounts.account(account_id)


def test_what_a_network_says_comes_at_once_and_its_place_is_kept_with_it(
    desk: DeskFolder, network: Network
) -> None:
    account_id = connected(desk, network)
    with desk.running("worker"):
        assert eventually(lambda: network.listeners)
        assert eventually(lambda: account(desk, account_id).last_checked_at)
        network.say(said("One", "1"), said("Two", "2"))
        assert eventually(lambda: len(texts(desk)) == 2)
    assert account(desk, account_id).cursor == "2"
    assert not account(desk, account_id).failures
    with desk.running("worker"):
        assert eventually(lambda: len(network.cursors) == 2)
    assert network.cursors == ["", "2"]  # the connection of before was let go of in order


def test_a_connection_that_breaks_in_the_middle_of_a_message_loses_and_doubles_nothing(
    desk: DeskFolder, network: Network
) -> None:
    connected(desk, network)
    with desk.running("worker"):
        assert eventually(lambda: network.listeners)
        network.say(said("Whole", "1"))
        network.say_raw(b'{"id": "2", "from": "jana", "te')
        network.drop()
        assert eventually(lambda: network.listeners)
        network.say(said("Whole", "1"), said("Again", "2"))  # it is not sure what had arrived
        assert eventually(lambda: texts(desk) == ["Whole", "Again"])
    assert network.cursors[-1] == "1"


def test_a_network_that_drops_again_and_again_is_left_alone_for_longer_and_longer(
    desk: DeskFolder, network: Network
) -> None:
    account_id = connected(desk, network)
    network.is_open = False
    with desk.running("worker"):
        assert eventually(lambda: network.turned_away == 3)
        time.sleep(5)
        assert network.turned_away == 3  # after 2 and 5 seconds come 15
        assert "connects anew" in account(desk, account_id).problem
        network.is_open = True
        assert eventually(lambda: network.listeners)
        network.say(said("Back"))
        assert eventually(lambda: account(desk, account_id).problem == "")


def test_a_connection_that_died_unnoticed_is_given_up_and_another_one_made(
    desk: DeskFolder, network: Network
) -> None:
    connected(desk, network)
    with desk.running("worker"):
        assert eventually(lambda: network.listeners)
        for _ in range(5):  # signs of life keep it
            time.sleep(1)
            network.say_raw(b"ping\n")
        assert len(network.cursors) == 1
        network.forget()
        assert eventually(lambda: network.listeners)
        network.say(said("Heard"))
        assert eventually(lambda: texts(desk)) == ["Heard"]


def test_two_workers_hold_one_connection_and_the_other_takes_over(
    desk: DeskFolder, network: Network
) -> None:
    connected(desk, network)
    with desk.running("worker"):
        assert eventually(lambda: network.listeners)
        with desk.running("worker"):
            for _ in range(4):
                time.sleep(1)
                network.say_raw(b"ping\n")
            assert len(network.cursors) == 1
            network.say(said("First", "1"))
            assert eventually(lambda: texts(desk)) == ["First"]
    held = len(network.cursors)  # the other may have taken over while the first one ended
    with desk.running("worker"):
        assert eventually(lambda: len(network.cursors) > held)
        network.say(said("First", "1"), said("Second", "2"))
        assert eventually(lambda: texts(desk) == ["First", "Second"])


def test_a_bug_in_one_account_is_written_down_and_disturbs_no_other(
    desk: DeskFolder, network: Network
) -> None:
    with a_network() as other:
        connected(desk, network)
        connected(desk, other, "second shop")
        with desk.running("worker"):
            assert eventually(lambda: network.listeners and other.listeners)
            network.say_raw(b"bug\n")
            other.say(said("Fine"))
            assert eventually(lambda: texts(desk)) == ["Fine"]

            def places() -> list[str]:
                with desk.opened(), reading() as session:
                    return list(session.scalars(select(PluginFault.place)))

            assert eventually(places) == ["listen"]
            assert len(other.cursors) == 1


def test_changed_settings_end_the_old_connection(desk: DeskFolder, network: Network) -> None:
    account_id = connected(desk, network)
    with a_network() as moved, desk.running("worker"):
        assert eventually(lambda: network.listeners)
        with desk.opened(), unit_of_work() as unit:
            row = unit.session.get_one(ChannelAccount, account_id)
            row.settings, row.generation = {**row.settings, "port": moved.port}, 2
        assert eventually(lambda: moved.listeners)
        assert eventually(lambda: network.listeners[0].recv(1) == b"")
        with desk.opened(), reading() as session:
            assert session.scalars(select(InboundItem.id)).all() == []
