"""An SMTP sink that keeps a ledger of every mail it took, and refuses, stalls or lies when told to."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from socketserver import BaseRequestHandler
from threading import Lock

from tests.faults.numbers import answer_in
from tests.faults.serving import FaultyServer, Line, LineEnded
from tests.faults.troubles import Trouble, Troubles


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One mail the sink took; ``answered`` is False when it withheld its "250" for good."""

    number: int | None
    message_id: str
    recipients: tuple[str, ...]
    answered: bool


@dataclass(kw_only=True)
class Ledger:
    """What was taken, in order; several sinks may write into one."""

    taken: list[Taken] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def of(self, number: int, recipient: str) -> list[Taken]:
        """Return the copies of one reply that went to one recipient."""
        return [
            each for each in self.taken if each.number == number and recipient in each.recipients
        ]


class SmtpSink(FaultyServer):
    """Takes every mail for everybody. Verbs of troubles: CONNECT, EHLO, MAIL, RCPT, DATA, BODY, END.

    BODY comes up in the middle of a mail, END at the line that ends it.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        tls: tuple[Path, Path] | None = None,
        size: int = 0,
        refused: frozenset[str] = frozenset(),
        password: str | None = None,
    ) -> None:
        self.ledger = ledger
        self.troubles = Troubles()
        self.size, self.refused, self.password = size, refused, password
        super().__init__(_Conversation, tls)


class _Conversation(BaseRequestHandler):
    """One client's line; a mail is in the ledger before its end is answered."""

    server: SmtpSink

    def handle(self) -> None:
        self._line = Line(self.request, self.server.troubles)
        self._recipients: list[str] = []
        with suppress(LineEnded):
            self._say("CONNECT", "220 sink")
            while True:
                self._answer(self._line.read().decode("utf-8", "replace").strip())

    def _answer(self, command: str) -> None:
        verb = command[:4].upper()
        if verb == "EHLO":
            offers = ["sink", "8BITMIME", "SMTPUTF8", f"SIZE {self.server.size}"]
            offers += ["AUTH PLAIN"] if self.server.password is not None else []
            lines = [f"250-{offer}" for offer in offers[:-1]] + [f"250 {offers[-1]}"]
            self._say(verb, "\r\n".join(lines))
        elif verb == "MAIL":
            self._recipients = []
            self._say(verb, "250 ok")
        elif verb == "RCPT":
            self._recipient(command)
        elif verb == "DATA":
            if self._say(verb, "354 go on"):
                self._take()
        elif verb == "AUTH":
            self._say(verb, "235 welcome")
        elif verb == "QUIT":
            self._line.say(b"221 bye\r\n")
            raise LineEnded
        else:
            self._say(verb, "250 ok")

    def _recipient(self, command: str) -> None:
        recipient = command.partition("<")[2].partition(">")[0]
        if recipient in self.server.refused:
            self._line.say(b"550 5.1.1 no such user here\r\n")
        elif self._say("RCPT", "250 ok"):
            self._recipients.append(recipient)

    def _take(self) -> None:
        lines: list[bytes] = []
        while (line := self._line.read()) != b".\r\n":
            if not lines:
                self._line.before(self.server.troubles.next("BODY"))
            lines.append(line)
        content = b"".join(lines)
        trouble = self.server.troubles.next("END")
        self._line.before(trouble)
        if trouble is not None and trouble.how == "answer":
            self._line.say(f"{trouble.words}\r\n".encode())
            return
        self._keep(content, trouble)
        self._line.say(b"250 2.0.0 taken\r\n", trouble)

    def _keep(self, content: bytes, trouble: Trouble | None) -> None:
        taken = Taken(
            number=answer_in(content),
            message_id=message_from_bytes(content)["Message-ID"],
            recipients=tuple(self._recipients),
            answered=trouble is None or trouble.how == "late",
        )
        with self.server.ledger.lock:
            self.server.ledger.taken.append(taken)

    def _say(self, verb: str, words: str) -> bool:
        """Answer as usual, or as the trouble wants; False when the client was refused."""
        trouble = self.server.troubles.next(verb)
        self._line.before(trouble)
        if trouble is not None and trouble.how == "answer":
            self._line.say(f"{trouble.words}\r\n".encode())
            return False
        self._line.say(f"{words}\r\n".encode(), trouble)
        return True
