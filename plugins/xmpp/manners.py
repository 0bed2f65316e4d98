"""What the desk answers by itself: whether it is there, what it can, who it is (XEP-0030, 0054)."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from plugins.xmpp import names
from plugins.xmpp.elements import local, space
from plugins.xmpp.line import add, stanza


def answers(asked: Element, name: str) -> Iterator[Element]:
    """Answer a presence or a question of somebody's; *name* is what the desk calls itself."""
    if not asked.get("from"):
        return
    if local(asked) == "presence":
        yield from _presences(asked)
    elif local(asked) == "iq" and asked.get("type") in {"get", "set"}:
        yield _reply(asked, name)


def bounced(message: Element) -> Element:
    """Give a message back that nobody here can keep, so that its sender knows."""
    back = _back(message, "message", "error")
    error = add(back, "error", "jabber:component:accept", type="wait")
    add(error, "resource-constraint", names.STANZA_ERRORS)
    return back


def all_bounced(unread: list[Element]) -> list[Element]:
    """Give back what came and nobody will read any more."""
    said = [each for each in unread if local(each) == "message" and each.get("type") != "error"]
    return [bounced(each) for each in said if each.get("from")]


def receipt(message: Element, name: str) -> Element:
    """Confirm that a message is kept (XEP-0184, without a body of its own)."""
    back = stanza("message", sender=message.get("to", ""), to=message.get("from", ""))
    back.set("type", message.get("type", "normal"))
    add(back, "received", names.RECEIPTS, id=name)
    return back


def _presences(asked: Element) -> Iterator[Element]:
    """Let everybody see that the desk is there; whoever asks may put it into their list."""
    here = {"sender": names.bare(asked.get("to", "")), "to": names.bare(asked.get("from", ""))}
    match asked.get("type", ""):
        case "subscribe":
            yield stanza("presence", type="subscribed", **here)
            yield stanza("presence", **here)
        case "probe":
            yield stanza("presence", **here)
        case "unsubscribe":
            yield stanza("presence", type="unsubscribed", **here)


def _reply(asked: Element, name: str) -> Element:
    query = next(iter(asked), None)
    kind = (local(query), space(query)) if query is not None else ("", "")
    if asked.get("type") == "get":
        match kind:
            case ("ping", names.PING):
                return _back(asked, "iq", "result")
            case ("query", names.DISCO_INFO) if query is not None and not query.get("node"):
                return _described(_back(asked, "iq", "result"), name)
            case ("query", names.DISCO_ITEMS):
                back = _back(asked, "iq", "result")
                add(back, "query", names.DISCO_ITEMS)
                return back
            case ("vCard", names.VCARD):
                back = _back(asked, "iq", "result")
                add(add(back, "vCard", names.VCARD), "FN", names.VCARD, name)
                return back
    back = _back(asked, "iq", "error")
    error = add(back, "error", "jabber:component:accept", type="cancel")
    add(error, "service-unavailable", names.STANZA_ERRORS)
    return back


def _described(back: Element, name: str) -> Element:
    query = add(back, "query", names.DISCO_INFO)
    is_person = "@" in back.get("from", "")
    category, kind = ("client", "bot") if is_person else ("component", "generic")
    add(query, "identity", names.DISCO_INFO, category=category, type=kind, name=name)
    for feature in names.FEATURES:
        add(query, "feature", names.DISCO_INFO, var=feature)
    return back


def _back(asked: Element, kind: str, outcome: str) -> Element:
    back = stanza(kind, sender=asked.get("to", ""), to=asked.get("from", ""), type=outcome)
    if asked.get("id"):
        back.set("id", asked.get("id", ""))
    return back
