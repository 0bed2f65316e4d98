"""Who tries the doors: somebody who works here, a stranger, and one who owes a second factor.

An attack may end its own visit, and a door tried by somebody who is no longer let in proves
nothing. So whoever is shown out comes back and tries once more.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Flask

from deskcore.domain.people import SYSTEM
from deskcore.models import SecondFactor
from deskcore.services import invitations, second_factor, users
from deskcore.services.invitations import Invited
from deskcore.services.unit import unit_of_work
from tests.hostile.doors import Door
from tests.hostile.sending import Answer, attack
from tests.hostile.visiting import PASSWORD, Visitor

# What was typed at sign-in counts for ten minutes; these many tries take less.
TRIES_OF_A_VISIT = 1000
WITH_A_FACTOR = "f@shop.example"
# These are about coming in; somebody who is in is led past them.
OF_STRANGERS = "auth."
OF_HALF_WAY = "second_factor.enter_code"


@dataclass
class Attackers:
    """The three of them, and how often they tried."""

    app: Flask
    owner: Visitor
    tries: int = 0
    shown_out: list[str] = field(default_factory=list)
    """Doors at which somebody was shown out twice: they were never tried."""

    def __post_init__(self) -> None:
        _let_somebody_have_a_factor()
        self.stranger = Visitor(self.app.test_client())
        self.half_way = Visitor(self.app.test_client())
        self._come(self.stranger)
        self._come(self.half_way)

    def attack(self, door: Door, value: str) -> Answer:
        """Try *value* at *door* as the one it is for."""
        visitor = self._whose(door)
        self.tries += 1
        if self.tries % TRIES_OF_A_VISIT == 0:
            self._come(self.owner)
        answer = attack(self.app, visitor, door, value)
        if visitor is self.stranger:
            if answer.response.status_code == 303:
                self._come(visitor)  # perhaps it is no stranger any more
        elif _is_shown_out(answer):
            self._come(visitor)
            answer = attack(self.app, visitor, door, value)
            if _is_shown_out(answer):
                self.shown_out.append(f"{door} with {value[:60]!r}")
        return answer

    def _whose(self, door: Door) -> Visitor:
        if door.route.endpoint == OF_HALF_WAY:
            return self.half_way
        return self.stranger if door.route.endpoint.startswith(OF_STRANGERS) else self.owner

    def _come(self, visitor: Visitor) -> None:
        if visitor is self.owner:
            visitor.sign_in()
            return
        visitor.client.delete_cookie("desk")
        visitor.get("/sign-in")
        if visitor is self.half_way:
            visitor.post("/sign-in", {"email": WITH_A_FACTOR, "password": PASSWORD})
            assert visitor.get("/sign-in/code").status_code == 200


def _is_shown_out(answer: Answer) -> bool:
    return (answer.response.location or "").startswith("/sign-in")


def _let_somebody_have_a_factor() -> None:
    link = invitations.invite(SYSTEM, Invited(email=WITH_A_FACTOR, name="Filip", role="agent"))
    invitations.accept_invitation(link.token, name="Filip", password=PASSWORD)
    found = next(each.id for each in users.people(SYSTEM) if each.email == WITH_A_FACTOR)
    with unit_of_work(SYSTEM) as unit:
        seed = second_factor.sealed(second_factor.new_seed())
        unit.session.add(SecondFactor(user_id=found, seed=seed, since=unit.now))
        unit.session.flush()
        second_factor.renew_codes(unit, found)
