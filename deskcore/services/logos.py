"""A shop's logo: told by its bytes, small enough for a first visit, and nothing active in it.

Photographs and drawings pass as they are. An SVG is a document that could run, fetch and link:
only shapes, colours and gradients of it are written anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import tinycss2
from lxml import etree

from deskcore.domain.css_text import Node, Unreadable, declarations_of
from deskcore.errors import Invalid, Problem
from deskcore.i18n import _

LARGEST_LOGO = 150_000
SVG = "image/svg+xml"
_SVG_NAMESPACE = "http://www.w3.org/2000/svg"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_SHAPES = frozenset(
    """svg g defs symbol use path rect circle ellipse line polyline polygon text tspan title desc
    linearGradient radialGradient stop clipPath mask pattern""".split()
)
# Without them the picture would be another one, and with them no picture any more.
_REFUSED = frozenset(
    {"script", "style", "foreignObject", "image", "a", "animate", "set", "handler"}
)
_ATTRIBUTES = frozenset(
    """id x y x1 y1 x2 y2 cx cy r rx ry fx fy dx dy d points width height viewBox transform offset
    preserveAspectRatio gradientUnits gradientTransform spreadMethod patternUnits patternTransform
    patternContentUnits clipPathUnits maskUnits maskContentUnits fill fill-opacity fill-rule stroke
    stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray
    stroke-dashoffset stop-color stop-opacity opacity color clip-path clip-rule mask font-family
    font-size font-weight font-style letter-spacing text-anchor dominant-baseline display
    visibility""".split()
)
_INSIDE = re.compile(r"#[\w.-]+", re.ASCII)
_REFERENCE = re.compile(r"url\(\s*[\"']?#[\w.-]+[\"']?\s*\)", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Logo:
    """A picture that can be shown: its bytes as they are served, and their kind."""

    content: bytes
    content_type: str


def read_logo(content: bytes) -> Logo:
    """Take an uploaded file for a logo; raises Invalid with what to do instead."""
    if len(content) > LARGEST_LOGO:
        raise _refused(
            _(
                "The file has %(size)s kB. Use one of at most %(most)s kB: every visitor loads it.",
                size=len(content) // 1000,
                most=LARGEST_LOGO // 1000,
            )
        )
    kind = _kind(content)
    if not kind:
        raise _refused(_("This is no picture that browsers show. Use PNG, JPEG, WebP or SVG."))
    return Logo(content=_clean_svg(content) if kind == SVG else content, content_type=kind)


def _kind(content: bytes) -> str:
    """Tell the kind by the bytes, whatever the file is called."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return SVG if b"<svg" in content[:4_000] else ""


def _clean_svg(content: bytes) -> bytes:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise _refused(_("This SVG cannot be read. Save it once more, or use PNG.")) from None
    if root.getroottree().docinfo.internalDTD is not None and _has_entities(root):
        raise _refused(_("This SVG defines entities. Save it as plain SVG, or use PNG."))
    if _name(root) != "svg":
        raise _refused(_("This is no picture that browsers show. Use PNG, JPEG, WebP or SVG."))
    made = _copied(root)
    if not made.get("viewBox") and not (made.get("width") and made.get("height")):
        raise _refused(_("This SVG has no size. Save it with a viewBox, or use PNG."))
    etree.cleanup_namespaces(made)
    written: bytes = etree.tostring(made, encoding="utf-8")
    return written


def _has_entities(root: etree._Element) -> bool:
    dtd = root.getroottree().docinfo.internalDTD
    return any(True for _entity in dtd.iterentities())


def _copied(element: etree._Element) -> etree._Element:
    """Build an element anew from what is known of it."""
    made = etree.Element(f"{{{_SVG_NAMESPACE}}}{_name(element)}", nsmap={None: _SVG_NAMESPACE})
    for name, value in _attributes(element):
        made.set(name, value)
    made.text, made.tail = element.text, element.tail
    for child in element:
        name = _name(child)
        if name in _REFUSED:
            raise _refused(
                _(
                    "This SVG holds <%(name)s>, which a logo must not. Save it with plain shapes "
                    "and colours (“presentation attributes”), or use PNG.",
                    name=name,
                )
            )
        if name in _SHAPES:
            made.append(_copied(child))
    return made


def _attributes(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield what may stay, declarations of a style attribute as attributes of their own."""
    for name, value in element.attrib.items():
        if str(name) in {"href", _XLINK}:
            if _INSIDE.fullmatch(str(value)):
                yield "href", str(value)
        elif str(name) in _ATTRIBUTES and _is_harmless(str(value)):
            yield str(name), str(value)
    for node in _style_of(element):
        if node.type == "declaration" and node.lower_name in _ATTRIBUTES:
            value = tinycss2.serialize(node.value).strip()
            if _is_harmless(value):
                yield node.lower_name, value


def _style_of(element: etree._Element) -> list[Node]:
    """Read the style of an element; one that nobody can read dresses nothing."""
    try:
        return declarations_of(str(element.get("style", "")))
    except Unreadable:
        return []


def _is_harmless(value: str) -> bool:
    """Whether a value points nowhere but into the picture itself."""
    return "url" not in _REFERENCE.sub("", value).lower() and "\\" not in value


def _name(element: etree._Element) -> str:
    """Return the name of an element of SVG, empty for anything else."""
    if not isinstance(element.tag, str):
        return ""
    space, _brace, name = element.tag.removeprefix("{").rpartition("}")
    return name if space in {_SVG_NAMESPACE, ""} else ""


def _refused(message: str) -> Invalid:
    return Invalid([Problem(field="logo", message=message)])
