"""Serves scripts, styles and icons: joined, compressed once, cached by the browser for good.

The address holds a digest over all of them, so a new release is a new address and files may
name one another relatively.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, current_app, request
from markupsafe import Markup

from deskcore.plugin.brought import BroughtAsset

STATIC = Path(__file__).resolve().parent.parent / "static"

# One request each: the parts in the order they are joined in.
STYLES = ("tokens", "base", "controls", "parts", "shell", "tickets", "print")
# The pages customers see have one of their own, much smaller.
PUBLIC_STYLES = ("tokens", "base", "public")
SCRIPTS = (
    "page",
    "keys",
    "toasts",
    "dialogs",
    "actions",
    "fields",
    "drafts",
    "frames",
    "parts",
    "connection",
    "focus",
    "desk",
)

NOBODYS: Mapping[str, bytes] = {}
# Pages that are swapped into one another, by blueprint: a script of one of them is there in all.
WORKSPACE = frozenset({"inbox", "tickets", "replies", "new_ticket", "customers", "search"})

# In a bundle all modules share one scope; their names are unique, which a test holds.
_MODULE_WORDS = re.compile(
    r"^(?:import .*?;\n|export (?=(?:async )?function|const|let|class))", re.MULTILINE
)
_TEXT = {".css", ".js", ".svg", ".json", ".txt"}
_STYLE = Markup('<link rel="stylesheet" href="{}">')
_SCRIPT = Markup('<script src="{}" type="module"></script>')
# Below this a packed file is hardly smaller.
_SMALLEST = 1024
_FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, kw_only=True)
class Asset:
    """One file as it goes out; ``packed`` is its gzip form, empty where that does not pay."""

    body: bytes
    packed: bytes
    mimetype: str


class Assets:
    """All static files of the desk in memory, a few hundred kilobytes, and what plugins *brought*."""

    def __init__(self, folder: Path = STATIC, brought: Mapping[str, bytes] = NOBODYS) -> None:
        contents = {**_contents(folder), **brought}
        self._assets = {name: _asset(name, body) for name, body in contents.items()}
        digest = hashlib.sha256()
        for name, asset in sorted(self._assets.items()):
            digest.update(name.encode() + b"\0" + asset.body)
        self.digest = digest.hexdigest()[:12]

    def url(self, name: str) -> str:
        """Give the address of a file; raises LookupError for one that does not exist."""
        if name not in self._assets:
            raise LookupError(f"There is no static file '{name}'.")
        return f"/static/{self.digest}/{name}"

    def has(self, name: str) -> bool:
        """Whether there is a file of this name."""
        return name in self._assets

    def body(self, name: str) -> bytes:
        """Return a file as it is."""
        return self._assets[name].body

    def weight(self, name: str) -> int:
        """Count the bytes of a file on the wire."""
        return len(self._assets[name].packed or self._assets[name].body)

    def icon(self, name: str, size: str = "", turn: bool = False) -> Markup:  # noqa: FBT001, FBT002  a macro of templates
        """Draw an icon of the sprite; always beside words or a name, so hidden from readers."""
        looks = f"icon{f' icon-{size}' if size else ''}{' icon-turn' if turn else ''}"
        return Markup(
            '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
        ).format(looks, self.url("icons.svg"), name)

    def respond(self, digest: str, name: str) -> Response:
        """Answer with a file; an address of another release gets today's, uncached."""
        asset = self._assets.get(name)
        if asset is None:
            abort(404)
        packs = asset.packed and request.accept_encodings.quality("gzip")
        response = Response(asset.packed if packs else asset.body, mimetype=asset.mimetype)
        if packs:
            response.content_encoding = "gzip"
        response.vary.add("Accept-Encoding")
        response.headers["Cache-Control"] = _FOR_GOOD if digest == self.digest else "no-cache"
        return response


def init_assets(
    app: Flask, brought: Sequence[BroughtAsset] = (), themed: Mapping[str, bytes] = NOBODYS
) -> None:
    """Serve ``/static/<digest>/<name>`` and give templates ``asset(name)``.

    What plugins *brought* is served beside; ``styles_here()`` and ``scripts_here()`` link what this
    page has of it. *themed* are files of themes.
    """
    assets = Assets(brought={**{each.path: each.body for each in brought}, **themed})
    app.jinja_env.globals.update(
        styles_here=_links_here(assets, brought, ".css", _STYLE),
        scripts_here=_links_here(assets, brought, ".js", _SCRIPT),
    )
    app.extensions["desk_assets"] = assets
    app.jinja_env.globals.update(asset=assets.url, drawn_icon=lru_cache(maxsize=1_000)(assets.icon))
    app.add_url_rule("/static/<digest>/<path:name>", "asset", assets.respond, methods=["GET"])


def _links_here(
    assets: Assets, brought: Sequence[BroughtAsset], suffix: str, link: Markup
) -> Callable[[], Markup]:
    """Link the assets of plugins on a page: their own pages, or those where tickets are read.

    They are the same for all pages of an area, so they are written once.
    """

    @lru_cache(maxsize=1_000)
    def written(area: str) -> Markup:
        loaded = current_app.extensions.get("desk_plugins")  # pages of the desk stand without any
        pages = loaded.registry.blueprints.all() if loaded else ()
        owner = next((owned.slug for owned in pages if owned.item.name == area), "")
        return Markup("\n").join(
            link.format(assets.url(each.path))
            for each in brought
            if each.path.endswith(suffix)
            and (owner == each.slug or (each.asset.where == "workspace" and area in WORKSPACE))
        )

    return lambda: written(request.blueprint or "")


def _contents(folder: Path) -> dict[str, bytes]:
    contents = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.parent.name not in {"css", "js"}
    }
    for name, parts in (("desk.css", STYLES), ("public.css", PUBLIC_STYLES)):
        contents[name] = b"\n".join((folder / "css" / f"{part}.css").read_bytes() for part in parts)
    contents["desk.js"] = "\n".join(
        _MODULE_WORDS.sub("", (folder / "js" / f"{part}.js").read_text("utf-8")) for part in SCRIPTS
    ).encode()
    return contents


def _asset(name: str, body: bytes) -> Asset:
    suffix = Path(name).suffix
    mimetype = "text/javascript" if suffix == ".js" else mimetypes.guess_type(name)[0]
    packed = gzip.compress(body, 9, mtime=0) if suffix in _TEXT and len(body) > _SMALLEST else b""
    return Asset(body=body, packed=packed, mimetype=mimetype or "application/octet-stream")
