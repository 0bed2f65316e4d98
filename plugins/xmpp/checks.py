"""The test of a connection: is the server there, does it know us, does it keep files."""

from __future__ import annotations

from deskcore.api import _
from deskcore.plugin import ChannelFailure, HealthCheck, Net, SignInFailed
from plugins.xmpp.line import Line, Taken, query
from plugins.xmpp.names import PING
from plugins.xmpp.sending import Exchange, Visit
from plugins.xmpp.settings import XmppSettings
from plugins.xmpp.uploads import keeper_of


def looked_at(exchange: Exchange, settings: XmppSettings) -> list[HealthCheck]:
    """Look over the line that is held already."""
    try:
        exchange.ask(settings.server, query("ping", PING))
        keeper = keeper_of(exchange, settings.server)
    except ChannelFailure as failure:
        return [_failed(failure)]
    return [_well(_("The desk is connected.")), _files(keeper)]


def tried(net: Net, settings: XmppSettings) -> list[HealthCheck]:
    """Connect for a moment."""
    try:
        line = Line(net, settings)
    except Taken:
        words = _("The server knows this component; somebody is connected as it already.")
        return [_well(words)]
    except ChannelFailure as failure:
        return [_failed(failure)]
    try:
        keeper = keeper_of(Visit(line, settings.name), settings.server)
    except ChannelFailure as failure:
        return [_failed(failure)]
    finally:
        line.release()
    return [_well(_("The server knows this component.")), _files(keeper)]


def _well(message: str) -> HealthCheck:
    return HealthCheck(name=_("Connection to the XMPP server"), ok=True, message=message)


def _files(keeper: str) -> HealthCheck:
    name = _("Files in answers")
    if keeper:
        message = _("The server keeps them (%(place)s).") % {"place": keeper}
        return HealthCheck(name=name, ok=True, message=message)
    message = _("The server keeps no files: answers can hold text only.")
    cure = _("Add mod_http_file_share to Prosody or mod_http_upload to ejabberd.")
    return HealthCheck(name=name, ok=True, message=message, cure=cure, is_known=False)


def _failed(failure: ChannelFailure) -> HealthCheck:
    cure = _("Compare server, port and name with what the server's configuration says.")
    if isinstance(failure, SignInFailed):
        cure = _("Copy the secret again from the server's configuration.")
    name = _("Connection to the XMPP server")
    return HealthCheck(name=name, ok=False, message=_(str(failure)), cure=cure)
