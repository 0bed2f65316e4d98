"""Which field of a source is what: "stars = rating.value", a line each; and names that explain themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plugins.reviews.review import Review, iso, line, link, mail_address, tenths_of, words

# What each part is called by sources that nobody has told us about, the surest name first.
_USUAL: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "review_id", "reviewId", "guid", "uuid"),
    "stars": (
        "stars",
        "rating",
        "score",
        "rating.value",
        "reviewRating.ratingValue",
        "total_rating",
    ),
    "author": ("author", "author.name", "name", "reviewer", "reviewer.name", "user", "customer"),
    "author_id": ("author_id", "user_id", "reviewer_id", "customer_id"),
    "email": ("email", "author_email", "reviewer_email", "author.email"),
    "title": ("title", "headline", "heading"),
    "text": (
        "text",
        "body",
        "content",
        "comment",
        "review",
        "reviewBody",
        "summary",
        "description",
    ),
    "product": ("product", "product_name", "product.name", "itemReviewed.name", "item"),
    "product_url": ("product_url", "product.url", "product_link"),
    "link": ("link", "url", "permalink"),
    "language": ("language", "lang", "locale"),
    "date": ("date", "created_at", "created", "datePublished", "published", "time", "timestamp"),
}
PARTS = tuple(_USUAL)


class NoMapping(ValueError):
    """A line that says nothing; its text is for people."""


def read_mapping(text: str) -> dict[str, str]:
    """Read a mapping, one ``part = path`` a line; raises ``NoMapping`` with the line that is none."""
    found: dict[str, str] = {}
    for each in text.splitlines():
        if not each.strip():
            continue
        part, equals, path = (piece.strip() for piece in each.partition("="))
        if not equals or part not in (*PARTS, "list") or not path:
            raise NoMapping(each.strip()[:80])
        found[part] = path
    return found


def at(entry: object, path: str) -> object:
    """Return what lies at a path such as ``author.name`` or ``tags.0``; None where nothing does."""
    for step in path.split("."):
        if isinstance(entry, Mapping):
            entry = entry.get(step)
        elif isinstance(entry, list) and step.isdecimal() and int(step[:6]) < len(entry):
            entry = entry[int(step[:6])]
        else:
            return None
    return entry


def entries_in(found: object, path: str = "") -> list[object]:
    """Return the list of reviews in an answer: where *path* says, or the first list there is."""
    if path:
        found = at(found, path)
    if isinstance(found, list):
        return found
    if isinstance(found, Mapping):
        return next((value for value in found.values() if isinstance(value, list)), [])
    return []


def review_from(entry: Mapping[str, object], mapping: Mapping[str, str], best: int) -> Review:
    """Make a review of one entry; what is missing or of another type is left empty."""

    def part(name: str) -> object:
        return next((found for found in _candidates(entry, name, mapping) if found), "")

    name = line(part("id"), 200)
    email = mail_address(part("email"))
    return Review(
        external_id=name or line(part("link"), 200),
        tenths=tenths_of(_first(entry, "stars", mapping), best),
        author=line(part("author")),
        author_key=line(part("author_id")) or email,
        email=email,
        title=line(part("title")),
        text=words(part("text")).strip(),
        product=line(part("product")),
        product_url=link(part("product_url")),
        link=link(part("link")),
        language=line(part("language"), 8).lower()[:2],
        written_at=iso(part("date")),
    )


def _candidates(
    entry: Mapping[str, object], name: str, mapping: Mapping[str, str]
) -> Iterator[object]:
    paths = (mapping[name],) if name in mapping else _USUAL[name]
    for path in paths:
        found = at(entry, path) if path not in entry else entry[path]
        if isinstance(found, str | int | float) and not isinstance(found, bool):
            yield found


def _first(entry: Mapping[str, object], name: str, mapping: Mapping[str, str]) -> object:
    """Return the first that is there: no stars at all are a number, too."""
    return next(_candidates(entry, name, mapping), "")
