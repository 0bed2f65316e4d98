"""What a channel's author says about it, so that the kit can put it to the test."""

from __future__ import annotations

import inspect
import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, Protocol

from deskcore.plugin.channel import Channel, Payload, WebhookRequest
from deskcore.plugin.manifest import FILE_NAME, Manifest, read_manifest
from deskcore.plugin.secret import Secret
from deskcore.plugin.settings import PluginSettings
from deskcore.plugin.settings import fields as settings_of

QUALITY = "quality.toml"

# What a far side is asked to play at the next attempt to send: busy (try later, with the seconds
# named where the network can), error, reset, half, nonsense, refused (this message never),
# denied (wrong credentials), lost (took the message, and the answer was lost).
Trouble = Literal[
    "busy", "busy_date", "error", "reset", "half", "nonsense", "refused", "denied", "lost"
]


def _text_in(payload: Payload) -> str:
    """Find the words in a form: under ``text``, or all of it."""
    try:
        form = json.loads(payload.content)
    except ValueError:
        return payload.content.decode("utf-8", "replace")
    return str(form.get("text", "")) if isinstance(form, dict) else str(form)


class FarSide(Protocol):
    """The network of a channel in tests: real sockets, a ledger, and troubles on demand."""

    @property
    def settings(self) -> Mapping[str, object]:
        """What points the channel here; laid over the contract's own settings."""

    @property
    def messages(self) -> int:
        """How many messages of ours the network has."""

    @property
    def asked(self) -> int:
        """How often it was asked or told anything."""

    @property
    def changes(self) -> int:
        """How often something was changed here: messages, marks, subscriptions."""

    @property
    def addresses(self) -> Sequence[str]:
        """The addresses that were asked for; secrets in them end in other people's logs."""

    def offer(self, *contents: bytes) -> None:
        """Have these items for whoever asks or listens; nothing to do for a pushed channel."""

    def plan(self, trouble: Trouble) -> bool:
        """Have this go wrong at the next attempt to send; False when this network cannot."""

    def drop(self) -> None:
        """Cut off whoever is connected."""


class Sign(Protocol):
    """Signs a push as the network does, with the secrets of the contract's settings."""

    def __call__(self, body: bytes, *, seconds_ago: float = 0) -> WebhookRequest:
        """Return the signed push."""


@dataclass(frozen=True, kw_only=True)
class Contract:
    """Everything the checks need; ``channel_contract`` says what each thing is."""

    kind: type[Channel]
    settings: Mapping[str, object]
    samples: Path
    folder: Path
    far_side: Callable[[], AbstractContextManager[FarSide]] | None = None
    sign: Sign | None = None
    batch: Callable[[list[bytes]], bytes] | None = None
    write: Callable[[str], bytes] | None = None
    text_of: Callable[[Payload], str] = _text_in
    recipient: str = "u1"
    address: str = "shop"

    @cached_property
    def manifest(self) -> Manifest:
        """The plugin's manifest; one that allows every host when there is none."""
        if (self.folder / FILE_NAME).exists():
            slug = tomllib.loads((self.folder / FILE_NAME).read_text())["plugin"]["slug"]
            return read_manifest(self.folder, slug=slug)
        slug = self.kind.slug
        return Manifest(slug=slug, name=slug, version="0", summary=slug, desk=">=0")

    @property
    def title(self) -> str:
        """What the report calls it."""
        return f"{self.kind.slug} {self.manifest.version}"

    @cached_property
    def excused(self) -> Mapping[str, str]:
        """Checks that are left out, each with its reason; an empty reason excuses nothing."""
        path = self.folder / QUALITY
        found = tomllib.loads(path.read_text()).get("skip", {}) if path.exists() else {}
        return {str(name): str(why) for name, why in found.items() if str(why).strip()}

    @cached_property
    def contents(self) -> Mapping[str, bytes]:
        """The samples by their names, without the expected results."""
        return {
            path.name.partition(".")[0]: path.read_bytes()
            for path in sorted(self.samples.iterdir())
            if path.is_file() and not path.name.endswith(".expected.json")
        }

    def named(self, name: str) -> list[bytes]:
        """Return the samples of one sort: ``report`` finds ``report`` and ``report_read``."""
        return [
            content
            for key, content in self.contents.items()
            if key == name or key.startswith(f"{name}_")
        ]

    def settings_with(self, far: FarSide | None, canary: str = "") -> PluginSettings:
        """Make the settings, pointed at a far side; *canary* takes the place of every secret."""
        values = dict(self.settings) | dict(far.settings if far else {})
        for each in settings_of(self.kind.settings):
            value = values.get(each.name)
            if each.secret and value is not None:
                text = value.stored if isinstance(value, Secret) else str(value)
                values[each.name] = Secret(canary or text)
        return self.kind.settings(**values)


def folder_of(kind: type) -> Path:
    """Return where a channel's plugin lies."""
    return Path(inspect.getfile(kind)).parent
