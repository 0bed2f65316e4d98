"""What plugins put into pages, each part drawn behind the guard: a broken one costs itself only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from flask import Response, current_app, make_response, url_for
from markupsafe import Markup

from deskcore.i18n import _
from deskcore.plugin.active import plugins
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.guard import Resting
from deskcore.plugin.page_parts import Column, HelpPart, LostPanel, MessageNote, Panel
from deskcore.plugin.parts import Owned
from deskcore.services import access
from deskcore.theme.pages import page, toast_partials
from deskcore.web import htmx
from deskcore.web.identity import current_actor

P = TypeVar("P")

# Characters of one part. Whoever has more to show has a page of their own for it.
LARGEST = 100_000


# Characters of a row beside everything else that stands in it.
LONGEST_CELL = 40


# Templates that show nothing but what they are given: no token of a form, nothing of who reads.
_SAME_FOR_ALL = frozenset({"plugin_parts/_tool.html"})


class Cell(NamedTuple):
    """What a plugin says in one row of a list."""

    label: str
    text: str


class TooMuch(ValueError):
    """A plugin fills the page with more than anybody would read there."""


def panels(found: Iterable[Owned[Panel]], *, place: str) -> Markup:
    """Draw boxes; *place* is the hook that gave them. One that cannot be drawn says so."""
    drawn = []
    for owned, names in _named(found):
        box = None
        if not isinstance(owned.item, LostPanel):
            box = guarded(owned.slug, place, partial(_panel, owned, names))
        drawn.append(box or _broken(names))
    return Markup("").join(drawn)


def parts(
    found: Iterable[Owned[P]],
    template: str,
    *,
    place: str,
    beside: Mapping[str, object] = MappingProxyType({}),
) -> Markup:
    """Draw small parts, each as ``part`` of core's *template*; one that breaks is missing.

    *beside* is what the template is given with each of them.
    """
    draw = _kept if template in _SAME_FOR_ALL else _core
    drawn = (
        guarded(owned.slug, place, partial(draw, template, {**beside, **names}))
        for owned, names in _named(found)
    )
    return Markup("").join(filter(None, drawn))


def help_parts(found: Iterable[Owned[HelpPart]], place: str) -> Markup:
    """Draw what plugins put at *place* of the help page; one that breaks is missing."""
    drawn = (
        guarded(owned.slug, "desk_help_parts", partial(_help_part, owned, names))
        for owned, names in _named(found)
        if owned.item.place == place
    )
    return Markup("").join(filter(None, drawn))


def notes(found: Iterable[Owned[MessageNote]]) -> dict[int, Markup]:
    """Draw remarks on messages, by message."""
    by_message: defaultdict[int, list[Owned[MessageNote]]] = defaultdict(list)
    for owned in found:
        by_message[owned.item.message_id].append(owned)
    return {
        message_id: parts(remarks, "plugin_parts/_note.html", place="desk_message_notes")
        for message_id, remarks in by_message.items()
    }


def columns(found: Iterable[Owned[Column]]) -> dict[int, tuple[Cell, ...]]:
    """Return what plugins say in the rows of a list, by ticket."""
    by_ticket: defaultdict[int, tuple[Cell, ...]] = defaultdict(tuple)
    for owned in found:
        cells = guarded(owned.slug, "desk_list_columns", partial(_cells, owned.item))
        for ticket_id, cell in (cells or {}).items():
            by_ticket[ticket_id] += (cell,)
    return by_ticket


def guarded(slug: str, place: str, work: Callable[[], P]) -> P | None:
    """Do what may break in a part of a plugin; None when it does, which is recorded."""
    try:
        return plugins().guard.call(slug, place, work, patience="pause")
    except (PluginFailed, Resting):
        return None


def fragment(
    template: str, context: Mapping[str, object] | None = None, *, title: str, status: int = 200
) -> Response:
    """Answer with a part of a page, or without JavaScript with a page of its own under *title*."""
    drawn = _own(template, context or {})
    if not htmx.is_partial():
        return page("plugin_parts/alone.html", {"title": title, "part": drawn}, status=status)
    if htmx.target_id() == "dialog":
        drawn = _core("plugin_parts/_dialog.html", {"title": title, "part": drawn})
    response = make_response(Markup("\n").join([drawn, *toast_partials()]), status)
    htmx.vary(response)
    return response


def _named(found: Iterable[Owned[P]]) -> Iterator[tuple[Owned[P], dict[str, object]]]:
    """Yield each part with its names; those of one plugin are numbered from 1."""
    counts: Counter[str] = Counter()
    for owned in found:
        counts[owned.slug] += 1
        kind = type(owned.item).__name__.lower()
        names = {"id": f"{kind}-{owned.slug}-{counts[owned.slug]}", "slug": owned.slug}
        yield owned, {**names, "part": owned.item}


def _broken(names: Mapping[str, object]) -> Markup:
    slug = str(names["slug"])
    why = url_for("plugins.show", slug=slug)
    known = plugins().manifests.get(slug)
    told = {
        **names,
        "name": known.name if known else slug,
        "why": why if access.can(current_actor(), "plugins.manage") else "",
    }
    return _core("plugin_parts/_broken.html", told)


def _panel(owned: Owned[Panel], names: Mapping[str, object]) -> Markup:
    if owned.item.url:
        return _kept("plugin_parts/_panel.html", {**names, "body": ""})
    return _core("plugin_parts/_panel.html", {**names, "body": _body(owned.slug, owned.item)})


def _body(slug: str, part: Panel | HelpPart) -> str | Markup:
    body = part.body
    if part.template:
        if not part.template.startswith(f"plugins/{slug}/"):
            raise ValueError(f"{part.template} is not in plugins/{slug}/.")
        body = _own(part.template, part.values)
    if len(body) > LARGEST:
        raise TooMuch(f"A box of {len(body)} characters; {LARGEST} are the most.")
    return body


def _help_part(owned: Owned[HelpPart], names: Mapping[str, object]) -> Markup:
    part = owned.item
    return _core("public/_part.html", {**names, "body": _body(owned.slug, part)})


def _cells(column: Column) -> dict[int, Cell]:
    label = _(column.label) if column.label else ""
    return {
        int(ticket_id): Cell(label, str(text)[:LONGEST_CELL])
        for ticket_id, text in column.values.items()
        if text
    }


def _own(template: str, context: Mapping[str, object]) -> Markup:
    """Draw a template of a plugin, with what every page has."""
    values = dict(context)
    current_app.update_template_context(values)
    return _core(template, values)


def _core(template: str, values: Mapping[str, object]) -> Markup:
    return Markup(current_app.jinja_env.get_template(template).render(values))  # noqa: S704  autoescaped


def _kept(template: str, values: Mapping[str, object]) -> Markup:
    """Draw one of core's templates once for all who see it alike."""
    drawn: Markup = current_app.extensions["desk_kept"](template, **values)
    return drawn
