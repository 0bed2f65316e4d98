"""Bounces in plain words: qmail, Exim, old Exchange and the many systems without RFC 3464.

Words decide whether it is one; the recipient is found where these systems put it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from plugins.email.addresses import addresses_in
from plugins.email.headers import Headers

_MAX_TEXT = 100_000
_SUBJECT = re.compile(
    r"(?i)undeliver|failure notice|delivery (?:status|failure|failed|problem|error|report|notification|unsuccessful)|returned mail|mail delivery|"
    r"delivery has failed|could ?n[o']t be delivered|could not (?:be )?deliver|non[- ]?delivery|not delivered|returned to sender|mail (?:system )?error|"
    r"nondeliverable|mail could not|message (?:not|could not|undeliver)|bounce|unzustellbar|nicht zustellbar|zustellung fehl|unzustellbare|non remis|[ée]chec de (?:la )?(?:remise|distribution)|"
    r"no se ha podido entregar|no entregad|mancato recapito|non recapit|onbestelbaar|nem k[ée]zbes|nelze doru|nedoru|niedostarcz|не доставлено|недоставленн|未達|配信不能|配信エラー|送信エラー|エラーメール|宛先不明|"
    r"system administrator|user unknown|warning: could not send|postmaster notify|delayed|rejected|não entregue|falha na entrega|mensaje no entregado|退信|系统退信|退件|mail fail|メールエラー"
)
_BODY = re.compile(
    r"(?i)(?:could|can) ?no?t be delivered|could not deliver|unable to deliver|was(?: |n't| not) (?:able to )?deliver|undeliverable|delivery (?:has |to the following [^\n]{0,40})?failed|permanent(?:ly)? (?:fatal )?(?:error|failure)|"
    r"did not reach the following|following (?:recipient|address)(?:s|es|\(s\)|\(es\))?[^\n]{0,60}(?:fail|reject|undeliver)|user (?:is )?unknown|unknown user|no such user|mailbox (?:is )?(?:full|unavailable|not found)|over quota|"
    r"recipient (?:address )?(?:rejected|unknown|not found)|email address (?:was )?not found|message (?:you sent )?was rejected|was not delivered|couldn't be delivered|konnte nicht zugestellt|nicht zugestellt|n'a pas pu [eê]tre|"
    r"no se pudo entregar|non [èe] stato possibile|kon niet worden|送信できません|配信できません|届けることができません|見つかりません|エラーが発生|\b5\d\d[ -]\#?5\.\d\.\d|\#5\.\d\.\d|(?:host|server) (?:unknown|not found)|returned (?:to you )?(?:below|unopened)|not listed in|loop detected"
)
_DELAY = re.compile(
    r"(?i)\bdelayed\b|warning: (?:could not send|message .{0,30}delayed)|will (?:be|keep|continue) (?:re-?tr|trying)|still (?:being )?(?:re-?tr|trying)|warning only|not yet been delivered|no action is required|verz[öo]ger"
)
_GAVE_UP = re.compile(
    r"(?i)permanent|given up|giving up|gave up|fatal|failed permanently|will not be|no longer|could not be delivered to one or more|status: 5|\b5\.\d\.\d"
)
# Where the copy of our own mail begins: addresses below are those of its headers.
_COPY = re.compile(
    r"(?im)^[\s>|*]{0,5}-{0,20}\s?(?:below this line is (?:a|the) copy|this is a copy of (?:the|your) message|(?:the )?original message|returned message|"
    r"copy of (?:the|your)|original[- ]?(?:mail|nachricht)|original message headers|unsent message below|bounced e-?mail|message header follows|"
    r"---* ?(?:message|returned)|the header of the original|returned mail follows|message headers follow|your original message|received message)\b"
)
_HEADERS = re.compile(
    r"(?m)^(?:Return-Path|Received|Message-ID|MIME-Version|X-[\w-]{2,30}|DKIM-Signature): ?\S"
)
_NAMED = re.compile(
    r"(?im)(?:^|\s)(?:final-recipient|original-recipient|x-actual-recipient|failed recipients?|recipient(?: address)?|target mail address|to address|"
    r"intended recipient|the following recipients?|rcpt to|recipients?|mail to|mailbox|empf[äa]nger|destinataire|destinatario)\s?(?:\(s\))?\s?[:=;][^\n@]{0,60}?(?:rfc822;)?[\s<\"']{0,4}([^\s<>@\"',;:]{1,100}@[^\s<>@\"',;:]{1,200})"
)
_LINE = re.compile(
    r"(?m)^[\s>*\-|•·\"'(\[]{0,12}(?:rfc822;\s?|smtp:|mailto:)?<?([^\s<>@\"'(),;:]{1,100}@[^\s<>@\"'(),;:]{1,200}?)>?\s{0,4}(?:\.{3})?[:;,)\].\"'\s]{0,6}(?:\(.{0,80}|\.\.\..{0,100}|[:;].{0,200})?$"
)
_REASON = re.compile(
    r"(?im)^[^\n]{0,200}(?:\b[45]\d\d[ -]|\b[45]\.\d{1,3}\.\d{1,3}\b|reason\s?:|unknown|not found|no such|quota|full|reject|refus|denied|disabled|blocked)[^\n]{0,300}$"
)


@dataclass(frozen=True, kw_only=True)
class TextBounce:
    """What the words of a bounce tell."""

    status: str
    recipients: tuple[str, ...]
    detail: str


def looks_like_bounce(subject: str, text: str, *, from_daemon: bool) -> bool:
    """Whether a mail system's mail says that something was not delivered.

    The subject alone is enough from a daemon, but not from just any mail without a return path:
    a vacation answer repeats the subject it answers.
    """
    head = text[:_MAX_TEXT]
    if from_daemon and _SUBJECT.search(subject):
        return True
    return bool(_SUBJECT.search(subject) and (_BODY.search(head) or _LINE.search(head))) or bool(
        _BODY.search(head[:5000])
    )


def read_text_bounce(text: str, returned: Headers | None) -> TextBounce:
    """Read the recipients and the reason; *returned* are the headers of our message, if given."""
    said = _before_copy(text[:_MAX_TEXT])
    is_delay = bool(_DELAY.search(said)) and not _GAVE_UP.search(said)
    return TextBounce(
        status="delayed" if is_delay else "bounced",
        recipients=tuple(_recipients(said, returned)),
        detail=_reason(said),
    )


def _before_copy(text: str) -> str:
    """Cut off the copy of our own mail; what the system itself says stands above."""
    ends = [match.start() for pattern in (_COPY, _HEADERS) if (match := pattern.search(text))]
    cut = text[: min(ends)] if ends else text
    return cut if addresses_in(cut) else text


def _recipients(said: str, returned: Headers | None) -> list[str]:
    """Prefer what is named as the recipient, then addresses on lines of their own, then any.

    Among several the ones our message was really sent to win.
    """
    written_to = _written_to(returned)
    for found in (_NAMED.findall(said), _LINE.findall(said), addresses_in(said)):
        addresses = list(dict.fromkeys(_tidy(address) for address in found if _tidy(address)))
        if addresses:
            ours = [address for address in addresses if address in written_to]
            return ours or addresses[:20]
    return [address for address in written_to if len(written_to) == 1]


def _written_to(returned: Headers | None) -> list[str]:
    if returned is None:
        return []
    return [
        address
        for name in ("to", "cc")
        for value in returned.all_text(name)
        for address in addresses_in(value)
    ]


def _tidy(address: str) -> str:
    return next(iter(addresses_in(address)), "").rstrip(".")


def _reason(said: str) -> str:
    match = _REASON.search(said)
    return match.group().strip() if match else ""
