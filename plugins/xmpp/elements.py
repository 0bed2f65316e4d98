"""XML as XMPP has it: elements one after another, no entities, no comments of a document type.

RFC 6120, 11.1 forbids document types, entities and processing instructions, so whoever sends one is
no XMPP server, or wants to fill our memory: the reader stops there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

CLIENT = "jabber:client"
COMPONENT = "jabber:component:accept"
STREAM = "http://etherx.jabber.org/streams"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
MOST_BYTES = 2 * 1024 * 1024  # servers take a quarter of that from their users
MOST_DEPTH = 40
_LINE_ENDS = {"\r": "&#13;"}  # a reader of XML makes \n of them otherwise

# What XML 1.0 cannot hold: control characters, half letters, two that are none.
_UNFIT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class NotXmpp(ValueError):
    """These bytes are no stream of XMPP."""


class Reader:
    """Takes bytes as they come and gives whole elements: the stream's head first, then stanzas."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._forbidden
        self._parser.EntityDeclHandler = self._forbidden
        self._builder: TreeBuilder | None = None
        self._depth = 0
        self._size = 0
        self._whole: list[Element] = []
        self.has_ended = False

    def feed(self, content: bytes) -> Iterator[Element]:
        """Take bytes; return what they made whole. Raises NotXmpp."""
        self._size += len(content)
        try:
            self._parser.Parse(content)
        except (expat.ExpatError, ValueError) as error:
            raise NotXmpp(str(error)) from error
        if self._size > MOST_BYTES:
            raise NotXmpp("an element without an end")
        whole, self._whole = self._whole, []
        return iter(whole)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise NotXmpp("elements in elements without an end")
        held = {_clark(key): value for key, value in attributes.items()}
        if self._depth == 1:
            self._whole.append(Element(_clark(name), held))
            return
        if self._builder is None:
            self._builder = TreeBuilder()
        self._builder.start(_clark(name), held)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._builder is None:
            self.has_ended = True
            return
        self._builder.end(_clark(name))
        if self._depth == 1:
            self._whole.append(self._builder.close())
            self._builder, self._size = None, 0

    def _text(self, text: str) -> None:
        if self._builder is not None:
            self._builder.data(text)
        else:
            self._size = 0  # a space between stanzas says only that the line lives

    def _forbidden(self, *_told: object) -> None:
        raise NotXmpp("a document type, which XMPP forbids")


def element_of(content: bytes) -> Element | None:
    """Read one stored stanza; None when it is none."""
    reader = Reader()
    try:
        _head, *found = reader.feed(b"<x>" + content + b"</x>")
    except (NotXmpp, ValueError):
        return None
    return found[0] if len(found) == 1 and reader.has_ended else None


def written(element: Element, around: str = "") -> bytes:
    """Write an element that can be read without its stream.

    Namespaces are written as defaults, never by prefix: not every server follows those.
    """
    return "".join(_pieces(element, around)).encode()


def _pieces(element: Element, around: str) -> Iterator[str]:
    here, name = space(element), local(element)
    yield f"<{name}"
    if here != around:
        yield f" xmlns={quoteattr(here)}"
    for number, (key, value) in enumerate(element.attrib.items()):
        of, _, plain = key.rpartition("}")
        if key == LANGUAGE:
            yield f" xml:lang={quoteattr(value)}"
        elif of:
            yield f" xmlns:a{number}={quoteattr(of[1:])} a{number}:{plain}={quoteattr(value)}"
        else:
            yield f" {plain}={quoteattr(value)}"
    yield ">"
    yield escape(element.text or "", _LINE_ENDS)
    for each in element:
        yield from _pieces(each, here)
        yield escape(each.tail or "", _LINE_ENDS)
    yield f"</{name}>"


def fit(text: str) -> str:
    """Leave out what XML cannot hold; all else stays, letter by letter."""
    return _UNFIT.sub("", text)


def child(element: Element, name: str, *namespaces: str) -> Element | None:
    """Return the first child of that name; *namespaces* are tried in their order."""
    for namespace in namespaces:
        found = element.find(f"{{{namespace}}}{name}")
        if found is not None:
            return found
    return None


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def space(element: Element) -> str:
    """Return an element's namespace."""
    return element.tag.rpartition("}")[0].removeprefix("{")


def _clark(name: str) -> str:
    return "{" + name if "}" in name else name
