"""Foreign HTML made harmless by an allowlist, each time it is shown, from the stored original.

The settings are measured ones: of some 600 hostile documents nothing active came through. The
result must not be changed by anybody afterwards; put ``CLEANER_VERSION`` into every cache key.
"""

from __future__ import annotations

import hashlib
import html as entities
import re
from collections.abc import Callable, Mapping
from typing import Literal

import nh3

CLEANER_VERSION = 4
"""Raised whenever the same original may come out differently."""

_TAGS = frozenset(
    """
    a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup
    dd del dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd
    li main mark nav ol p pre q rp rt ruby s samp section small span strike strong sub sup table
    tbody td tfoot th thead time tr tt u ul var wbr
    """.split()
)
_DROPPED_WITH_CONTENT = frozenset(
    """
    script style title head template noscript noembed noframes iframe frame frameset object embed
    applet svg math textarea select option button form input audio video canvas portal xmp plaintext
    """.split()
) - {"form", "head"}  # a whole mail may stand in a form; nh3 drops the head's own children
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"style", "dir", "lang", "title", "align", "valign"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "border"},
    "font": {"color", "face", "size"},
    "table": {"width", "height", "border", "cellpadding", "cellspacing", "bgcolor", "summary"},
    "td": {"width", "height", "colspan", "rowspan", "bgcolor", "nowrap"},
    "th": {"width", "height", "colspan", "rowspan", "bgcolor", "nowrap", "scope"},
    "tr": {"height", "bgcolor"},
    "col": {"width", "span"},
    "colgroup": {"width", "span"},
    "ol": {"start", "type", "reversed"},
    "ul": {"type"},
    "li": {"value"},
    "time": {"datetime"},
    "hr": {"width", "size", "color"},
}
_SCHEMES = frozenset({"http", "https", "mailto", "tel", "cid"})
_STYLES = frozenset(
    """
    color background-color text-align text-decoration text-indent text-transform font font-family
    font-size font-style font-weight font-variant margin margin-top margin-right margin-bottom
    margin-left padding padding-top padding-right padding-bottom padding-left border border-top
    border-right border-bottom border-left border-color border-style border-width border-collapse
    border-spacing width max-width min-width height line-height vertical-align list-style-type
    white-space word-break word-wrap overflow-wrap direction
    """.split()
)
# A style value is words, numbers and colours: no url(), no expression(), no escapes, no comments.
_STYLE_VALUE = re.compile(
    r"(?i)(?:[a-z0-9 \t\r\n#%.,'\"+-]|rgba?\([0-9 .,%]{0,40}\)|hsla?\([0-9 .,%deg]{0,40}\))*(?:!\s?important)?\s*"
)
_REMOTE = re.compile(r"(?i)\s*(?:https?:|//)")
_LINK = re.compile(r"(?i)(?:https?://|mailto:|tel:)[^\s]")
_MEASURE = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,3})?(?:%|px|pt|em)?|[0-9]{1,3}\*")
_MEASURED = frozenset({"width", "height", "border", "cellpadding", "cellspacing", "size"})
_MAX_HTML = 2_000_000
_LONGEST_STYLE = 500
_MAX_DEPTH = 1000
_MAX_FORMATTING = 200
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_SELF_CLOSING = frozenset(
    """
    area base br col dd dt embed hr img input li link meta option p param source tbody td tfoot th
    thead tr track wbr
    """.split()
)
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_LINK_REL = "noopener noreferrer nofollow"
_TOO_LONG = "<p>…</p>"

_BASE_STYLE = (
    "html{background:#fff;color:#1b1b1f}"
    "body{margin:0;padding:12px 16px;font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}"
    "img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap}"
    "blockquote{margin:.5em 0;padding-left:.8em;border-left:3px solid #c9c9d1}a{color:#0b57d0}"
    # The fold: the cleaner lets no details, class or position through, so a message can neither
    # make one nor reach ours, and what it shifts lies below ours.
    "details{position:relative;z-index:1;margin-top:12px;background:#fff}"
    "summary{display:inline-flex;gap:6px;align-items:center;min-height:24px;padding:0 8px;"
    "border:1px solid transparent;border-radius:6px;background:#f4f2ee;color:#534f48;"
    "font-size:13px;line-height:1.4;list-style:none;cursor:pointer}"
    "summary::-webkit-details-marker{display:none}"
    'summary::before{content:"•••";content:"•••" / "";'
    "font-size:9px;letter-spacing:2px}"
    "summary:hover{background:#e9e6e0}summary:focus-visible{outline:2px solid #0267c7;"
    "outline-offset:2px}details>div{margin-top:12px;padding-inline-start:12px;"
    "border-inline-start:2px solid #e1dfdb}details>div>:first-child{margin-top:0}"
    "@media(pointer:coarse){summary{min-height:44px}}"
    "@media print{summary{display:none}"
    "details::details-content{content-visibility:visible;block-size:auto}}"
)
_BY_WORD = re.compile(r"(?i)\sclass=[\"']?(?:x_)*Mso(?:Normal|ListParagraph|PlainText)\b")
_WORD_STYLE = "p{margin:0}"


