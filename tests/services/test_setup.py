"""The first start: one code, one owner, once."""

from __future__ import annotations

import pytest

from deskcore.domain.people import SYSTEM
from deskcore.errors import Invalid, NotFound
from deskcore.services import sessions, setup, teams, users
from deskcore.services.desk_settings import DeskSettings, desk_settings
from deskcore.services.setup import FirstOwner

pytestmark = pytest.mark.usefixtures("app")

EVA = FirstOwner(name="Eva", email="Eva@example.com", password="velmi dlouhe heslo")
TEA = DeskSettings(name="Čajovna", time_zone="Europe/Prague", language="cs")


def opened() -> str:
    """Return the proof of a browser that knew the code."""
    code = setup.ensure_setup_code()
    assert code
    return setup.check_setup_code(code)


def test_the_code_makes_the_first_owner_who_is_signed_in() -> None:
    user = sessions.resume(setup.create_owner(opened(), EVA, TEA))
    assert user is not None
    assert (user.email, user.actor.role, user.language) == ("eva@example.com", "owner", "cs")
    assert desk_settings() == TEA


def test_everyone_starts_in_a_team_so_that_mailboxes_can_be_shared() -> None:
    setup.create_owner(opened(), EVA, TEA)
    (team,) = teams.teams(SYSTEM)
    assert team.member_ids == {users.people(SYSTEM)[0].id}


def test_a_desk_that_is_set_up_has_no_code() -> None:
    setup.create_owner(opened(), EVA, TEA)
    assert setup.is_set_up()
    assert setup.ensure_setup_code() is None


def test_one_code_makes_one_owner() -> None:
    proof = opened()
    setup.create_owner(proof, EVA, TEA)
    second = FirstOwner(name="M", email="m@example.com", password=EVA.password)
    with pytest.raises(NotFound):
        setup.create_owner(proof, second, TEA)
    assert not setup.may_set_up(proof)
    assert [person.email for person in users.people(SYSTEM)] == ["eva@example.com"]


def test_a_new_start_ends_the_code_before() -> None:
    proof = opened()
    setup.ensure_setup_code()
    assert not setup.may_set_up(proof)


def test_the_code_may_be_typed_in_any_case_and_spacing() -> None:
    code = setup.ensure_setup_code()
    assert code
    assert setup.check_setup_code(f" {code.replace('-', ' ').lower()} ")


@pytest.mark.parametrize("code", ["", "A", "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA", "\0" * 25])
def test_an_invented_code_opens_nothing(code: str) -> None:
    setup.ensure_setup_code()
    with pytest.raises(Invalid):
        setup.check_setup_code(code)
    assert not setup.may_set_up(code)


def test_everything_that_is_wrong_is_said_at_once_and_the_code_stays_good() -> None:
    proof = opened()
    with pytest.raises(Invalid) as refused:
        setup.create_owner(
            proof,
            FirstOwner(name=" ", email="eva", password="short"),
            DeskSettings(name="", time_zone="Mars/Olympus", language="xx"),
        )
    assert {problem.field for problem in refused.value.problems} == {
        "name", "email", "password", "shop_name", "shop_time_zone", "shop_language",
    }  # fmt: skip
    assert setup.may_set_up(proof)
