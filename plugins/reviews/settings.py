"""What holds for reviews of all sites: follow-ups, and how customers are asked for a review."""

from __future__ import annotations

from collections.abc import Iterable

from deskcore.api import N_, Problem, _
from deskcore.plugin import PluginSettings, setting

LANGUAGES = ("en", "ru", "cs")


class ReviewsSettings(PluginSettings):
    """The plugin's own settings; the rules of a site belong to its account."""

    low_stars: int = setting(
        N_("Stars that open a follow-up, at most"),
        default=2,
        min=0,
        max=4,
        help=N_("Somebody so unhappy gets a ticket of their own, in private. 0 opens none."),
    )
    follow_up_mailbox: int = setting(
        N_("Mailbox of follow-ups"), default=0, min=0, help=N_("0 is that of the review.")
    )
    ask_share: int = setting(
        N_("Customers to ask for a review, in percent"),
        default=0,
        min=0,
        max=100,
        help=N_(
            "100 asks everybody whose ticket is solved, less asks a random share. Nobody can choose "
            "whom: asking only the happy is not possible. 0 asks nobody."
        ),
    )
    ask_after_days: int = setting(N_("Days after solving"), default=3, min=0, max=60)
    ask_again_days: int = setting(
        N_("Days until the same customer is asked again"), default=180, min=1, max=3650
    )
    ask_link: str = setting(
        N_("Page where reviews are written"),
        default="",
        max=500,
        help=N_("It takes the place of {{link}}."),
    )
    ask_text_en: str = setting(
        N_("What is written to them, in English"),
        default="Good day,\n\nthank you for writing to us. Whatever you think of our shop, others would "
        "like to know: {{link}}\n\nIf you would rather not be asked again, just answer this mail.",
        multiline=True,
        max=4000,
    )
    ask_text_ru: str = setting(
        N_("What is written to them, in Russian"),
        default="Здравствуйте!\n\nСпасибо, что написали нам. Что бы вы ни думали о нашем магазине, это "
        "пригодится другим: {{link}}\n\nЕсли вы не хотите таких писем, просто ответьте на это письмо.",
        multiline=True,
        max=4000,
    )
    ask_text_cs: str = setting(
        N_("What is written to them, in Czech"),
        default="Dobrý den,\n\nděkujeme, že jste nám napsali. Ať si o našem obchodě myslíte cokoli, "
        "ostatním to pomůže: {{link}}\n\nPokud už takové dotazy nechcete, stačí na tento e-mail odpovědět.",
        multiline=True,
        max=4000,
    )

    def problems(self) -> Iterable[Problem]:
        """Refuse to ask people for something that leads nowhere."""
        if self.ask_share and not self.ask_link.startswith(("https://", "http://")):
            yield Problem(field="ask_link", message=_("Enter where reviews are written first."))

    def ask_text(self, language: str) -> str:
        """Return what is written in a language; in English where there is none."""
        known = language if language in LANGUAGES else "en"
        return str(getattr(self, f"ask_text_{known}")).replace("{{link}}", self.ask_link)
