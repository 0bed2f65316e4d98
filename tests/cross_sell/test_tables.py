"""What the plugin's revisions leave beside tables."""

from __future__ import annotations

from flask import Flask

from plugins.cross_sell import links


def test_the_revisions_make_the_key_that_links_are_signed_with(app: Flask) -> None:
    assert len(links.key()) == 64
