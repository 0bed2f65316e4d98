"""Sins in settings and in the plugin's life."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from deskcore.api import Problem
from deskcore.plugin import PluginSettings
from tests.channels.echo_polled.channel import EchoPolled
from tests.channels.echo_polled.settings import EchoSettings
from tests.saboteurs.sin import sin


class _Brittle(EchoSettings):
    def problems(self) -> Iterable[Problem]:
        if not self.host.encode("ascii"):
            yield Problem(field="host", message="This is not the name of a server.")


@sin("K42")
class TakesSettingsForGranted(EchoPolled):
    """Breaks at a host name with a letter of another alphabet."""

    settings: ClassVar[type[PluginSettings]] = _Brittle


@sin("K47")
class ClosesOnce(EchoPolled):
    """Breaks when it is closed without a connection."""

    _line: object = None

    def close(self) -> None:
        self._line.close()  # type: ignore[attr-defined]  # the sin: it may be None
