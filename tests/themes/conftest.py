"""A desk with a small page for customers, and themes that were dropped into its folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from flask import Flask, Response
from jinja2 import ChoiceLoader, DictLoader

from deskcore.config import Config
from deskcore.domain.people import SYSTEM
from deskcore.services import theme_records
from deskcore.services.unit import unit_of_work
from deskcore.theme.pages import page
from deskcore.web.guards import public
from tests.databases import opened

BROKEN = Path(__file__).parent / "broken"
# What the core has: a frame, and a page inside of it.
CORE = {
    "public/try_frame.html": (
        "<!doctype html><title>{% block title %}{% endblock %}</title>"
        "{% block main_region %}<main id='main'>{% block main %}{% endblock %}</main>{% endblock %}"
        "<footer>{% block foot %}core's foot{% endblock %}</footer>"
    ),
    "public/try.html": (
        "{% extends 'public/try_frame.html' %}{% block title %}Help{% endblock %}"
        "{% block main %}<h1>Hello {{ name }}</h1>{% endblock %}"
    ),
    "admin/try.html": "<main id='main'>{% block main %}core's own{% endblock %}</main>",
}

Wearing = Callable[..., AbstractContextManager[Flask]]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Leave PostgreSQL to the tests of the records: pages do not differ by database."""
    return sqlite_url


@pytest.fixture
def wearing(config: Config) -> Wearing:
    """Open a desk that wears a theme of its folder ``instance/themes``."""

    @contextmanager
    def worn(slug: str, **changes: object) -> Iterator[Flask]:
        with opened(config, has_pages=False), unit_of_work(SYSTEM) as unit:
            theme_records.wear(unit, slug)
        with opened(config.model_copy(update=changes), has_pages=True) as desk:
            add_pages(desk)
            yield desk

    return worn


def add_pages(desk: Flask) -> None:
    """Add the small pages, as if the core had them."""
    assert desk.jinja_loader is not None
    desk.jinja_loader = ChoiceLoader([DictLoader(CORE), desk.jinja_loader])
    for path, template in (("/try", "public/try.html"), ("/admin-try", "admin/try.html")):
        view = public(_view(template))
        desk.add_url_rule(path, path.strip("/"), view)


def _view(template: str) -> Callable[[], Response]:
    return lambda: page(template, {"name": "Eva <b>"})
