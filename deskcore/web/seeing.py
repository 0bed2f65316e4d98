"""Looking at the desk as somebody else: begins, ends, and refuses every change meanwhile."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request, session, url_for
from flask_babel import gettext as _

from deskcore.errors import NotAllowed
from deskcore.services import seeing
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.csrf import SAFE_METHODS
from deskcore.web.guards import needs, signed_in
from deskcore.web.identity import SEEN_AS, current_actor, current_user, signed_in_user

blueprint = Blueprint("seeing", __name__)

# What is somebody's own alone: whoever manages them has no business there.
_PRIVATE = frozenset({"me", "second_factor"})
_ALWAYS = frozenset({"seeing.stop", "auth.sign_out"})


@blueprint.post("/admin/people/<int:user_id>/see")
@needs(seeing.RIGHT)
def start(user_id: int) -> Response:
    """Show this browser the desk as somebody else sees it."""
    seeing.begin(current_actor(), user_id)
    session[SEEN_AS] = user_id
    return htmx.redirect(url_for("inbox.home"))


@blueprint.post("/see/stop")
@signed_in
def stop() -> Response:
    """Be oneself again."""
    seen_id = session.pop(SEEN_AS, 0)
    if not current_user().seen_by:
        return htmx.redirect(url_for("inbox.home"))
    toast(_("You see the desk as yourself again."))
    return htmx.redirect(url_for("people.show", user_id=seen_id))


def init_seeing(app: Flask) -> None:
    """Hold every route to it that nothing changes while somebody looks as another."""
    app.before_request(_only_look)


def _only_look() -> Response | None:
    user = signed_in_user()
    if user is None or not user.seen_by or request.endpoint in _ALWAYS:
        return None
    if request.blueprint in _PRIVATE:
        raise NotAllowed(_("This is for %(name)s alone.", name=user.actor.name))
    if request.method in SAFE_METHODS:
        return None
    if request.endpoint == "tickets.seen":
        return htmx.no_change()  # a script says that for whoever opens a ticket
    raise NotAllowed(
        _(
            "You see the desk as %(name)s, so nothing was changed. Be yourself again to change "
            "something.",
            name=user.actor.name,
        )
    )
