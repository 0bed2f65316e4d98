"""Second factors: people who have one and set up another, people who owe one at sign-in."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from deskcore.domain.people import SYSTEM
from deskcore.models import SecondFactor, UserSession
from deskcore.services import second_factor
from deskcore.services.unit import Unit, unit_of_work
from tests.matrix.world import PEOPLE, World

# A survey on a busy machine takes longer than a password that was typed holds.
SURVEYED_WITHIN = timedelta(hours=2)


def leave_a_code(world: World) -> None:
    """Give those who stop half-way a phone, before they come."""
    with unit_of_work(SYSTEM) as unit:
        world.seeds |= {role: second_factor.new_seed() for role in ("at_code", "at_set_up")}
        _have(unit, world, "at_code", world.seeds["at_code"])


def prove(world: World) -> None:
    """Give everybody who came in a second factor, and a second one half set up.

    Their browsers have just shown the password again; what is asked of the others is tested in
    ``test_proving.py``.
    """
    with unit_of_work(SYSTEM) as unit:
        for role in sorted(PEOPLE):
            _have(unit, world, role, second_factor.new_seed())
            world.seeds[role] = second_factor.new_seed()
            theirs = update(UserSession).where(UserSession.user_id == world.user_ids[role])
            seed = second_factor.sealed(world.seeds[role])
            confirmed_at = unit.now + SURVEYED_WITHIN
            unit.session.execute(theirs.values(seed=seed, confirmed_at=confirmed_at))


def _have(unit: Unit, world: World, role: str, seed: str) -> None:
    user_id = world.user_ids[role]
    world.seeds_in_use.append(seed)
    row = SecondFactor(user_id=user_id, seed=second_factor.sealed(seed), since=unit.now)
    unit.session.add(row)
    unit.session.flush()
    second_factor.renew_codes(unit, user_id)
