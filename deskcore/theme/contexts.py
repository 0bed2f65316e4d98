"""Which frozen value each template of the public surface is given: public API of themes.

Beside them every template has ``site`` (``Site``), ``page_lang()``, ``page_dir()``, ``asset()`` and
``_()``. A field may be added in a minor release; none changes its meaning or goes before a major one.
"""

from __future__ import annotations

from deskcore.domain.public_views import (
    HelpHome,
    Letter,
    PublicError,
    RequestPage,
    RequestsAsk,
    RequestsOpen,
    RequestsPage,
    Site,
)

SITE = Site
# Template → (name of its value, class of its value).
CONTEXTS: dict[str, tuple[str, type]] = {
    "public/home.html": ("home", HelpHome),
    "public/request.html": ("ticket", RequestPage),
    "public/requests.html": ("mine", RequestsPage),
    "public/requests_ask.html": ("asked", RequestsAsk),
    "public/requests_open.html": ("visit", RequestsOpen),
    "public/error.html": ("error", PublicError),
}
LETTERS = ("mail/reply", "mail/acknowledgement", "mail/notification")  # .txt and .html: ``mail``
LETTER = Letter
LETTER_BLOCKS = ("top", "body", "link", "signature", "foot")
# What every page of the surface is made of, and a theme may fill anew.
BLOCKS = ("title", "dress", "head", "header", "main", "footer")
