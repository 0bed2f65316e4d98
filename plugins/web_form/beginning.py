"""What a desk has of web forms as soon as the plugin is active: one form that works."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deskcore.api import N_
from plugins.web_form.building import make
from plugins.web_form.tables import FORMS

SLUG = "contact"
NAME = N_("Contact")


def begin(session: Session) -> None:
    """Make the first form, unless there are some from before."""
    if not session.scalar(select(func.count()).select_from(FORMS)):
        make(session, NAME, SLUG, by="Deskcore", is_first=True)
