"""Prosody and ejabberd: users sign in with any name, one component, a place for files.

Both serve the domain ``xmpp.test``, and the component ``chat.xmpp.test`` of the desk.
"""

from __future__ import annotations

import json
import os
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from tests.servers import rundir
from tests.servers.processes import free_ports, spawn, stop, wait_until

DOMAIN = "xmpp.test"
COMPONENT = "chat.xmpp.test"
PASSWORD = "correct-horse"
SECRET = "component-secret"
_HELLO = (
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' version='1.0' "
    f"xmlns:stream='http://etherx.jabber.org/streams' to='{DOMAIN}'>"
)
_ERLANG = Path("/usr/lib")

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
class XmppServer(rundir.Server):
    """A running server: ``port`` for people, ``component_port`` for the desk."""

    kind: str
    folder: str
    port: int
    component_port: int
    http_port: int
    host: str = "127.0.0.1"
    domain: str = DOMAIN
    component: str = COMPONENT
    secret: str = SECRET
    password: str = PASSWORD

    def stop(self) -> None:
        """End it, as an administrator does."""
        stop(self.now().pid)

    def start_again(self) -> None:
        """Start it anew with the same files and ports."""
        pid = _spawn(self.kind, Path(self.folder))
        described = rundir.current() / f"{self.kind}.json"
        described.write_text(json.dumps(asdict(self) | {"pid": pid}))
        _wait(self.kind, Path(self.folder), self.port, self.component_port)

    def now(self) -> Self:
        """Return the server as it runs after restarts."""
        described = rundir.current() / f"{self.kind}.json"
        return type(self)(**json.loads(described.read_text()))


def start_prosody(folder: Path) -> XmppServer:
    """Start Prosody in *folder*."""
    (folder / "modules").mkdir()
    module = folder / "modules" / "mod_auth_everybody.lua"
    module.write_text(EVERYBODY % (PASSWORD, PASSWORD))
    return _start("prosody", folder, PROSODY, "prosody.cfg.lua")


def start_ejabberd(folder: Path) -> XmppServer:
    """Start ejabberd in *folder*."""
    (folder / "files").mkdir()
    return _start("ejabberd", folder, EJABBERD, "ejabberd.yml")


def _start(kind: str, folder: Path, template: str, name: str) -> XmppServer:
    c2s, component, http = free_ports(3)
    (folder / name).write_text(
        template.format(
            folder=folder,
            c2s=c2s,
            component=component,
            http=http,
            domain=DOMAIN,
            name=COMPONENT,
            secret=SECRET,
        )
    )
    log = _log(kind, folder)
    log.touch()
    pid = _spawn(kind, folder)
    _wait(kind, folder, c2s, component)
    return XmppServer(
        pid=pid,
        log_file=str(log),
        log_start=log.stat().st_size,
        kind=kind,
        folder=str(folder),
        port=c2s,
        component_port=component,
        http_port=http,
    )


def _spawn(kind: str, folder: Path) -> int:
    if kind == "prosody":
        (folder / "data").mkdir(exist_ok=True)
        configuration = str(folder / "prosody.cfg.lua")
        return spawn(["prosody", "-F", "--config", configuration], output=folder / "output")
    libraries = next(_ERLANG.glob("*/ejabberd-*")).parent
    environment = {
        "ERL_LIBS": str(libraries),
        "EJABBERD_CONFIG_PATH": str(folder / "ejabberd.yml"),
        "EJABBERD_LOG_PATH": str(folder / "ejabberd.log"),
        "ERL_CRASH_DUMP_BYTES": "0",
        "HOME": str(folder),
        "PATH": os.environ["PATH"],
    }
    told = [f"{name}={value}" for name, value in environment.items()]
    # One scheduler is enough for a few stanzas, and there is no node that others could speak to.
    erlang = ["erl", "+S", "1", "-noinput", "-mnesia", "dir", f'"{folder}/spool"', "-s", "ejabberd"]
    return spawn(["env", "-i", *told, *erlang], output=folder / "output")


def _wait(kind: str, folder: Path, *ports: int) -> None:
    for port, space in zip(ports, ("jabber:client", "jabber:component:accept"), strict=True):
        wait_until(
            lambda port=port, space=space: _greets(port, space),  # type: ignore[misc]  # mypy knows no defaults of lambdas
            what=f"{kind} greets on port {port}",
            log=_log(kind, folder),
            timeout_s=60,
        )


def _greets(port: int, space: str) -> bool:
    """Whether a stream opens there: to connect is not enough."""
    to = DOMAIN if space == "jabber:client" else COMPONENT
    hello = _HELLO.replace("jabber:client", space).replace(f"to='{DOMAIN}'", f"to='{to}'")
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(hello.encode())
        return b"stream" in line.recv(4096)


def _log(kind: str, folder: Path) -> Path:
    return folder / f"{kind}.log"
