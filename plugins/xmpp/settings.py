"""What the owner fills in: which server the desk is a component of, and their shared secret."""

from __future__ import annotations

from collections.abc import Iterable

from deskcore.api import N_, Problem, _
from deskcore.plugin import PluginSettings, Secret, setting


class XmppSettings(PluginSettings):
    """One component of an XMPP server."""

    host: str = setting(
        N_("Server"), default="127.0.0.1", max=253, help=N_("Where your XMPP server runs.")
    )
    port: int = setting(
        N_("Port for components"),
        default=5347,
        min=1,
        max=65535,
        help=N_("5347 with Prosody, mostly 5275 or 8888 with ejabberd."),
    )
    component: str = setting(
        N_("Name of the component"),
        max=253,
        help=N_("For example chat.shop.example; what follows the @ in the desk's address."),
    )
    secret: Secret = setting(
        N_("Shared secret"), help=N_("component_secret with Prosody, password with ejabberd.")
    )
    domain: str = setting(
        N_("Domain of the server"),
        default="",
        max=253,
        help=N_("Empty: the component's name without its first word, for example shop.example."),
        advanced=True,
    )
    files: str = setting(
        N_("Address of its files"),
        default="",
        max=500,
        help=N_(
            "Only when they lie in your own network: how their addresses begin, for example "
            "https://upload.shop.lan:5443/."
        ),
        advanced=True,
    )
    encrypted: bool = setting(
        N_("Use TLS"),
        default=False,
        help=N_("When the server is on another machine, with a tunnel that speaks TLS before it."),
        advanced=True,
    )

    def problems(self) -> Iterable[Problem]:
        """Refuse what is no name of a server before anybody tries to connect."""
        for field, name in (("host", self.host), ("component", self.component)):
            if not _is_name(name):
                yield Problem(field=field, message=_("This is not the name of a server."))
        if self.domain and not _is_name(self.domain):
            yield Problem(field="domain", message=_("This is not the name of a server."))
        elif not self.domain and _is_name(self.component) and "." not in self.component:
            message = _("Say which domain the server has; it cannot be told from this name.")
            yield Problem(field="domain", message=message)
        if self.files and not _is_address(self.files):
            message = _("This is not the beginning of an address, with a slash at its end.")
            yield Problem(field="files", message=message)
        if any(letter < " " for letter in self.secret.stored):
            yield Problem(field="secret", message=_("A secret has no line breaks in it."))

    @property
    def name(self) -> str:
        """The component's name as servers compare it."""
        return self.component.strip().lower()

    @property
    def server(self) -> str:
        """The domain of the server itself, which is asked for what it can."""
        return self.domain.strip().lower() or self.name.partition(".")[2]


def _is_name(text: str) -> bool:
    stripped = text.strip()
    return bool(stripped) and not any(
        letter <= " " or letter in "/:@<>&\"'\x7f" for letter in stripped
    )


def _is_address(text: str) -> bool:
    """Whether a text ends the name of a server, so that no other one begins like it."""
    start, _, rest = text.strip().partition("://")
    return (
        start in {"http", "https"} and "/" in rest and not any(c <= " " or c in "@\\" for c in rest)
    )
