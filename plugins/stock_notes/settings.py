"""From how many on something is low, and what those who waited are told."""

from __future__ import annotations

from collections.abc import Iterable

from deskcore.api import N_, Problem, placeholders_in
from deskcore.api.data import placeholders
from deskcore.plugin import PluginSettings, setting

# What a text may name beside the placeholders of the desk.
OWN = {
    "product.name": N_("Name of the product"),
    "product.link": N_("Address of the product in the shop"),
    "product.place": N_("Where it is in"),
}
LONGEST = 10_000
# The mailbox signs them. Nothing in them can be unknown of anybody.
_EN = """{{customer.greeting}}

{{product.name}} is here again. You asked us to tell you."""
_RU = """{{customer.greeting}}

{{product.name}}: снова в наличии. Вы просили сообщить."""
_CS = """{{customer.greeting}}

{{product.name}} máme zase skladem. Chtěli jste, abychom dali vědět."""


class StockSettings(PluginSettings):
    """What is low, and the texts that a telling begins with."""

    low_from: int = setting(
        "Low at so many pieces or fewer",
        default=2,
        min=0,
        max=100_000,
        help="In all places together. The search finds their tickets by stock:low.",
    )
    text_en: str = setting("What they are told, in English", default=_EN, multiline=True)
    text_ru: str = setting("What they are told, in Russian", default=_RU, multiline=True)
    text_cs: str = setting("What they are told, in Czech", default=_CS, multiline=True)

    def problems(self) -> Iterable[Problem]:
        """Object to texts that nobody could be told."""
        for language, text in (("en", self.text_en), ("ru", self.text_ru), ("cs", self.text_cs)):
            if message := problem_of(text):
                yield Problem(field=f"text_{language}", message=message)


def problem_of(text: str) -> str:
    """Say what is wrong with a text that is to be sent, "" when nothing is; English, for ``N_``."""
    if not text.strip():
        return N_("Write a text: whoever waits in this language would be told nothing.")
    if len(text) > LONGEST:
        return N_("Use at most 10,000 characters.")
    known = OWN.keys() | {each.name for each in placeholders()}
    if set(placeholders_in(text)) - known:
        return N_("A placeholder in this text is not known; see the list below.")
    return ""
