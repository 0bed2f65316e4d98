"""Mail as the far side of a contract: an IMAP and an SMTP server that fail as they are told."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from email.message import EmailMessage

from deskcore.testing import Trouble as Asked
from tests.faults.imap_box import Box
from tests.faults.imap_server import PASSWORD, ImapServer
from tests.faults.smtp_sink import Ledger, SmtpSink
from tests.faults.troubles import Trouble

ADDRESS = "help@desk.test"
_CHANGING = frozenset({"STORE", "EXPUNGE", "COPY", "MOVE", "APPEND", "CREATE"})
_TROUBLES: Mapping[str, Trouble] = {
    "busy": Trouble(how="answer", verb="END", words="450 4.7.1 too much mail, wait"),
    "error": Trouble(how="answer", verb="MAIL", words="451 4.3.0 trouble of our own"),
    "reset": Trouble(how="close", verb="MAIL"),
    "half": Trouble(how="cut", verb="END", byte=2),
    "nonsense": Trouble(how="answer", verb="EHLO", words="<html>Down for maintenance</html>"),
    "refused": Trouble(how="answer", verb="END", words="554 5.7.1 this mail is not allowed"),
    "denied": Trouble(how="answer", verb="AUTH", words="535 5.7.8 who are you?"),
    "lost": Trouble(how="drop", verb="END"),
}


class MailNetwork:
    """A mailbox and a way out, on loopback ports."""

    names_patience = False  # SMTP's "later" holds no time

    def __init__(self) -> None:
        self.box = Box(address=ADDRESS)
        self.ledger = Ledger()
        self.imap = ImapServer(self.box)
        self.smtp = SmtpSink(self.ledger, password=PASSWORD)
        self._numbers = itertools.count(1)

    @property
    def settings(self) -> Mapping[str, object]:
        return {
            "imap_port": self.imap.port,
            "imap_security": "none",
            "smtp_port": self.smtp.port,
            "smtp_security": "none",
        }

    @property
    def messages(self) -> int:
        return len(self.ledger.taken)

    @property
    def asked(self) -> int:
        return self.smtp.troubles.passed.count("CONNECT")

    @property
    def changes(self) -> int:
        commands = self.imap.troubles.passed
        return self.messages + sum(command in _CHANGING for command in commands)

    @property
    def addresses(self) -> Sequence[str]:
        return ()

    def offer(self, *contents: bytes) -> None:
        for content in contents:
            self.box.deliver(next(self._numbers), content)

    def plan(self, trouble: Asked) -> bool:
        if trouble not in _TROUBLES:
            return False
        self.smtp.troubles.plan(_TROUBLES[trouble])
        return True

    def drop(self) -> None:
        """Nothing is held that a check would cut."""


@contextmanager
def a_mail_network() -> Iterator[MailNetwork]:
    """Run both servers until the block ends."""
    network = MailNetwork()
    yield network
    for server in (network.imap, network.smtp):
        server.troubles.end()
        server.close()


def written(text: str) -> bytes:
    """Write a mail that says *text*."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "Ann <ann@customer.test>", ADDRESS
    mail["Subject"], mail["Message-ID"] = "Letters", "<letters@customer.test>"
    mail.set_content(text)
    return mail.as_bytes()
