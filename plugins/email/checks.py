"""The test of a mailbox in plain sentences: what was tried, what came of it, what to do."""

from __future__ import annotations

import socket
from collections.abc import Iterator

from deskcore.api import N_, _
from deskcore.plugin import ChannelFailure, HealthCheck, SignInFailed, TryLater
from plugins.email.connect import BadCertificate, NoTls, Server
from plugins.email.imap import ImapSession, NoFolder
from plugins.email.settings import EmailSettings

_MAKE_ONE_FOR_PROGRAMS = N_(
    "This provider wants an app password here, not the one you sign in with on the web: switch on "
    "two-step verification in your account there, make an app password, paste it here."
)
_MICROSOFT = N_(
    "Microsoft 365 and Outlook.com no longer take passwords from programs. Signing in with "
    "Microsoft comes in a later version; until then forward this mailbox to one that takes them."
)
_CURE_BY_PROVIDER = {
    "gmail.com": _MAKE_ONE_FOR_PROGRAMS,
    "googlemail.com": _MAKE_ONE_FOR_PROGRAMS,
    "yahoo.com": _MAKE_ONE_FOR_PROGRAMS,
    "mail.me.com": _MAKE_ONE_FOR_PROGRAMS,
    "yandex.com": _MAKE_ONE_FOR_PROGRAMS,
    "yandex.ru": _MAKE_ONE_FOR_PROGRAMS,
    "mail.ru": _MAKE_ONE_FOR_PROGRAMS,
    "outlook.com": _MICROSOFT,
    "office365.com": _MICROSOFT,
    "office.com": _MICROSOFT,
}
_CHECK_SIGN_IN = N_(
    "Check the user name (usually the whole address) and the password. Many providers also have "
    "a switch “allow IMAP/SMTP” in their web mail."
)
# The most particular kind comes first.
_CURE_BY_FAILURE: dict[type[ChannelFailure], str] = {
    NoFolder: N_("Check the spelling, upper and lower case too, or make the folder on the server."),
    BadCertificate: N_(
        "Use the exact server name your provider gives; for a server of your own, install its "
        "certificate on this machine."
    ),
    NoTls: N_(
        "Try the other kind of encryption. Usual: IMAP 993 with TLS, SMTP 465 with TLS or 587 with "
        "STARTTLS."
    ),
    TryLater: N_(
        "Check server name, port and encryption. Usual: IMAP 993 with TLS, SMTP 465 with TLS or "
        "587 with STARTTLS."
    ),
}


def failed(name: str, failure: ChannelFailure, server: Server) -> HealthCheck:
    """Make the line of a step that went wrong, with what helps in most cases."""
    return HealthCheck(name=name, ok=False, message=str(failure), cure=cure(failure, server))


def folder_checks(session: ImapSession, settings: EmailSettings) -> Iterator[HealthCheck]:
    """Look at each folder that is read, and at the one that mail is moved to."""
    server = settings.imap_server
    for name in settings.folder_names:
        title = _("Read the folder “%(folder)s”", folder=name)
        try:
            count = session.select(name, fresh=True).count
        except NoFolder as failure:
            yield failed(title, failure, server)
        else:
            yield HealthCheck(
                name=title, ok=True, message=_("%(count)s mails are in it.", count=count)
            )
    target = settings.move_to.strip()
    if settings.after_import == "move" and not session.has_folder(target):
        missing = NoFolder(
            _("The folder “%(folder)s” is not on %(host)s.", folder=target, host=server.host)
        )
        yield failed(_("Find the folder “%(folder)s”", folder=target), missing, server)


def promptness(session: ImapSession, settings: EmailSettings) -> HealthCheck:
    """Say how soon new mail is seen."""
    if session.has("IDLE"):
        message = _("The server tells of new mail at once.")
    else:
        seconds = f"{settings.check_every.total_seconds():g}"
        message = _(
            "The server does not tell of new mail; we look every %(seconds)s seconds.",
            seconds=seconds,
        )
    return HealthCheck(name=_("Notice new mail"), ok=True, message=message)


def safety(settings: EmailSettings) -> Iterator[HealthCheck]:
    """Warn, without failing, of a connection that others could read."""
    for server in (settings.imap_server, settings.smtp_server):
        if server.security == "none":
            problem = _(
                "What goes to %(host)s can be read on the way, the password too.", host=server.host
            )
            advice = _("Choose TLS or STARTTLS, unless this server stands in your own network.")
        elif not server.verify:
            problem = _("Nobody checks that %(host)s is the right server.", host=server.host)
            advice = _("Switch “Check certificates” on.")
        else:
            continue
        yield HealthCheck(name=_("Safety"), ok=True, message=problem, cure=advice)


def cure(failure: ChannelFailure, server: Server) -> str:
    """Say what to try first; empty when the failure says it itself."""
    if isinstance(failure, SignInFailed):
        return _(_provider_cure(server.host) or _CHECK_SIGN_IN)
    if isinstance(failure.__cause__, socket.gaierror):
        return _("Check the spelling of the server name.")
    for kind, advice in _CURE_BY_FAILURE.items():
        if isinstance(failure, kind):
            return _(advice)
    return ""


def _provider_cure(host: str) -> str:
    """Find what a well-known provider wants, by the end of its server's name."""
    folded = host.casefold()
    for domain, sentence in _CURE_BY_PROVIDER.items():
        if folded == domain or folded.endswith(f".{domain}"):
            return sentence
    return ""
