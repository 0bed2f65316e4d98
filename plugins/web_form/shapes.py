"""What a form is: plain values, read from its rows and drawn, judged and explained by everybody else.

Values of choices are the texts of the form's first language, so that a ticket's field can be read
without the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from deskcore.api import N_, _

Kind = Literal[
    "text", "long", "email", "phone", "number", "date", "choice", "choices", "consent", "file"
]
Texts = Mapping[str, str]  # by language
NOTHING: Texts = MappingProxyType({})

KINDS: dict[Kind, str] = {
    "text": N_("Text"),
    "long": N_("Long text"),
    "email": N_("Mail address"),
    "phone": N_("Phone"),
    "number": N_("Number"),
    "date": N_("Date"),
    "choice": N_("One of several"),
    "choices": N_("Several of several"),
    "consent": N_("Consent"),
    "file": N_("Files"),
}
# Fields that mean something to the desk, by their key; what they are called unless the owner says
# otherwise. A ticket needs an address to be answered at, so that field cannot go.
EMAIL, NAME, SUBJECT, MESSAGE = "email", "name", "subject", "message"
BUILT_IN: Mapping[str, str] = {
    NAME: N_("Your name"),
    EMAIL: N_("Your mail address"),
    SUBJECT: N_("What is it about?"),
    "order_number": N_("Order number"),
    MESSAGE: N_("Your message"),
    "files": N_("Photos and files"),
}
HELP: Mapping[str, str] = {
    EMAIL: N_("Our answer goes there."),
    "order_number": N_("If it is about an order; it stands in our mail."),
}
OF_THE_TICKET = frozenset({EMAIL, NAME, SUBJECT, MESSAGE})
CHOOSING = frozenset({"choice", "choices"})
# What other fields can depend on.
DECIDING = CHOOSING | {"consent"}
YES = "yes"


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A field is shown when the field ``key`` holds ``value``."""

    key: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One thing to choose."""

    value: str
    texts: Texts = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a form; ``accepts`` is any, photos or camera, for files."""

    id: int = 0
    key: str
    kind: Kind
    is_required: bool = False
    label: Texts = field(default_factory=dict)
    help: Texts = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    accepts: str = "any"
    when: Condition | None = None

    @property
    def input_name(self) -> str:
        """What it is called in the page's form; nobody's key can be taken for one of the page's own."""
        return f"f-{self.key}"


@dataclass(frozen=True, kw_only=True)
class Form:
    """One form with its fields in their order. ``texts`` are title, intro, thanks and button."""

    id: int = 0
    slug: str
    name: str
    is_on: bool = True
    is_first: bool = False
    mailbox_id: int = 0
    team_id: int = 0
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    texts: Mapping[str, Texts] = field(default_factory=dict)
    sites: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    version: int = 1
    changed_by: str = ""

    def language_for(self, reader: str) -> str:
        """Return the language its texts are shown in to somebody who reads *reader*."""
        return reader if reader in self.languages else self.languages[0]

    def text(self, name: str, language: str) -> str:
        """Return one of its texts, "" when its owner wrote none."""
        return said(self.texts.get(name, NOTHING), language, self.languages)

    def label(self, each: Field, language: str) -> str:
        """Return what a field is called."""
        return said(each.label, language, self.languages) or _(BUILT_IN.get(each.key, each.key))

    def help(self, each: Field, language: str) -> str:
        """Return what is said beside a field, "" for nothing."""
        own = said(each.help, language, self.languages)
        built_in = HELP.get(each.key, "") if not any(each.label.values()) else ""
        return own or (_(built_in) if built_in else "")

    def choice_text(self, choice: Choice, language: str) -> str:
        """Return what a choice is called."""
        return said(choice.texts, language, self.languages) or choice.value

    def field(self, key: str) -> Field | None:
        """Return the field of a key."""
        return next((each for each in self.fields if each.key == key), None)

    def sentence(self, each: Field, language: str) -> str:
        """Say in words when a field is shown, "" for always."""
        if each.when is None:
            return ""
        decider = self.field(each.when.key)
        if decider is None:
            return ""
        label = self.label(decider, language)
        if decider.kind == "consent":
            return _("Only if “%(field)s” is ticked.", field=label)
        chosen = next((one for one in decider.choices if one.value == each.when.value), None)
        value = self.choice_text(chosen, language) if chosen else each.when.value
        return _("Only if “%(field)s” is “%(value)s”.", field=label, value=value)


def said(texts: Texts, language: str, others: tuple[str, ...]) -> str:
    """Return a text in a language, else in the first of the *others* that has one."""
    return next((texts[each] for each in (language, *others) if texts.get(each)), "")
