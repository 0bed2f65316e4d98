"""E-mail as a channel: IMAP in, SMTP out. Parsing and rendering live in files of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from time import monotonic
from typing import ClassVar, Literal

from deskcore.api import Inbound, InboundMessage, OutboundMessage, ThreadKeys, _
from deskcore.plugin import (
    AccountView,
    Capabilities,
    Channel,
    ChannelFailure,
    FileLimit,
    HealthCheck,
    Net,
    Payload,
    PluginSettings,
    Polled,
    RawItem,
    Refused,
    SendResult,
)
from plugins.email.checks import failed, folder_checks, promptness, safety
from plugins.email.connect import password_of
from plugins.email.history import backlog, file_away
from plugins.email.imap import ImapSession, NoFolder
from plugins.email.intake import Intake
from plugins.email.settings import EmailSettings
from plugins.email.smtp import Smtp

# Firewalls forget silent lines after 5 to 15 minutes, Gmail after about 10 (email.md 10).
LONGEST_IDLE_S = 9 * 60.0
_MB = 1024 * 1024


class EmailChannel(Channel, Polled):
    """One mailbox. Keeps its IMAP connection between calls; makes an SMTP one for each mail."""

    slug: ClassVar[str] = "email"
    people: ClassVar[Literal["email"]] = "email"
    label: ClassVar[str] = "E-mail"
    settings: ClassVar[type[PluginSettings]] = EmailSettings
    can: ClassVar[Capabilities] = Capabilities(
        starts=True,
        attachments=FileLimit(count=100, bytes_each=25 * _MB, bytes_together=25 * _MB),
        reports=frozenset({"bounced", "delayed", "delivered", "read"}),
    )
    timeout: ClassVar[float] = 600.0

    def __init__(self, account: AccountView, net: Net) -> None:
        super().__init__(account, net)
        if not isinstance(account.settings, EmailSettings):
            raise TypeError("an e-mail account needs EmailSettings")
        self._settings = account.settings
        self._intake = Intake(self._settings, account.connected_at)
        self._kept: ImapSession | None = None

    def parse(self, raw: RawItem) -> list[Inbound]:
        """Say what a stored mail means; see ``parse.py``."""
        # Mail is read in a process of its own: what that takes is carried there only.
        from plugins.email.parse import parse_mail  # noqa: PLC0415  said above

        return parse_mail(
            raw.content,
            meta=raw.meta,
            own_addresses=self.account.own_addresses,
            desk_id=self.account.desk_id,
        )

    def thread_keys(self, message: InboundMessage) -> ThreadKeys:
        """Give the keys that parsing found."""
        return message.keys

    def render(self, message: OutboundMessage) -> list[Payload]:
        """Make the one mail; everybody addressed gets the same bytes."""
        from plugins.email.render import render_mail  # noqa: PLC0415  when an answer leaves

        return [
            render_mail(
                message,
                address=self.account.address,
                sender_name=self._settings.sender_name,
                reply_tokens=self._settings.reply_tokens,
            )
        ]

    def send(self, payload: Payload, *, key: str, committing: Callable[[], None]) -> SendResult:
        """Send one mail; SMTP knows no key, so only core can keep it from going twice."""
        sender = payload.meta.get("envelope_from", self.account.address)
        return self._smtp().send(payload, sender=sender, committing=committing)

    def check(self) -> list[HealthCheck]:
        """Sign in on both sides and look at the folders; change nothing."""
        return [*self._check_imap(), *self._check_smtp(), *safety(self._settings)]

    def receive(self, cursor: str | None) -> Iterator[RawItem]:
        """Yield new mail, oldest first in each folder; flags stay as they are."""
        with self._session() as session:
            yield from self._intake.receive(session, cursor)

    def backlog(self, since: datetime | None) -> Iterator[RawItem]:
        """Yield mail from before the connection by date; go on after a stop from the last date."""
        with self._session() as session:
            yield from backlog(
                session, self._settings, since, connected_at=self.account.connected_at
            )

    def acknowledge(self, items: Sequence[RawItem]) -> None:
        """Do with stored mails at the server what the owner chose: by default nothing."""
        with self._session() as session:
            try:
                file_away(session, self._settings, items)
            except Refused:
                self._intake.cannot_remove = True  # or every look would fetch them all again
                raise

    def wait(self, timeout_s: float) -> bool:
        """Wait by IDLE for news in the first folder, begun anew every nine minutes."""
        with self._session() as session:
            if not session.has("IDLE"):
                return False
            folder = session.select(self._settings.folder_names[0])
            deadline = monotonic() + timeout_s
            while not self._intake.has_news(session, folder):
                left_s = deadline - monotonic()
                if left_s <= 0:
                    return False
                if session.idle(min(left_s, LONGEST_IDLE_S)):
                    return True
            return True

    def close(self) -> None:
        """Leave the mail server."""
        session, self._kept = self._kept, None
        if session is not None:
            session.close()

    @contextmanager
    def _session(self) -> Iterator[ImapSession]:
        """Lend the kept connection, or a new one; after a failure it is not used again."""
        session = self._alive() or self._signed_in()
        self._kept = session
        try:
            yield session
        except NoFolder:
            raise
        except ChannelFailure:
            self.close()
            raise

    def _alive(self) -> ImapSession | None:
        """Give the kept connection if the server still answers on it."""
        if self._kept is not None:
            try:
                self._kept.noop()
            except ChannelFailure:
                self.close()
        return self._kept

    def _signed_in(self) -> ImapSession:
        return ImapSession(
            self.net,
            self._settings.imap_server,
            user=self._settings.imap_user,
            password=password_of(self._settings.password),
        )

    def _smtp(self) -> Smtp:
        return Smtp(
            self.net, self._settings.smtp_server, credentials=self._settings.smtp_credentials
        )

    def _check_imap(self) -> Iterator[HealthCheck]:
        server = self._settings.imap_server
        title = _("Sign in at %(host)s to read mail", host=server.host)
        try:
            with closing(self._signed_in()) as session:
                yield HealthCheck(name=title, ok=True, message=_("Signed in."))
                yield from folder_checks(session, self._settings)
                yield promptness(session, self._settings)
        except ChannelFailure as failure:
            yield failed(title, failure, server)

    def _check_smtp(self) -> Iterator[HealthCheck]:
        server = self._settings.smtp_server
        title = _("Sign in at %(host)s to send mail", host=server.host)
        try:
            limit = self._smtp().check(self.account.address)
        except ChannelFailure as failure:
            yield failed(title, failure, server)
        else:
            message = _("Ready to send.")
            if limit:
                megabytes = limit // 1_000_000
                message = _("Ready to send mails of up to %(limit)s MB.", limit=megabytes)
            yield HealthCheck(name=title, ok=True, message=message)
