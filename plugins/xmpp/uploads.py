"""Files: put where the server keeps them (XEP-0363), fetched from where customers put theirs."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from deskcore.api import N_
from deskcore.plugin import Net, Refused, TryLater
from plugins.xmpp import names
from plugins.xmpp.elements import child
from plugins.xmpp.line import query
from plugins.xmpp.outgoing import File
from plugins.xmpp.sending import Exchange
from plugins.xmpp.words import condition_of

MOST_BYTES = 50_000_000
_MOST_HOPS = 4
_MOST_SERVICES = 20
_SERVICE_S = 4.0
_FETCH_S = 60.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ALLOWED = frozenset({"authorization", "cookie", "expires"})  # XEP-0363, 5
_OK = range(200, 300)
_GONE = frozenset({401, 403, 404, 410})


def upload(net: Net, exchange: Exchange, server: str, file: File) -> str:
    """Put a file onto the server and return the address that customers get it by."""
    asked = {
        "filename": file.name.replace("/", "_"),
        "size": str(len(file.content)),
        "content-type": file.kind,
    }
    answer = exchange.ask(_keeper(exchange, server), query("request", names.UPLOAD, asked))
    put, get = _slot(answer)
    headers = {"Content-Type": file.kind} | {
        header.get("name", ""): (header.text or "").replace("\n", "").replace("\r", "")
        for header in put.findall(f"{{{names.UPLOAD}}}header")
        if header.get("name", "").lower() in _ALLOWED
    }
    said = net.http(
        put.get("url", ""), method="PUT", headers=headers, content=file.content, timeout_s=_FETCH_S
    )
    if said.status not in _OK:
        raise TryLater(N_("The XMPP server did not take the file."))
    return get.get("url", "")


def keeper_of(exchange: Exchange, server: str) -> str:
    """Return the address of the service that keeps files; empty when the server has none."""
    if exchange.keeper is None:
        places = (server, *_services(exchange, server))
        exchange.keeper = next((each for each in places if _keeps(exchange, each)), "")
    return exchange.keeper


def fetch(net: Net, url: str, own: str) -> Iterator[bytes]:
    """Yield a file's bytes.

    A stranger chose the address: only those that begin with *own*, which the owner did, may lead into
    the house, and each one on the way is checked anew.
    """
    at = url
    for _hop in range(_MOST_HOPS):
        if not at.lower().startswith(("https://", "http://")):
            raise Refused(N_("This file is encrypted for the customer's own devices."))
        door = net if own and at.startswith(own) else net.public()
        said = door.http(at, timeout_s=_FETCH_S, most_bytes=MOST_BYTES)
        if said.status in _REDIRECTS:
            at = urljoin(at, said.headers.get("location", ""))
        elif said.status in _OK:
            yield said.content
            return
        elif said.status in _GONE:
            raise Refused(N_("The customer's server does not have this file any more."))
        else:
            raise TryLater(N_("The customer's server does not hand out the file now."))
    raise Refused(N_("The address of this file leads in a circle."))


def _keeper(exchange: Exchange, server: str) -> str:
    found = keeper_of(exchange, server)
    if not found:
        raise Refused(
            N_("Your XMPP server keeps no files (HTTP upload). Send the text without the file.")
        )
    return found


def _services(exchange: Exchange, server: str) -> Iterator[str]:
    listed = exchange.ask(server, query("query", names.DISCO_ITEMS))
    items = child(listed, "query", names.DISCO_ITEMS)
    for each in list(items if items is not None else ())[:_MOST_SERVICES]:
        if (place := each.get("jid", "")) and place != exchange.component:
            yield place


def _keeps(exchange: Exchange, place: str) -> bool:
    """Ask a service what it can; one that is away keeps nothing."""
    try:
        said = exchange.ask(place, query("query", names.DISCO_INFO), patience_s=_SERVICE_S)
    except TryLater:
        return False
    told = child(said, "query", names.DISCO_INFO)
    features = told.findall(f"{{{names.DISCO_INFO}}}feature") if told is not None else []
    return any(each.get("var") == names.UPLOAD for each in features)


def _slot(answer: Element) -> tuple[Element, Element]:
    slot = child(answer, "slot", names.UPLOAD)
    put = child(slot, "put", names.UPLOAD) if slot is not None else None
    get = child(slot, "get", names.UPLOAD) if slot is not None else None
    if put is not None and get is not None:
        return put, get
    condition, may_pass = condition_of(answer)
    if may_pass:
        raise TryLater(N_("Your XMPP server has no room for files at the moment."))
    if condition in {"forbidden", "not-allowed", "not-authorized"}:
        raise Refused(N_("Your XMPP server does not let the desk keep files there."))
    raise Refused(N_("Your XMPP server does not take this file; perhaps it is too large."))
