"""Answers with a page: whole, or the regions of it that htmx asked for, from one template."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, cast

from flask import Flask, Response, current_app, g, make_response
from flask_babel import get_locale
from jinja2 import Environment
from markupsafe import Markup, escape
from werkzeug.local import LocalProxy
from wtforms import SelectFieldBase

from deskcore.theme.fragments import Blocks, first_region
from deskcore.theme.kept import Kept
from deskcore.theme.shell import Chrome, PlainChrome
from deskcore.theme.toasts import waiting_toasts
from deskcore.theme.wearing import wardrobe, whole

log = logging.getLogger(__name__)

# A proxy's own 502 page must never land in a region; extensions of others never register.
HTMX_CONFIG = json.dumps(
    {
        "defaultSwap": "outerMorph",
        "noSwap": [204, 304, "5xx"],
        "mode": "same-origin",
        "includeIndicatorCSS": False,
        "extensions": "none",
    }
)


class Wire(Protocol):
    """What a page must know of the request's kind; ``deskcore.web.htmx`` is the real one."""

    def is_partial(self) -> bool:
        """Tell whether only part of the page is wanted."""

    def target_id(self) -> str:
        """Name the element that will be replaced, empty when unknown."""

    def vary(self, response: Response) -> None:
        """Mark the answer as depending on the kind of request."""


def init_pages(app: Flask, wire: Wire, chrome: Chrome | None = None) -> None:
    """Give templates their surroundings and ``page()`` its view of the request.

    The web layer replaces ``app.extensions["desk_chrome"]`` with its own ``Chrome``.
    """
    app.extensions["desk_wire"] = wire
    app.extensions.setdefault("desk_chrome", chrome or PlainChrome())
    app.extensions["desk_kept"] = kept = Kept(app)
    app.context_processor(_surroundings)
    app.jinja_env.globals.update(
        page_lang=page_lang, page_dir=page_dir, toasts=waiting_toasts, htmx_config=HTMX_CONFIG
    )
    app.jinja_env.globals["look_url"] = str  # the web layer's own takes its place
    app.jinja_env.globals["kept"] = kept
    app.jinja_env.filters["wtf_choices"] = _choices


def page(
    template: str,
    context: Mapping[str, object] | None = None,
    *,
    fragment: str | None = None,
    also: Sequence[str] = (),
    status: int = 200,
) -> Response:
    """Answer with *template*: the whole page, or only what htmx will put in place.

    *fragment* is the id of the element to replace; without it, the id htmx names as target, or
    ``main``. *also* are ids of further regions that change with it. Waiting toasts come along.
    An id finds its block by name: ``ticket-head`` is ``{% block ticket_head %}``, whose
    outermost element has that id; the regions of the shell need no block of their own.
    """
    wire = cast("Wire", current_app.extensions["desk_wire"])
    values = dict(context or {})
    current_app.update_template_context(values)
    if wire.is_partial():
        target = wire.target_id()

        def draw(env: Environment) -> Markup:
            return _regions(env, template, values, fragment, also, target)

    else:

        def draw(env: Environment) -> Markup:
            return whole(env, template, values)

    response = make_response(wardrobe().draw(template, draw), status)
    wire.vary(response)
    return response


def page_or_plain(
    template: str, context: Callable[[], Mapping[str, object]], *, plain: str, status: int
) -> Response:
    """Answer with *template*, or with *plain* text when even that page cannot be made.

    For error pages only: whatever broke the first page may break this one too.
    """
    try:
        values = dict(context())
        current_app.update_template_context(values)
        return make_response(current_app.jinja_env.get_template(template).render(values), status)
    except Exception:
        log.exception("error page failed", extra={"template": template})
        return Response(plain, status, mimetype="text/plain")


def failed_part(template: str, context: Mapping[str, object], *, status: int) -> Response:
    """Answer to htmx with *template* inside the element that could not be replaced."""
    wire = cast("Wire", current_app.extensions["desk_wire"])
    values = dict(context)
    current_app.update_template_context(values)
    html = current_app.jinja_env.get_template(template).render(values)
    target = wire.target_id() or "main"
    response = make_response(_partial(f"#{target}", "innerHTML", Markup(html)), status)  # noqa: S704  autoescaped
    wire.vary(response)
    return response


def page_lang() -> str:
    """Name the language of the page for ``<html lang>``."""
    return str(get_locale() or "en").replace("_", "-")


def page_dir() -> str:
    """Name the writing direction of the page for ``<html dir>``."""
    locale = get_locale()
    return locale.text_direction if locale is not None else "ltr"


def _regions(
    env: Environment,
    template: str,
    values: Mapping[str, object],
    fragment: str | None,
    also: Sequence[str],
    target: str,
) -> Markup:
    blocks = Blocks(env, template, values)
    wanted = [fragment] if fragment else [target, "main"] if target else ["main"]
    first = first_region(blocks, wanted)
    parts = [blocks.region(first)]
    if first == "main" and "title" in blocks:
        parts.append(Markup("<title>%s</title>") % blocks.render("title"))
    parts += [
        _partial(f"#{name}", "outerMorph", blocks.region(name)) for name in also if name != first
    ]
    return Markup("\n").join(parts + toast_partials())


def toast_partials() -> list[Markup]:
    """Render the waiting toasts as partials that join those on the page."""
    macro = current_app.jinja_env.get_template("ui/feedback.html").module.toast  # type: ignore[attr-defined]  # macros are made at run time
    return [
        _partial("#alerts" if said.get("kind") == "bad" else "#toasts", "beforeend", macro(**said))
        for said in waiting_toasts()
    ]


def _partial(target: str, swap: str, html: Markup) -> Markup:
    return Markup('<hx-partial hx-target="{}" hx-swap="{}">{}</hx-partial>').format(
        escape(target), escape(swap), html
    )


def _surroundings() -> dict[str, object]:
    chrome = cast("Chrome", current_app.extensions["desk_chrome"])
    return {
        "site_name": LocalProxy(lambda: _once("site_name", chrome.site_name)),
        "look": LocalProxy(lambda: _once("look", chrome.look)),
        "shell": LocalProxy(lambda: _once("shell", chrome.shell)),
        "notice": LocalProxy(lambda: _once("notice", chrome.notice)),
        "alarm": LocalProxy(lambda: _once("alarm", chrome.alarm)),
        "count_in": chrome.count,
        # Pages have it without an import, which looks at every global of the template each time.
        "ui": current_app.jinja_env.get_template("ui.html").module,
    }


def _once(name: str, ask: Callable[[], object]) -> object:
    asked: dict[str, object] = g.setdefault("desk_chrome", {})
    if name not in asked:
        asked[name] = ask()
    return asked[name]


def _choices(field: SelectFieldBase) -> list[tuple[object, object]]:
    return [(choice[0], choice[1]) for choice in field.iter_choices()]
