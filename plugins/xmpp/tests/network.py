"""An XMPP server of few words: one port for components, troubles on demand.

It knows XEP-0114, pings and what a person has. Nothing of the plugin is used here: what both
understood wrong in the same way would not be seen.
"""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from xml.etree.ElementTree import Element, ParseError, XMLPullParser, fromstring
from xml.sax.saxutils import escape, quoteattr

from deskcore.testing import Trouble
from plugins.xmpp.tests.door import Door, reset

SECRET = "component-secret"
COMPONENT = "chat.xmpp.test"
DOMAIN = "xmpp.test"
ADDRESS = f"help@{COMPONENT}"
SPACE = "{jabber:component:accept}"
_HEAD = (
    "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
    f"xmlns='jabber:component:accept' from='{COMPONENT}' id='s-{{}}'>"
)
_STANZAS = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
_STREAMS = "xmlns='urn:ietf:params:xml:ns:xmpp-streams'"


class XmppNetwork(Door):
    """The far side of the contract."""

    names_patience = False  # errors of XMPP hold no time

    def __init__(self) -> None:
        self.asked = 0
        self.taken: list[Element] = []
        self.seen: list[Element] = []
        self.open: list[socket.socket] = []
        self.parting = b""  # what is said to whoever says good-bye
        self._offered: list[bytes] = []
        self._troubles: list[Trouble] = []
        self._lock = threading.RLock()
        self._numbers = iter(range(1, 10_000))

    @property
    def settings(self) -> dict[str, object]:
        """What points the channel here."""
        return {"host": "127.0.0.1", "port": self.port}

    @property
    def messages(self) -> int:
        """How many messages of ours it has."""
        return len(self.taken)

    @property
    def changes(self) -> int:
        """How often something was changed here."""
        return len(self.taken)

    @property
    def addresses(self) -> Sequence[str]:
        """Nothing is asked for by address."""
        return ()

    def offer(self, *contents: bytes) -> None:
        """Send these to whoever is connected, and to whoever connects until the next cut."""
        whole = [_as_stanza(content) for content in contents]
        with self._lock:
            self._offered += whole
            for line in self.open:
                with suppress(OSError):  # it has just gone: whoever comes next gets them
                    line.sendall(b"".join(whole))

    def plan(self, trouble: Trouble) -> bool:
        """Have this go wrong at the next attempt to send."""
        if trouble == "busy_date":
            return False
        self._troubles.append(trouble)
        return True

    def drop(self) -> None:
        """Cut everybody off; what was sent to them is not sent again."""
        with self._lock:
            lines, self.open, self._offered = self.open, [], []
        for line in lines:
            reset(line)

    def meet(self, line: socket.socket) -> None:
        """Serve a component until it leaves."""
        with suppress(OSError, ParseError):
            self._serve_one(line)
        with self._lock, suppress(ValueError):
            self.open.remove(line)
        line.close()

    def _serve_one(self, line: socket.socket) -> None:
        parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
        depth = 0
        name = f"s-{next(self._numbers)}"
        while content := line.recv(65536):
            parser.feed(content)
            for event, element in parser.read_events():  # type: ignore[misc]  # mypy thinks of others
                assert isinstance(element, Element)
                depth += 1 if event == "start" else -1
                if event == "start" and depth == 1 and not self._opened(line, name):
                    return
                if event == "end" and depth == 1 and not self._heard(line, name, element):
                    return
                if event == "end" and depth == 0:
                    line.sendall(self.parting + b"</stream:stream>")
                    return

    def _opened(self, line: socket.socket, name: str) -> bool:
        with self._lock:
            is_nonsense = "nonsense" in self._troubles
            if is_nonsense:
                self._troubles.remove("nonsense")
        if is_nonsense:
            line.sendall(b"HTTP/1.1 200 OK\r\n\r\n<html>Down for maintenance</html>")
        else:
            line.sendall(_HEAD.replace("s-{}", name).encode())
        return not is_nonsense

    def _heard(self, line: socket.socket, name: str, stanza: Element) -> bool:
        """Do what a stanza asks for; False ends the connection."""
        if stanza.tag == f"{SPACE}handshake":
            return self._greeted(line, name, stanza)
        with self._lock:
            self.seen.append(stanza)
        if stanza.tag == f"{SPACE}message" and stanza.find(f"{SPACE}body") is not None:
            return self._taken(line, stanza)
        if stanza.tag == f"{SPACE}iq" and stanza.get("type") == "get":
            is_ping = stanza.find("{urn:xmpp:ping}ping") is not None
            kind = "result" if is_ping else "error"
            line.sendall(_answer(stanza, kind))
        return True

    def _greeted(self, line: socket.socket, name: str, stanza: Element) -> bool:
        with self._lock:
            self.asked += 1
            is_denied = "denied" in self._troubles
            if is_denied:
                self._troubles.remove("denied")
        right = hashlib.sha1((name + SECRET).encode(), usedforsecurity=False).hexdigest()
        if is_denied or stanza.text != right:
            line.sendall(
                f"<stream:error><not-authorized {_STREAMS}/></stream:error></stream:stream>".encode()
            )
            return False
        with self._lock:
            line.sendall(b"<handshake/>" + b"".join(self._offered))
            self.open.append(line)
        return True

    def _taken(self, line: socket.socket, stanza: Element) -> bool:
        with self._lock:
            trouble = self._troubles.pop(0) if self._troubles else ""
        if trouble == "reset":
            reset(line)
            return False
        if trouble in {"busy", "error", "refused"}:
            line.sendall(_error(stanza, trouble))
            return True
        with self._lock:
            self.taken.append(stanza)
        if trouble == "lost":
            reset(line)
            return False
        if trouble == "half":
            line.sendall(b"<iq type='result' id='q")
            reset(line)
            return False
        return True


def a_message(text: str, name: str = "letters", **more: str) -> bytes:
    """Write a message of Ann's."""
    fields = {"from": f"ann@{DOMAIN}/phone", "to": ADDRESS, "type": "chat", "id": name, **more}
    head = " ".join(f"{key}={quoteattr(value)}" for key, value in fields.items())
    body = escape(text, {"\r": "&#13;"})
    return f'<message xmlns="jabber:component:accept" {head}><body>{body}</body></message>'.encode()


def _as_stanza(content: bytes) -> bytes:
    try:
        fromstring(content)  # noqa: S314  the tests' own
    except ParseError:
        odd = escape(content.decode("utf-8", "replace"))
        head = f"<message from='ann@{DOMAIN}/phone' to='{ADDRESS}' id='odd'>"
        return f"{head}<odd xmlns='urn:x:odd'>{odd}</odd></message>".encode()
    return content


def _answer(stanza: Element, kind: str) -> bytes:
    said = f"<error type='cancel'><service-unavailable {_STANZAS}/></error>"
    to, name = quoteattr(stanza.get("from", "")), quoteattr(stanza.get("id", ""))
    inside = said if kind == "error" else ""
    return f"<iq type='{kind}' from='{DOMAIN}' to={to} id={name}>{inside}</iq>".encode()


def _error(stanza: Element, trouble: str) -> bytes:
    condition, kind = {
        "busy": ("resource-constraint", "wait"),
        "error": ("internal-server-error", "wait"),
        "refused": ("service-unavailable", "cancel"),
    }[trouble]
    to, name = quoteattr(stanza.get("from", "")), quoteattr(stanza.get("id", ""))
    sender = quoteattr(stanza.get("to", ""))
    return (
        f"<message type='error' from={sender} to={to} id={name}>"
        f"<error type='{kind}'><{condition} {_STANZAS}/></error></message>"
    ).encode()
