"""What the plugin puts on the help page, and what it does by the clock."""

from __future__ import annotations

from datetime import timedelta

from deskcore.api import N_, page_language
from deskcore.plugin import HelpPart, JobType
from plugins.web_form import kept, stored


def help_parts() -> list[HelpPart]:
    """Return a card that leads to the first form, while there is one."""
    form = stored.first_form()
    if form is None:
        return []
    language = form.language_for(page_language())
    values = {
        "intro": form.text("intro", language),
        "url": f"/c/web_form/{form.slug}",
        "button": form.text("title", language),
    }
    part = HelpPart(
        title=N_("Write to us by a form"),
        template="plugins/web_form/_card.html",
        values=values,
        order=10,
    )
    return [part]


def jobs() -> list[JobType]:
    """Return the work that forgets files nobody came back for."""
    return [
        JobType(name="web_form.forget", run=kept.forget_old, every=timedelta(minutes=10)),
    ]
