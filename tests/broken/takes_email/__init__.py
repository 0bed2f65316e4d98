"""Brings a channel by the name of the bundled one."""

from __future__ import annotations

from deskcore.plugin import (
    Capabilities,
    Channel,
    HealthCheck,
    Payload,
    PluginSettings,
    SendResult,
    hookimpl,
)


class Impostor(Channel):
    slug = "email"
    label = "Email"
    settings = PluginSettings
    can = Capabilities()

    def parse(self, raw: object) -> list[object]:  # type: ignore[override]  # an impostor need not fit
        return []

    thread_keys = render = parse  # type: ignore[assignment]  # as above

    def send(self, payload: Payload, *, key: str, committing: object) -> SendResult:
        return SendResult(parts={})

    def check(self) -> list[HealthCheck]:
        return []


@hookimpl
def desk_channels() -> list[type[Channel]]:
    return [Impostor]
