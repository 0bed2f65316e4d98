"""What may stand in double braces in a kept text, and what it stands for on one ticket."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from deskcore.domain.people import Actor, UserRef
from deskcore.domain.placeholders import Filled, names_in
from deskcore.domain.placeholders import fill as put_in
from deskcore.i18n import N_, _, speaking
from deskcore.plugin.active import plugins
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.guard import Resting
from deskcore.plugin.parts import Owned, TicketRef
from deskcore.plugin.ticket_parts import Placeholder
from deskcore.services import access
from deskcore.services.desk_settings import desk_settings
from deskcore.services.plugin_places import ticket_ref
from deskcore.services.unit import reading

LONGEST = 1000  # characters of a value; what is longer is no word in a sentence


@dataclass(frozen=True, kw_only=True)
class KnownPlaceholder:
    """A placeholder as people choose one; ``label`` is English and translated when shown."""

    name: str
    label: str
    sample: str


def _person(name: str) -> str:
    """Return a name; an address that nobody's name is known for is none."""
    return "" if "@" in name else " ".join(name.split())


def _first(name: str) -> str:
    """Return what is most likely somebody's first name; ``Nováková, Jana`` is turned round."""
    last, comma, first = _person(name).partition(",")
    words = (first if comma else last).split()
    return words[0] if words else ""


# Neutral, since Czech and Russian would have to bend the name.
_OWN: Mapping[str, Placeholder] = {
    each.name: each
    for each in (
        Placeholder(
            name="customer.name",
            label=N_("Name of the customer"),
            sample="Jana Nováková",
            value=lambda ticket, _user: _person(ticket.customer_name),
        ),
        Placeholder(
            name="customer.first_name",
            label=N_("First name of the customer"),
            sample="Jana",
            value=lambda ticket, _user: _first(ticket.customer_name),
        ),
        Placeholder(
            name="customer.greeting",
            label=N_("Greeting in the language of the text"),
            sample="",
            value=lambda _ticket, _user: _("Hello,"),
        ),
        Placeholder(
            name="ticket.number",
            label=N_("Number of the ticket"),
            sample="1042",
            value=lambda ticket, _user: str(ticket.number),
        ),
        Placeholder(
            name="ticket.subject",
            label=N_("Subject of the ticket"),
            sample="A broken teapot",
            value=lambda ticket, _user: ticket.subject,
        ),
        Placeholder(
            name="agent.name",
            label=N_("Your name"),
            sample="Petr Dvořák",
            value=lambda _ticket, user: _person(user.name),
        ),
        Placeholder(
            name="agent.first_name",
            label=N_("Your first name"),
            sample="Petr",
            value=lambda _ticket, user: _first(user.name),
        ),
        Placeholder(
            name="desk.name",
            label=N_("Name of the shop"),
            sample="",
            value=lambda _ticket, _user: desk_settings().name,
        ),
    )
}


# Their samples are what they say anywhere, in the language of the page.
_SAID: Mapping[str, Callable[[], str]] = {
    "customer.greeting": lambda: _("Hello,"),
    "desk.name": lambda: desk_settings().name,
}


def placeholders() -> list[KnownPlaceholder]:
    """Return the desk's placeholders, then those of plugins by name."""
    theirs = (owned.item for owned in plugins().registry.placeholders.all())
    return [
        KnownPlaceholder(
            name=each.name,
            label=each.label,
            sample=_SAID[each.name]() if each.name in _SAID else each.sample,
        )
        for each in (*_OWN.values(), *sorted(theirs, key=lambda each: each.name))
    ]


def fill(actor: Actor, number: int, texts: Sequence[tuple[str, str]]) -> list[Filled]:
    """Fill texts, each with its language, for the ticket with this number and who answers it.

    Each placeholder is asked once. Raises NotFound for a ticket that *actor* may not see.
    """
    with reading() as session:
        ticket = ticket_ref(access.get_visible(session, actor, number))
    user = UserRef(id=actor.id, name=actor.name, role=actor.role)
    by_language = {
        language: _values(ticket, user, language, [text for of, text in texts if of == language])
        for language in {language for language, _text in texts}
    }
    return [put_in(text, by_language[language]) for language, text in texts]


def fill_with_samples(language: str, text: str) -> Filled:
    """Fill a text as it may look, where no ticket is at hand; unknown placeholders stay."""
    with speaking(language):
        samples = {each.name: each.sample for each in placeholders()}
    return put_in(text, samples)


def _values(
    ticket: TicketRef, user: UserRef, language: str, texts: Sequence[str]
) -> dict[str, str]:
    names = dict.fromkeys(name for text in texts for name in names_in(text))
    with speaking(language):
        return {name: _value(name, ticket, user) for name in names}


def _value(name: str, ticket: TicketRef, user: UserRef) -> str:
    if name in _OWN:
        return _OWN[name].value(ticket, user)
    owned = plugins().registry.placeholders.get(name)
    return _asked(owned, partial(_checked, owned.item, ticket, user)) if owned else ""


def _asked(owned: Owned[Placeholder], work: Callable[[], str]) -> str:
    """Ask a plugin behind the guard; what it does not say stays unfilled."""
    try:
        return plugins().guard.call(owned.slug, "desk_placeholders", work, patience="pause")
    except (PluginFailed, Resting):
        return ""


def _checked(placeholder: Placeholder, ticket: TicketRef, user: UserRef) -> str:
    value = placeholder.value(ticket, user)
    if not isinstance(value, str):
        raise TypeError(f"{placeholder.name} gave a {type(value).__name__}")
    if len(value) > LONGEST:
        raise ValueError(f"{placeholder.name} gave {len(value)} characters; {LONGEST} are the most")
    return value.replace("\x00", "").strip()
