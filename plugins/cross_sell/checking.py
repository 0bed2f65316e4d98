"""What an offer must be like before it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from deskcore.api import Invalid, Problem, _, page_language, placeholders_in
from deskcore.api.data import placeholders
from plugins.cross_sell.offer import Words, Written

LONGEST_NAME, LONGEST_KEY, LONGEST_TEXT = 120, 120, 5_000
LONGEST_CODE, LONGEST_TAG, LONGEST_URL = 60, 60, 2_000
MOST_FITS, MOST_STOCK = 100, 1_000_000
# What an offer fills into its own text, beside the desk's placeholders.
OWN = ("offer.product", "offer.price", "offer.code", "offer.ends", "offer.link", "offer.terms")


def checked(written: Written) -> Written:
    """Return it tidied; raises Invalid with everything that is wrong."""
    texts = {
        language: Words(body=_text(words.body), terms=_text(words.terms))
        for language, words in written.texts.items()
    }
    tidy = replace(
        written,
        name=_line(written.name),
        value=_line(written.value),
        fits=tuple(dict.fromkeys(filter(None, map(_line, written.fits)))),
        customer_tag=_line(written.customer_tag),
        code=_line(written.code),
        url=written.url.strip(),
        texts={language: words for language, words in texts.items() if words.body},
    )
    lost = [language for language, words in texts.items() if words.terms and not words.body]
    problems = [*_names(tidy), *_times(tidy), *_reach(tidy), *_words(tidy), *map(_no_body, lost)]
    if problems:
        raise Invalid(problems)
    return tidy


def is_web(url: str) -> bool:
    """Whether an address leads to a page of the web, and nowhere else."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return False
    has_blank = any(letter.isspace() or not letter.isprintable() for letter in url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not has_blank


def _names(offer: Written) -> Iterator[Problem]:
    if not offer.name or len(offer.name) > LONGEST_NAME:
        message = _("Give it a name of at most 120 characters, by which colleagues find it.")
        yield Problem(field="name", message=message)
    if offer.what not in {"product", "category", "tag"}:
        yield Problem(field="what", message=_("Choose what is offered."))
    if not offer.value or len(offer.value) > LONGEST_KEY:
        message = _("Enter the number (SKU) of the product, or the category or tag.")
        yield Problem(field="value", message=message)
    if len(offer.fits) > MOST_FITS or any(len(key) > LONGEST_KEY for key in offer.fits):
        yield Problem(field="fits", message=_("Enter at most 100 numbers of products."))
    if len(offer.code) > LONGEST_CODE:
        yield Problem(field="code", message=_("Use at most 60 characters."))
    if len(offer.customer_tag) > LONGEST_TAG:
        yield Problem(field="customer_tag", message=_("Use at most 60 characters."))


def _times(offer: Written) -> Iterator[Problem]:
    if offer.starts_on and offer.ends_on and offer.ends_on < offer.starts_on:
        yield Problem(field="ends_on", message=_("It would end before it begins."))
    if bool(offer.season_from) != bool(offer.season_to):
        missing = "season_to" if offer.season_from else "season_from"
        yield Problem(field=missing, message=_("A season has a first and a last day."))


def _reach(offer: Written) -> Iterator[Problem]:
    if not 1 <= offer.stock_needed <= MOST_STOCK:
        yield Problem(field="stock_needed", message=_("Enter a whole number from 1."))
    if offer.url and (len(offer.url) > LONGEST_URL or not is_web(offer.url)):
        message = _("Enter an address that begins with https:// or http://.")
        yield Problem(field="url", message=message)


def _words(offer: Written) -> Iterator[Problem]:
    if not offer.texts:
        field = f"text_{page_language()}"
        yield Problem(field=field, message=_("Write the text in at least one language."))
        return
    there = {*OWN, *(each.name for each in placeholders())}
    for language, words in offer.texts.items():
        strange = [name for name in placeholders_in(words.body) if name not in there]
        if strange:
            message = _("The desk knows no placeholder “%(name)s”.", name=strange[0])
            yield Problem(field=f"text_{language}", message=message)
        for field, text in (("text", words.body), ("terms", words.terms)):
            if len(text) > LONGEST_TEXT:
                message = _("Use at most 5,000 characters.")
                yield Problem(field=f"{field}_{language}", message=message)


def _no_body(language: str) -> Problem:
    message = _("There are terms in this language, so it needs a text, too.")
    return Problem(field=f"text_{language}", message=message)


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


def _text(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "").strip()
