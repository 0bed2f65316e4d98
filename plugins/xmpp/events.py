"""What stanzas mean. Pure and total: any bytes give something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from deskcore.api import (
    N_,
    Address,
    DeliveryReport,
    Ignored,
    Inbound,
    InboundChange,
    InboundMessage,
    ThreadKeys,
)
from deskcore.plugin import AttachmentRef
from plugins.xmpp import names
from plugins.xmpp.elements import LANGUAGE, child, element_of, fit, local, space, written
from plugins.xmpp.names import bare, domain_of
from plugins.xmpp.words import condition_of, meaning_of

# Ids of ours hold the token of their delivery, so that a late receipt settles a doubtful one.
_OURS = re.compile(r"d\.([A-Za-z0-9_-]{16,64})@")
_UNSEEN = frozenset({names.DELAY, names.STABLE_IDS})
_NO_LANGUAGE = ""
_SIGNS = 10
_ENCRYPTED = N_(
    "This message is encrypted, and the desk cannot read it. Ask the customer to switch encryption "
    "(OMEMO) off for this chat."
)


def meanings(content: bytes, component: str) -> list[Inbound]:
    """Say what one stanza means for the desk that is called *component*."""
    stanza = element_of(content)
    if stanza is None or local(stanza) != "message":
        return [Ignored(reason="This is no message of XMPP.")]
    sender = bare(stanza.get("from", ""))
    if not sender or domain_of(sender) == component:
        return [Ignored(reason="A message of ours came back, or of nobody.")]
    if stanza.get("type") == "error":
        return [_bounce(stanza)]
    if _is_of_group(stanza):
        return [Ignored(reason="The desk takes part in no group chats.")]
    return list(_said(stanza, sender)) or [Ignored(reason=_unknown(stanza))]


def own_id(sender: str, name: str) -> str:
    """Make an id that is unique in the account: two customers' programs may give the same."""
    return f"{bare(sender)} {name}" if name else ""


def item_id(stanza: Element, otherwise: str) -> str:
    """Name a stanza so that the same one, sent again, has the same name.

    Programs send again, with the same id, what was never confirmed. Ids of old programs begin anew
    at 1 every day, so the words count as well. Without an id it is *otherwise*.
    """
    if not _id_of(stanza):
        return otherwise
    parts = [bare(stanza.get("from", "")), _id_of(stanza), stanza.get("type", "")]
    parts.extend(written(each).decode() for each in stanza if space(each) not in _UNSEEN)
    return sha256("\0".join(parts).encode()).hexdigest()


def is_noise(stanza: Element) -> bool:
    """Whether a message says only that somebody types, or nothing at all."""
    kinds = {space(each) for each in stanza if not _is_frame(each)}
    is_said = stanza.get("type") == "error" or bool(_body(stanza))
    return not is_said and kinds <= {names.CHAT_STATES}


def wants_receipt(stanza: Element) -> str:
    """Return the id to confirm (XEP-0184), empty when nobody asked."""
    asked = child(stanza, "request", names.RECEIPTS) is not None
    unfit = stanza.get("type") in {"error", "groupchat"} or _is_of_group(stanza)
    return stanza.get("id", "") if asked and not unfit else ""


def _said(stanza: Element, sender: str) -> Iterator[Inbound]:
    body, at = _body(stanza), _when(stanza)
    changed = child(stanza, "replace", names.CORRECT)
    if (gone := _retracted(stanza)) is not None:
        yield InboundChange(kind="unsend", target=own_id(sender, gone), at=at)
    elif changed is not None and changed.get("id") and body:
        target = own_id(sender, fit(changed.get("id", "")))
        yield InboundChange(kind="edit", target=target, at=at, content=body)
    elif body or _addresses(stanza) or _is_encrypted(stanza):
        yield _message(stanza, sender, body, at)
    yield from _reports(stanza)
    yield from _reactions(stanza, sender, at)


def _message(stanza: Element, sender: str, body: str, at: datetime | None) -> InboundMessage:
    urls = _addresses(stanza)
    # A file is sent with its address as the words, for programs that cannot show it (XEP-0066, 4).
    text = "" if body.strip() in urls else body
    answered = child(stanza, "reply", names.REPLY)
    nick = child(stanza, "nick", names.NICK)
    ours = bare(stanza.get("to", ""))
    own = own_id(sender, _id_of(stanza))
    refers = fit(answered.get("id", "")) if answered is not None else ""
    return InboundMessage(
        external_id=own or f"{sender} {sha256(written(stanza)).hexdigest()[:24]}",
        sender=Address(value=sender, name=_shown(nick)),
        to=(Address(value=ours),) if ours else (),
        subject=_child_text(stanza, "subject"),
        text=text,
        visible=text,
        sent_at=at,
        awaited=tuple(_file(url) for url in urls),
        warnings=(_ENCRYPTED,) if _is_encrypted(stanza) else (),
        headers={
            name: value
            for name, value in (
                ("language", fit(stanza.get(LANGUAGE, ""))[:40]),
                ("thread", _child_text(stanza, "thread")[:200]),
            )
            if value
        },
        keys=ThreadKeys(
            own=own,
            references=(refers, own_id(sender, refers)) if refers else (),
            conversation=f"{ours} {sender}" if ours else sender,
        ),
    )


