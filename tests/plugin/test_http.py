"""Asking the web through the guarded door, of real servers on the loopback interface."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from deskcore.plugin.channel import Refused, TryLater
from deskcore.plugin.net import Net, NetworkForbidden, TooLarge, network_allowed
from tests.servers.certificates import server_certificate
from tests.servers.web import WebServer, web_server

METADATA = "http://169.254.169.254/latest/meta-data/"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as found, network_allowed():
        yield found


def home(server: WebServer) -> Net:
    """Give the door of a desk whose owner allows the house, to the port of this server."""
    return Net(plugin="shop", allow_private=True, web_ports={server.port})


def strict(server: WebServer) -> Net:
    """Give the door as it is by itself, but for the port."""
    return Net(plugin="shop", web_ports={server.port, 80, 443})


def test_an_answer_comes_whole(server: WebServer) -> None:
    server.pages["/a?b=c"] = 200, {"Content-Type": "text/plain", "X-Who": "me"}, b"hello"
    answer = home(server).http(server.url("/a?b=c"))
    assert (answer.status, answer.content) == (200, b"hello")
    assert answer.headers["content-type"] == "text/plain"
    assert answer.headers["x-who"] == "me"


def test_only_what_was_meant_is_said(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.pages["/"] = 200, {"Set-Cookie": "seen=1"}, b""
    door = home(server)
    for _time in range(2):
        assert door.http(server.url(), headers={"Accept": "image/png"}).status == 200
    assert [set(headers) for _, headers in server.asked] == [
        {"host", "user-agent", "accept", "accept-encoding", "connection"}
    ] * 2
    assert server.asked[0][1]["user-agent"] == "Deskcore"
    assert server.asked[0][1]["host"] == f"127.0.0.1:{server.port}"


def test_something_can_be_sent(server: WebServer) -> None:
    said: list[bytes] = []

    def take(handler: BaseHTTPRequestHandler) -> None:
        said.append(handler.rfile.read(int(handler.headers["Content-Length"])))
        handler.send_response(204)
        handler.end_headers()

    server.pages["/hook"] = take
    assert home(server).http(server.url("/hook"), method="POST", content=b"{}").status == 204
    assert said == [b"{}"]


def test_the_web_is_closed_outside_the_worker() -> None:
    with web_server() as server:
        with pytest.raises(NetworkForbidden, match="shop"):
            home(server).http(server.url())
        assert server.connections == 0


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "LOCALHOST.",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104  # asked, not bound
        "[::1]",
        "[fd12::1]",
        "[fe80::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:7f00:1::]",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "127.0.0.1.",
        "\u0661\u0662\u0667.0.0.1",
        "\u2460\u2461\u2466.0.0.1",
    ],
)
def test_what_is_not_the_open_web_is_refused_and_notices_nothing(
    server: WebServer, host: str
) -> None:
    with pytest.raises((Refused, TryLater)) as refused:
        strict(server).http(server.url(host=host))
    assert server.connections == 0
    assert str(refused.value).endswith(".")


def test_the_metadata_service_is_refused_even_where_the_house_is_allowed(
    server: WebServer,
) -> None:
    with pytest.raises(Refused, match="never reached"):
        Net(plugin="shop", allow_private=True).http(METADATA)


def answering(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """Let every name lead to these addresses, one answer after the other; the last one repeats."""
    waiting = list(answers)

    def resolve(host: str, port: int, *_: object, **_k: object) -> list[tuple[object, ...]]:
        found = [host]
        if not host[0].isdigit():
            found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def test_the_address_that_was_checked_is_the_one_connected_to(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing but loopback is really connected to from here: the tests' own guard tells where to.
    answering(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    with pytest.raises(UserWarning, match=r'host "93\.184\.216\.34"'):
        strict(server).http(server.url(host="rebinding.example"))
    assert server.connections == 0


def test_a_name_with_one_private_address_is_refused_whole(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, ["93.184.216.34", "127.0.0.1"])
    with pytest.raises(Refused, match="private network"):
        strict(server).http(server.url(host="both.example"))
    assert server.connections == 0


def test_a_redirect_is_an_answer_and_is_not_followed(server: WebServer) -> None:
    server.pages["/"] = 302, {"Location": METADATA}, b""
    server.pages["/there"] = 301, {"Location": server.url("/")}, b""
    for path in ("/", "/there"):
        assert home(server).http(server.url(path)).status in {301, 302}
    assert server.paths == ["/", "/there"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nothing",
        "//shop.example/a",
        "file:///etc/passwd",
        "ftp://shop.example/",
        "gopher://127.0.0.1:{port}/_a",
        "javascript:alert(1)",
        "http://",
        "http:///a",
        "http://127.0.0.1:{port}/\r\nX-Evil: 1",
        "http://127.0.0.1:{port}/\nX-Evil: 1",
        "http://127.0.0.1:{port}\r\nX-Evil: 1/",
        "http://127.0.0.1:{port}/a b\0",
        "http://eve@127.0.0.1:{port}/",
        "http://eve:word@127.0.0.1:{port}/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:{port}{port}/",
        "http://[::1/",
        "http://" + "x" * 300 + ":{port}/",
    ],
)
def test_what_is_no_plain_address_of_the_web_is_refused(server: WebServer, url: str) -> None:
    with pytest.raises(Refused) as refused:
        home(server).http(url.replace("{port}", str(server.port)))
    assert str(refused.value).endswith(".")
    assert server.connections == 0


def test_what_would_be_another_header_is_refused(server: WebServer) -> None:
    with pytest.raises(Refused):
        home(server).http(server.url(), headers={"Accept": "a\r\nX-Evil: 1"})
    assert server.asked == []


@pytest.mark.parametrize("port", [25, 22, 6379, 8080])
def test_only_the_ports_of_the_web_are_asked(port: int) -> None:
    with network_allowed(), pytest.raises(Refused, match=f"port {port}"):
        Net(plugin="shop").http(f"http://shop.example:{port}/")


def test_only_declared_hosts_are_asked(server: WebServer) -> None:
    net = Net(
        plugin="shop", allow_private=True, hosts=frozenset({"localhost"}), web_ports={server.port}
    )
    assert net.http(server.url(host="localhost")).status == 404
    with pytest.raises(Refused, match="declared"):
        net.http(server.url())


def test_an_answer_that_dribbles_is_cut_when_its_time_is_over(server: WebServer) -> None:
    def dribble(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        _on_and_on(handler, b"X: y\r\n" if handler.path == "/head" else b"\r\n")

    server.pages["/head"] = server.pages["/body"] = dribble
    for path in ("/head", "/body"):
        begun = time.monotonic()
        with pytest.raises(TryLater, match="in time"):
            home(server).http(server.url(path), timeout_s=0.6)
        assert time.monotonic() - begun < 3


def _on_and_on(handler: BaseHTTPRequestHandler, what: bytes) -> None:
    for _time in range(100):
        handler.wfile.write(what)
        time.sleep(0.05)


def test_an_answer_without_end_is_cut_at_its_limit(server: WebServer) -> None:
    def pour(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _time in range(10_000):
            handler.wfile.write(bytes(65536))

    server.pages["/"] = pour
    with pytest.raises(TooLarge, match="more than 100000 bytes"):
        home(server).http(server.url(), most_bytes=100_000)


def test_an_answer_that_would_swell_is_not_unpacked(server: WebServer) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    server.pages["/"] = 200, {"Content-Encoding": "gzip"}, bomb
    with pytest.raises(Refused, match="not asked for"):
        home(server).http(server.url())


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"220 mail.example ESMTP\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\n\0: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000,
    ],
)
def test_what_is_no_answer_is_worth_another_try(server: WebServer, answer: bytes) -> None:
    def say(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(answer)

    server.pages["/"] = say
    with pytest.raises(TryLater, match="no proper answer"):
        home(server).http(server.url(), timeout_s=2)


def test_nobody_there_is_worth_another_try() -> None:
    with web_server() as server:
        pass
    with network_allowed(), pytest.raises(TryLater):
        home(server).http(server.url())


def test_a_certificate_must_be_trusted_and_fit_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    authority, certificate, key = server_certificate()
    with web_server((str(certificate), str(key))) as server, network_allowed():
        server.pages["/"] = 200, {}, b"safe"
        door, here = home(server), server.url(scheme="https", host="localhost")
        with pytest.raises(Refused, match="localhost cannot be asked"):
            door.http(here)
        assert server.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        assert door.http(here).content == b"safe"
        answering(monkeypatch, ["127.0.0.1"])
        with pytest.raises(Refused, match=r"shop\.example.*[Hh]ostname mismatch"):
            door.http(server.url(scheme="https", host="shop.example"))
        assert server.paths == ["/"]
