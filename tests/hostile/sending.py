"""Puts one hostile value where a door is, byte for byte, and looks at what comes back."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Flask
from werkzeug.test import TestResponse

from tests.hostile.doors import OF_CONFIRMING, Door, Route
from tests.hostile.visiting import Visitor

PLAIN = "teapot"
_BOUNDARY = b"hostile-boundary"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back, and the processor time it took."""

    response: TestResponse
    seconds: float


def attack(app: Flask, visitor: Visitor, door: Door, value: str | list[str]) -> Answer:
    """Send *value* through *door*, everything else on the route being as its page gives it."""
    route = door.route
    values = value if isinstance(value, list) else [value]
    path = {**route.path, **({door.name: values[0]} if door.kind == "path" else {})}
    query = [*route.query.items()]
    if door.kind == "query":
        query = [item for item in query if item[0] != door.name]
        query += [(door.name, one) for one in values]
    address = _address(app, route, path) + ("?" + encoded(query) if query else "")
    sent: dict[str, object] = {}
    if route.method == "POST":
        sent = _body(visitor, door, values)
    began = time.process_time()
    response = visitor.send(address, route.method, **sent)
    return Answer(response=response, seconds=time.process_time() - began)


def encoded(pairs: list[tuple[str, str]]) -> str:
    """Encode pairs as a form or query does; half letters go as the bytes they would be."""
    return urlencode(
        [(name.encode("utf-8", "surrogatepass"), one.encode("utf-8", "surrogatepass"))
         for name, one in pairs]
    )  # fmt: skip


def _address(app: Flask, route: Route, path: Mapping[str, object]) -> str:
    """Build the path by hand: the router would refuse what we want to send."""
    rule = next(
        rule
        for rule in app.url_map.iter_rules(route.endpoint)
        if route.method in (rule.methods or ())
    )
    return "".join(
        quote(str(path[part]).encode("utf-8", "surrogatepass"), safe="") if is_name else part
        for is_name, part in rule._trace[1:]
        if part != "|"
    )


def _body(visitor: Visitor, door: Door, values: list[str]) -> dict[str, object]:
    pairs = [("csrf_token", visitor.token)]
    pairs += [
        (name, text)
        for name, text in door.route.form.items()
        if name not in OF_CONFIRMING and (door.kind != "form" or name != door.name)
    ]
    if door.kind == "form":
        pairs += [(door.name, one) for one in values]
    if door.kind != "file":
        kind = "application/x-www-form-urlencoded"
        return {"data": encoded(pairs), "content_type": kind}
    parts = [_part(name, one.encode()) for name, one in pairs]
    parts += [_part(door.name, b"content", filename=one) for one in values]
    content = b"".join(parts) + b"--" + _BOUNDARY + b"--\r\n"
    return {
        "data": content, "content_type": f"multipart/form-data; boundary={_BOUNDARY.decode()}"
    }  # fmt: skip


def _part(name: str, content: bytes, *, filename: str | None = None) -> bytes:
    head = f'Content-Disposition: form-data; name="{name}"'.encode()
    if filename is not None:
        # Browsers write quotes and line ends so; all else goes as it is.
        bare = filename.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head += b'; filename="' + bare.encode("utf-8", "surrogatepass") + b'"'
    return b"--" + _BOUNDARY + b"\r\n" + head + b"\r\n\r\n" + content + b"\r\n"