def _reports(stanza: Element) -> Iterator[DeliveryReport]:
    for name, namespace, status in (
        ("received", names.RECEIPTS, "delivered"),
        ("received", names.MARKERS, "delivered"),
        ("displayed", names.MARKERS, "read"),
        ("acknowledged", names.MARKERS, "read"),
    ):
        found = child(stanza, name, namespace)
        if found is not None and found.get("id"):
            yield _report(fit(found.get("id", "")), status)


def _bounce(stanza: Element) -> Inbound:
    name = fit(stanza.get("id", ""))
    if not _OURS.match(name):
        return Ignored(reason="An error about something that was no message of the desk.")
    condition, _may_pass = condition_of(stanza)
    return _report(name, "bounced", meaning_of(condition))


def _report(name: str, status: str, detail: str = "") -> DeliveryReport:
    ours = _OURS.match(name)
    return DeliveryReport(
        status=status,
        references=(name.partition("#")[0],),
        tokens=(ours[1],) if ours else (),
        detail=detail,
    )


def _reactions(stanza: Element, sender: str, at: datetime | None) -> Iterator[InboundChange]:
    """Take over the whole set of signs, as each of these stanzas brings it (XEP-0444)."""
    found = child(stanza, "reactions", names.REACTIONS)
    if found is None or not found.get("id"):
        return
    named = fit(found.get("id", ""))
    target = named.partition("#")[0] if _OURS.match(named) else own_id(sender, named)
    who = Address(value=sender)
    yield InboundChange(kind="unreaction", target=target, at=at, sender=who)
    for each in found.findall(f"{{{names.REACTIONS}}}reaction")[:_SIGNS]:
        sign = fit(each.text or "").strip()[:40]
        if sign:
            yield InboundChange(kind="reaction", target=target, at=at, content=sign, sender=who)


def _retracted(stanza: Element) -> str | None:
    found = child(stanza, "retract", names.RETRACT)
    if found is None:
        wrapped = child(stanza, "apply-to", names.FASTEN)
        if wrapped is None or child(wrapped, "retract", names.RETRACT_OLD) is None:
            return None
        found = wrapped
    return fit(found.get("id", "")) or None


def _is_of_group(stanza: Element) -> bool:
    invited = child(stanza, "x", names.CONFERENCE, names.MUC_USER)
    return stanza.get("type") == "groupchat" or invited is not None


def _is_encrypted(stanza: Element) -> bool:
    """Whether words were encrypted; devices also send one another keys, without any words."""
    found = child(stanza, "encrypted", names.OMEMO)
    has_words = found is not None and child(found, "payload", names.OMEMO) is not None
    return has_words or child(stanza, "encryption", names.ENCRYPTION) is not None


def _body(stanza: Element) -> str:
    """Return the words: those in the stanza's own language, else the first there are."""
    own = stanza.get(LANGUAGE, _NO_LANGUAGE)
    bodies = [each for each in stanza if local(each) == "body" and _is_frame(each)]
    for each in bodies:
        if each.get(LANGUAGE, own) == own and each.text:
            return fit(each.text)
    return next((fit(each.text) for each in bodies if each.text), "")


def _addresses(stanza: Element) -> tuple[str, ...]:
    found = [
        fit(url.text or "").strip()
        for each in stanza.findall(f"{{{names.OOB}}}x")
        for url in each.findall(f"{{{names.OOB}}}url")
    ]
    return tuple(dict.fromkeys(url for url in found if url))


def _file(url: str) -> AttachmentRef:
    try:
        path = urlsplit(url).path
    except ValueError:
        path = ""
    return AttachmentRef(ref=url, filename=fit(unquote(PurePosixPath(path).name, errors="ignore")))


def _child_text(stanza: Element, name: str) -> str:
    found = next((each for each in stanza if local(each) == name and _is_frame(each)), None)
    return fit(found.text or "") if found is not None else ""


def _shown(nick: Element | None) -> str:
    return fit(nick.text or "").strip()[:200] if nick is not None else ""


def _id_of(stanza: Element) -> str:
    origin = child(stanza, "origin-id", names.STABLE_IDS)
    return fit(stanza.get("id", "") or (origin.get("id", "") if origin is not None else ""))


def _when(stanza: Element) -> datetime | None:
    """Read when it was said, if a server kept it meanwhile (XEP-0203); else it is now."""
    delay = child(stanza, "delay", names.DELAY)
    try:
        at = datetime.fromisoformat(delay.get("stamp", "")) if delay is not None else None
    except ValueError:
        return None
    if at is None:
        return None
    try:
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        return None


def _is_frame(element: Element) -> bool:
    """Whether an element belongs to the message itself, whichever side of a server wrote it."""
    return space(element) in {"", "jabber:client", "jabber:component:accept"}


def _unknown(stanza: Element) -> str:
    kinds = sorted({local(each)[:40] for each in stanza}) or ["empty"]
    return f"Messages that hold only {', '.join(kinds[:5])!r} are not understood."
