"""An owner looks at the desk as an agent does, and changes nothing meanwhile."""

from __future__ import annotations

import pytest

from deskcore.domain.people import SYSTEM
from deskcore.models import AuditEntry, Ticket, TicketSeen
from deskcore.services import audit, users
from deskcore.services.unit import reading
from tests import factories
from tests.web.conftest import Visitor
from tests.web.test_people import id_of, invited


@pytest.fixture
def petr(owner: Visitor, visitor: Visitor) -> int:
    """Give an agent of no team, who has signed in once."""
    path = invited(owner)
    visitor.get(path)
    visitor.post(path, {"name": "Petr", "password": "seven wet umbrellas"})
    return id_of("petr@example.com")


@pytest.fixture
def looking(owner: Visitor, petr: int) -> Visitor:
    """Give the owner's browser, looking as Petr."""
    owner.get(f"/admin/people/{petr}")
    owner.post(f"/admin/people/{petr}/see")
    return owner


def test_what_they_see_is_what_the_other_sees(owner: Visitor, petr: int) -> None:
    number = factories.a_ticket(factories.a_mailbox(), subject="Broken kettle")
    assert "Broken kettle" in owner.get("/v/open").text
    owner.post(f"/admin/people/{petr}/see")
    assert "You see the desk as Petr" in owner.get("/v/open").text
    assert "Broken kettle" not in owner.get("/v/open").text
    assert owner.get(f"/t/{number}").status_code == 404
    assert owner.get("/admin").status_code == 403


@pytest.mark.parametrize("path", ["/v/open", "/admin", "/t/99"])
def test_every_page_says_so_and_has_the_way_back(looking: Visitor, path: str) -> None:
    page = looking.get(path).text
    # Above the panes: a phone shows one of them at a time, and the list comes first.
    above, _, _ = page.partition('<div class="app"' if path == "/v/open" else '<div class="plain')
    assert "You see the desk as Petr" in above
    assert 'id="stop-seeing"' in above


def test_nothing_can_be_changed_and_the_page_says_why(looking: Visitor, petr: int) -> None:
    answer = looking.post("/me", {"name": "Pwned"})
    assert answer.status_code == 403
    assert users.person(SYSTEM, petr).name == "Petr"
    again = looking.post(f"/admin/people/{petr}/see")
    assert again.status_code == 403
    answer = looking.post("/new", {"body": "Hello", "to": "a@b.example"})
    assert answer.status_code == 403
    assert "so nothing was changed" in answer.text
    with reading() as session:
        assert session.query(Ticket).count() == 0


def test_opening_a_ticket_leaves_it_unread_for_the_other(owner: Visitor, petr: int) -> None:
    number = factories.a_ticket(factories.a_mailbox(), subject="Broken kettle")
    users.change_role(SYSTEM, petr, "admin")
    owner.post(f"/admin/people/{petr}/see")
    assert "Broken kettle" in owner.get(f"/t/{number}").text
    assert owner.post(f"/t/{number}/seen", {"message": "1"}).status_code == 204
    with reading() as session:
        assert session.query(TicketSeen).count() == 0


def test_what_is_the_others_own_stays_closed(looking: Visitor) -> None:
    answer = looking.get("/me")
    assert answer.status_code == 403
    assert "for Petr alone" in answer.text


def test_one_press_ends_it_and_both_are_written_down(looking: Visitor, petr: int) -> None:
    looking.post("/see/stop")
    assert "as yourself again" in looking.get(f"/admin/people/{petr}").text
    assert "You see the desk as Petr" not in looking.get("/v/open").text
    assert looking.get("/admin").status_code == 200
    lines = audit.audit_page(SYSTEM).lines
    assert [line.actor_name for line in lines if line.action == "user.seen_as"] == ["Eva Nová"]


def test_a_refusal_meanwhile_is_written_down_as_of_the_one_who_looks(looking: Visitor) -> None:
    assert looking.get("/admin").status_code == 403
    with reading() as session:
        entry = session.query(AuditEntry).filter_by(action="access.refused").one()
    assert entry.actor_name == "Eva Nová"


def test_it_ends_with_the_right_or_the_account_of_the_other(looking: Visitor, petr: int) -> None:
    users.deactivate(SYSTEM, petr)
    assert "You see the desk as" not in looking.get("/v/open").text
    assert looking.get("/admin").status_code == 200


def test_an_admin_cannot_look_as_an_owner(owner: Visitor, visitor: Visitor, petr: int) -> None:
    users.change_role(SYSTEM, petr, "admin")
    visitor.sign_in("petr@example.com", "seven wet umbrellas")
    eva = id_of("eva@example.com")
    assert "see-as" not in visitor.get(f"/admin/people/{eva}").text
    answer = visitor.post(f"/admin/people/{eva}/see")
    assert answer.status_code == 403
    assert "as an owner only when you are one" in answer.text
