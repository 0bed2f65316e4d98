"""Mail as the far side of a contract: an IMAP and an SMTP server that fail as they are told."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from email.message import EmailMessage

from deskcore.plugin import Secret
from deskcore.testing import Trouble as Asked
from tests.faults.imap_box import Box
from tests.faults.imap_server import PASSWORD, ImapServer
from tests.faults.smtp_sink import Ledger, SmtpSink
from tests.faults.troubles import Trouble
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix, Transaction

ADDRESS = "help@desk.test"
_SERIAL = itertools.count(1)
_LOGGED_S = 0.1  # Postfix writes its log by a process of its own
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


class RealMail:
    """Dovecot and Postfix as the far side; nothing goes wrong there on demand."""

    names_patience = False

    def __init__(self, dovecot: Dovecot, postfix: Postfix) -> None:
        self._dovecot, self._postfix = dovecot, postfix
        self._user = f"kit-{next(_SERIAL)}-{os.getpid()}@desk.test"
        self._box = dovecot.mailbox(self._user)
        self._flags = self._box.flags()
        self._known = len(self._taken())

    @property
    def settings(self) -> Mapping[str, object]:
        return {
            "imap_host": self._dovecot.host,
            "imap_port": self._dovecot.port,
            "imap_security": "none",
            "imap_user": self._user,
            "password": Secret(self._dovecot.password),
            "smtp_host": self._postfix.host,
            "smtp_port": self._postfix.port,
            "smtp_security": "none",
            "smtp_sign_in": False,
        }

    @property
    def messages(self) -> int:
        time.sleep(_LOGGED_S)
        return len(self._taken()) - self._known

    @property
    def asked(self) -> int:
        return 0  # nothing is planned, so nothing is counted

    @property
    def changes(self) -> int:
        return self.messages + (self._box.flags() != self._flags)

    @property
    def addresses(self) -> Sequence[str]:
        return ()

    def offer(self, *contents: bytes) -> None:
        self._box.deliver(contents)
        self._flags = self._box.flags()

    def plan(self, trouble: Asked) -> bool:
        return False

    def drop(self) -> None:
        """Nothing is held that a check would cut."""

    def _taken(self) -> list[Transaction]:
        """Return the kit's own mails: their id is like no other test's."""
        found = self._postfix.transactions(sender=ADDRESS)
        return [each for each in found if each.message_id == "d.0123456789@desk.test"]
