"""The mails of one mailbox of ours, as an IMAP server keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock

from deskcore.clock import now


@dataclass(kw_only=True)
class StoredMail:
    """One mail at its place; ``number`` is the one by which the oracle knows it."""

    uid: int
    number: int
    content: bytes
    at: datetime
    flags: set[str] = field(default_factory=set)


@dataclass(kw_only=True)
class Box:
    """A mailbox with one folder to read and one to move to."""

    address: str
    folder: str = "INBOX"
    uidvalidity: int = 7
    uidnext: int = 1
    mails: list[StoredMail] = field(default_factory=list)
    moved: list[StoredMail] = field(default_factory=list)
    sent_in: dict[int, bytes] = field(default_factory=dict)
    is_read_only: bool = False
    capabilities: str = "IMAP4rev1 IDLE MOVE UIDPLUS"
    hides: Callable[[StoredMail], bool] = lambda _mail: False
    lock: Lock = field(default_factory=Lock)

    def deliver(self, number: int, content: bytes, *, at: datetime | None = None) -> None:
        """Take a mail in, as the next one."""
        with self.lock:
            mail = StoredMail(uid=self.uidnext, number=number, content=content, at=at or now())
            self.mails.append(mail)
            self.uidnext += 1
            self.sent_in[number] = content

    def deliver_again(self, number: int, content: bytes) -> None:
        """Take another copy of a mail in, with traces of another way."""
        with self.lock:
            mail = StoredMail(uid=self.uidnext, number=number, content=content, at=now())
            self.mails.append(mail)
            self.uidnext += 1

    def reuse(self, uid: int, number: int, content: bytes) -> None:
        """Take a mail in under a number that another one had, which no server may do."""
        with self.lock:
            self.sent_in[number] = content
            mail = StoredMail(uid=uid, number=number, content=content, at=now())
            self.mails.append(mail)
            self.mails.sort(key=lambda each: each.uid)

    def renumber(self) -> None:
        """Give every mail a new number, as a server does after a restore."""
        with self.lock:
            self.uidvalidity += 1
            for uid, mail in enumerate(self.mails, start=1):
                mail.uid = uid
            self.uidnext = len(self.mails) + 1

    def waiting(self) -> list[int]:
        """Return the numbers of the mails that are still in the folder that is read."""
        with self.lock:
            return [mail.number for mail in self.mails]

    def search(self, criteria: str) -> list[StoredMail]:
        """Return the mails that meet *criteria*, as far as the desk asks."""
        words = criteria.split()
        with self.lock:
            found = [mail for mail in self.mails if not self.hides(mail)]
        while words:
            match words.pop(0).upper():
                case "UID":
                    chosen = self.chosen(words.pop(0))
                    found = [mail for mail in found if mail in chosen]
                case "SINCE":
                    day = datetime.strptime(words.pop(0), "%d-%b-%Y").replace(tzinfo=UTC)
                    found = [mail for mail in found if mail.at >= day]
                case "UNSEEN":
                    found = [mail for mail in found if r"\Seen" not in mail.flags]
                case "UNDELETED":
                    found = [mail for mail in found if r"\Deleted" not in mail.flags]
                case other:
                    raise ValueError(other)
        return found

    def chosen(self, uids: str) -> list[StoredMail]:
        """Return the mails of a set of UIDs; ``n:*`` names the last one always."""
        with self.lock:
            last = max((mail.uid for mail in self.mails), default=0)
            ranges = [_range(piece, last) for piece in uids.split(",")]
            return [mail for mail in self.mails if any(mail.uid in each for each in ranges)]

    def remove(self, mails: Iterable[StoredMail], *, keep: bool = False) -> None:
        """Take mails out of the folder; with *keep* they are in the other one from now on."""
        with self.lock:
            for mail in mails:
                if mail in self.mails:
                    self.mails.remove(mail)
                    if keep:
                        self.moved.append(mail)


def _range(piece: str, last: int) -> range:
    low, _, high = piece.replace("*", str(last)).partition(":")
    first, final = sorted((int(low), int(high or low)))
    return range(first, final + 1)
