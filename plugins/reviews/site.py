"""What a site asks of answers; each account of a channel here is a site, and these are its rules."""

from __future__ import annotations

from collections.abc import Iterable

from deskcore.api import N_, Problem, _
from deskcore.plugin import PluginSettings, setting


class SiteSettings(PluginSettings):
    """How reviews of one site are answered."""

    four_eyes: bool = setting(
        N_("Two people see every answer"),
        default=True,
        help=N_(
            "Whoever wrote an answer cannot approve it. Changing this holds for reviews that come "
            "from then on."
        ),
    )
    deputy_hours: int = setting(
        N_("Hours until a deputy may approve"),
        default=24,
        min=0,
        max=720,
        help=N_("0 leaves it to those who approve, however long it takes."),
    )
    longest: int = setting(N_("Longest answer, in characters"), default=1000, min=20, max=10_000)
    replaces: bool = setting(
        N_("A new answer takes the place of the old one"),
        default=True,
        help=N_("Switch it off where an answer can never be changed."),
    )
    page: str = setting(
        N_("Page where answers are written"),
        default="",
        max=500,
        help=N_(
            "An address of the web. It is offered with every answer that is put there by hand."
        ),
    )

    def problems(self) -> Iterable[Problem]:
        """Refuse an address that leads nowhere."""
        if self.page and not self.page.startswith(("https://", "http://")):
            yield Problem(field="page", message=_("An address begins with https://."))
        if any(ch <= " " or ch == "\x7f" for ch in self.page):
            yield Problem(field="page", message=_("An address has no spaces in it."))


class WebSettings(SiteSettings):
    """A site that is asked over the web."""

    host: str = setting(N_("Server"), default="", max=253, help=N_("For example shop.example.com."))
    port: int = setting(N_("Port"), default=443, min=1, max=65535, advanced=True)
    encrypted: bool = setting(
        N_("Use https"),
        default=True,
        advanced=True,
        help=N_("Switch this off only for a server of your own."),
    )

    def problems(self) -> Iterable[Problem]:
        """Refuse what is no name of a server."""
        yield from super().problems()
        if any(ch <= " " or ch in "/:@\x7f" for ch in self.host):
            yield Problem(field="host", message=_("This is not the name of a server."))

    @property
    def root(self) -> str:
        """The address of the server; nothing secret is ever part of one."""
        return f"{'https' if self.encrypted else 'http'}://{self.host}:{self.port}"


def path_problems(field: str, path: str) -> Iterable[Problem]:
    """Refuse what cannot follow the name of a server."""
    if not path.startswith("/") or any(ch <= " " or ch > "~" for ch in path):
        message = _("It begins with a slash, and has no spaces or letters with accents.")
        yield Problem(field=field, message=message)
