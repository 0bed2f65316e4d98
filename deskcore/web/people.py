"""People who work here: who they are, what they may, inviting them and letting them go."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from deskcore.domain.accounts import IssuedLink
from deskcore.domain.people import OWNER
from deskcore.errors import Invalid
from deskcore.extensions import config
from deskcore.services import invitations, notice_sender, own_factor, sessions, teams, users
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.confirming import asks_password
from deskcore.web.forms.base import submit, text_of
from deskcore.web.forms.people import InviteForm, RoleForm, TeamsForm, role_choices
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor
from deskcore.web.links import absolute
from deskcore.web.numbers import whole

blueprint = Blueprint("people", __name__, url_prefix="/admin/people")

_CAN_MANAGE = needs("people.manage")


@blueprint.get("")
@_CAN_MANAGE
def index() -> Response:
    """List everybody."""
    return page("people/index.html", {"people": users.people(current_actor())})


@blueprint.get("/invite")
@_CAN_MANAGE
def invite() -> Response:
    """Ask whom to invite."""
    form = _invite_form()
    offered = teams.team_refs()
    if len(offered) == 1:
        form.team_ids.data = [offered[0].id]
    return page("people/invite.html", _invite_context(form))


@blueprint.post("/invite")
@_CAN_MANAGE
def send_invitation() -> Response:
    """Make the account, mail the link and show it this once."""
    form = _invite_form()
    done = submit(form, lambda: invitations.invite(current_actor(), _invited(form)))
    if done is None:
        return page("people/invite.html", _invite_context(form), status=form.status)
    return _link_page("invite", done.result)


@blueprint.get("/<int:user_id>")
@_CAN_MANAGE
def show(user_id: int) -> Response:
    """Show one person with what can be changed about them."""
    return _person_page(user_id)


@blueprint.post("/<int:user_id>/role")
@_CAN_MANAGE
@asks_password
def change_role(user_id: int) -> Response:
    """Give somebody another role."""
    form = _role_form()
    done = submit(form, lambda: users.change_role(current_actor(), user_id, text_of(form.role)))
    if done is None:
        return _person_page(user_id, role_form=form)
    toast(_("The role is changed; they sign in anew."))
    return htmx.redirect(url_for("people.show", user_id=user_id))


@blueprint.post("/<int:user_id>/teams")
@_CAN_MANAGE
def change_teams(user_id: int) -> Response:
    """Put somebody into teams."""
    form = _teams_form()
    users.set_teams(current_actor(), user_id, form.team_ids.data or [])
    toast(_("Saved."))
    return htmx.redirect(url_for("people.show", user_id=user_id))


@blueprint.post("/<int:user_id>/deactivate")
@_CAN_MANAGE
def deactivate(user_id: int) -> Response:
    """Shut somebody out; their work goes back to nobody."""
    try:
        freed = users.deactivate(current_actor(), user_id)
    except Invalid as error:
        toast(str(error), kind="bad")
        return htmx.redirect(url_for("people.show", user_id=user_id))
    toast(
        ngettext(
            "Deactivated. %(num)s open ticket is with nobody now.",
            "Deactivated. %(num)s open tickets are with nobody now.",
            freed,
        )
    )
    return htmx.redirect(url_for("people.show", user_id=user_id))


@blueprint.post("/<int:user_id>/reactivate")
@_CAN_MANAGE
def reactivate(user_id: int) -> Response:
    """Let somebody in again."""
    users.reactivate(current_actor(), user_id)
    toast(_("They can sign in again."))
    return htmx.redirect(url_for("people.show", user_id=user_id))


@blueprint.post("/<int:user_id>/invitation")
@_CAN_MANAGE
def renew_invitation(user_id: int) -> Response:
    """Mail a new invitation and show its link, this once."""
    return _link_page("invite", invitations.renew_invitation(current_actor(), user_id))


@blueprint.post("/<int:user_id>/reset")
@_CAN_MANAGE
@asks_password
def make_reset_link(user_id: int) -> Response:
    """Mail a link for a new password and show it, this once."""
    return _link_page("reset", invitations.make_reset_link(current_actor(), user_id))


@blueprint.post("/<int:user_id>/second-factor/reset")
@_CAN_MANAGE
@asks_password
def reset_second_factor(user_id: int) -> Response:
    """Take a lost second factor away; the person signs in with the password and makes another."""
    had_one = own_factor.reset(current_actor(), user_id)
    toast(_("The second factor is reset.") if had_one else _("There was no second factor."))
    return htmx.redirect(url_for("people.show", user_id=user_id))


@blueprint.post("/<int:user_id>/sessions/end")
@_CAN_MANAGE
def end_sessions(user_id: int) -> Response:
    """Sign one of somebody's browsers out, or all of them."""
    # What is no number must not mean "all": it names a browser that is nobody's.
    session_id = request.form.get("session", 0, type=whole) if request.form.get("session") else None
    ended = sessions.end_sessions_of(current_actor(), user_id, session_id)
    toast(ngettext("%(num)s browser is signed out.", "%(num)s browsers are signed out.", ended))
    return htmx.redirect(url_for("people.show", user_id=user_id))


def _person_page(user_id: int, role_form: RoleForm | None = None) -> Response:
    actor = current_actor()
    person = users.person(actor, user_id)
    teams_form = _teams_form()
    teams_form.team_ids.data = [team.id for team in person.teams]
    context = {
        "person": person,
        "roles": role_choices(actor),
        "role_form": role_form or _role_form(person.role),
        "teams_form": teams_form,
        "can_send": notice_sender.can_send(),
        "sessions": sessions.sessions_of(actor, user_id),
        "is_self": person.id == actor.id,
        "may_touch": person.role != OWNER or actor.role == OWNER,
    }
    return page("people/show.html", context, status=role_form.status if role_form else 200)


def _link_page(purpose: str, link: IssuedLink) -> Response:
    """Show a link right in the answer to the form: it is known now and never again."""
    endpoint = {"invite": "auth.invitation", "reset": "auth.reset"}[purpose]
    context = {
        "purpose": purpose,
        "link": link,
        "url": absolute(url_for(endpoint, token=link.token)),
        "mailed_address": config().address if not config().base_url else "",
    }
    return page("people/link.html", context)


def _invite_form() -> InviteForm:
    form = InviteForm()
    form.offer(teams.team_refs())
    form.role.choices = {key: name for key, name, _hint in role_choices(current_actor())}
    return form


def _invite_context(form: InviteForm) -> dict[str, object]:
    return {
        "form": form,
        "roles": role_choices(current_actor()),
        "can_send": notice_sender.can_send(),
    }


def _role_form(role: str = "") -> RoleForm:
    form = RoleForm(role=role) if role else RoleForm()
    form.role.choices = {key: name for key, name, _hint in role_choices(current_actor())}
    return form


def _teams_form() -> TeamsForm:
    form = TeamsForm()
    form.offer(teams.team_refs())
    return form


def _invited(form: InviteForm) -> invitations.Invited:
    return invitations.Invited(
        email=text_of(form.email),
        name=text_of(form.name),
        role=text_of(form.role),
        team_ids=tuple(form.team_ids.data or ()),
    )
