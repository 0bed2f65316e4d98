"""What a manifest says of the network and of people's data, against what the code does.

Cheap and honest: it reads the code and finds mistakes, not malice.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from deskcore.authoring.standards import Flaw, Look, standard
from deskcore.authoring.static import strings_in
from deskcore.plugin.manifest import ANYWHERE, ManifestError

# Libraries and modules that open connections past ``Net``, which checks every address.
_PAST_NET = frozenset(
    "aiohttp ftplib http.client httpcore httpcore2 httpx httpx2 poplib pycurl requests "
    "socketserver telnetlib urllib.request urllib3 websocket websockets xmlrpc.client".split()
)
_OWN_SOCKETS = frozenset({"create_connection", "create_server", "getaddrinfo", "gethostbyname"})
_ADDRESS = re.compile(r"(?:https?|wss?)://([a-z0-9.-]+\.[a-z]{2,})", re.IGNORECASE)
_USES_NET = frozenset({"http", "tcp"})
# What gives away that something is read: names of the desk's data, and arguments of hooks.
_READS = {
    "ticket:read": {"history_of", "opening_of", "read_ticket"},
    "customer:read": {"read_customer"},
}
_GIVEN = {
    "ticket:read": {"draft", "message", "messages", "ticket", "tickets"},
    "customer:read": {"customer", "customer_id", "customers"},
}
_EXAMPLES = ("example", ".test", ".invalid", ".localhost")


@standard("P04", "bronze", "The plugins page says that it reaches nobody, and it does.")
def reaches_whom_it_says(look: Look) -> Iterator[Flaw]:
    """The network is reached by Net only, and the manifest names whom."""
    try:
        declared = look.folder.manifest.network
    except ManifestError:
        return
    for each in look.folder.imports():
        whole = f"{each.module}.{each.name}"
        if {each.module, whole, each.module.partition(".")[0]} & _PAST_NET:
            yield Flaw(
                why=f"{each.module} opens connections of its own: use Net.", where=each.where
            )
    for path, tree in look.folder.code.items():
        for node in ast.walk(tree):
            if why := _reaches(node, is_declared=bool(declared)):
                yield Flaw(why=why, where=look.folder.at(path, node))
        for text in strings_in(tree):
            for host in _ADDRESS.findall(str(text.value)):
                if not {host.lower(), ANYWHERE} & set(declared) and not _is_example(host):
                    why = f"{host} is not in network of the manifest."
                    yield Flaw(why=why, where=look.folder.at(path, text))


@standard("P05", "bronze", "The plugins page does not say whose words and names it reads.")
def reads_what_it_says(look: Look) -> Iterator[Flaw]:
    """The manifest says which data it reads."""
    folder = look.folder
    try:
        declared = folder.manifest.data
    except ManifestError:
        return
    used = {
        each.name: each.where for each in folder.imports() if each.module == "deskcore.api.data"
    }
    for right, names in _READS.items():
        given = {hook for hook, arguments in folder.hooks.items() if arguments & _GIVEN[right]}
        if right in declared or right.replace("read", "write") in declared:
            continue
        for name in sorted(given | names & used.keys()):
            why = f"{name} is used, and data of the manifest has no {right!r}."
            yield Flaw(why=why, where=used.get(name, "__init__.py"))


def _reaches(node: ast.AST, *, is_declared: bool) -> str:
    """Say what is wrong with a call that reaches the network; empty when nothing is."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return ""
    if node.func.attr in _OWN_SOCKETS:
        return f"{node.func.attr} opens connections of its own: use Net."
    if node.func.attr in _USES_NET and _is_net(node.func.value) and not is_declared:
        return "The manifest names no host in network."
    return ""


def _is_net(node: ast.expr) -> bool:
    while isinstance(node, ast.Call):
        node = node.func
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name in {"net", "_net", "network_of"}


def _is_example(host: str) -> bool:
    lowered = host.lower()
    return any(part in lowered for part in _EXAMPLES)
