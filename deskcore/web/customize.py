"""Where owners make the desk their own: a draft beside the real pages, published when it is good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from zlib import crc32

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from deskcore.domain.accent import GROUNDS, SCHEMES, Scheme
from deskcore.domain.appearance import PRESETS, Appearance, Preset
from deskcore.domain.colours import contrast
from deskcore.services import appearance
from deskcore.services.appearance import Draft, Stale
from deskcore.theme.looks import SURFACES, colours_of, sheet_of
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.forms.base import submit
from deskcore.web.forms.looks import PRESET_NAMES, LookForm, filled_form, wished
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor
from deskcore.web.looks import DRAFT
from deskcore.web.numbers import whole
from deskcore.web.public_surface import is_open

blueprint = Blueprint("customize", __name__, url_prefix="/admin/customize")

_CAN_CHANGE = needs(appearance.PERMISSION)
_CONFLICT = 409
_PREVIEWS = {"public": "/help", "agent": "/v/open"}


@dataclass(frozen=True, kw_only=True)
class Swatch:
    """One colour of the accent as it was worked out, and how far it is from what is behind it."""

    name: str
    front: str
    back: str
    ratio: str


@blueprint.get("")
@_CAN_CHANGE
def show() -> Response:
    """Show the draft with its form, and the real pages beside it."""
    draft = appearance.draft(current_actor())
    return _page(draft, filled_form(draft.appearance))


@blueprint.post("")
@_CAN_CHANGE
def save() -> Response:
    """Keep what was chosen as the draft; nobody else is shown it."""
    form = LookForm()
    draft = _save(form)
    if isinstance(draft, Response):
        return draft
    if htmx.is_partial():
        return _page(draft, filled_form(draft.appearance))
    where = request.form.get("then", "")
    if where in _PREVIEWS:
        return htmx.redirect(f"{_PREVIEWS[where]}?look={DRAFT}")
    toast(_("Kept as a draft. Nobody is shown it until you publish."))
    return htmx.redirect(url_for("customize.show"))


@blueprint.post("/publish")
@_CAN_CHANGE
def publish() -> Response:
    """Keep what was chosen and show it to everybody."""
    form = LookForm()
    draft = _save(form)
    if isinstance(draft, Response):
        return draft
    try:
        appearance.publish(current_actor(), draft.version)
    except Stale as error:
        return _conflict(error, form)
    toast(_("Published. Everybody sees it from their next page on."))
    return htmx.redirect(url_for("customize.show"))


@blueprint.post("/discard")
@_CAN_CHANGE
def discard() -> Response:
    """Throw the draft away."""
    try:
        appearance.discard(current_actor(), _version())
    except Stale as error:
        return _conflict(error, filled_form(error.draft.appearance))
    toast(_("The draft is gone. What everybody sees is as it was."))
    return htmx.redirect(url_for("customize.show"))


@blueprint.post("/revisions/<int:revision_id>")
@_CAN_CHANGE
def go_back(revision_id: int) -> Response:
    """Show an earlier look again."""
    appearance.go_back(current_actor(), revision_id)
    toast(_("That look is shown again, exactly as it was."))
    return htmx.redirect(url_for("customize.show"))


@blueprint.get("/draft/<surface>")
@_CAN_CHANGE
def draft_sheet(surface: str) -> Response:
    """Answer with the sheet of the draft, for the frames that show it."""
    if surface not in SURFACES:
        abort(404)
    draft = appearance.draft(current_actor())
    return Response(sheet_of(surface, draft.text).body, mimetype="text/css")


def _save(form: LookForm) -> Draft | Response:
    """Keep the draft; otherwise the answer that says why not, with what was chosen."""
    actor, upload = current_actor(), request.files.get("logo")
    sent = upload.read() if upload else b""
    logo = b"" if request.form.get("then") == "no-logo" else sent or None
    try:
        kept = appearance.save_draft
        done = submit(form, lambda: kept(actor, _version(), wished(form), logo=logo))
    except Stale as error:
        return _conflict(error, form)
    if done is None:
        return _page(appearance.draft(actor), form, status=form.status)
    return done.result


def _conflict(error: Stale, form: LookForm) -> Response:
    return _page(error.draft, form, status=_CONFLICT, conflict=str(error))


def _version() -> int:
    return request.form.get("version", 0, type=whole)


def _page(draft: Draft, form: LookForm, *, status: int = 200, conflict: str = "") -> Response:
    """Answer with the whole page, or with what changes beside the fields while they are moved."""
    chosen = draft.appearance
    revisions = appearance.revisions(current_actor())
    context = {
        "draft": draft,
        "form": form,
        "conflict": conflict,
        "presets": [(each, PRESET_NAMES[each.key], _colour(_with(each))) for each in PRESETS],
        "swatches": [(scheme, _swatches(chosen, scheme)) for scheme in SCHEMES],
        "revisions": [(each, _colour(each.appearance)) for each in revisions],
        "previews": {name: f"{path}?look={DRAFT}" for name, path in _previews().items()},
        "sheets": {
            name: url_for("customize.draft_sheet", surface=name, v=draft.version)
            for name in _PREVIEWS
        },
        "pages_digest": _beside_tokens(chosen),
        "texts_open": bool(chosen.header or chosen.footer or form.errors),
    }
    also = ["look-swatches"]
    if request.files.get("logo"):
        also.append("look-logo")
    return page("admin/customize.html", context, fragment="look-state", also=also, status=status)


def _previews() -> dict[str, str]:
    return {name: path for name, path in _PREVIEWS.items() if name != "public" or is_open()}


def _with(preset: Preset) -> Appearance:
    return Appearance(has_accent=True, hue=preset.hue, strength=preset.strength)


def _colour(chosen: Appearance) -> str:
    """Return the accent of these choices on light pages."""
    return colours_of(chosen).light["accent"]


def _swatches(chosen: Appearance, scheme: Scheme) -> list[Swatch]:
    """Return the pairs an owner cares about, each on the ground where it stands out least."""
    colours: Mapping[str, str] = getattr(colours_of(chosen, chosen.level), scheme)
    return [
        Swatch(
            name=name,
            front=colours[front],
            back=min((colours[back] for back in backs), key=partial(contrast, colours[front])),
            ratio=f"{min(contrast(colours[front], colours[back]) for back in backs):.1f}",
        )
        for name, front, backs in (
            (_("Words on buttons"), "on-accent", ("accent", "accent-hover")),
            (_("Links"), "accent-text", GROUNDS),
            (_("What is chosen"), "accent", GROUNDS),
        )
    ]


def _beside_tokens(chosen: Appearance) -> str:
    """Tell apart choices for which a page has to be made anew, not only dressed anew."""
    seen = (chosen.scheme, chosen.density, chosen.logo, chosen.header, chosen.footer)
    return f"{crc32(repr(seen).encode()):x}"
