"""Every place of a running desk that takes a stranger's value, found by asking the desk itself.

A request class notes which names a view asks for in the query, the form and the files; links and
forms of the pages give the ids that addresses need. Nothing is listed by hand, so a new field is
attacked from its first day.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from flask import Flask, Request
from lxml import html as markup
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from tests.hostile.valid import VALID
from tests.hostile.visiting import Visitor

Kind = Literal["query", "form", "file", "path"]
# Asked for by every unsafe request; the token has tests of its own.
NOT_ATTACKED = {"csrf_token"}
# Asked for before the view is; sent along empty they would keep everybody from it.
OF_CONFIRMING = {"confirm_password", "confirm_kept"}
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "main%23main"}
_LINK = re.compile(r'(?:href|src|action|formaction|hx-get|hx-post|data-draft)="(/[^"]*)"')
_PAGES_OF_A_KIND = 4  # some have files, some have menus
_ROUNDS = 3  # a view may ask for the next name only once the first is there


class _Noted(ImmutableMultiDict[str, Any]):
    """Form or query values that remember which names somebody wanted."""

    asked: set[str]

    def get(self, key: str, *args: Any, **kwargs: Any) -> Any:
        self._note(key)
        return super().get(key, *args, **kwargs)

    def getlist(self, key: str, *args: Any, **kwargs: Any) -> Any:
        self._note(key)
        return super().getlist(key, *args, **kwargs)

    def __getitem__(self, key: str) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._note(str(key))
        return super().__contains__(key)

    def _note(self, key: str) -> None:
        if hasattr(self, "asked"):
            self.asked.add(key)


class Noting(Request):
    """What a desk's requests notice when ``notice`` was told: the names their views want."""

    asked: ClassVar[dict[Kind, set[str]]] = {"query": set(), "form": set(), "file": set()}

    @property
    def args(self) -> Any:
        return _noting(super().args, self.asked["query"])

    @property
    def form(self) -> Any:
        return _noting(super().form, self.asked["form"])

    @property
    def files(self) -> Any:
        return _noting(super().files, self.asked["file"])


def notice(app: Flask) -> None:
    """Let the requests of *app* note what their views ask for."""
    app.request_class = type("NotingRequest", (Noting, app.request_class), {})


def _noting(values: Any, asked: set[str]) -> ImmutableMultiDict[str, Any]:
    noted = _Noted(values)
    noted.asked = asked
    return noted


@dataclass(frozen=True, kw_only=True)
class Route:
    """One address and method of the desk, with values that work for everything it takes."""

    endpoint: str
    method: str
    path: Mapping[str, object]
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    files: frozenset[str] = frozenset()

    def doors(self) -> Iterator[Door]:
        """Give each single value that this route takes."""
        named: dict[Kind, Mapping[str, object] | frozenset[str]] = {
            "path": self.path, "query": self.query, "form": self.form, "file": self.files,
        }  # fmt: skip
        for kind, names in named.items():
            for name in sorted(names):
                yield Door(route=self, kind=kind, name=name)


@dataclass(frozen=True, kw_only=True)
class Door:
    """One value of one route."""

    route: Route
    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.route.method} {self.route.endpoint} {self.kind} {self.name}"


def routes(app: Flask, visitor: Visitor) -> list[Route]:
    """Find all routes and what they take. *app* must be noticed."""
    known, forms = _crawl(app, visitor)
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "asset":
            continue
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        found += [_taken(app, visitor, rule, method, known, forms) for method in methods]
    return found


def _taken(
    app: Flask,
    visitor: Visitor,
    rule: Rule,
    method: str,
    known: Mapping[str, object],
    forms: Mapping[str, Mapping[str, str]],
) -> Route:
    path = {name: _example(known, rule, name) for name in rule.arguments}
    address = app.url_map.bind("localhost").build(rule.endpoint, path, method=method)
    typed: dict[Kind, dict[str, str]] = {"query": {}, "form": {}, "file": {}}
    typed["form"].update(forms.get(rule.endpoint, {}) if method == "POST" else {})
    for _round in range(_ROUNDS):
        for names in Noting.asked.values():
            names.clear()
        if method == "GET":
            visitor.get(address, query_string=typed["query"])
            visitor.get(address, query_string=typed["query"], headers=PARTIAL)
        elif not _ends_the_visit(rule.endpoint):
            form = {key: text for key, text in typed["form"].items() if key not in OF_CONFIRMING}
            visitor.post(address, form, query=typed["query"])
        if not _learned(typed):
            break
    files = frozenset(typed["file"])
    form = {} if method == "GET" else typed["form"]
    form = {name: value for name, value in form.items() if name not in files}
    form |= {name: text for name, text in VALID.get(rule.endpoint, {}).items() if name in form}
    return Route(
        endpoint=rule.endpoint,
        method=method,
        path=path,
        query=typed["query"],
        form=form,
        files=files,
    )


def _learned(typed: dict[Kind, dict[str, str]]) -> bool:
    """Add the names that were asked for; tell whether one of them is new."""
    is_new = False
    for kind, names in Noting.asked.items():
        for name in names - NOT_ATTACKED:
            is_new |= name not in typed[kind]
            typed[kind].setdefault(name, "")
    return is_new


def _ends_the_visit(endpoint: str) -> bool:
    return endpoint in {"auth.sign_out", "me.end_session", "people.end_sessions"}


def _example(known: Mapping[str, object], rule: Rule, name: str) -> object:
    blueprint = rule.endpoint.partition(".")[0]
    is_number = f"<int:{name}>" in rule.rule
    return known.get(f"{blueprint} {name}") or known.get(name) or (1 if is_number else "unknown")


def _crawl(app: Flask, visitor: Visitor) -> tuple[dict[str, object], dict[str, dict[str, str]]]:
    """Follow all links; return example arguments of addresses and the values forms come with."""
    router = app.url_map.bind("localhost")
    known: dict[str, object] = {}
    forms: dict[str, dict[str, str]] = {}
    seen, visited = Counter({"asset": _PAGES_OF_A_KIND}), set[str]()
    queue = ["/", "/admin", "/setup/mailbox", "/attention", "/outbox", *visitor.knows]
    while queue:
        path = queue.pop(0)
        for method in ("GET", "POST"):
            try:
                endpoint, arguments = router.match(urlsplit(path).path, method=method)
            except HTTPException:
                continue
            for name, value in arguments.items():
                known.setdefault(f"{endpoint.partition('.')[0]} {name}", value)
                known.setdefault(name, value)
            page = urlsplit(path).path
            if method == "POST" or seen[endpoint] == _PAGES_OF_A_KIND or page in visited:
                continue
            seen[endpoint] += 1
            visited.add(page)
            answer = visitor.get(path)
            text = (
                answer.text if (answer.mimetype or "").startswith("text/") else ""
            )  # or a picture
            queue += [unescape(link) for link in _LINK.findall(text)]
            _read_forms(router, text, forms)
    return known, forms


def _read_forms(router: Any, text: str, forms: dict[str, dict[str, str]]) -> None:
    if "<form" not in text:
        return
    for form in markup.document_fromstring(text).forms:
        try:
            endpoint, _ = router.match(urlsplit(form.action or "").path, method="POST")
        except HTTPException:
            continue
        values = {name: value or "" for name, value in form.form_values() if name}
        typed = {field.name: "" for field in form.inputs if field.get("type") != "file"}
        merged = {**typed, **values}
        forms.setdefault(endpoint, {}).update(
            {name: value for name, value in merged.items() if name and name not in NOT_ATTACKED}
        )
