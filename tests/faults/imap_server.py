"""An IMAP server of one mailbox that does what it is told, also wrong, and writes down all it hears."""

from __future__ import annotations

import select
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from socketserver import BaseRequestHandler

from tests.faults.imap_box import Box, StoredMail
from tests.faults.serving import FaultyServer, Line, LineEnded
from tests.faults.troubles import Troubles

PASSWORD = "correct-horse-number"
_LOOK_S = 0.05


class ImapServer(FaultyServer):
    """One mailbox on a port of its own. ``troubles.passed`` lists the commands in their order."""

    def __init__(self, box: Box, *, tls: tuple[Path, Path] | None = None) -> None:
        self.box = box
        self.troubles = Troubles()
        super().__init__(_Conversation, tls)


class _Conversation(BaseRequestHandler):
    """One client's line, from greeting to goodbye."""

    server: ImapServer

    def handle(self) -> None:
        self._box = self.server.box
        self._line = Line(self.request, self.server.troubles)
        self._is_selected = False
        with suppress(LineEnded):
            self._obey("GREETING", "", lambda _words: b"", b"* OK ready\r\n")
            while True:
                self._answer(self._line.read())

    def _answer(self, line: bytes) -> None:
        tag, _, rest = line.decode("utf-8").strip().partition(" ")
        verb, _, words = rest.removeprefix("UID ").partition(" ")
        verb = verb.upper()
        obey = getattr(self, f"_do_{verb.lower()}", None)
        if obey is None:
            self._line.say(f"{tag} BAD what\r\n".encode())
            return
        self._obey(verb, words, obey, f"{tag} OK done\r\n".encode(), tag)
        if verb == "LOGOUT":
            raise LineEnded

    def _obey(
        self, verb: str, words: str, obey: Callable[[str], bytes], ending: bytes, tag: str = "*"
    ) -> None:
        trouble = self.server.troubles.next(verb)
        self._line.before(trouble)
        if trouble is not None and trouble.how == "answer":
            self._line.say(trouble.words.replace("TAG", tag).encode())
            return
        try:
            answer = obey(words) + ending
        except _Refused as refusal:
            answer = f"{tag} NO {refusal}\r\n".encode()
        self._line.say(answer, trouble)

    def _do_capability(self, _words: str) -> bytes:
        return f"* CAPABILITY {self._box.capabilities}\r\n".encode()

    def _do_login(self, words: str) -> bytes:
        if not words.endswith(f'"{PASSWORD}"'):
            raise _Refused("[AUTHENTICATIONFAILED] no")
        return b""

    def _do_noop(self, _words: str) -> bytes:
        return f"* {len(self._box.mails)} EXISTS\r\n".encode() if self._is_selected else b""

    def _do_select(self, words: str) -> bytes:
        if words.strip('"') != self._box.folder:
            raise _Refused("[NONEXISTENT] no such folder")
        self._is_selected = True
        box = self._box
        return (
            f"* {len(box.mails)} EXISTS\r\n* OK [UIDVALIDITY {box.uidvalidity}] ok\r\n"
            f"* OK [UIDNEXT {box.uidnext}] ok\r\n"
        ).encode()

    def _do_examine(self, words: str) -> bytes:
        return self._do_select(words)

    def _do_status(self, words: str) -> bytes:
        return f"* STATUS {words.partition(' ')[0]} (UIDNEXT {self._box.uidnext})\r\n".encode()

    def _do_search(self, words: str) -> bytes:
        found = " ".join(str(mail.uid) for mail in self._box.search(words))
        return f"* SEARCH {found}".rstrip().encode() + b"\r\n"

    def _do_fetch(self, words: str) -> bytes:
        uids, _, parts = words.partition(" ")
        return b"".join(_fetched(mail, parts) for mail in self._box.chosen(uids))

    def _do_store(self, words: str) -> bytes:
        if self._box.is_read_only:
            raise _Refused("[NOPERM] read-only mailbox")
        uids, _, flags = words.partition(" ")
        for mail in self._box.chosen(uids):
            mail.flags.update(flags.partition("(")[2].strip(")").split())
        return b""

    def _do_expunge(self, words: str) -> bytes:
        gone = [mail for mail in self._box.chosen(words) if r"\Deleted" in mail.flags]
        self._box.remove(gone)
        return b""

    def _do_copy(self, words: str) -> bytes:
        self._box.moved.extend(self._box.chosen(words.partition(" ")[0]))
        return b""

    def _do_move(self, words: str) -> bytes:
        if self._box.is_read_only:
            raise _Refused("[NOPERM] read-only mailbox")
        self._box.remove(self._box.chosen(words.partition(" ")[0]), keep=True)
        return b""

    def _do_idle(self, _words: str) -> bytes:
        """Tell of new mail until the client says it has heard enough."""
        told = len(self._box.mails)
        self._line.say(b"+ idling\r\n")
        while not select.select([self.request], [], [], _LOOK_S)[0]:
            if (count := len(self._box.mails)) != told:
                self._line.say(f"* {count} EXISTS\r\n".encode())
                told = count
        self._line.read()
        return b""

    def _do_logout(self, _words: str) -> bytes:
        return b"* BYE bye\r\n"


class _Refused(Exception):
    """The server says NO, with these words."""


def _fetched(mail: StoredMail, parts: str) -> bytes:
    """Write what was asked for of one mail."""
    if "BODY" not in parts:
        at = mail.at.strftime("%d-%b-%Y %H:%M:%S +0000")
        size = len(mail.content)
        return (
            f"* {mail.uid} FETCH (UID {mail.uid} FLAGS ({' '.join(sorted(mail.flags))}) "
            f'INTERNALDATE "{at}" RFC822.SIZE {size})\r\n'
        ).encode()
    content = mail.content
    if "HEADER" in parts:
        content = content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    head = f"* {mail.uid} FETCH (UID {mail.uid} BODY[] {{{len(content)}}}\r\n".encode()
    return head + content + b")\r\n"
