"""The only door to the network: names resolved once, every address checked.

It opens in the worker only.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import monotonic

from deskcore.plugin.channel import Refused, TryLater
from deskcore.plugin.trust import context_for

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Never reachable, whatever the owner allows: "this network" (RFC 791), link-local with the cloud
# metadata service (RFC 3927, RFC 4291), multicast, reserved, and the IPv6 metadata address of AWS.
_NEVER = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "169.254.0.0/16",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
        "fd00:ec2::/32",
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
_NAT64_LOCAL = ipaddress.IPv6Network("64:ff9b:1::/48")  # RFC 8215

_LONGEST_NAME = 253  # RFC 1035
ANY_PORT = range(1, 65536)
WEB_PORTS = frozenset({80, 443})
MEGABYTE = 1_000_000

_network_allowed: ContextVar[bool] = ContextVar("network_allowed", default=False)


class NetworkForbidden(RuntimeError):
    """Code that answers a page tried to use the network: a bug, never a state of the world."""


class TooLarge(Refused):
    """The far side sent more than was asked for."""


@dataclass(frozen=True, kw_only=True)
class HttpAnswer:
    """What a web server said, whole; the names of ``headers`` are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)


@contextmanager
def network_allowed(*, is_so: bool = True) -> Iterator[None]:
    """Open the network for this thread's work; the worker and the command line do so.

    A new thread starts closed: enter it there again.
    """
    token = _network_allowed.set(is_so)
    try:
        yield
    finally:
        _network_allowed.reset(token)


def network_is_open() -> bool:
    """Whether this thread's work may reach the network."""
    return _network_allowed.get()


class Net:
    """The network as one plugin may use it.

    *allow_private* opens loopback and private networks (a mail server in the same house); the
    metadata service of clouds, multicast and reserved addresses stay closed always. *hosts*, when
    given, are the only names that may be reached (the manifest's ``network``). *web_ports* are
    those that ``http`` may ask at, *public_ports* those of ``public()``.
    """

    def __init__(
        self,
        *,
        plugin: str,
        allow_private: bool = False,
        hosts: frozenset[str] | None = None,
        web_ports: Container[int] = WEB_PORTS,
        public_ports: Container[int] = WEB_PORTS,
    ) -> None:
        self.plugin = plugin
        self.web_ports = web_ports
        self._public_ports = public_ports
        self._allow_private = allow_private
        self._hosts = None if hosts is None else frozenset(host.casefold() for host in hosts)

    def tcp(self, host: str, port: int, *, timeout_s: float = 10.0) -> socket.socket:
        """Connect to the first address of *host* that answers; the socket keeps the timeout.

        Raises ``Refused`` when the place may not be reached at all, ``TryLater`` when the name
        cannot be resolved or nothing answers in time (one time for all addresses together).
        """
        self._require_open()
        self._check_name(host, port)
        addresses = self._resolve(host, port)
        deadline = monotonic() + timeout_s
        failure = "no answer in time"
        for address in addresses:
            left_s = deadline - monotonic()
            if left_s <= 0:
                break
            try:
                connection = socket.create_connection((str(address), port), timeout=left_s)
            except OSError as error:
                failure = error.strerror or "no answer in time"
            else:
                connection.settimeout(timeout_s)
                return connection
        raise TryLater(f"{host} does not answer on port {port}: {failure}.")

    def http(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        timeout_s: float = 10.0,
        most_bytes: int = 5 * MEGABYTE,
    ) -> HttpAnswer:
        """Ask an http or https address once; the certificate must fit its name.

        A redirect is an answer like any other: ask for its address anew, so that it is checked,
        too. Nothing of this machine's surroundings is used: no proxy, no cookie, no netrc.

        Raises ``Refused`` for what may not be asked, an untrusted certificate or more than
        *most_bytes* (``TooLarge``), ``TryLater`` when nothing could be asked, ``AnswerLost`` when
        the whole answer to what was asked did not come in *timeout_s* (finding the name not
        counted, which the system limits by itself).
        """
        from deskcore.plugin import http  # noqa: PLC0415  takes 0.2 s and 10 MB: only for its users

        return http.ask(
            self,
            url,
            method=method,
            headers=headers or {},
            content=content,
            timeout_s=timeout_s,
            most_bytes=most_bytes,
        )

    def public(self) -> Net:
        """Return the door for addresses that strangers sent.

        It leads to public networks only, whatever the owner allows for servers of the house, and to
        ports of the web: the usual ones, and those that the manifest names.
        """
        ports = self._public_ports
        return type(self)(
            plugin=self.plugin, hosts=self._hosts, web_ports=ports, public_ports=ports
        )

    def tls_context(self, *, verify: bool = True) -> ssl.SSLContext:
        """Give the plugin's context for TLS 1.2 and later; *verify* False accepts any certificate.

        Wrap with ``server_hostname=host``: the certificate is compared with the name asked for.
        """
        return context_for(self.plugin, verify=verify)

    def _require_open(self) -> None:
        if not _network_allowed.get():
            raise NetworkForbidden(f"The plugin {self.plugin} used the network outside the worker.")

    def _check_name(self, host: str, port: int) -> None:
        if not host or len(host) > _LONGEST_NAME or any(ch <= " " or ch == "\x7f" for ch in host):
            raise Refused("This is not the name of a server.")
        if port not in ANY_PORT:
            raise Refused(f"{port} is not a port; ports are 1 to 65535.")
        if self._hosts is not None and host.casefold() not in self._hosts:
            raise Refused(f"The plugin {self.plugin} has not declared that it talks to {host}.")

    def _resolve(self, host: str, port: int) -> list[IPAddress]:
        """Ask for the addresses once and check each: one bad address refuses the name."""
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise TryLater(f"The name {host} cannot be found: {error.strerror}.") from error
        except UnicodeError as error:
            raise Refused(f"{host!r} is not the name of a server.") from error
        found = [ipaddress.ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers]
        for address in found:
            self._check_address(host, address)
        return list(dict.fromkeys(found))

    def _check_address(self, host: str, address: IPAddress) -> None:
        for inner in _with_embedded(address):
            if any(inner in network for network in _NEVER):
                raise Refused(f"{host} leads to an address that is never reached from here.")
            if not inner.is_global and not self._allow_private:
                raise Refused(
                    f"{host} is in a private network. If it is yours, allow private "
                    "networks in the configuration (private_mail_hosts = true)."
                )


def _with_embedded(address: IPAddress) -> tuple[IPAddress, ...]:
    """List what an address really leads to: an IPv6 address may carry an IPv4 one."""
    if isinstance(address, ipaddress.IPv4Address):
        return (address,)
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address, address.sixtofour)
    if address.teredo is not None:
        return (address, *address.teredo)
    if address in _NAT64 or address in _NAT64_LOCAL:
        return (address, ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return (address,)
