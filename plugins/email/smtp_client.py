"""The standard SMTP client over a socket of the desk's own: guarded, encrypted, signed in."""

from __future__ import annotations

import smtplib
import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from deskcore.api import _
from deskcore.plugin import Net, SignInFailed, TryLater
from plugins.email.connect import NoTls, Server, open_socket, refuse_line_breaks, tls_failures

# RFC 5321 4.5.3.2 allows five minutes for most answers; a server that slow is as good as down.
COMMAND_TIMEOUT_S = 120.0
_GOODBYE_TIMEOUT_S = 5.0
READY, SIGNED_IN, ALREADY_SIGNED_IN = 220, 235, 503
FOR_NOW = 4  # the first digit of refusals that may pass (RFC 5321 4.2.1)
_WELL, _UNKNOWN_VERB = 2, 5  # as above


class GuardedSmtp(smtplib.SMTP):
    """The standard client, but sockets come from ``Net`` and no argument can break its line."""

    def __init__(self, net: Net, server: Server, *, greeting_name: str) -> None:
        self._net = net
        self._server = server
        super().__init__(local_hostname=greeting_name, timeout=COMMAND_TIMEOUT_S)

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Send one command line; every command passes here, arguments included."""
        refuse_line_breaks(f"{cmd} {args}".encode())
        super().putcmd(cmd, args)

    def open(self) -> None:
        """Connect, be greeted, say hello, encrypt if that is how this server is used."""
        self._host = self._server.host  # what starttls compares the certificate with
        code, _answer = self.connect(self._server.host, self._server.port)
        if code != READY:
            raise self._not_now(code)
        self._say_hello()
        if self._server.security == "starttls":
            if not self.has_extn("starttls"):
                raise NoTls(
                    _("%(host)s does not offer STARTTLS on this port.", host=self._server.host)
                )
            with tls_failures(self._server):
                self.starttls(context=self._net.tls_context(verify=self._server.verify))
            self._say_hello()

    def _say_hello(self) -> None:
        """Learn what the server can do; one that cannot say so now is asked again later.

        The library would go on as with a server of old, which offers no sign-in: the mailbox was
        paused for a wrong password because a server had a bad minute.
        """
        code, _answer = self.ehlo()
        if code // 100 == _UNKNOWN_VERB:
            code, _answer = self.helo()
        if code // 100 != _WELL:
            raise self._not_now(code)

    def _not_now(self, code: int) -> TryLater:
        host = self._server.host
        return TryLater(
            _("%(host)s does not take mail just now (code %(code)s).", host=host, code=code)
        )

    def sign_in(self, user: str, password: str) -> None:
        """Authenticate; names and passwords may hold any letters where PLAIN is offered."""
        host = self._server.host
        mechanisms = self.esmtp_features.get("auth", "").upper().split()
        if not mechanisms:
            raise SignInFailed(
                _(
                    "%(host)s offers no sign-in on this port; another port or encryption may.",
                    host=host,
                )
            )
        try:
            if "PLAIN" in mechanisms:
                token = b64encode(f"\0{user}\0{password}".encode()).decode("ascii")
                code, _answer = self.docmd("AUTH", f"PLAIN {token}")
            else:
                code, _answer = self.login(user, password)
        except smtplib.SMTPAuthenticationError as error:
            code = error.smtp_code
        except (smtplib.SMTPNotSupportedError, UnicodeEncodeError) as error:
            raise SignInFailed(
                _("%(host)s offers no way of signing in that we know.", host=host)
            ) from error
        if code // 100 == FOR_NOW:
            raise TryLater(
                _(
                    "%(host)s does not let us sign in just now (code %(code)s).",
                    host=host,
                    code=code,
                )
            )
        if code not in {SIGNED_IN, ALREADY_SIGNED_IN}:
            raise SignInFailed(_("%(host)s refused the user name or the password.", host=host))

    def end_of_data(self, timeout_s: float) -> tuple[int, bytes]:
        """Write the line that ends a mail, and wait as long as its answer may take."""
        if self.sock is not None:
            self.sock.settimeout(timeout_s)
        self.send(b".\r\n")
        return self.getreply()

    def leave(self) -> None:
        """Say goodbye; the work is done, whatever is said to that."""
        if self.sock is not None:
            self.sock.settimeout(_GOODBYE_TIMEOUT_S)
        with suppress(smtplib.SMTPException, OSError, EOFError):
            self.quit()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = open_socket(self._net, self._server)
        connection.settimeout(COMMAND_TIMEOUT_S)
        return connection


@contextmanager
def smtp_failures(host: str) -> Iterator[None]:
    """Turn the library's errors before the commitment into sentences; nothing was sent then."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        raise TryLater(
            _("%(host)s refused to talk (code %(code)s).", host=host, code=error.smtp_code)
        ) from error
    except (smtplib.SMTPException, OSError, EOFError) as error:
        raise TryLater(_("The connection to %(host)s broke off.", host=host)) from error
