"""HTML of a mail to lines of text, with the marks its clients leave on what they quote.

Quotes are found in the tree of elements, not by position in the string: clients say with classes
and ids what is quoted. The marks are carried through the text conversion as private characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum

from inscriptis import Inscriptis
from inscriptis.model.config import ParserConfig
from lxml import etree
from lxml import html as lxml_html

from deskcore.api import html_to_text
from plugins.email.charsets import clean_text

MAX_HTML = 2_000_000
MAX_ELEMENTS = 15_000
MAX_DEPTH = 150
_FORWARD_WINDOW = 80


class Mark(IntEnum):
    """How surely a line is quoted: no sign, set as a citation, said to be a quote by the client."""

    NONE = 0
    CITED = 1
    QUOTED = 2


@dataclass(kw_only=True)
class MarkedText:
    """Lines of text and what the markup said about each; one mark a line."""

    lines: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    @property
    def plain(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)

    @classmethod
    def of_plain(cls, text: str) -> MarkedText:
        """Take plain text, about whose lines no markup says anything."""
        lines = text.split("\n")
        return cls(lines=lines, marks=[Mark.NONE] * len(lines))

    @classmethod
    def joined(cls, texts: list[MarkedText]) -> MarkedText:
        """Put texts one below the other, with a blank line between."""
        whole = cls()
        for text in texts:
            if not text.plain.strip():
                continue
            if whole.lines:
                whole.lines.append("")
                whole.marks.append(Mark.NONE)
            whole.lines.extend(text.lines)
            whole.marks.extend(text.marks)
        return whole


_OPEN, _CLOSE = "\ue0f0", "\ue0f1"
_OPEN_CITE, _CLOSE_CITE = "\ue0f2", "\ue0f3"
_REST = "\ue0f4"
_RULE = "\ue0f5"
_PRIVATE = re.compile("[\ue0f0-\ue0f5]")

_QUOTE_CLASS = re.compile(
    r"(?i)(?:^|\s)(?:x_)*(?:gmail_quote(?:_container)?|yahoo_quoted\S*|ydp\S*yahoo_quoted|protonmail_quote"
    r"|moz-cite-prefix|gmail_attr|zimbra_quote\S*|tutanota_quote|mailbutler-quote|skiff_quote"
    r"|wide-quote-wrapper|aolmail_gmail_quote\S*|mcntmcntreplyheader|h5|mail-quote\S*)(?=\s|$)"
)
_QUOTE_ID = re.compile(
    r"(?i)(?:x_)*(?:yahoo_quoted_\S*|ms-outlook-mobile-reference-message\S*|olk_src_body_section"
    r"|mail-editor-reference-message-container|replysplit\S*|oriMsgHtmlSeperator|isReplyContent)"
)
_REST_ID = re.compile(
    r"(?i)(?:x_)*(?:appendonsend|divrplyfwdmsg|zwchr|lineBreakAtBeginningOfMessage_)"
)
_QUOTE_NAMES = frozenset({"quote", "messagereplysection", "reply-quote"})
_FORWARD = re.compile(
    r"(?i)^[\s>-]{0,40}(?:begin forwarded|forwarded message|-{2,}|weitergeleitet|message transf|fwd|"
    r"mensaje reenviado|doorgestuurd|messaggio inoltrato|пересл|přeposl|videresend|vidarebefordr)"
)
_DROPPED = (
    "script",
    "style",
    "head",
    "title",
    "template",
    "noscript",
    "svg",
    "math",
    "object",
    "select",
)


def read_html(markup: str) -> MarkedText:
    """Turn HTML into text with marks. Total: what cannot be parsed is stripped of its tags."""
    root = parse_tree(markup)
    if root is None:
        return MarkedText.of_plain(clean_text(html_to_text(markup)))
    _mark_quotes(root)
    for rule in list(root.iter("hr")):
        _insert_before(rule, _RULE)
    try:
        text = Inscriptis(root, ParserConfig(display_links=False)).get_text()
    except (RecursionError, ValueError, KeyError, IndexError, AttributeError, TypeError):
        return MarkedText.of_plain(clean_text(html_to_text(markup)))
    return _collect(clean_text(text))


def parse_tree(markup: str) -> lxml_html.HtmlElement | None:
    """Parse HTML within bounds of size, number and depth of elements; None when beyond them."""
    source = _PRIVATE.sub("", clean_text(markup))[:MAX_HTML]
    # lxml refuses a str that declares another encoding than its own.
    source = re.sub(r"^\s*<\?xml[^>]{0,300}\?>", "", source)
    if not source.strip():
        return None
    try:
        root = lxml_html.document_fromstring(source.encode("utf-8"), parser=_parser())
    except (etree.LxmlError, ValueError, AssertionError, RecursionError):
        return None
    depth = count = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            return None
    for dropped in list(root.iter(*_DROPPED, etree.Comment, etree.ProcessingInstruction)):
        if dropped.getparent() is not None:
            dropped.drop_tree()
    return root


def has_words(markup: str, text: MarkedText) -> bool:
    """Whether HTML shows anything: words, or at least a picture."""
    return bool(text.plain.strip()) or "<img" in markup.lower()


def _parser() -> lxml_html.HTMLParser:
    return lxml_html.HTMLParser(encoding="utf-8", huge_tree=False, remove_comments=True)


def _mark_quotes(root: lxml_html.HtmlElement) -> None:
    for element in list(
        root.iter("div", "blockquote", "hr", "span", "section", "includetail", "td", "table")
    ):
        if _begins_rest(element):
            _insert_before(element, _REST)
        elif _is_quote(element):
            if not _is_forward(element) and not _holds_quote(element):
                _surround(element, _OPEN, _CLOSE)
        elif element.tag == "blockquote":
            _surround(element, _OPEN_CITE, _CLOSE_CITE)


def _is_quote(element: lxml_html.HtmlElement) -> bool:
    if element.tag == "includetail":
        return True
    if element.tag == "blockquote" and (element.get("type") or "").lower() == "cite":
        return True
    if (element.get("name") or "").lower() in _QUOTE_NAMES:
        return True
    return bool(
        _QUOTE_CLASS.search(element.get("class") or "")
        or _QUOTE_ID.fullmatch(element.get("id") or "")
    )


def _holds_quote(element: lxml_html.HtmlElement) -> bool:
    """Gmail's wrapper is no quote where answers stand between: the blockquotes in it are."""
    if element.tag == "blockquote" or "gmail_quote" not in (element.get("class") or ""):
        return False
    return any("gmail_quote" in (quote.get("class") or "") for quote in element.iter("blockquote"))


