"""When the filter speaks, and when it acts by itself."""

from __future__ import annotations

from collections.abc import Iterable

from deskcore.api import N_, Problem
from deskcore.plugin import PluginSettings, setting

SLUG = "spam"
RIGHT = "spam.sender.ban"
FEWEST_LESSONS = 5  # of each sort; with fewer, one odd mail would decide


class SpamSettings(PluginSettings):
    """What the filter does with what it thinks; bans hold whatever stands here."""

    files_spam: bool = setting(
        "File spam by itself",
        default=True,
        help="It goes to the view Spam, where you find it, and gets no automatic answer.",
    )
    spam_from: int = setting(
        "How sure to file it, in percent",
        default=95,
        min=60,
        max=100,
        help="60 to 100. Higher files less, and less of it wrongly.",
    )
    warns: bool = setting(
        "Warn of what looks like spam",
        default=True,
        help="It stays among the open tickets, with the reasons, and gets no automatic answer.",
    )
    warn_from: int = setting(
        "How sure to warn, in percent",
        default=80,
        min=50,
        max=100,
        help="50 to 100. Lower warns more often.",
    )
    lessons_needed: int = setting(
        "Tickets to learn from first",
        default=20,
        min=FEWEST_LESSONS,
        max=1000,
        help="So many of each sort: marked as spam, and answered or marked as not spam. Until then the "
        "filter says nothing.",
    )

    def problems(self) -> Iterable[Problem]:
        """Say that a warning has to come before the deed."""
        if self.files_spam and self.warns and self.warn_from > self.spam_from:
            yield Problem(
                field="warn_from",
                message=N_("Warn at fewer percent than those from which it is filed as spam."),
            )
