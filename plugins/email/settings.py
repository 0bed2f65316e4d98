"""What the owner of a mailbox fills in: one address, its IMAP side and its SMTP side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Literal

from deskcore.api import N_, Problem, _
from deskcore.plugin import PluginSettings, Secret, Value, setting
from plugins.email.connect import Security, Server
from plugins.email.providers import provider_of

AfterImport = Literal["leave", "seen", "move", "delete"]
Start = Literal["unread", "now"]

_SECURITY = {
    "tls": N_("TLS from the first byte (usual)"),
    "starttls": N_("STARTTLS"),
    "none": N_("None (only inside your own network)"),
}
_TLS_ONLY_PORTS = {993, 465}


class EmailSettings(PluginSettings):
    """How one mailbox is read and how mail leaves from it."""

    imap_host: str = setting(
        N_("IMAP server"),
        max=253,
        help=N_(
            "Where your mail is read, for example imap.example.com. Mailboxes that offer only "
            "POP3, sign-in through Google or Microsoft (OAuth), and LMTP delivery come later."
        ),
        advanced=True,
    )
    imap_port: int = setting(
        N_("IMAP port"), default=993, min=1, max=65535, help=N_("Usually 993."), advanced=True
    )
    imap_security: Security = setting(
        N_("IMAP encryption"), default="tls", choices=_SECURITY, advanced=True
    )
    imap_user: str = setting(
        N_("User name"),
        max=320,
        help=N_("Most providers want the whole address: help@example.com."),
        advanced=True,
    )
    password: Secret = setting(
        N_("Password"),
        help=N_(
            "Google, Yahoo and iCloud want an app password, made in your account there. "
            "Microsoft 365 no longer takes passwords; signing in with Microsoft comes later."
        ),
    )
    folders: str = setting(
        N_("Folders to read"),
        default="INBOX",
        max=2000,
        help=N_(
            "Several are separated by commas: INBOX, Orders. News arrives at once in the first "
            "one, in the others at the next look."
        ),
        advanced=True,
    )
    start: Start = setting(
        N_("What comes in first"),
        default="unread",
        choices={
            "unread": N_("Unread mail of the last 14 days"),
            "now": N_("Only mail from now on"),
        },
        help=N_(
            "It becomes open tickets. Older mail can be imported later, as solved history, and is "
            "never answered by itself."
        ),
    )
    check_every: timedelta = setting(
        N_("Look for mail every"),
        default=timedelta(minutes=1),
        min=timedelta(seconds=15),
        max=timedelta(hours=6),
        help=N_(
            "Most servers tell of new mail at once; this is the longest wait when one does not."
        ),
        advanced=True,
    )
    after_import: AfterImport = setting(
        N_("After a mail has come in"),
        default="leave",
        choices={
            "leave": N_("Leave it as it is"),
            "seen": N_("Mark it as read"),
            "move": N_("Move it to a folder"),
            "delete": N_("Delete it on the server"),
        },
        help=N_("The desk always keeps its own copy."),
        advanced=True,
    )
    move_to: str = setting(
        N_("Folder to move to"),
        default="",
        max=500,
        help=N_("Only for moving; it must exist already."),
        advanced=True,
    )
    smtp_host: str = setting(
        N_("SMTP server"),
        max=253,
        help=N_("Where mail is sent from, for example smtp.example.com."),
        advanced=True,
    )
    smtp_port: int = setting(
        N_("SMTP port"),
        default=465,
        min=1,
        max=65535,
        help=N_("465 with TLS, 587 with STARTTLS."),
        advanced=True,
    )
    smtp_security: Security = setting(
        N_("SMTP encryption"), default="tls", choices=_SECURITY, advanced=True
    )
    smtp_sign_in: bool = setting(
        N_("Sign in before sending"),
        default=True,
        help=N_("Switch this off only for a mail server of your own that trusts this machine."),
        advanced=True,
    )
    smtp_user: str = setting(
        N_("User name for sending"),
        default="",
        max=320,
        help=N_("Empty: the same as for reading."),
        advanced=True,
    )
    smtp_password: Secret = setting(
        N_("Password for sending"),
        default=Secret(),
        help=N_("Empty: the same as for reading."),
        advanced=True,
    )
    sender_name: str = setting(
        N_("Sender name"),
        default="",
        max=200,
        help=N_("What customers see beside the address when an answer gives no name of its own."),
    )
    reply_tokens: bool = setting(
        N_("Put a ticket mark into the reply address"),
        default=False,
        help=N_(
            "Answers then go to help+mark@example.com, which keeps them together when a mail "
            "program drops the usual headers. Needs a provider that delivers such addresses; many "
            "do not."
        ),
        advanced=True,
    )
    verify: bool = setting(
        N_("Check certificates"),
        default=True,
        help=N_("Switched off, anybody between you and the server can read the password."),
        advanced=True,
    )

    @classmethod
    def suggest(cls, address: str) -> Mapping[str, Value]:
        """Guess servers and user name from the address."""
        provider = provider_of(address)
        if provider is None:
            return {}
        return {
            "imap_host": provider.imap,
            "imap_user": address.strip(),
            "smtp_host": provider.smtp,
            "smtp_port": provider.smtp_port,
            "smtp_security": provider.smtp_security,
        }

    @property
    def folder_names(self) -> tuple[str, ...]:
        """The folders to read, each once, in the order they were written."""
        names = (name.strip() for name in self.folders.split(","))
        return tuple(dict.fromkeys(name for name in names if name))

    @property
    def imap_server(self) -> Server:
        """Where mail is read."""
        return Server(
            host=self.imap_host.strip(),
            port=self.imap_port,
            security=self.imap_security,
            verify=self.verify,
        )

    @property
    def smtp_server(self) -> Server:
        """Where mail is sent from."""
        return Server(
            host=self.smtp_host.strip(),
            port=self.smtp_port,
            security=self.smtp_security,
            verify=self.verify,
        )

    @property
    def smtp_credentials(self) -> tuple[str, Secret] | None:
        """User name and password for sending: own ones, else those for reading; None for none."""
        if not self.smtp_sign_in:
            return None
        return self.smtp_user or self.imap_user, self.smtp_password or self.password

    def problems(self) -> Iterable[Problem]:
        """Say what does not fit together; nothing here may break out of a command line."""
        yield from self._control_characters()
        yield from self._ports()
        if not self.folder_names:
            yield Problem(field="folders", message=_("Name at least one folder, usually INBOX."))
        if self.after_import == "move" and not self.move_to.strip():
            yield Problem(field="move_to", message=_("Name the folder that mail is moved to."))
        if self.after_import == "move" and self.move_to.strip() in self.folder_names:
            yield Problem(
                field="move_to",
                message=_("This folder is itself read, so mail would come in twice."),
            )

    def _control_characters(self) -> Iterator[Problem]:
        for field in fields(self):
            value = getattr(self, field.name)
            text = value.stored if isinstance(value, Secret) else value
            if isinstance(text, str) and any(ch in text for ch in "\0\r\n"):
                yield Problem(field=field.name, message=_("Line breaks cannot be used here."))

    def _ports(self) -> Iterator[Problem]:
        for side in ("imap", "smtp"):
            port, security = getattr(self, f"{side}_port"), getattr(self, f"{side}_security")
            if port in _TLS_ONLY_PORTS and security != "tls":
                yield Problem(
                    field=f"{side}_security",
                    message=_(
                        "Port %(port)s speaks TLS from the first byte: choose TLS.", port=port
                    ),
                )
