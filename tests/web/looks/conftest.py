"""A desk whose owner is on the page of its looks, and what one sends from there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.web.conftest import Visitor

PAGE = "/admin/customize"
WISHES: Mapping[str, object] = {
    "accent": "own",
    "hue": "262",
    "strength": "72",
    "corner": "round",
    "font": "",
    "contrast": "normal",
    "scheme": "auto",
    "density": "comfortable",
    "header_en": "Orders before noon leave today",
    "header_cs": "",
    "header_ru": "",
    "footer_en": "Čajovna, Dlouhá 1",
    "footer_cs": "",
    "footer_ru": "",
    "css": "",
}


@dataclass
class Customizer:
    """An owner on the page of the looks."""

    browser: Visitor

    def open(self) -> str:
        """Open the page."""
        return self.browser.get(PAGE).text

    @property
    def version(self) -> str:
        """The version of the draft that the page holds now."""
        [found] = re.findall(r'name="version" value="(\d+)"', self.open())
        return str(found)

    def send(self, path: str = PAGE, *, version: str = "", **wishes: object) -> TestResponse:
        """Send the form; without a version of its own, with the one of a page opened just now."""
        sent = {**WISHES, "version": version or self.version, **wishes}
        return self.browser.post(path, sent)

    def publish(self, **wishes: object) -> None:
        """Publish these wishes."""
        sent = {**WISHES, "version": self.version, **wishes}
        assert self.browser.post(f"{PAGE}/publish", sent).status_code == 303

    def sheet(self, page: str = "/help") -> str:
        """Return the address of a page's sheet, empty when it has none."""
        found = re.search(r'id="look-sheet" href="([^"]+)"', self.browser.get(page).text)
        return found[1].replace("&amp;", "&") if found else ""

    def css(self, page: str = "/help") -> str:
        """Return what a page's sheet says."""
        return self.browser.get(self.sheet(page)).text


@pytest.fixture
def customizer(owner: Visitor) -> Customizer:
    """Give the owner's browser on the page."""
    return Customizer(browser=owner)


@pytest.fixture
def stranger(set_up: Flask) -> Customizer:
    """Give the browser of somebody who is not signed in."""
    return Customizer(browser=Visitor(set_up.test_client()))
