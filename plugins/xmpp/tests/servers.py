"""Prosody and ejabberd as they are installed on this machine, for one run of tests.

Users sign in with any name, there is one component, and a place for files. Both serve the domain
``xmpp.test``, and the component ``chat.xmpp.test`` of the desk.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Literal, Self

from plugins.xmpp.tests.network import COMPONENT, DOMAIN, SECRET

Kind = Literal["prosody", "ejabberd"]
PASSWORD = "correct-horse"
_HELLO = (
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' version='1.0' "
    f"xmlns:stream='http://etherx.jabber.org/streams' to='{DOMAIN}'>"
)
_ERLANG = Path("/usr/lib")
_START_S, _END_S = 60.0, 10.0

PROSODY = """
run_as_root = true
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
plugin_paths = {{ "{folder}/modules" }}
log = {{ {{ levels = {{ min = "debug" }}, to = "file", filename = "{folder}/prosody.log" }} }}
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {c2s} }}
c2s_direct_tls_ports = {{ }}
s2s_ports = {{ }}
component_ports = {{ {component} }}
http_ports = {{ {http} }}
https_ports = {{ }}
modules_enabled = {{ "roster", "saslauth", "disco", "ping", "offline" }}
modules_disabled = {{ "s2s", "tls" }}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
VirtualHost "{domain}"
    authentication = "everybody"
Component "{name}"
    component_secret = "{secret}"
    component_conflict_resolve = "kick_old"
Component "upload.{domain}" "http_file_share"
    http_host = "127.0.0.1"
    http_external_url = "http://127.0.0.1:{http}/"
"""

# Everybody exists, except those who are called nobody.
EVERYBODY = """
local sasl = require "util.sasl";
local provider = {};
function provider.test_password(_, password) return password == "%s"; end
function provider.user_exists(name) return not name:find("^nobody"); end
function provider.get_sasl_handler()
    return sasl.new(module.host, {
        plain_test = function(_, _, password) return password == "%s", true; end
    });
end
module:provides("auth", provider);
"""

EJABBERD = """
hosts: [{domain}]
loglevel: info
listen:
  -
    port: {c2s}
    ip: 127.0.0.1
    module: ejabberd_c2s
  -
    port: {component}
    ip: 127.0.0.1
    module: ejabberd_service
    hosts:
      {name}:
        password: {secret}
  -
    port: {http}
    ip: 127.0.0.1
    module: ejabberd_http
    request_handlers:
      /upload: mod_http_upload
s2s_access: none
auth_method: anonymous
anonymous_protocol: login_anon
acl:
  local:
    user_regexp: ""
  desk:
    server: {name}
access_rules:
  keep_files:
    - allow: local
    - allow: desk
modules:
  mod_disco: {{}}
  mod_ping: {{}}
  mod_roster: {{}}
  mod_http_upload:
    access: keep_files
    docroot: "{folder}/files"
    put_url: "http://127.0.0.1:{http}/upload"
"""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a server runs: ``port`` is for people, ``component_port`` for the desk."""

    kind: Kind
    folder: str
    port: int
    component_port: int
    http_port: int
    host: str = "127.0.0.1"
    domain: str = DOMAIN
    component: str = COMPONENT
    secret: str = SECRET
    password: str = PASSWORD

    @property
    def log(self) -> Path:
        """What the server writes."""
        return Path(self.folder) / f"{self.kind}.log"

    @property
    def name(self) -> str:
        """What it calls itself, with its version."""
        if self.kind == "prosody":
            told = re.search(r"Prosody version (\S+)", self.log.read_text("utf-8", "replace"))
            return f"Prosody {told[1]}" if told else "Prosody"
        return f"ejabberd {_ejabberd().name.removeprefix('ejabberd-')}"

    def now(self) -> Self:
        """Return the server as it runs after restarts."""
        return self

    def greets(self) -> bool:
        """Whether streams open, for people and for the desk: to connect is not enough."""
        return _opens(self.port, "jabber:client", DOMAIN) and _opens(
            self.component_port, "jabber:component:accept", COMPONENT
        )


def missing(kind: Kind) -> str:
    """Say why a server cannot be started here; empty when it can."""
    if kind == "prosody":
        is_there = shutil.which("prosody") is not None
    else:
        is_there = shutil.which("erl") is not None and any(_ERLANG.glob("*/ejabberd-*"))
    return "" if is_there else f"{kind} is not installed on this machine (apt install {kind})"


@contextmanager
def running(kind: Kind, folder: Path) -> Iterator[Place]:
    """Run a server with its files in *folder* until the block ends."""
    place = written(kind, folder)
    with (folder / "output").open("ab") as output:
        process = subprocess.Popen(
            command(place),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,
        )
    try:
        _wait(place, process)
        yield place
    finally:
        _end(process)


def written(kind: Kind, folder: Path) -> Place:
    """Write the configuration of a server into its empty *folder*, with ports that are free."""
    template, file = (
        (PROSODY, "prosody.cfg.lua") if kind == "prosody" else (EJABBERD, "ejabberd.yml")
    )
    (folder / ("data" if kind == "prosody" else "files")).mkdir()
    if kind == "prosody":
        (folder / "modules").mkdir()
        (folder / "modules" / "mod_auth_everybody.lua").write_text(EVERYBODY % (PASSWORD, PASSWORD))
    c2s, component, http = _free_ports()
    said = {"c2s": c2s, "component": component, "http": http, "folder": folder}
    names = {"domain": DOMAIN, "name": COMPONENT, "secret": SECRET}
    (folder / file).write_text(template.format(**said, **names))
    place = Place(kind=kind, folder=str(folder), port=c2s, component_port=component, http_port=http)
    place.log.touch()
    return place


def command(place: Place) -> list[str]:
    """Return what starts a server in the foreground."""
    folder = Path(place.folder)
    if place.kind == "prosody":
        return ["prosody", "-F", "--config", str(folder / "prosody.cfg.lua")]
    environment = {
        "ERL_LIBS": str(_ejabberd().parent),
        "EJABBERD_CONFIG_PATH": str(folder / "ejabberd.yml"),
        "EJABBERD_LOG_PATH": str(folder / "ejabberd.log"),
        "ERL_CRASH_DUMP_BYTES": "0",
        "HOME": str(folder),
        "PATH": os.environ["PATH"],
    }
    told = [f"{name}={value}" for name, value in environment.items()]
    # One scheduler is enough for a few stanzas, and there is no node that others could speak to.
    erlang = ["erl", "+S", "1", "-noinput", "-mnesia", "dir", f'"{folder}/spool"', "-s", "ejabberd"]
    return ["env", "-i", *told, *erlang]


def _ejabberd() -> Path:
    return min(_ERLANG.glob("*/ejabberd-*"))


def _opens(port: int, space: str, to: str) -> bool:
    hello = _HELLO.replace("jabber:client", space).replace(f"to='{DOMAIN}'", f"to='{to}'")
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(hello.encode())
        return b"stream" in line.recv(4096)


def _free_ports() -> list[int]:
    with ExitStack() as stack:
        doors = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(3)]
        return [int(door.getsockname()[1]) for door in doors]


def _wait(place: Place, process: subprocess.Popen[bytes]) -> None:
    until = monotonic() + _START_S
    while monotonic() < until and process.poll() is None:
        with suppress(OSError):
            if place.greets():
                return
        sleep(0.05)
    last = place.log.read_text("utf-8", "replace").splitlines()[-20:]
    raise RuntimeError("\n".join([f"{place.kind} did not come up. Its log:", *last]))


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_END_S)
            return
