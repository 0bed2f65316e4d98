"""Teams: who shares work, and which mailboxes that opens."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from deskcore.services import teams, users
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.forms.base import submit, text_of
from deskcore.web.forms.people import NewTeamForm, TeamForm
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor

blueprint = Blueprint("teams", __name__, url_prefix="/admin/teams")

_CAN_MANAGE = needs("people.manage")


@blueprint.get("")
@_CAN_MANAGE
def index() -> Response:
    """List the teams."""
    return _index_page(NewTeamForm())


@blueprint.post("")
@_CAN_MANAGE
def create() -> Response:
    """Make a team and show it."""
    form = NewTeamForm()
    done = submit(form, lambda: teams.create_team(current_actor(), text_of(form.name)))
    if done is None:
        return _index_page(form, status=form.status)
    return htmx.redirect(url_for("teams.show", team_id=done.result))


@blueprint.get("/<int:team_id>")
@_CAN_MANAGE
def show(team_id: int) -> Response:
    """Show one team with its form."""
    view = teams.team(current_actor(), team_id)
    form = TeamForm(name=view.name)
    form.offer(users.people(current_actor()))
    form.member_ids.data = sorted(view.member_ids)
    return page("people/team.html", {"team": view, "form": form})


@blueprint.post("/<int:team_id>")
@_CAN_MANAGE
def change(team_id: int) -> Response:
    """Store name and people."""
    actor = current_actor()
    view = teams.team(actor, team_id)
    form = TeamForm()
    form.offer(users.people(actor))
    done = submit(
        form,
        lambda: teams.change_team(
            actor, team_id, name=text_of(form.name), member_ids=form.member_ids.data or []
        ),
    )
    if done is None:
        return page("people/team.html", {"team": view, "form": form}, status=form.status)
    toast(_("Saved."))
    return htmx.redirect(url_for("teams.index"))


@blueprint.post("/<int:team_id>/delete")
@_CAN_MANAGE
def delete(team_id: int) -> Response:
    """Remove a team; its people stay."""
    teams.delete_team(current_actor(), team_id)
    toast(_("The team is deleted; its people stay."))
    return htmx.redirect(url_for("teams.index"))


def _index_page(form: NewTeamForm, status: int = 200) -> Response:
    actor = current_actor()
    names = {person.id: person.name for person in users.people(actor)}
    context = {"teams": teams.teams(actor), "names": names, "form": form}
    return page("people/teams.html", context, status=status)
