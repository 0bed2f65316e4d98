"""The page that is always there: for a desk that plugins, a theme or a lost account shut.

Plain HTML from core alone: no theme, no shell, no hook of a plugin, no script. Owners come in by
their account, whoever runs the server by ``desk rescue-key``, also while the database is away.
"""

from __future__ import annotations

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    make_response,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from deskcore.clock import now
from deskcore.domain.people import OWNER, Actor
from deskcore.errors import Conflict
from deskcore.services import rescue, rescue_key, support_text
from deskcore.services.desk_settings import DeskSettings
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.forms.accounts import RescueKeyForm
from deskcore.web.forms.base import submit, text_of
from deskcore.web.guards import needs, public
from deskcore.web.identity import (
    RESCUE_VISIT,
    client_address,
    current_actor,
    half_way,
    is_rescuing,
    signed_in_user,
    this_desk,
)
from deskcore.web.renewed import await_successor

blueprint = Blueprint("rescue", __name__, url_prefix="/rescue")


def init_rescue(app: Flask) -> None:
    """Let these pages do without the database; before anything else asks it for who is here."""
    app.before_request(_look_at_database)


@blueprint.get("")
@public
def show() -> Response:
    """Show the plugins and the ways out, to owners and to who has the key; others the door."""
    return _page(RescueKeyForm(formdata=None))


@blueprint.post("/key")
@public
def use_key() -> Response:
    """Let this browser in by the key that the server printed."""
    form = RescueKeyForm()
    key = text_of(form.key)
    done = submit(form, lambda: rescue_key.use_key(key, address=client_address()))
    if done is None:
        return _page(form, status=form.status)
    session[RESCUE_VISIT] = done.result
    return _back()


@blueprint.post("/plugins/<slug>/off")
@needs(rescue.RIGHT, or_rescue_key=True)
def switch_off(slug: str) -> Response:
    """Leave a plugin alone."""
    try:
        rescue.switch_off(_actor(), slug)
    except Conflict as error:
        return _back(str(error))
    return _renewed(_("%(name)s is switched off. Everything it stored is kept.", name=slug))


@blueprint.post("/plugins/<slug>/on")
@needs(rescue.RIGHT, or_rescue_key=True)
def switch_on(slug: str) -> Response:
    """Let a plugin work again, if it can be loaded."""
    try:
        outcome = rescue.switch_on(_actor(), slug)
    except Conflict as error:
        return _back(str(error))
    if not outcome.is_done:
        return _back(outcome.reason)
    return _renewed(_("%(name)s is switched on.", name=slug))


@blueprint.post("/safe-mode/start")
@needs(rescue.RIGHT, or_rescue_key=True)
def start_safe_mode() -> Response:
    """Go on without any plugin."""
    rescue.start_safe_mode(_actor())
    return _renewed(_("The desk is in safe mode. No mail comes in or goes out until it is ended."))


@blueprint.post("/safe-mode/stop")
@needs(rescue.RIGHT, or_rescue_key=True)
def end_safe_mode() -> Response:
    """Go on with the plugins."""
    try:
        rescue.end_safe_mode(_actor())
    except Conflict as error:
        return _back(str(error))
    return _renewed(_("Safe mode is ended: the plugins that are switched on work again."))


@blueprint.post("/restart")
@needs(rescue.RIGHT, or_rescue_key=True)
def restart() -> Response:
    """Replace every process by a fresh one; nobody's request is refused meanwhile."""
    rescue.renew(_actor())
    return _renewed(_("Every process of the desk is a fresh one."))


@blueprint.post("/report")
@needs(rescue.RIGHT, or_rescue_key=True)
def report() -> Response:
    """Hand out a text for whoever helps, without secrets and without what anybody wrote."""
    response = Response(support_text.report(_actor()), mimetype="text/plain")
    name = f"desk-{now():%Y-%m-%d-%H%M}.txt"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.post("/leave")
@needs(rescue.RIGHT, or_rescue_key=True)
def leave() -> Response:
    """End the visit by the key; an owner's own session stays."""
    if is_rescuing():
        rescue_key.end_visit()
        rescue_key.note("rescue.left", address=client_address())
    session.pop(RESCUE_VISIT, None)
    return _back()


def _look_at_database() -> None:
    if request.blueprint != blueprint.name:
        return
    try:
        signed_in_user()
        this_desk()
    except SQLAlchemyError:
        g.desk_is_away, g.desk_settings = True, DeskSettings()


def _actor() -> Actor:
    return rescue_key.RESCUER if is_rescuing() else current_actor()


def _page(form: RescueKeyForm, *, status: int = 200) -> Response:
    user = signed_in_user()
    is_in = is_rescuing() or (user is not None and user.actor.role == OWNER)
    template = current_app.jinja_env.get_template("rescue.html")
    # Not through page(): what plugins and themes may add to pages has no place in this one.
    html = template.render(
        view=rescue.view(_actor()) if is_in else None,
        form=form,
        user=user,
        half_way=half_way(),
        is_by_key=is_rescuing(),
        is_away=g.get("desk_is_away", False),
    )
    return make_response(html, status)


def _renewed(words: str) -> Response:
    if await_successor(is_database_away=g.get("desk_is_away", False)):
        return _back(words)
    return _back(_("It is stored, but no fresh process is ready yet. Look again in a minute."))


def _back(words: str = "") -> Response:
    if words:
        toast(words)
    return htmx.redirect(url_for("rescue.show"))
