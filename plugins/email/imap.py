"""A signed-in IMAP connection: select, search, fetch, file away. It knows no cursors and no rules.

Every failure leaves as a sentence (``SignInFailed``, ``TryLater``); the far side's words stay here.
"""

from __future__ import annotations

import imaplib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from imap_tools import ImapToolsError
from imap_tools.utils import encode_folder

from deskcore.api import _
from deskcore.plugin import ChannelFailure, Net, SignInFailed, TryLater
from plugins.email.connect import Server
from plugins.email.fetched import Fetched, read_fetched
from plugins.email.imap_client import DeskMailBox

# RFC 5530 and what providers say when the password is right but the moment is wrong.
_NOT_NOW = re.compile(
    rb"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG|OVERQUOTA|THROTTLED)\b|too many|try again|temporar",
    re.IGNORECASE,
)

_GOODBYE_TIMEOUT_S = 5.0


class NoFolder(TryLater):
    """A folder named in the settings is not on the server."""


class Declined(TryLater):
    """The server understood a command and does not do it."""


@dataclass(frozen=True, kw_only=True)
class Folder:
    """A selected folder: its numbering and the number its next mail will get."""

    name: str
    uidvalidity: int
    uidnext: int
    count: int


class ImapSession:
    """One connection, kept between looks. After a failure it is closed; make another."""

    def __init__(self, net: Net, server: Server, *, user: str, password: str) -> None:
        self._server = server
        self._selected: tuple[Folder, bool] | None = None
        self._idling = False
        self._broken = False
        with self._failures():
            self._box = DeskMailBox(net, server)
        try:
            self._sign_in(user, password)
        except ChannelFailure:
            self.close()
            raise

    def has(self, capability: str) -> bool:
        """Whether the server offers an extension, for example ``IDLE``."""
        return capability in self._box.client.capabilities

    def select(self, name: str, *, write: bool = False, fresh: bool = False) -> Folder:
        """Open a folder, only to look unless *write*; *fresh* asks again for its numbering."""
        if self._selected and self._selected[0].name == name and not fresh:
            folder, writable = self._selected
            if writable or not write:
                return folder
        self._selected = None
        with self._failures():
            client = self._box.client
            status, data = client.select(_quoted(name), readonly=not write)
            if status != "OK":
                raise NoFolder(
                    _(
                        "The folder “%(folder)s” is not on %(host)s.",
                        folder=name,
                        host=self._server.host,
                    )
                )
            count = int(data[0] or 0)
            uidvalidity = _number(client.response("UIDVALIDITY"))
            # Some servers keep the next UID to themselves.
            uidnext = (
                _number(client.response("UIDNEXT")) or max(self.search("UID *"), default=0) + 1
            )
        folder = Folder(name=name, uidvalidity=uidvalidity, uidnext=uidnext, count=count)
        self._selected = (folder, write)
        return folder

    def noop(self) -> None:
        """Let the server tell what changed; needed before a search on a kept connection."""
        with self._failures():
            self._command(self._box.client.noop)

    def search(self, criteria: str) -> list[int]:
        """List UIDs in ascending order. *criteria* is ours alone: no text that came in a mail."""
        with self._failures():
            data = self._command(self._box.client.uid, "SEARCH", criteria)
        return sorted({int(uid) for line in data for uid in (line or b"").split()})

    def fetch(self, uids: Sequence[int], parts: str) -> list[Fetched]:
        """Fetch *parts* of several mails; mails that vanished meanwhile are left out."""
        if not uids:
            return []
        with self._failures():
            data = self._command(self._box.client.uid, "FETCH", _set(uids), parts)
        return read_fetched(data, wanted=frozenset(uids))

    def mark_seen(self, uids: Sequence[int]) -> None:
        """Set the flag that mail programs show as read."""
        with self._failures():
            self._command(self._box.client.uid, "STORE", _set(uids), "+FLAGS.SILENT", r"(\Seen)")

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move mails: in one step where the server can (RFC 6851), else copy, then delete."""
        target = _quoted(folder)
        with self._failures():
            if self.has("MOVE"):
                self._command(self._box.client.uid, "MOVE", _set(uids), target)
                return
            self._command(self._box.client.uid, "COPY", _set(uids), target)
        self.delete(uids)

    def delete(self, uids: Sequence[int]) -> None:
        r"""Remove just these mails (RFC 4315).

        Without UIDPLUS they are only marked ``\Deleted``: a bare EXPUNGE would also remove what
        other people have marked.
        """
        with self._failures():
            client = self._box.client
            self._command(client.uid, "STORE", _set(uids), "+FLAGS.SILENT", r"(\Deleted)")
            if self.has("UIDPLUS"):
                self._command(client.uid, "EXPUNGE", _set(uids))

    def has_folder(self, name: str) -> bool:
        """Whether the server has a folder, without opening it."""
        with self._failures():
            status, _data = self._box.client.status(_quoted(name), "(UIDNEXT)")
        return bool(status == "OK")

    def idle(self, timeout_s: float) -> bool:
        """Wait for a new mail in the selected folder; False when the time is over."""
        self._idling = True
        try:
            with self._failures(), self._box.idle as idle:
                return bool(idle.news(timeout_s))
        finally:
            self._idling = False

    def close(self) -> None:
        """Leave, politely if the line is whole; an IDLE in another thread wakes up and fails."""
        if not self._idling and not self._broken:
            self._box.client.sock.settimeout(_GOODBYE_TIMEOUT_S)
            with suppress(OSError, EOFError, imaplib.IMAP4.error, ImapToolsError):
                self._box.logout()
        # Closed already, if saying goodbye went well.
        with suppress(OSError):
            self._box.client.shutdown()

    def _sign_in(self, user: str, password: str) -> None:
        client = self._box.client
        with self._failures():
            if client.state == "AUTH":
                return  # PREAUTH: the server knows us already
            if self.has("LOGINDISABLED") and not self.has("AUTH=PLAIN"):
                raise SignInFailed(
                    _("%(host)s takes passwords only with encryption.", host=self._server.host)
                )
            try:
                if self.has("AUTH=PLAIN"):
                    self._box.login_utf8(user, password, initial_folder=None)
                else:
                    self._box.login(user, password, initial_folder=None)
            except UnicodeEncodeError:
                raise SignInFailed(
                    _(
                        "%(host)s takes only plain Latin letters in name and password.",
                        host=self._server.host,
                    )
                ) from None
            except imaplib.IMAP4.abort:
                raise
            except (imaplib.IMAP4.error, ImapToolsError) as error:
                raise _refusal(self._server.host, error) from None
            # Capabilities may differ after signing in (RFC 3501 6.2.3).
            client._get_capabilities()  # noqa: SLF001  # imaplib asks only before

    def _command(self, command: Callable[..., tuple[str, list[Any]]], *words: object) -> list[Any]:
        status, data = command(*words)
        if status != "OK":
            raise Declined(
                _("%(host)s refused a command; the next look tries again.", host=self._server.host)
            )
        return data

    @contextmanager
    def _failures(self) -> Iterator[None]:
        host = self._server.host
        try:
            yield
        except imaplib.IMAP4.readonly as error:
            raise Declined(_("%(host)s lets this folder be read only.", host=host)) from error
        except TimeoutError as error:
            self._broken = True
            raise TryLater(_("%(host)s did not answer in time.", host=host)) from error
        except (OSError, EOFError, imaplib.IMAP4.abort) as error:
            self._broken = True
            raise TryLater(_("The connection to %(host)s broke off.", host=host)) from error
        except (imaplib.IMAP4.error, ImapToolsError) as error:
            raise TryLater(_("%(host)s answered in a way that is not IMAP.", host=host)) from error


def _refusal(host: str, error: Exception) -> ChannelFailure:
    """Tell a wrong password from a right one at a bad moment; keep the server's words back."""
    if _NOT_NOW.search(str(error).encode("utf-8", "replace")):
        return TryLater(_("%(host)s does not let us sign in just now.", host=host))
    return SignInFailed(_("%(host)s refused the user name or the password.", host=host))


def _quoted(folder: str) -> str:
    """Write a folder's name in modified UTF-7 and quotes (RFC 3501 5.1.3)."""
    return bytes(encode_folder(folder)).decode("ascii")


def _set(uids: Sequence[int]) -> str:
    return ",".join(str(uid) for uid in uids)


def _number(response: tuple[str, list[bytes | None]]) -> int:
    """Read a number out of an untagged response; 0 when the server did not send it."""
    value = response[1][-1] if response[1] else None
    return int(value) if value and value.isdigit() else 0
