"""Second factors of people who are in already: one's own, and what admins may do about others'."""

from __future__ import annotations

from collections.abc import Collection

from deskcore.domain.accounts import FactorView
from deskcore.domain.people import OWNER, ROLES, Actor
from deskcore.errors import Invalid, NotFound, Problem
from deskcore.i18n import _
from deskcore.models import Role, SecondFactor, User, UserSession
from deskcore.services import second_factor
from deskcore.services.access import require
from deskcore.services.sessions import end_sessions
from deskcore.services.unit import reading, unit_of_work


def factor_view(actor: Actor) -> FactorView:
    """Return how the actor's own second factor stands."""
    with reading() as session:
        row = session.get(SecondFactor, actor.id)
        return FactorView(
            since=row.since if row else None,
            codes_left=second_factor.codes_left(session, actor.id),
            is_compulsory=actor.role in second_factor.compulsory_roles(session),
        )


def begin_set_up(actor: Actor, session_id: int) -> None:
    """Make a seed for this browser to show; what is in use stays so until its first code."""
    with unit_of_work(actor) as unit:
        row = unit.session.get_one(UserSession, session_id)
        row.seed = second_factor.sealed(second_factor.new_seed())


def turn_off(actor: Actor, *, address: str = "") -> None:
    """Do without the second factor again; refused (Invalid) where the role needs one."""
    with unit_of_work(actor) as unit:
        if actor.role in second_factor.compulsory_roles(unit.session):
            message = _("Your role needs a second factor. You can change to another phone.")
            raise Invalid([Problem(field="", message=message)])
        if second_factor.remove(unit, actor.id):
            unit.audit("second_factor.off", address=address)


def renew_recovery_codes(actor: Actor, *, address: str = "") -> list[str]:
    """Make ten new recovery codes; the old ones end. Raises NotFound without a second factor."""
    with unit_of_work(actor) as unit:
        if not second_factor.has_one(unit.session, actor.id):
            raise NotFound(_("You have no second factor."))
        unit.audit("second_factor.codes", address=address)
        return second_factor.renew_codes(unit, actor.id)


def reset(actor: Actor, user_id: int) -> bool:
    """Take away the second factor of somebody who lost theirs, and sign them out.

    Owners' are for owners to reset; nobody's own, which is turned off with one's password.
    Tells whether there was one.
    """
    require(actor, "people.manage")
    with unit_of_work(actor) as unit:
        user = unit.session.get(User, user_id)
        if user is None:
            raise NotFound(_("There is no such person."))
        if actor.kind == "user" and user.id == actor.id:
            message = _("Your own second factor is turned off under Your account.")
            raise Invalid([Problem(field="", message=message)])
        if unit.session.get_one(Role, user.role_id).key == OWNER:
            require(actor, "owner.manage")
        had_one = second_factor.remove(unit, user.id)
        if had_one:
            end_sessions(unit, user.id)
            unit.audit("second_factor.reset", user.email)
        return had_one


def compulsory_roles(actor: Actor) -> tuple[str, ...]:
    """Return the roles that must have a second factor."""
    require(actor, "desk.manage")
    with reading() as session:
        return second_factor.compulsory_roles(session)


def change_compulsory_roles(actor: Actor, roles: Collection[str]) -> None:
    """Make the second factor compulsory for these roles; only an owner may.

    Whoever has one of them and no second factor is signed out, and sets it up at the next
    sign-in. Raises Invalid when the actor is one of those: nobody locks themselves out.
    """
    require(actor, "owner.manage")
    wanted = tuple(key for key in ROLES if key in roles)
    with unit_of_work(actor) as unit:
        if actor.role in wanted and not second_factor.has_one(unit.session, actor.id):
            message = _("Set up your own second factor first, under Your account.")
            raise Invalid([Problem(field="roles", message=message)])
        second_factor.store_compulsory_roles(unit, wanted)
        for user_id in second_factor.users_without(unit.session, wanted):
            end_sessions(unit, user_id)
