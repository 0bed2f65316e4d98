"""The test of a connection in plain sentences: what was looked at, and what helps."""

from __future__ import annotations

from collections.abc import Iterator

from deskcore.api import _
from deskcore.plugin import AccountView, ChannelFailure, HealthCheck, Net, SignInFailed
from plugins.telegram.fields import text, whole
from plugins.telegram.kinds import person
from plugins.telegram.settings import TelegramSettings
from plugins.telegram.wire import ask


def look(net: Net, account: AccountView, own: TelegramSettings) -> Iterator[HealthCheck]:
    """Ask Telegram who the bot is and how its messages come; changes nothing there."""
    name = _("Sign in at Telegram")
    try:
        bot = ask(net, own, "getMe")
        hook = ask(net, own, "getWebhookInfo")
    except ChannelFailure as failure:
        yield HealthCheck(name=name, ok=False, message=str(failure), cure=_cure(failure))
        return
    account_name = text(bot, "username")
    shown = _(
        "This is the bot “%(name)s”, @%(account)s.", name=person_of(bot), account=account_name
    )
    yield HealthCheck(name=name, ok=True, message=shown)
    yield from _address(account, account_name)
    yield _way(account, own, hook)
    if own.groups:
        yield _groups(bot)


def person_of(bot: object) -> str:
    """Return what the bot is called."""
    return person(bot) if isinstance(bot, dict) else ""


def _cure(failure: ChannelFailure) -> str:
    if isinstance(failure, SignInFailed):
        return _(
            "Write /mybots to @BotFather in Telegram, choose the bot, then “API Token”, and copy the "
            "whole token here. /revoke there makes a new one."
        )
    return _(
        "Look whether this machine reaches the internet, and api.telegram.org; in some networks and "
        "countries it is closed."
    )


def _address(account: AccountView, name: str) -> Iterator[HealthCheck]:
    """Compare what the connection is called with whose token it is: each bot is connected once."""
    typed = account.address.strip().removeprefix("@")
    if name and typed.casefold() != name.casefold():
        yield HealthCheck(
            name=_("Address of the connection"),
            ok=False,
            message=_(
                "The token belongs to @%(name)s, not to “%(typed)s”.", name=name, typed=typed
            ),
            cure=_("Enter @%(name)s as the address, or the token of the other bot.", name=name),
        )


def _way(account: AccountView, own: TelegramSettings, hook: object) -> HealthCheck:
    name, url = _("Receive messages"), text(hook, "url")
    if own.way == "webhook":
        if not account.webhook.startswith("https://"):
            return HealthCheck(
                name=name,
                ok=False,
                message=_("Telegram pushes to https addresses only, and this desk has none."),
                cure=_(
                    "Let the desk ask Telegram instead, or have whoever runs the server set base_url."
                ),
            )
        return HealthCheck(name=name, ok=True, message=_("Telegram will tell the desk at once."))
    if url:
        words = _("Telegram tells another program now. That ends when this connection is kept.")
        return HealthCheck(name=name, ok=True, message=words)
    waiting = whole(hook, "pending_update_count") or 0
    words = _("The desk asks Telegram. Messages that wait there now: %(count)s.", count=waiting)
    return HealthCheck(name=name, ok=True, message=words)


def _groups(bot: object) -> HealthCheck:
    name = _("Read groups")
    if isinstance(bot, dict) and bot.get("can_read_all_group_messages") is True:
        return HealthCheck(name=name, ok=True, message=_("The bot sees all that groups write."))
    return HealthCheck(
        name=name,
        ok=True,
        message=_("In groups the bot sees commands and answers to it only."),
        cure=_("To see everything, write /setprivacy to @BotFather and choose “Disable”."),
    )
