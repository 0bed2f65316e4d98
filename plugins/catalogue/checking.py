"""What a product has to be to be kept: said at its field, all of it at once."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from deskcore.api import Invalid, Problem, _
from plugins.catalogue.values import (
    LONGEST_BARCODE,
    LONGEST_CATEGORY,
    LONGEST_NAME,
    LONGEST_SKU,
    LONGEST_SUMMARY,
    LONGEST_URL,
    MOST_FITS,
    MOST_TAGS,
    Written,
)


def tidied(text: str) -> str:
    """Return a text of one line without needless blanks."""
    return " ".join(text.replace("\x00", "").split())


def bare_barcode(text: str) -> str:
    """Return a barcode without the blanks that are printed in it."""
    return "".join(text.replace("\x00", "").split())


def listed(text: str) -> tuple[str, ...]:
    """Return what a text lists, separated by commas, semicolons or bars, each once."""
    parts = text.replace(";", ",").replace("|", ",").replace("\n", ",").split(",")
    return tuple(dict.fromkeys(filter(None, map(tidied, parts))))


def is_web_address(text: str) -> bool:
    """Whether a text is the address of a page of a shop."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"} and bool(parts.hostname) and not set(text) & set(' "<>')
    )


def checked(written: Written) -> Written:
    """Return a product tidied; raises Invalid."""
    tidy = replace(
        written,
        sku=tidied(written.sku),
        name=tidied(written.name),
        summary=written.summary.replace("\r\n", "\n").replace("\x00", "").strip(),
        group=tidied(written.group),
        category=tidied(written.category),
        barcode=bare_barcode(written.barcode),
        url=written.url.strip(),
        fits=tuple(sku for sku in written.fits if sku != tidied(written.sku)),
    )
    problems = [*_of_names(tidy), *_of_texts(tidy), *_of_lists(tidy)]
    if problems:
        raise Invalid(problems)
    return tidy


def _of_names(written: Written) -> list[Problem]:
    problems = []
    if not 0 < len(written.sku) <= LONGEST_SKU:
        message = _("Give it a SKU of at most 64 characters: your own number for it.")
        problems.append(Problem(field="sku", message=message))
    if not 0 < len(written.name) <= LONGEST_NAME:
        message = _("Give it a name of at most 200 characters.")
        problems.append(Problem(field="name", message=message))
    if written.group and written.group == written.sku:
        message = _("A product is no variant of itself. Leave this empty, or name another SKU.")
        problems.append(Problem(field="group", message=message))
    if len(written.group) > LONGEST_SKU:
        message = _("Name one SKU, of at most 64 characters.")
        problems.append(Problem(field="group", message=message))
    return problems


def _of_texts(written: Written) -> list[Problem]:
    problems = []
    if len(written.summary) > LONGEST_SUMMARY:
        message = _("Use at most 5,000 characters.")
        problems.append(Problem(field="summary", message=message))
    if len(written.category) > LONGEST_CATEGORY:
        message = _("Use at most 120 characters.")
        problems.append(Problem(field="category", message=message))
    if len(written.barcode) > LONGEST_BARCODE:
        message = _("A barcode has at most 32 characters.")
        problems.append(Problem(field="barcode", message=message))
    if written.url and (not is_web_address(written.url) or len(written.url) > LONGEST_URL):
        message = _("Write a whole web address, as https://shop.example/kettle.")
        problems.append(Problem(field="url", message=message))
    return problems


def _of_lists(written: Written) -> list[Problem]:
    problems = []
    if len(written.tags) > MOST_TAGS or any(len(tag) > 60 for tag in written.tags):  # noqa: PLR2004  said below
        message = _("Use at most 20 tags, of at most 60 characters each.")
        problems.append(Problem(field="tags", message=message))
    if len(written.fits) > MOST_FITS or any(len(sku) > LONGEST_SKU for sku in written.fits):
        message = _("Name at most 50 SKUs, of at most 64 characters each.")
        problems.append(Problem(field="fits", message=message))
    return problems
