"""How carefully offers are made: how many, how often, and when never."""

from __future__ import annotations

from collections.abc import Iterable

from deskcore.api import N_, Problem
from deskcore.plugin import PluginSettings, setting
from plugins.cross_sell.places import SLUG

# Begin of a word is enough: Czech and Russian bend the end. Case, accents and ё do not matter.
_WORDS = (
    "complain, broken, damaged, defective, faulty, refund, disappointed, unacceptable, lawyer, "
    "reklamac, reklamov, stiznost, rozbit, poskozen, vadn, nefung, vratit penize, zklaman, "
    "жалоб, сломан, сломал, разбит, поврежд, брак, бракован, возврат, верните, претензи, "
    "не работает, ужасн"
)
_TAGS = "complaint, return, refund, reklamace, stížnost, vrácení, жалоба, возврат"


class OfferSettings(PluginSettings):
    """What holds for all offers."""

    most: int = setting("Offers at once", default=3, min=1, max=3, help="1 to 3.")
    rest_days: int = setting(
        "Days between two of the same",
        default=60,
        min=0,
        max=730,
        help="A customer who was made an offer, or declined it, is not offered it again until then.",
    )
    control_percent: int = setting(
        "Control share, in percent",
        default=0,
        min=0,
        max=50,
        help="So many customers are never shown an offer, always the same ones, to tell what offers do. "
        "0: everybody is shown offers, and nothing is compared.",
    )
    kinds: str = setting(
        "Kinds of tickets with offers",
        default="question",
        max=500,
        help="By name, separated by commas. Reviews and other public tickets have none.",
    )
    complaint_tags: str = setting(
        "Tags of complaints",
        default=_TAGS,
        max=1000,
        multiline=True,
        help="Separated by commas. A ticket with one of them, or with it in a field, gets no offers.",
    )
    complaint_words: str = setting(
        "Words of complaints",
        default=_WORDS,
        max=4000,
        multiline=True,
        help="Separated by commas; the beginning of a word is enough. Where a customer writes one of "
        "them, no offers are made.",
    )
    low_rating: int = setting(
        "Low ratings, up to how many stars",
        default=3,
        min=0,
        max=5,
        help="A customer who gave so few gets no offers for a while. 0: ratings are not looked at.",
    )
    rating_days: int = setting(
        "Days without offers after a low rating", default=90, min=1, max=730, advanced=True
    )

    def problems(self) -> Iterable[Problem]:
        """Say that offers need a kind of ticket to stand in."""
        if not listed(self.kinds):
            yield Problem(field="kinds", message=N_("Name at least one kind: question."))


def listed(text: str) -> tuple[str, ...]:
    """Return what stands between the commas."""
    return tuple(filter(None, (part.strip() for part in text.replace("\n", ",").split(","))))


__all__ = ["SLUG", "OfferSettings", "listed"]
