"""A shop and its customer over real servers: files, corrections, cuts, a restart; nothing twice."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from slixmpp.exceptions import IqError, IqTimeout

from plugins.xmpp.tests.customer import Customer, Heard
from plugins.xmpp.tests.proxy import Proxy
from tests.process.conftest import StartDesk, start_desk
from tests.process.crashing import DeskFolder, eventually
from tests.process.desks import Desk
from tests.servers.xmpp import XmppServer
from tests.xmpp.shop import ADDRESS, Shop

__all__ = ["start_desk"]
pytestmark = pytest.mark.xdist_group("xmpp")

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
INVOICE = b"%PDF-1.4\n" + b"invoice " * 50
ASKED = "Добрый день, сколько стоит чайник? 🫖👩🏽‍💻"
MEANT = "Добрый день, сколько стоит синий чайник? 🫖"
# Waiting between two tries to connect is shown elsewhere.
IMPATIENT = {"deskcore.fetching._BACK_OFF_S": (0.3, 0.6, 1.0)}
ANSWERED = "Stojí 390 Kč ☕🇨🇿"


@dataclass(kw_only=True)
class Scene:
    """Ann, the shop, and the line between the shop and Ann's server."""

    server: XmppServer
    proxy: Proxy
    ann: Customer
    shop: Shop
    desk: Desk

    def desk_is_there(self) -> bool:
        """Wait until the desk answers at its address."""
        return bool(eventually(self._answers))

    def _answers(self) -> bool:
        try:
            return "urn:xmpp:receipts" in self.ann.features_of(ADDRESS)
        except (IqError, IqTimeout):
            return False


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here asks the database anything that the channel's own tests do not."""
    return sqlite_url


@pytest.fixture(params=["prosody", "ejabberd"])
def server(request: pytest.FixtureRequest) -> XmppServer:
    """Give each of the servers."""
    found: XmppServer = request.getfixturevalue(request.param)
    return found.now()


def test_a_customer_and_a_shop_write_to_each_other_through_cuts_and_a_restart(
    server: XmppServer, start_desk: StartDesk, tmp_path: Path, database_url: str
) -> None:
    folder = DeskFolder(instance=tmp_path / "instance", database_url=database_url)
    with ExitStack() as stack:
        proxy = stack.enter_context(Proxy(server.component_port))
        ann = stack.enter_context(Customer(server, "ann"))
        stack.enter_context(folder.opened())
        shop = Shop(folder.instance, server, proxy.port)
        before_anybody_is_there(ann)
        desk = start_desk(database_url=database_url, changes=IMPATIENT).ready()
        scene = Scene(server=server, proxy=proxy, ann=ann, shop=shop, desk=desk)
        assert scene.desk_is_there(), desk.errors[-3000:]
        the_desk_is_a_contact(ann)
        words_and_a_file_come_in(scene)
        an_answer_with_a_file_is_read(scene)
        cut_while_the_customer_speaks(scene)
        cut_while_the_shop_speaks(scene)
        cut_before_the_server_has_confirmed(scene)
        after_a_restart_of_the_server(scene)
        assert shop.tickets() == 1


def before_anybody_is_there(ann: Customer) -> None:
    """See the server give back what it keeps for no component: Ann's program shows that."""
    early = ann.say(ADDRESS, "Is anybody there?")
    error = ann.wait_for(id=early, kind="error").error
    assert error in {
        "remote-server-timeout",
        "forbidden",
    }  # ejabberd looks for nobody elsewhere here


def the_desk_is_a_contact(ann: Customer) -> None:
    ann.add(ADDRESS)
    assert eventually(lambda: (ADDRESS, "available") in ann.presences), ann.presences
    assert ann.card_of(ADDRESS) == "Tea shop"


def words_and_a_file_come_in(scene: Scene) -> None:
    ann, shop = scene.ann, scene.shop
    first = ann.say(ADDRESS, ASKED)
    ann.wait_for(receipt=first)
    assert shop.says(ASKED), scene.desk.errors[-3000:]
    ann.say(ADDRESS, MEANT, replaces=first)
    assert shop.says(MEANT), shop.texts()
    address = put(ann, "konvice-č2.png", PICTURE, "image/png")
    ann.wait_for(receipt=ann.say(ADDRESS, address, url=address))
    found = [("konvice-č2.png", PICTURE)]
    assert eventually(lambda: shop.files_of_customers() == found), shop.files_of_customers()
    wrong = ann.say(ADDRESS, "Wrong window")
    assert shop.says(MEANT, "", "Wrong window"), shop.texts()
    ann.retract(ADDRESS, wrong)
    assert shop.says(MEANT, "", ""), shop.texts()


