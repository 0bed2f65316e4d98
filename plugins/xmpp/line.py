"""The line to the server: opened by XEP-0114, read by one, written by several, one element each."""

from __future__ import annotations

import hashlib
import select
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from time import monotonic
from xml.etree.ElementTree import Element, SubElement
from xml.sax.saxutils import quoteattr

from deskcore.api import N_
from deskcore.plugin import Blocked, ChannelFailure, Net, SignInFailed, TryLater
from plugins.xmpp.elements import COMPONENT, STREAM, NotXmpp, Reader, local, space, written
from plugins.xmpp.names import STREAM_ERRORS
from plugins.xmpp.settings import XmppSettings

_CHUNK = 64 * 1024
_OPENING_S = 10.0
_WRITE_S = 10.0
_GOODBYE_S = 1.0
BROKEN = N_("The line to the XMPP server broke.")
_ENDED = N_("The XMPP server ended the connection.")


class Line:
    """One connection that the server has accepted. Only one thread reads it."""

    def __init__(self, net: Net, settings: XmppSettings) -> None:
        self._lock = threading.Lock()
        self._reader = Reader()
        self._ready: list[Element] = []
        self._is_closing = False
        self._closed_by = 0.0
        self._socket = _connected(net, settings)
        try:
            self._greet(settings)
        except BaseException:
            self.cut()
            self._socket.close()
            raise

    def write(self, *elements: Element) -> None:
        """Write stanzas, all or as many as got through; raises TryLater when the line is cut."""
        content = b"".join(written(each) for each in elements)
        try:
            with self._lock:
                self._socket.sendall(content)
        except OSError as error:
            self.cut()
            raise TryLater(BROKEN) from error

    def read(self, timeout_s: float) -> Element | None:
        """Return the next stanza, None when none came in time; raises what the end means."""
        if not self._ready:
            self._ready.extend(self._read(timeout_s))
        if not self._ready:
            if self._reader.has_ended or (self._is_closing and monotonic() > self._closed_by):
                raise TryLater(_ENDED)
            return None
        stanza = self._ready.pop(0)
        if local(stanza) == "error" and space(stanza) == STREAM:
            raise _ended_by(stanza)
        return stanza

    def close(self) -> None:
        """Say good-bye: what the server had sent until then is still read, then it ends."""
        if self._is_closing:
            return
        self._is_closing = True
        self._closed_by = monotonic() + _GOODBYE_S
        if not self._lock.acquire(timeout=_GOODBYE_S):
            self.cut()
            return
        try:
            self._socket.settimeout(_GOODBYE_S)
            self._socket.sendall(b"</stream:stream>")
        except OSError:
            self.cut()
        finally:
            self._lock.release()

    def cut(self) -> None:
        """End the connection at once; whoever reads it wakes."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def unread(self) -> list[Element]:
        """Return what came and nobody has read."""
        rest, self._ready = self._ready, []
        return rest

    def release(self) -> None:
        """Give the socket back; only by the thread that reads."""
        self.close()
        self.cut()
        self._socket.close()

    def _read(self, timeout_s: float) -> Iterator[Element]:
        try:
            if not self._has_news(timeout_s):
                return iter(())
            with self._lock:  # TLS is read and written by one at a time
                self._socket.settimeout(_WRITE_S)
                content = self._socket.recv(_CHUNK)
        except TimeoutError:
            return iter(())
        except OSError as error:
            raise TryLater(BROKEN) from error
        if not content:
            raise TryLater(_ENDED)
        try:
            return self._reader.feed(content)
        except NotXmpp as error:
            self.cut()
            raise TryLater(N_("What answers there does not speak XMPP.")) from error

    def _has_news(self, timeout_s: float) -> bool:
        if isinstance(self._socket, ssl.SSLSocket) and self._socket.pending():
            return True
        waiting = select.poll()
        waiting.register(self._socket, select.POLLIN)
        return bool(waiting.poll(timeout_s * 1000))

    def _greet(self, settings: XmppSettings) -> None:
        to = quoteattr(settings.name)
        head = f"<?xml version='1.0'?><stream:stream xmlns='{COMPONENT}' xmlns:stream='{STREAM}' to={to}>"
        try:
            self._socket.sendall(head.encode())
        except OSError as error:
            raise TryLater(BROKEN) from error
        until = monotonic() + _OPENING_S
        stream = self._first(until)
        if space(stream) != STREAM:
            raise TryLater(N_("What answers there does not speak XMPP."))
        shake = Element(f"{{{COMPONENT}}}handshake")
        secret = stream.get("id", "") + settings.secret.reveal()
        shake.text = hashlib.sha1(secret.encode(), usedforsecurity=False).hexdigest()
        self.write(shake)
        if local(self._first(until)) != "handshake":
            raise TryLater(N_("What answers there is no port for components."))

    def _first(self, until: float) -> Element:
        found = None
        while found is None and (left := until - monotonic()) > 0:
            found = self.read(left)
        if found is None:
            raise TryLater(N_("The XMPP server says nothing."))
        return found


def stanza(kind: str, **attributes: str) -> Element:
    """Make a stanza; ``sender`` is written as ``from``."""
    held = {"from" if name == "sender" else name: value for name, value in attributes.items()}
    return Element(f"{{{COMPONENT}}}{kind}", held)


def query(name: str, namespace: str, attributes: Mapping[str, str] | None = None) -> Element:
    """Make what is asked in an ``iq``."""
    return Element(f"{{{namespace}}}{name}", dict(attributes or {}))


def add(parent: Element, tag: str, namespace: str, text: str = "", **attributes: str) -> Element:
    """Put an element into another one."""
    made = SubElement(parent, f"{{{namespace}}}{tag}", attributes)
    made.text = text or None
    return made


def _connected(net: Net, settings: XmppSettings) -> socket.socket:
    host = settings.host.strip()
    line = net.tcp(host, settings.port)
    if settings.encrypted:
        try:
            line = net.tls_context().wrap_socket(line, server_hostname=host)
        except OSError as error:
            line.close()
            raise TryLater(
                N_("The server does not speak TLS on this port, or not well.")
            ) from error
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return line


def _ended_by(error: Element) -> ChannelFailure:
    found = [each for each in error if space(each) == STREAM_ERRORS and local(each) != "text"]
    match local(found[0]) if found else "":
        case "not-authorized":
            return SignInFailed(
                N_("The XMPP server does not know this secret. Enter the one that it has.")
            )
        case "host-unknown" | "host-gone" | "improper-addressing" | "invalid-from":
            return Blocked(N_("The XMPP server knows no component of this name."))
        case "conflict":
            return Taken(
                N_(
                    "Somebody is connected as this component already: another desk, or an old "
                    "connection of this one that the server has not yet given up."
                )
            )
        case "system-shutdown":
            return TryLater(N_("The XMPP server is being restarted."))
        case "policy-violation" | "resource-constraint":
            return TryLater(N_("The XMPP server is too busy, or something was too large for it."))
    return TryLater(_ENDED)


class Taken(Blocked):
    """The secret is right, and somebody is connected with it."""