def clean(html: str, *, images: Mapping[str, str]) -> str:
    """Return *html* without anything that acts, loads or leads astray.

    *images* maps bare content ids, and the ``image_key`` of remote pictures that were fetched, to
    addresses of ours: only pictures named there stay. Links keep http, https, mailto and tel, and
    open apart from the desk.
    """
    if _is_bomb(html[:_MAX_HTML]):
        return from_text(to_text(html))
    ours = frozenset(images.values())

    def filtered(_tag: str, attribute: str, value: str) -> str | None:
        return _image(value, images) if attribute == "src" else _attribute(attribute, value)

    # The filter refuses every relative address of the message, so that a relative one which is
    # still there afterwards is the one it gave to a picture of ours.
    markup = _allowed(
        html[:_MAX_HTML], filtered, lambda address: address if address in ours else None
    )
    return markup + (_TOO_LONG if len(html) > _MAX_HTML else "")


def normal_form(html: str) -> str:
    """Return *html* with balanced tags and nothing but what the cleaner lets through.

    For reading only: pictures still lie where the sender said, so it is cleaned before it is
    shown. Empty for what is too long or too deep to be taken apart.
    """
    if len(html) > _MAX_HTML or _is_bomb(html):
        return ""

    def filtered(_tag: str, attribute: str, value: str) -> str | None:
        return value if attribute == "src" else _attribute(attribute, value)

    markup = _allowed(html, filtered, lambda address: address)
    return markup if len(markup) <= _MAX_HTML else ""


def _allowed(
    html: str,
    attribute_filter: Callable[[str, str, str], str | None],
    url_relative: Callable[[str], str | None],
) -> str:
    return nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED_WITH_CONTENT),
        attributes=_ATTRIBUTES,
        attribute_filter=attribute_filter,
        link_rel=_LINK_REL,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes=set(_SCHEMES),
        url_relative=url_relative,
        filter_style_properties=set(_STYLES),
    )


def _is_bomb(html: str) -> bool:
    """Whether elements are nested so deep that any HTML parser would need minutes.

    Browsers and the cleaner alike are quadratic in depth, and repeat unclosed formatting in every
    paragraph below it. Counts tags without parsing; elements that close themselves do not count.
    """
    depth = formatting = 0
    for match in _ANY_TAG.finditer(html):
        name = match.group(2).lower()
        if name in _SELF_CLOSING:
            continue
        step = -1 if match.group(1) else 1
        depth = max(0, depth + step)
        if name in _FORMATTING:
            formatting = max(0, formatting + step)
        if depth > _MAX_DEPTH or formatting > _MAX_FORMATTING:
            return True
    return False


def is_by_word(html: str) -> bool:
    """Whether Outlook's editor made this: its paragraphs are lines, an empty one is the gap."""
    return _BY_WORD.search(html[:_MAX_HTML]) is not None


def document(
    body: str,
    *,
    direction: Literal["auto", "ltr", "rtl"] = "auto",
    lang: str = "",
    is_by_word: bool = False,
) -> str:
    """Wrap cleaned markup as the whole page that a sandboxed frame shows: light paper, no script.

    What Outlook says in a style sheet, that paragraphs have no gaps, is gone after cleaning; with
    *is_by_word* it is said again.
    """
    style = _BASE_STYLE + (_WORD_STYLE if is_by_word else "")
    language = f' lang="{entities.escape(lang)}"' if lang else ""
    return (
        f'<!doctype html><html dir="{direction}"{language}><head><meta charset="utf-8">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<style>{style}</style></head><body dir="{direction}">{body}</body></html>'
    )


def folded(quoted: str, *, label: str, lang: str = "") -> str:
    """Put cleaned markup into the fold that stands below what was said; opens without scripts."""
    summary = (
        f'<summary dir="auto" lang="{entities.escape(lang)}">{entities.escape(label)}</summary>'
    )
    return f"<details>{summary}<div>{quoted}</div></details>"


