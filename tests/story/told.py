"""What the people of the story write, in the language of their shop."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Told:
    """One shop's words; ``goods`` are name by SKU."""

    locale: str
    language: str
    goods: dict[str, str]
    complaint: tuple[str, str]
    question: tuple[str, str]
    answer: str
    offer: str
    asked_by_form: tuple[str, str]
    asked_in_chat: str
    told: str
    review: str
    first_words: str
    comment: str
    mended_words: str


ENGLISH = Told(
    locale="en-GB",
    language="en",
    goods={"KET-1": "Kettle Klara", "DES-1": "Descaler Klara", "SEN-2": "Sencha Midori"},
    complaint=(
        "Broken kettle",
        "The Kettle Klara came broken, see the photo. Is there one in the other shop?",
    ),
    question=("Size of a lid", "Which size has the lid of the Kettle Klara?"),
    answer="The lid has five centimetres.",
    offer="It stays clean with this: {{offer.product}}, {{offer.price}}.",
    asked_by_form=("Tea again", "When will Sencha Midori be back?"),
    asked_in_chat="Hello, is Sencha Midori in again?",
    told="Sencha Midori is here again",
    review="The tea is good, the post was slow.",
    first_words="Not our fault.",
    comment="Say sorry first.",
    mended_words="We are sorry. From today on parcels leave the same day.",
)
CZECH = Told(
    locale="cs-CZ",
    language="cs",
    goods={"KET-1": "Konvice Klára", "DES-1": "Odvápňovač Klára", "SEN-2": "Čaj Midori"},
    complaint=(
        "Rozbitá konvice",
        "Konvice Klára přišla rozbitá, viz fotka. Máte jednu ve druhé prodejně?",
    ),
    question=("Rozměr víčka", "Jakou velikost má víčko pro konvici Klára? Děkuji."),
    answer="Víčko má pět centimetrů.",
    offer="Čistou ji udrží {{offer.product}}, {{offer.price}}.",
    asked_by_form=("Zase čaj", "Dobrý den, kdy budete mít zase čaj Midori? Děkuji."),
    asked_in_chat="Dobrý den, máte už zase čaj Midori? Děkuji.",
    told="Čaj Midori máme zase skladem",
    review="Čaj je dobrý, pošta byla pomalá.",
    first_words="Za to nemůžeme.",
    comment="Nejdřív se omluvte.",
    mended_words="Omlouváme se. Ode dneška balíky odcházejí týž den.",
)