def an_answer_with_a_file_is_read(scene: Scene) -> None:
    ann, shop = scene.ann, scene.shop
    sent = shop.answer(ANSWERED, ("faktura č. 7.pdf", INVOICE))
    words = ann.wait_for(body=ANSWERED)
    assert words.sender == ADDRESS
    file = ann.wait_for(id=f"{words.id}#1")
    assert file.url == file.body
    assert got(file.url) == INVOICE
    assert shop.reaches(sent, "delivered"), shop.state(sent)
    ann.mark_read(file)
    assert shop.reaches(sent, "read"), shop.state(sent)


def cut_while_the_customer_speaks(scene: Scene) -> None:
    """There is no receipt, so Ann's program sends it again, once too often: it is one message."""
    ann, text = scene.ann, "Only half of this came through"
    scene.proxy.cut_at("down", b"half of this")
    lost = ann.say(ADDRESS, text)
    assert eventually(lambda: scene.proxy.cuts == 1)
    assert scene.desk_is_there()
    assert not [heard for heard in ann.heard if heard.receipt == lost]
    for _time in range(2):
        ann.say(ADDRESS, text, name=lost)
    ann.wait_for(receipt=lost)
    ann.wait_for(receipt=ann.say(ADDRESS, "ok"))
    assert scene.shop.says(MEANT, "", "", text, "ok"), scene.shop.texts()


def cut_while_the_shop_speaks(scene: Scene) -> None:
    """Half of an answer is none, and nobody knows: a person repeats it, and it comes once."""
    scene.proxy.cut_at("up", b"middle")
    doubtful = scene.shop.answer("Cut in the middle of it")
    assert scene.shop.reaches(doubtful, "unsure"), scene.shop.state(doubtful)
    assert scene.desk_is_there()
    scene.shop.send_again(doubtful)
    heard = [scene.ann.wait_for(body="Cut in the middle of it")]
    assert scene.shop.reaches(doubtful, "delivered"), scene.shop.state(doubtful)
    assert said(scene.ann, "Cut in the middle of it") == heard


def cut_before_the_server_has_confirmed(scene: Scene) -> None:
    """See it not repeated by itself; that Ann has read it settles the doubt."""
    scene.proxy.cut_at("down", b"<iq")
    unsure = scene.shop.answer("Taken, and nobody heard it")
    heard = scene.ann.wait_for(body="Taken, and nobody heard it")
    assert scene.shop.reaches(unsure, "unsure"), scene.shop.state(unsure)
    assert scene.desk_is_there()
    scene.ann.mark_read(heard)
    assert scene.shop.reaches(unsure, "read"), scene.shop.state(unsure)
    assert said(scene.ann, "Taken, and nobody heard it") == [heard]


def after_a_restart_of_the_server(scene: Scene) -> None:
    """See an answer wait, and leave once as soon as the line stands."""
    scene.proxy.holds = True
    scene.server.stop()
    waiting = scene.shop.answer("After the restart 🔁")
    scene.server.start_again()
    with Customer(scene.server, "ann") as back:
        scene.proxy.holds = False
        back.wait_for(body="After the restart 🔁")
        assert scene.shop.reaches(waiting, "delivered"), scene.shop.state(waiting)
        back.wait_for(receipt=back.say(ADDRESS, "Thank you!"))
        assert eventually(lambda: scene.shop.texts()[-1] == "Thank you!")
        back.settle()
        assert back.bodies() == ["After the restart 🔁"]


def said(ann: Customer, text: str) -> list[Heard]:
    ann.settle()
    return [heard for heard in ann.heard if heard.body == text]


def put(customer: Customer, name: str, content: bytes, kind: str) -> str:
    """Put a file where the customer's server keeps it; returns its address."""
    place, address, headers = customer.slot(name, len(content), kind)
    asked = Request(place, data=content, headers=headers | {"Content-Type": kind}, method="PUT")  # noqa: S310  our own server
    with urlopen(asked, timeout=10) as answer:  # noqa: S310  as above
        assert answer.status in {200, 201}
    return address


def got(address: str) -> bytes:
    with urlopen(address, timeout=10) as answer:  # noqa: S310  our own server
        content: bytes = answer.read()
        return content