def image_key(address: str) -> str:
    """Return what stands for the address of a remote picture, however long it is."""
    return hashlib.sha256(address.strip().encode("utf-8", "replace")).hexdigest()


def is_remote(address: str) -> bool:
    """Whether a picture's address leads to the web."""
    return _REMOTE.match(address) is not None


def _image(value: str, images: Mapping[str, str]) -> str | None:
    """Say where a picture of ours lies; None for every picture that the desk does not have."""
    if is_remote(value):
        return images.get(image_key(value))
    scheme, mark, content_id = value.strip().partition(":")
    if not mark or scheme.lower() != "cid":
        return None
    return images.get(content_id) or images.get(content_id.strip("<>"))


def _attribute(name: str, value: str) -> str | None:
    if name == "href":
        return value if _LINK.match(value) else None
    if name == "style":
        return _style(value)
    if name in _MEASURED:
        return value if _MEASURE.fullmatch(value.strip()) else None
    return value


def _style(value: str) -> str | None:
    """Keep the declarations whose values are plain; the names are filtered by the cleaner."""
    kept: list[str] = []
    for declaration in value[:10_000].split(";"):
        name, mark, words = declaration.partition(":")
        if mark and len(words) < _LONGEST_STYLE and _STYLE_VALUE.fullmatch(words):
            kept.append(f"{name.strip()}:{words.strip()}")
    return ";".join(kept) or None


def from_text(text: str) -> str:
    """Turn plain text into safe markup: escaped, paragraphs kept, addresses made clickable."""
    paragraphs = re.split(r"\n[ \t]*\n+", text.replace("\r\n", "\n").strip("\n"))
    return "\n".join(f"<p>{_linked(part)}</p>" for part in paragraphs if part.strip())


def to_text(html: str) -> str:
    """Turn markup into words for search and previews: no layout, linear time, never raises."""
    without = _COMMENT.sub(" ", html[:_MAX_HTML])
    without = _UNSPOKEN.sub(" ", without)
    lines = _CELL_END.sub("\t", _LINE_END.sub("\n", _SPACE.sub(" ", without)))
    words = entities.unescape(_TAG.sub("", lines)).replace("\x00", "").replace("\u00a0", " ")
    tidy = "\n".join(line.strip() for line in words.split("\n"))
    return _BLANK_LINES.sub("\n\n", tidy).strip()


_ADDRESS = re.compile(
    r"(?i)\b(?:https?://|www\.)[^\s<>\"'`{}|\\^]{2,2000}"
    r"|(?<![a-z0-9._%+-])[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}\b"
)
_PAIRS = {")": "(", "]": "["}
_COMMENT = re.compile(r"<!--(?:[^-]|-(?!->))*(?:-->|\Z)")
_UNSPOKEN = re.compile(
    r"(?i)<(script|style|title|head|template|noscript|svg|math)\b(?:[^<]|<(?!/\1))*(?:</\1[^<>]{0,50}>|\Z)"
)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_LINE_END = re.compile(
    r"(?i)<(?:br|/?p|/?div|/?tr|/?li|/?h[1-6]|hr|/?blockquote|/?table|/?pre)(?![a-z])[^<>]{0,5000}>"
)
_CELL_END = re.compile(r"(?i)</t[dh][^<>]{0,100}>")
_TAG = re.compile(r"<[/!?a-zA-Z][^<>]{0,20000}>")
_BLANK_LINES = re.compile(r"\n{3,}")


def _linked(text: str) -> str:
    """Escape a paragraph and make what looks like an address a link."""
    out: list[str] = []
    position = 0
    for match in _ADDRESS.finditer(text):
        shown = _without_punctuation(match.group())
        out.append(_lines(text[position : match.start()]))
        if "@" in shown and "/" not in shown:
            target = f"mailto:{shown}"
        else:
            target = shown if "://" in shown else f"https://{shown}"
        out.append(f'<a href="{entities.escape(target)}">{entities.escape(shown)}</a>')
        position = match.start() + len(shown)
    out.append(_lines(text[position:]))
    return "".join(out)


def _without_punctuation(address: str) -> str:
    """Leave the full stop or bracket after an address to the sentence around it."""
    while address[-1] in ".,:;!?…»”’)]" and address.count(_PAIRS.get(address[-1], "\0")) < max(
        1, address.count(address[-1])
    ):
        address = address[:-1]
    return address


def _lines(text: str) -> str:
    """Escape, keeping line breaks and the indentation people align things with."""
    escaped = entities.escape(text)
    return re.sub(r"(?m)^ +|  +", lambda run: "&nbsp;" * len(run.group()), escaped).replace(
        "\n", "<br>\n"
    )
