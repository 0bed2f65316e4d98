"""The guarded network of plugins."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskcore.plugin.channel import Refused, TryLater
from deskcore.plugin.net import Net, NetworkForbidden, network_allowed

HOME = Net(plugin="email", allow_private=True)
STRICT = Net(plugin="email")


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_the_network_is_closed_outside_the_worker(port: int) -> None:
    with pytest.raises(NetworkForbidden, match="email"):
        HOME.tcp("127.0.0.1", port)


def test_the_network_of_the_worker_does_not_leak_into_other_threads(port: int) -> None:
    raised: list[BaseException] = []

    def page() -> None:
        try:
            HOME.tcp("127.0.0.1", port)
        except NetworkForbidden as error:
            raised.append(error)

    with network_allowed():
        thread = threading.Thread(target=page)
        thread.start()
        thread.join()
    assert len(raised) == 1


def test_a_server_in_the_house_is_reached_when_the_owner_allows_it(port: int) -> None:
    with network_allowed(), HOME.tcp("127.0.0.1", port, timeout_s=5) as connection:
        assert connection.getpeername() == ("127.0.0.1", port)
        assert connection.gettimeout() == 5


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.0.1",
        "100.64.0.1",
        "::1",
        "fd12::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "127.1",
        "2130706433",
        "0x7f.1",
    ],
)
def test_private_networks_are_closed_unless_allowed(host: str, port: int) -> None:
    with network_allowed(), pytest.raises(Refused):
        STRICT.tcp(host, port)


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "fd00:ec2::254",
        "fe80::1",
        "0.0.0.0",  # noqa: S104  # refused, not bound
        "0",
        "::",
        "224.0.0.1",
        "255.255.255.255",
        "ff02::1",
    ],
)
@pytest.mark.parametrize("net", [HOME, STRICT])
def test_some_addresses_are_closed_whatever_is_allowed(net: Net, host: str) -> None:
    with network_allowed(), pytest.raises(Refused):
        net.tcp(host, 80)


@pytest.mark.parametrize(
    "host", ["", "a b", "imap.example.com\r\nX: y", "a\0b", "x" * 300, ".a..b"]
)
def test_what_is_no_name_of_a_server_is_refused(host: str) -> None:
    with network_allowed(), pytest.raises(Refused):
        HOME.tcp(host, 993)


@pytest.mark.parametrize("number", [0, -1, 65536])
def test_what_is_no_port_is_refused(number: int) -> None:
    with network_allowed(), pytest.raises(Refused):
        HOME.tcp("127.0.0.1", number)


def test_a_closed_port_is_worth_another_try(port: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    with network_allowed(), pytest.raises(TryLater, match=str(closed)):
        HOME.tcp("127.0.0.1", closed)


def test_a_name_nobody_knows_is_worth_another_try() -> None:
    with network_allowed(), pytest.raises(TryLater, match=r"nobody\.invalid"):
        HOME.tcp("nobody.invalid", 993)


def test_only_declared_hosts_are_reached(port: int) -> None:
    net = Net(plugin="email", allow_private=True, hosts=frozenset({"LocalHost"}))
    with network_allowed():
        net.tcp("localhost", port).close()
        with pytest.raises(Refused, match="declared"):
            net.tcp("127.0.0.1", port)


def test_certificates_are_checked_unless_told_otherwise() -> None:
    strict = HOME.tls_context()
    assert strict.verify_mode is ssl.CERT_REQUIRED
    assert strict.check_hostname
    assert strict.minimum_version is ssl.TLSVersion.TLSv1_2
    assert HOME.tls_context(verify=False).verify_mode is ssl.CERT_NONE


def test_a_context_is_made_once_for_a_plugin_and_anew_when_the_authorities_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted = tmp_path / "trusted.pem"
    shutil.copy(str(ssl.get_default_verify_paths().cafile), trusted)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    first = HOME.tls_context()
    assert HOME.tls_context() is first
    assert Net(plugin="another").tls_context() is not first
    os.utime(trusted, ns=(1, 1))
    assert HOME.tls_context() is not first
