"""The Flask extensions, one instance each; ``create_app`` binds them to an app."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from htmx_flask import Htmx

from deskcore.config import Config
from deskcore.db import Base

# Models subclass Base, not db.Model; both share one metadata.
db = SQLAlchemy(model_class=Base)
htmx = Htmx()


def config() -> Config:
    """Return the configuration of the desk at work in this context."""
    found: Config = current_app.extensions["desk_config"]
    return found


def draw_letter(name: str, letter: object) -> tuple[str, str]:
    """Draw the text and the HTML of a mail from its template; ``deskcore.theme.letters`` does it."""
    draw: Callable[[str, object], tuple[str, str]] = current_app.extensions["desk_letters"]
    return draw(name, letter)
