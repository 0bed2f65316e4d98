"""Answers of a channel that has one line leave by the line that is held, wherever that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from deskcore import clock
from deskcore.config import load_config
from deskcore.domain.people import Actor
from deskcore.fetching import Fetchers
from deskcore.models import ChannelAccount, Delivery, InboundItem
from deskcore.plugin import AttachmentRef, RawItem, Refused, Secret
from deskcore.plugin.active import plugins
from deskcore.plugin.net import network_allowed
from deskcore.services import channels, connection_tests, inbound, sending
from deskcore.services.connection_tests import Connection
from deskcore.services.jobs import RunAgain
from deskcore.services.unit import reading, unit_of_work
from plugins.xmpp.settings import XmppSettings
from plugins.xmpp.tests.network import COMPONENT, DOMAIN, SECRET, XmppNetwork, a_message
from tests.databases import opened
from tests.process.crashing import eventually
from tests.servers.xmpp import XmppServer
from tests.xmpp.shop import ADDRESS, Shop


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str) -> Iterator[Flask]:
    wanted = load_config(
        instance=tmp_path / "instance",
        database_url=sqlite_url,
        plugins=("email", "xmpp", "telegram"),
    )
    with opened(wanted, has_pages=False) as found, network_allowed():
        yield found


@pytest.fixture
def network() -> Iterator[XmppNetwork]:
    with XmppNetwork() as there:
        yield there


@pytest.fixture
def shop(app: Flask, network: XmppNetwork, tmp_path: Path) -> Shop:
    """Give a shop that Ann has asked something, and nobody listens yet."""
    made = Shop(tmp_path / "instance", component_of(network))
    asked = RawItem(
        external_id="1", cursor="1", received_at=clock.now(), content=a_message("Is it in?", "m-1")
    )
    inbound.file_items(inbound.store(made.account_id, [asked]).new_ids)
    return made


@pytest.fixture
def fetchers(app: Flask) -> Iterator[Fetchers]:
    made = Fetchers(app, "this worker", 1.0)
    yield made
    made.stop(timeout_s=5.0)


def component_of(network: XmppNetwork) -> XmppServer:
    return XmppServer(
        pid=0,
        log_file="",
        kind="prosody",
        folder="",
        port=0,
        component_port=network.port,
        http_port=80,
        domain=DOMAIN,
        component=COMPONENT,
        secret=SECRET,
    )


def delivery(delivery_id: int) -> Delivery:
    with reading() as session:
        return session.get_one(Delivery, delivery_id)


def set_account(account_id: int, **values: object) -> None:
    with unit_of_work() as unit:
        unit.session.execute(
            update(ChannelAccount).where(ChannelAccount.id == account_id).values(**values)
        )


def test_an_answer_waits_for_the_line_and_leaves_as_soon_as_it_stands(
    shop: Shop, network: XmppNetwork, fetchers: Fetchers
) -> None:
    waiting = shop.answer("It is.")
    sending.send(waiting)
    assert delivery(waiting).state == "queued"
    assert "as soon as it stands again" in delivery(waiting).detail
    assert delivery(waiting).run_at > clock.now() + timedelta(seconds=30)
    undoable = shop.answer("You may take this back for a while.")
    with unit_of_work() as unit:
        later = clock.now() + timedelta(hours=1)
        unit.session.get_one(Delivery, undoable).run_at = later

    fetchers.look()
    assert eventually(lambda: delivery(waiting).run_at <= clock.now()), "nobody hurried"
    assert delivery(undoable).run_at == later
    sending.send(waiting)
    assert delivery(waiting).state == "sent"
    assert len(network.taken) == 1
    assert network.asked == 1, "a second line was opened for it"


def test_an_answer_goes_to_the_process_that_holds_the_line(shop: Shop) -> None:
    elsewhere = shop.answer("It is.")
    until = clock.now() + timedelta(minutes=1)
    set_account(shop.account_id, lease_owner="another worker", lease_until=until)
    with pytest.raises(RunAgain):
        sending.send(elsewhere)
    assert delivery(elsewhere).tries == 0
    set_account(shop.account_id, failures=2)  # it has none, either
    sending.send(elsewhere)
    assert (delivery(elsewhere).state, delivery(elsewhere).tries) == ("queued", 1)


def test_a_test_of_what_is_connected_opens_no_second_line(
    shop: Shop, network: XmppNetwork, fetchers: Fetchers
) -> None:
    fetchers.look()
    assert eventually(lambda: plugins().held)
    settings = XmppSettings(
        host="127.0.0.1",
        port=network.port,
        component=COMPONENT,
        secret=Secret(SECRET),
        files="http://127.0.0.1:80/",
    )
    assert tried(shop.agent, shop.account_id, settings) == ["The desk is connected."]
    assert network.asked == 1
    wrong = replace(settings, secret=Secret("another"))
    assert tried(shop.agent, shop.account_id, wrong) != ["The desk is connected."]
    assert network.asked == 2


def tried(agent: Actor, account_id: int, settings: XmppSettings) -> list[str]:
    """Press “Test”; return what is said of the connection."""
    wanted = Connection(channel="xmpp", address=ADDRESS, settings=settings, account_id=account_id)
    name = connection_tests.start_test(agent, wanted)
    with reading() as session:
        row = connection_tests.own_test(session, agent, name)
    connection_tests.run_test(row.id)
    return [line.message for line in connection_tests.test_view(agent, name).lines[:1]]


def test_what_the_server_says_while_the_desk_goes_is_kept(
    shop: Shop, network: XmppNetwork, fetchers: Fetchers
) -> None:
    fetchers.look()
    assert eventually(lambda: plugins().held)
    network.parting = a_message("Wait!", "m-2") + a_message("One more thing", "m-3")
    fetchers.stop(timeout_s=10.0)
    with reading() as session:
        assert len(session.scalars(select(InboundItem.id)).all()) == 3
    assert not plugins().held


def test_files_of_strangers_are_not_fetched_from_the_house(shop: Shop) -> None:
    channel = channels.build_by_id(shop.account_id)
    with pytest.raises(Refused, match="private network"):
        list(channel.fetch(AttachmentRef(ref="http://127.0.0.1/door")))


def test_only_a_plugin_that_says_so_reaches_anybody_and_other_ports(app: Flask) -> None:
    own = XmppSettings(component=COMPONENT, secret=Secret(SECRET))
    closed = replace(plugins(), allow_private=False)
    xmpp, telegram = (closed.net(slug, own) for slug in ("xmpp", "telegram"))
    assert {80, 443, 5443} <= set(xmpp.web_ports)  # type: ignore[call-overload]  # a set here
    assert 22 not in xmpp.web_ports
    assert 5443 not in telegram.web_ports
    xmpp._check_name("files.of.a.customer.example", 443)
    with pytest.raises(Exception, match="has not declared"):
        telegram._check_name("files.of.a.customer.example", 443)
