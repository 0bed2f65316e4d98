"""The first start: a code printed on the host opens set-up, which makes the first owner, once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from deskcore.domain.people import OWNER, SYSTEM, canonical_email
from deskcore.errors import Invalid, NotFound, Problem
from deskcore.i18n import _
from deskcore.models import Team, TicketSequence, User
from deskcore.services.desk_settings import (
    DeskSettings,
    check_desk_settings,
    store_desk_settings,
)
from deskcore.services.passwords import hash_password, password_problems
from deskcore.services.sessions import begin_session
from deskcore.services.throttle import count_try
from deskcore.services.tokens import find, issue, use
from deskcore.services.typed_codes import as_stored, in_groups, new_code
from deskcore.services.unit import Unit, reading, unit_of_work
from deskcore.services.users import add_user, check_email, check_name, put_into_teams


@dataclass(frozen=True, kw_only=True)
class FirstOwner:
    """Who starts the desk."""

    name: str
    email: str
    password: str


def is_set_up() -> bool:
    """Whether the desk has an owner yet."""
    with reading() as session:
        return _has_people(session)


def ensure_setup_code() -> str | None:
    """Make the code that opens set-up, ending any earlier one; None once the desk is set up.

    Only its digest is stored, so every start prints a new one.
    """
    with unit_of_work(SYSTEM) as unit:
        if _has_people(unit.session):
            return None
        code = new_code()
        issue(unit, "setup", token=code)
    return in_groups(code)


def check_setup_code(code: str, *, address: str = "") -> str:
    """Return the proof that a browser knew the code; raises Invalid when it is wrong.

    The proof is good for as long as the code is; guessing is slowed down like sign-in.
    """
    count_try("setup", address)
    plain = as_stored(code)
    with reading() as session:
        row = find(session, "setup", plain)
    if row is None:
        text = _("This is not the code that the server printed at its last start.")
        raise Invalid([Problem(field="code", message=text)])
    return plain


def may_set_up(proof: str) -> bool:
    """Whether the proof a browser carries still opens set-up."""
    with reading() as session:
        return not _has_people(session) and find(session, "setup", proof) is not None


def create_owner(
    proof: str,
    owner: FirstOwner,
    settings: DeskSettings,
    *,
    address: str = "",
    user_agent: str = "",
) -> str:
    """Make the first account and name the desk, using the code up; returns a session's id."""
    email = canonical_email(owner.email)
    _check(owner, email, settings)
    stored = hash_password(owner.password)
    with unit_of_work(SYSTEM) as unit:
        if _has_people(unit.session):
            raise NotFound(_("The desk has been set up already."))
        use(unit, "setup", proof)
        _let_one_in(unit)
        user = add_user(
            unit,
            email=email,
            name=owner.name.strip(),
            role=OWNER,
            password_hash=stored,
            language=settings.language,
        )
        _start_team(unit, user.id)
        session_id = begin_session(unit, user.id, address=address, user_agent=user_agent)
        store_desk_settings(unit, settings)
        unit.audit("desk.set_up", email, address=address)
        return session_id


def _check(owner: FirstOwner, email: str, settings: DeskSettings) -> None:
    """Raise Invalid with everything that is wrong, the desk's fields as ``shop_…``."""
    problems = check_name(owner.name) + check_email(email) + password_problems(owner.password)
    try:
        check_desk_settings(settings)
    except Invalid as error:
        problems += [
            Problem(field=f"shop_{problem.field}", message=problem.message)
            for problem in error.problems
        ]
    if problems:
        raise Invalid(problems)


def _start_team(unit: Unit, owner_id: int) -> None:
    """Make the team that small desks never need to think about: everybody is in it."""
    team = Team(name=_("Everyone"), created_at=unit.now)
    unit.session.add(team)
    unit.session.flush()
    put_into_teams(unit, owner_id, [team.id])


def _let_one_in(unit: Unit) -> None:
    """Make a second set-up at the same moment wait here, then find the first one's owner."""
    unit.session.execute(update(TicketSequence).values(last_number=TicketSequence.last_number))
    if _has_people(unit.session):
        raise NotFound(_("The desk has been set up already."))


def _has_people(session: Session) -> bool:
    joined = select(User.id).where(User.password_hash != "").limit(1)
    return session.execute(joined).first() is not None
