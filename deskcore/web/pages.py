"""The list of blueprints: one line for each area of the desk."""

from __future__ import annotations

from flask import Flask

from deskcore.web import auth, health, setup


def register_pages(app: Flask) -> None:
    """Register every blueprint of core."""
    for area in (auth, setup, health):
        app.register_blueprint(area.blueprint)
