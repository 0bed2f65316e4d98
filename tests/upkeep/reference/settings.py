"""The page of settings: each kind of field, what people type into it, what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

from wtforms import Form

from deskcore.plugin import PluginSettings, Secret, setting
from deskcore.plugin.forms import form_for
from deskcore.plugin.settings import SettingField, fields
from tests.upkeep.reference import shapes
from tests.upkeep.reference.prose import GENERATED, joined, prose, table


class Kinds(PluginSettings):
    """One field of each kind; the page is read off them."""

    text: str = setting("Name", default="", min=2, max=40)
    long_text: str = setting("Greeting", default="", multiline=True)
    whole: int = setting("Port", default=993, min=1, max=65535)
    number: float = setting("Share", default=0.5, min=0, max=1)
    switch: bool = setting("Verify", default=True)
    duration: timedelta = setting("Look every", default=timedelta(minutes=1))
    literal: Literal["INBOX", "Support"] = setting("Folder", default="INBOX")
    choice: str = setting("Security", default="tls", choices={"tls": "TLS", "none": "None"})
    secret: Secret = setting("Password", default=Secret())


DECLARED = {
    "text": "`str`",
    "long_text": "`str` and `multiline=True`",
    "whole": "`int`",
    "number": "`float`",
    "switch": "`bool`",
    "duration": "`timedelta`",
    "literal": "`Literal[…]`, perhaps with `choices={value: label}`",
    "choice": "`str` and `choices={value: label}`",
    "secret": "`Secret`",
}
BOUNDS = {
    "text": "characters",
    "whole": "the number",
    "number": "the number",
    "duration": "the time",
    "secret": "characters",
}
KEPT = {
    "duration": "seconds, as a number",
    "secret": "encrypted, never shown again; `env:NAME` is kept as it is and read from there",
}
TYPED = {
    "duration": "a time such as `30 s`, `5 min`, `2 h`, `1 d`; a bare number counts seconds",
    "switch": "a box; never required, for an empty one means no",
    "choice": "one of the menu",
    "secret": "a password; left empty, the stored one stays",
    "whole": "a whole number",
    "number": "a number",
    "text": "a line",
}
BEGINNING = """Settings are a frozen class of `PluginSettings`. Its form, its checks and its storage come
from the declaration; [settings](../settings.md) tells how it is used. A field without a default is
required. Every field takes `label`, then these by name:"""


def page() -> str:
    """Return the whole page."""
    return joined(
        GENERATED,
        "# Kinds of settings",
        " ".join(BEGINNING.split()),
        f"```python\nsetting{shapes.signature(setting)}\n```",
        prose(setting.__doc__),
        table(
            ("Declared as", "Drawn as", "People give", "`min` and `max` bound", "Kept as"), _rows()
        ),
        "## What a class may say besides",
        *_methods(),
    )


def _rows() -> Iterator[tuple[str, ...]]:
    form = form_for(Kinds)()
    for field in fields(Kinds):
        typed = "lines" if field.multiline else TYPED[field.kind]
        yield (
            DECLARED[field.name],
            _drawn(form, field),
            typed,
            BOUNDS.get(field.kind, "nothing"),
            KEPT.get(field.kind, "the value itself"),
        )


def _drawn(form: Form, field: SettingField) -> str:
    return f"`{type(form[field.name]).__name__}`"


def _methods() -> Iterator[str]:
    for name, written, doc in shapes.methods(PluginSettings):
        yield f"### {name}"
        yield f"`{name}{written}`"
        yield prose(doc)
