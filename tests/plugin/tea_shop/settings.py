"""Where the till of the shop is, tried before it is kept."""

from __future__ import annotations

from collections.abc import Iterable

from deskcore.plugin import HealthCheck, Net, PluginSettings, Secret, setting


class ShopSettings(PluginSettings):
    """How the till is asked."""

    host: str = setting("Name of the till", default="", help="For example till.example.com")
    port: int = setting("Port of the till", default=8080, min=1, max=65535)
    token: Secret = setting("Token", default=Secret())

    def check(self, net: Net) -> Iterable[HealthCheck]:
        """Ask the till who we are to it."""
        if not self.host:
            return
        answer = net.http(
            f"http://{self.host}:{self.port}/shop",
            headers={"Authorization": f"Bearer {self.token.reveal()}"},
        )
        is_known = answer.status == 200
        message = "The till knows us." if is_known else "The till does not know this token."
        yield HealthCheck(name="token", ok=is_known, message=message)