def _begins_rest(element: lxml_html.HtmlElement) -> bool:
    return bool(_REST_ID.fullmatch(element.get("id") or ""))


def _is_forward(element: lxml_html.HtmlElement) -> bool:
    """Gmail and Apple wrap what is forwarded, which is content, like what is quoted."""
    words = ""
    for text in element.itertext():
        words += text
        if len(words.strip()) > _FORWARD_WINDOW:
            break
    return bool(_FORWARD.match(words.strip()))


def _surround(element: lxml_html.HtmlElement, opening: str, closing: str) -> None:
    if element.getparent() is None:
        return
    _insert_before(element, opening)
    # The text behind an element is part of it to lxml, and stays with it; it goes behind the mark,
    # or an answer written right below a quote would be quoted.
    mark = _mark(closing)
    mark.tail, element.tail = element.tail, None
    element.addnext(mark)


def _insert_before(element: lxml_html.HtmlElement, text: str) -> None:
    if element.getparent() is not None:
        element.addprevious(_mark(text))


def _mark(text: str) -> lxml_html.HtmlElement:
    mark = lxml_html.Element("div")
    mark.text = text
    return mark


def _collect(text: str) -> MarkedText:
    """Read the private characters back: each line gets the mark it stands under."""
    marked = MarkedText()
    quoted = cited = 0
    rest = False
    for line in text.split("\n"):
        quoted += line.count(_OPEN) - line.count(_CLOSE)
        cited += line.count(_OPEN_CITE) - line.count(_CLOSE_CITE)
        rest = rest or _REST in line
        clean = _PRIVATE.sub("", line).rstrip()
        if clean == "" and clean != line.rstrip():
            continue
        mark = Mark.QUOTED if quoted > 0 or rest else Mark.CITED if cited > 0 else Mark.NONE
        marked.lines.append(clean)
        marked.marks.append(mark)
    _unindent(marked.lines)
    return marked


def _unindent(lines: list[str]) -> None:
    """Take away the margins of nested tables, paragraph by paragraph; code keeps its steps."""
    start = 0
    for end in range(len(lines) + 1):
        if end < len(lines) and lines[end].strip():
            continue
        margin = min((len(line) - len(line.lstrip()) for line in lines[start:end]), default=0)
        lines[start:end] = [line[margin:] for line in lines[start:end]]
        if end < len(lines):
            lines[end] = ""
        start = end + 1
