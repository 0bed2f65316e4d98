"""What an owner fills in to connect Acme."""

from __future__ import annotations

from collections.abc import Iterable

from deskcore.api import N_, Problem, _
from deskcore.plugin import PluginSettings, Secret, setting


class AcmeSettings(PluginSettings):
    """One account at Acme."""

    host: str = setting(N_("Server"), max=253, help=N_("For example api.example.com."))
    port: int = setting(N_("Port"), default=443, min=1, max=65535, help=N_("Usually 443."))
    encrypted: bool = setting(
        N_("Use https"), default=True, help=N_("Switch this off only for a server of your own.")
    )
    token: Secret = setting(N_("Token"), help=N_("Made at Acme under Account, Access."))
    secret: Secret = setting(
        N_("Signing secret"), help=N_("Stands beside the address of the webhook.")
    )

    def problems(self) -> Iterable[Problem]:
        """Refuse what is no name of a server before anybody tries to connect."""
        if not self.host.strip() or any(ch <= " " or ch in "/:@\x7f" for ch in self.host):
            yield Problem(field="host", message=_("This is not the name of a server."))
        if any(ch < " " for ch in self.token.stored):
            yield Problem(field="token", message=_("A token has no line breaks in it."))
