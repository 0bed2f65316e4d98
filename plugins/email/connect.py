"""One server as a mailbox knows it, and the socket to it: checked, encrypted, kept alive."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from deskcore.api import ConfigError, _
from deskcore.plugin import Blocked, Net, Refused, Secret, SignInFailed

Security = Literal["tls", "starttls", "none"]

CONNECT_TIMEOUT_S = 30.0
_IDLE_BEFORE_PROBE_S, _BETWEEN_PROBES_S, _PROBES = 120, 30, 4


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where to connect and how."""

    host: str
    port: int
    security: Security
    verify: bool = True


class BadCertificate(Blocked):
    """The server's certificate does not prove that it is the server asked for."""


class NoTls(Blocked):
    """Encryption could not be agreed upon: mostly the wrong port or the wrong kind."""


def open_socket(net: Net, server: Server) -> socket.socket:
    """Connect; with ``tls`` the handshake is done too. Raises ``TryLater`` or ``Refused``."""
    connection = net.tcp(server.host, server.port, timeout_s=CONNECT_TIMEOUT_S)
    _keep_alive(connection)
    if server.security != "tls":
        return connection
    with tls_failures(server):
        # A failed handshake closes the socket it was given.
        context = net.tls_context(verify=server.verify)
        return context.wrap_socket(connection, server_hostname=server.host)


@contextmanager
def tls_failures(server: Server) -> Iterator[None]:
    """Say in a sentence why encryption did not start; the caller never goes on without it."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise BadCertificate(
            _(
                "The certificate of %(host)s could not be verified: %(reason)s.",
                host=server.host,
                reason=error.verify_message,
            )
        ) from error
    except (OSError, EOFError) as error:
        raise NoTls(
            _(
                "%(host)s did not start encryption on port %(port)s.",
                host=server.host,
                port=server.port,
            )
        ) from error


def password_of(secret: Secret) -> str:
    """Give the password away, to the server alone. Raises ``SignInFailed`` when it is not there."""
    try:
        return secret.reveal()
    except ConfigError as error:
        raise SignInFailed(str(error)) from error


def refuse_line_breaks(line: bytes) -> None:
    """Keep one command one command: NUL, CR and LF would start another (CVE-2025-15366)."""
    if any(byte in line for byte in b"\0\r\n"):
        raise Refused(_("A line break or NUL stands in a value of this mailbox; nothing was sent."))


def _keep_alive(connection: socket.socket) -> None:
    """Let the kernel notice a dead line: firewalls drop silent ones after 5 to 15 minutes."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (
        ("TCP_KEEPIDLE", _IDLE_BEFORE_PROBE_S),
        ("TCP_KEEPINTVL", _BETWEEN_PROBES_S),
        ("TCP_KEEPCNT", _PROBES),
    ):
        # Not every system has all three.
        if hasattr(socket, option):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
