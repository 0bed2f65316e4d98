"""Prosody or ejabberd as the far side of the contract; the customers are slixmpp."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from time import monotonic, sleep
from xml.etree.ElementTree import ParseError, fromstring
from xml.sax.saxutils import escape

from deskcore.testing import Trouble
from plugins.xmpp.tests.customer import Customer
from plugins.xmpp.tests.proxy import Proxy
from plugins.xmpp.tests.servers import Place

_FROM = re.compile(r" from=\"[^\"]*\"")
_SPACE = ' xmlns="jabber:component:accept"'


class RealXmpp:
    """The desk comes through a proxy; customers write when it is there."""

    names_patience = False

    def __init__(self, server: Place, ann: Customer, bob: Customer) -> None:
        self._server, self._people = server, {"ann": ann, "bob": bob}
        self._ann = ann
        self._offered: list[bytes] = []
        self._is_ready = False
        self.asked = 0
        self._before = len(ann.bodies())
        self.proxy = Proxy(server.component_port, self._ready)

    @property
    def server(self) -> str:
        """Who answers, for the report."""
        return self._server.name

    @property
    def settings(self) -> Mapping[str, object]:
        return {"host": "127.0.0.1", "port": self.proxy.port, "secret": self._server.secret}

    @property
    def messages(self) -> int:
        self._ann.settle()
        return len(self._ann.bodies()) - self._before

    @property
    def changes(self) -> int:
        return self.messages

    @property
    def addresses(self) -> Sequence[str]:
        return ()

    def offer(self, *contents: bytes) -> None:
        """Write these when the desk connects the next time."""
        self._offered += contents

    def plan(self, trouble: Trouble) -> bool:
        """Lose an answer: the server has the message, and the line is cut."""
        if trouble != "lost":
            return False
        self.proxy.cut_at("down", b"<iq")
        return True

    def drop(self) -> None:
        self.proxy.drop()
        self._offered = []
        until = monotonic() + 5
        while self.proxy._open and monotonic() < until:
            sleep(0.01)

    def _ready(self) -> None:
        for content in self._offered:
            who, xml = _as_written(content)
            self._people[who].raw(xml)
            self._people[who].settle()  # so that the order is the one that was asked for


@contextmanager
def a_far_side(server: Place) -> Iterator[RealXmpp]:
    """Run customers and a proxy before *server* until the block ends."""
    with ExitStack() as stack:
        ann = stack.enter_context(Customer(server.now(), "ann"))
        bob = stack.enter_context(Customer(server.now(), "bob"))
        far = RealXmpp(server, ann, bob)
        stack.enter_context(far.proxy)
        yield far


def _as_written(content: bytes) -> tuple[str, str]:
    """Return who writes a sample, and what they would write themselves."""
    try:
        stanza = fromstring(content)  # noqa: S314  the tests' own
    except ParseError:
        odd = escape(content.decode("utf-8", "replace"))
        head = "<message to='help@chat.xmpp.test' id='odd'>"
        return "ann", f"{head}<odd xmlns='urn:x:odd'>{odd}</odd></message>"
    who = stanza.get("from", "").partition("@")[0]
    return who, _FROM.sub("", content.decode(), count=1).replace(_SPACE, "", 1).strip()
