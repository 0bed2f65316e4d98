"""What the owner fills in: the bot's token, and how its messages come."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Literal

from deskcore.api import N_, Problem, _
from deskcore.plugin import PluginSettings, Secret, setting

_TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{20,100}")
_FROM_ENVIRONMENT = "env:"


class TelegramSettings(PluginSettings):
    """One bot."""

    token: Secret = setting(
        N_("Bot token"),
        help=N_(
            "BotFather, in Telegram, gives it when you make the bot (/newbot), and shows it again by "
            "/token. It looks like 123456789:AAF…"
        ),
    )
    way: Literal["poll", "webhook"] = setting(
        N_("How messages come"),
        default="poll",
        choices={
            "poll": N_("The desk asks Telegram (works everywhere)"),
            "webhook": N_("Telegram tells the desk (needs an https address)"),
        },
        help=N_("Both are as quick. The desk tells Telegram by itself what is chosen here."),
    )
    groups: bool = setting(
        N_("Take in what is written in groups"),
        default=False,
        help=N_(
            "A group that the bot was added to is one ticket, whoever writes there. Off: what is "
            "written in groups is left alone."
        ),
        advanced=True,
    )
    server: str = setting(
        N_("Server of the Bot API"),
        default="api.telegram.org",
        max=253,
        help=N_("Change it only for a Bot API server of your own."),
        advanced=True,
    )
    port: int = setting(
        N_("Port"), default=443, min=1, max=65535, help=N_("Usually 443."), advanced=True
    )
    encrypted: bool = setting(
        N_("Use https"),
        default=True,
        help=N_("Switch this off only for a server in your own house."),
        advanced=True,
    )

    def problems(self) -> Iterable[Problem]:
        """Refuse what is no token or no server before Telegram is asked."""
        token = self.token.stored
        if not _TOKEN.fullmatch(token) and not token.startswith(_FROM_ENVIRONMENT):
            words = _("This is no bot token. Copy it whole from BotFather: 123456789:AAF…")
            yield Problem(field="token", message=words)
        if not self.server.strip() or any(ch <= " " or ch in "/:@\x7f" for ch in self.server):
            yield Problem(field="server", message=_("This is not the name of a server."))

    @property
    def hook_secret(self) -> str:
        """Return what Telegram says with every push: made of the token, so it needs no setting."""
        return hashlib.sha256(b"deskcore webhook " + self.token.reveal().encode()).hexdigest()
