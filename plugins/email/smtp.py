"""Send one mail, once. The moment of no return is told to core before the last line is written."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from contextlib import ExitStack, closing

from deskcore.api import _
from deskcore.plugin import (
    Net,
    PartResult,
    Payload,
    Refused,
    Secret,
    SendResult,
    TryLater,
    Unsure,
)
from plugins.email.connect import Server, password_of
from plugins.email.outgoing_headers import check_address
from plugins.email.smtp_client import FOR_NOW, GuardedSmtp, smtp_failures

# RFC 5321 4.5.3.2.6 says ten minutes for the answer after the end of data; this is core's patience.
ANSWER_TIMEOUT_S = 300.0
_GO_AHEAD, _DONE, _TOO_LARGE = 354, 250, 552
_TAKEN = {250, 251, 252}
_FOR_EVER = 5
_LONGEST_RAW = 8 * 1024
_PIECE = 64 * 1024


class Smtp:
    """The sending side of one mailbox."""

    def __init__(self, net: Net, server: Server, *, credentials: tuple[str, Secret] | None) -> None:
        self._net = net
        self._server = server
        self._credentials = credentials

    def send(self, payload: Payload, *, sender: str, committing: Callable[[], None]) -> SendResult:
        """Hand over one mail to its envelope recipients, who come from *payload* alone.

        Raises ``Unsure`` when the answer is lost after ``committing()`` was called, and any other
        failure only while, or because, the server has not taken the mail.
        """
        paths = [f"<{check_address(address)}>" for address in (sender, *payload.recipients)]
        if len(paths) == 1:
            raise Refused(_("This message has no recipient."))
        with closing(self._connected(sender)) as client:
            with smtp_failures(self._server.host):
                self._announce(client, paths[0], payload)
                parts, words = self._offer(client, payload.recipients)
                self._write(client, payload.content)
            # A failure in here propagates; closing without the last line takes it all back.
            committing()
            answer = self._commit(client)
            client.leave()
        given_id = _id_given(answer, self._server.host)
        taken = PartResult(status="accepted", external_id=given_id, detail=_words(answer))
        return SendResult(
            parts={recipient: parts.get(recipient, taken) for recipient in payload.recipients},
            raw=b"\n".join([*words, answer])[:_LONGEST_RAW],
        )

    def check(self, sender: str) -> int:
        """Connect and sign in; give the largest mail the server takes in bytes, 0 if unsaid."""
        with closing(self._connected(sender)) as client:
            limit = _size_limit(client)
            client.leave()
        return limit

    def _connected(self, sender: str) -> GuardedSmtp:
        domain = sender.rpartition("@")[2]
        greeting_name = domain if domain.isascii() else "localhost"
        with ExitStack() as stack:
            client = GuardedSmtp(self._net, self._server, greeting_name=greeting_name)
            stack.callback(client.close)
            with smtp_failures(self._server.host):
                client.open()
                if self._credentials is not None:
                    user, password = self._credentials
                    client.sign_in(user, password_of(password))
            stack.pop_all()
        return client

    def _announce(self, client: GuardedSmtp, path: str, payload: Payload) -> None:
        """MAIL FROM, with what the server must know: size, and letters beyond ASCII if needed."""
        options = []
        limit = _size_limit(client)
        if limit and len(payload.content) > limit:
            raise Refused(_too_large(limit))
        if client.has_extn("size"):
            options.append(f"SIZE={len(payload.content)}")
        if not all(address.isascii() for address in (path, *payload.recipients)):
            if not client.has_extn("smtputf8"):
                raise Refused(
                    _("An address holds letters that this mail server cannot send to (SMTPUTF8).")
                )
            client.command_encoding = "utf-8"
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        code, answer = client.docmd("MAIL", " ".join([f"FROM:{path}", *options]))
        if code != _DONE:
            raise _refusal(code, answer)

    def _offer(
        self, client: GuardedSmtp, recipients: tuple[str, ...]
    ) -> tuple[dict[str, PartResult], list[bytes]]:
        """RCPT TO for each; give those that were not taken, and what was said of them."""
        parts: dict[str, PartResult] = {}
        words: list[bytes] = []
        for recipient in recipients:
            code, answer = client.docmd("RCPT", f"TO:<{recipient}>")
            if code not in _TAKEN:
                parts[recipient] = PartResult(
                    status="later" if code // 100 == FOR_NOW else "refused",
                    detail=f"{code} {_words(answer)}",
                )
                words.append(b"%d %s" % (code, answer))
        if len(parts) == len(set(recipients)):
            said = "; ".join(f"{address}: {part.detail}" for address, part in parts.items())
            if any(part.status == "later" for part in parts.values()):
                raise TryLater(
                    _("The mail server takes no mail for them just now: %(said)s", said=said)
                )
            raise Refused(_("The mail server refused every recipient: %(said)s", said=said))
        return parts, words

    def _write(self, client: GuardedSmtp, content: bytes) -> None:
        """Write DATA and the whole mail, all but the line that ends it."""
        code, answer = client.docmd("DATA")
        if code != _GO_AHEAD:
            raise _refusal(code, answer)
        lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
        ended = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
        quoted = memoryview(re.sub(rb"(?m)^\.", b"..", ended))
        # The time-out of one write covers all of it: a slow line gets it anew for each piece.
        for start in range(0, len(quoted), _PIECE):
            client.send(quoted[start : start + _PIECE])

    def _commit(self, client: GuardedSmtp) -> bytes:
        """Write the line that cannot be taken back and read what became of the mail."""
        try:
            code, answer = client.end_of_data(ANSWER_TIMEOUT_S)
        except (smtplib.SMTPException, OSError, EOFError) as error:
            raise Unsure(
                _("%(host)s did not say whether it took the message.", host=self._server.host)
            ) from error
        if code == _DONE:
            return answer
        if code == _TOO_LARGE:
            raise Refused(_too_large(_size_limit(client)))
        raise _refusal(code, answer)


def _size_limit(client: GuardedSmtp) -> int:
    value = client.esmtp_features.get("size", "")
    return int(value) if value.isdigit() else 0


def _too_large(limit: int) -> str:
    if not limit:
        return _("The message is larger than the mail server takes. Send fewer or smaller files.")
    return _(
        "The message is larger than the %(limit)s MB this mail server takes; files grow by a third "
        "on the way. Send fewer or smaller files.",
        limit=limit // 1_000_000,
    )


def _refusal(code: int, answer: bytes) -> Refused | TryLater:
    """Turn a refusal into the failure core acts on; a code out of place counts as for now."""
    words = f"{code} {_words(answer)}".strip()
    if code // 100 == _FOR_EVER:
        return Refused(_("The mail server refused the message: %(words)s", words=words))
    return TryLater(_("The mail server did not take the message yet: %(words)s", words=words))


def _words(answer: bytes) -> str:
    """Take a server's words as one short printable line."""
    text = " ".join(answer.decode("utf-8", "replace").split())
    return "".join(ch for ch in text if ch.isprintable())[:200]


def _id_given(answer: bytes, host: str) -> str:
    """Find the Message-ID a provider put in place of ours; empty when it says none (email.md 2)."""
    full = re.search(r"<([^<>\s@]+@[^<>\s@]+)>", _words(answer))
    if full:
        return full[1]
    amazon = re.fullmatch(r"email-smtp\.([a-z0-9-]+)\.amazonaws\.com", host)
    bare = re.search(r"\b[0-9a-f]{16}-[0-9a-f-]{36}-\d{6}\b", _words(answer))
    if amazon and bare:
        region = "email" if amazon[1] == "us-east-1" else amazon[1]
        return f"{bare[0]}@{region}.amazonses.com"
    return ""
