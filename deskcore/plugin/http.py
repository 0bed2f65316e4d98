"""One question over HTTP through the guarded door: no redirect, no cookie, no proxy, no decoding.

httpx2 puts the request into form and httpcore2, its engine, speaks it over the connections that
``Net`` makes: neither looks up a name or opens a socket itself, so what was checked is what is
connected to. Loaded by the first question, since both take their time.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from time import monotonic

import httpcore2
import httpx2

from deskcore.plugin.channel import AnswerLost, Refused, TryLater
from deskcore.plugin.net import HttpAnswer, Net, TooLarge
from deskcore.plugin.trust import context_for

# Compressed answers are neither asked for nor taken: a few bytes of them could be gigabytes.
_OWN_HEADERS = {"User-Agent": "Deskcore", "Accept-Encoding": "identity", "Connection": "close"}
_PORTS = {"http": 80, "https": 443}


def ask(
    net: Net,
    url: str,
    *,
    method: str,
    headers: Mapping[str, str],
    content: bytes,
    timeout_s: float,
    most_bytes: int,
) -> HttpAnswer:
    """Ask; ``Net.http`` says what may be asked and what is raised."""
    try:
        asked = httpx2.Request(method, url, headers={**_OWN_HEADERS, **headers}, content=content)
    except (httpx2.InvalidURL, ValueError) as error:
        raise Refused("This is not an address of the web.") from error
    try:
        return _whole(net, asked, monotonic() + timeout_s, most_bytes)
    except (ssl.SSLCertVerificationError, httpcore2.LocalProtocolError) as error:
        why = getattr(error, "verify_message", error)
        raise Refused(f"{asked.url.host} cannot be asked: {why}.") from error
    except (OSError, httpcore2.RemoteProtocolError) as error:
        why = "not whole in time" if isinstance(error, TimeoutError) else error
        raise AnswerLost(f"{asked.url.host} gave no proper answer: {why}.") from error


def _whole(net: Net, asked: httpx2.Request, deadline: float, most_bytes: int) -> HttpAnswer:
    url, host, door = _checked(net, asked.url), asked.url.host, _Door(net, deadline)
    # A context of its own: the pool notes on it that HTTP is spoken, which other lines do not.
    context = context_for(f"{net.plugin} http", verify=True)
    with (
        httpcore2.ConnectionPool(ssl_context=context, network_backend=door) as pool,
        pool.stream(
            asked.method, url, headers=asked.headers.raw, content=asked.content or None
        ) as answer,
    ):
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in answer.headers}
        if headers.get("content-encoding", "identity") != "identity":
            raise Refused(f"{host} answers in a form that was not asked for.")
        body = bytearray()
        for part in answer.iter_stream():
            body += part
            if len(body) > most_bytes:
                raise TooLarge(f"{host} sends more than {most_bytes} bytes.")
        return HttpAnswer(status=answer.status, headers=headers, content=bytes(body))


def _checked(net: Net, url: httpx2.URL) -> httpcore2.URL:
    """Return where to ask, once it is an address that may be asked."""
    if url.scheme not in _PORTS or not url.host or url.userinfo:
        raise Refused("Only http:// and https:// are asked, without a name or password.")
    port = url.port or _PORTS[url.scheme]
    if port not in net.web_ports:
        raise Refused(f"{url.host} is not asked on port {port}.")
    return httpcore2.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )


class _Door(httpcore2.NetworkBackend):
    """Where connections come from: the checked ones of ``Net``, until the deadline."""

    def __init__(self, net: Net, deadline: float) -> None:
        self._net = net
        self._deadline = deadline

    def connect_tcp(self, host: str, port: int, *_args: object, **_kwargs: object) -> _Line:
        left_s = self._deadline - monotonic()
        return _Line(self._net.tcp(host, port, timeout_s=left_s), self._deadline)


class _Line(httpcore2.NetworkStream):
    """A connection on which everything together must be over at the deadline.

    A timeout for each step would let a server that sends a byte now and then go on for days.
    """

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._in_time().recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._in_time().sendall(buffer)

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> _Line:
        try:
            secured = ssl_context.wrap_socket(self._in_time(), server_hostname=server_hostname)
        except ssl.SSLCertVerificationError:
            raise
        except OSError as error:  # nothing has been asked yet
            raise TryLater(f"{server_hostname} makes no secure connection: {error}.") from error
        return _Line(secured, self._deadline)

    def close(self) -> None:
        self._connection.close()

    def _in_time(self) -> socket.socket:
        left_s = self._deadline - monotonic()
        if left_s <= 0:
            raise TimeoutError
        self._connection.settimeout(left_s)
        return self._connection
