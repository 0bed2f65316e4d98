"""A customer's program: slixmpp, which is not ours and must understand what we write."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable
from dataclasses import dataclass
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self, TypeVar
from xml.etree.ElementTree import Element

import pytest

from plugins.xmpp.tests.servers import Place

pytest.importorskip("slixmpp", reason="slixmpp is not installed here (pip install slixmpp)")

from slixmpp import JID, ClientXMPP

T = TypeVar("T")
_WAIT_S = 20.0
_PLUGINS = (
    "xep_0030",
    "xep_0054",
    "xep_0066",
    "xep_0184",
    "xep_0199",
    "xep_0308",
    "xep_0333",
    "xep_0359",
    "xep_0424",
)
_UPLOAD = "{urn:xmpp:http:upload:0}"


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What came: words, a file's address, an error's name, a receipt."""

    id: str
    sender: str
    kind: str
    body: str
    url: str = ""
    error: str = ""
    receipt: str = ""


class Customer:
    """Somebody at a server, with one device; a context manager."""

    def __init__(self, server: Place, name: str) -> None:
        self.server, self.name = server, name
        self.jid = f"{name}@{server.domain}"
        self.heard: list[Heard] = []
        self.presences: list[tuple[str, str]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._connect())
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._do(self._leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_WAIT_S)
        self._loop.close()

    def raw(self, xml: str) -> None:
        """Send a stanza as it stands."""

        async def send() -> None:
            self._client.send_raw(xml)

        self._do(send())

    def say(self, to: str, body: str, *, name: str = "", replaces: str = "", url: str = "") -> str:
        """Write something and ask for a receipt; returns its id."""

        async def send() -> str:
            message = self._client.make_message(mto=to, mbody=body, mtype="chat")
            message["id"] = name or self._client.new_id()
            message["request_receipt"] = True
            if replaces:
                message["replace"]["id"] = replaces
            if url:
                message["oob"]["url"] = url
            message.send()
            return str(message["id"])

        return self._do(send())

    def retract(self, to: str, name: str) -> None:
        """Take back what was said."""

        async def send() -> None:
            self._client.plugin["xep_0424"].send_retraction(JID(to), name)

        self._do(send())

    def mark_read(self, heard: Heard) -> None:
        """Say that an answer was seen."""
        self.raw(
            f"<message to='{heard.sender}' type='chat' id='seen-{heard.id}'>"
            f"<displayed xmlns='urn:xmpp:chat-markers:0' id='{heard.id}'/></message>"
        )

    def add(self, to: str) -> None:
        """Put somebody into the list of contacts."""

        async def send() -> None:
            self._client.send_presence(pto=to, ptype="subscribe")

        self._do(send())

    def slot(self, filename: str, size: int, kind: str) -> tuple[str, str, dict[str, str]]:
        """Ask the server where a file may be put: returns put, get and headers."""

        async def ask() -> tuple[str, str, dict[str, str]]:
            iq = self._client.make_iq_get(ito=f"upload.{self.server.domain}")
            asked = {"filename": filename, "size": str(size), "content-type": kind}
            iq.xml.append(Element(f"{_UPLOAD}request", asked))
            answer = (await iq.send(timeout=10)).xml  # type: ignore[no-untyped-call]  # slixmpp says nothing of it
            put, get = answer.find(f".//{_UPLOAD}put"), answer.find(f".//{_UPLOAD}get")
            assert put is not None
            assert get is not None
            headers = {each.get("name", ""): each.text or "" for each in put}
            return put.get("url", ""), get.get("url", ""), headers

        return self._do(ask())

    def features_of(self, jid: str) -> set[str]:
        """Ask what somebody can."""

        async def ask() -> set[str]:
            info = await self._client.plugin["xep_0030"].get_info(jid=JID(jid), timeout=2)
            return set(info["disco_info"]["features"])

        return self._do(ask())

    def card_of(self, jid: str) -> str:
        """Ask for somebody's name."""

        async def ask() -> str:
            found = await self._client.plugin["xep_0054"].get_vcard(jid=JID(jid), timeout=10)
            return str(found["vcard_temp"]["FN"])

        return self._do(ask())

    def settle(self) -> None:
        """Wait until everything that the server had for us is here: it keeps the order."""

        async def ask() -> None:
            await self._client.plugin["xep_0199"].send_ping(JID(self.server.domain), timeout=10)

        self._do(ask())

    def wait_for(self, **fields: str) -> Heard:
        """Return the first thing heard with these fields; fails after a while."""
        until = monotonic() + _WAIT_S
        while monotonic() < until:
            for heard in list(self.heard):
                if all(getattr(heard, field) == value for field, value in fields.items()):
                    return heard
            sleep(0.02)
        raise AssertionError(f"nothing with {fields} among {self.heard}")

    def bodies(self) -> list[str]:
        """Return the words of what came, errors left out."""
        return [each.body for each in self.heard if each.body and not each.error]

    async def _connect(self) -> None:
        self._client = client = ClientXMPP(
            f"{self.jid}/phone",
            self.server.password,
            plugin_config={"feature_mechanisms": {"unencrypted_plain": True, "use_mech": "PLAIN"}},
        )
        client.enable_direct_tls = client.enable_starttls = False
        client.enable_plaintext = True
        for plugin in _PLUGINS:
            client.register_plugin(plugin)
        started = self._loop.create_future()
        client.add_event_handler("session_start", lambda _: started.set_result(None))
        client.add_event_handler("presence", self._saw)
        client.add_event_handler("message", self._take)
        client.add_event_handler("message_error", self._take)
        client.add_event_handler("receipt_received", self._take)
        client.connect(self.server.host, self.server.port)
        await asyncio.wait_for(started, _WAIT_S)
        client.send_presence()

    async def _leave(self) -> None:
        await asyncio.wait_for(self._client.disconnect(wait=1.0), 5.0)
        # What it leaves running would be ended when it is collected: after its loop.
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self._client._run_out_filters = None  # as above

    def _saw(self, presence: Any) -> None:
        self.presences.append((str(presence["from"].bare), str(presence["type"])))

    def _take(self, message: Any) -> None:
        xml: Element = message.xml
        received = xml.find("{urn:xmpp:receipts}received")
        url = xml.find("{jabber:x:oob}x/{jabber:x:oob}url")
        heard = Heard(
            id=str(message["id"]),
            sender=str(message["from"].bare),
            kind=str(message["type"]),
            body=str(message["body"]),
            url=(url.text or "") if url is not None else "",
            error=str(message["error"]["condition"]) if message["type"] == "error" else "",
            receipt=received.get("id", "") if received is not None else "",
        )
        # Errors are told of as two events; what is said twice must be seen twice.
        if heard.kind != "error" or heard not in self.heard:
            self.heard.append(heard)

    def _do(self, work: Awaitable[T]) -> T:
        async def doing() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(doing(), self._loop).result(_WAIT_S)
