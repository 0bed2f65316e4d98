"""What agents see of a ticket with a flow of its own, without JavaScript."""

from __future__ import annotations

import re

from sqlalchemy import select

from deskcore.config import Config
from deskcore.models import Delivery, Mailbox
from deskcore.services.unit import reading
from tests import factories
from tests.databases import opened
from tests.kinds.conftest import House
from tests.plugin.guests import ENTRY, move, propose, status
from tests.statements import statements
from tests.web.conftest import Visitor
from tests.web.test_tickets import answer as filled
from tests.web.test_tickets import eva

WORDS = "Thank you, Olga!"


def offered(html: str) -> list[str]:
    """Return the statuses in the menu of the ticket's head."""
    form = html.partition('id="ticket-status')[2].partition("</form>")[0]
    return [key.rpartition(".")[2] for key in re.findall(r'name="status" value="([^"]*)"', form)]


def test_the_ticket_says_its_kind_and_offers_the_next_statuses_only(
    owner: Visitor, house: House
) -> None:
    page = owner.get(f"/t/{house.number}").text
    assert re.search(r'id="ticket-kind"[^>]*>.*?Guest book', page, re.DOTALL)
    assert offered(page) == ["new", "draft", "published"]
    assert owner.post(f"/t/{house.number}/status", {"status": f"{ENTRY}.draft"}).status_code == 303
    page = owner.get(f"/t/{house.number}").text
    assert offered(page) == ["draft", "asked"]
    assert "Eva Nová set the status: Draft" in page


def test_the_menu_says_why_a_status_cannot_be_chosen(owner: Visitor, house: House) -> None:
    move(house.number, (eva(), "draft"), (eva(), "asked"))
    page = owner.get(f"/t/{house.number}").text
    assert offered(page) == ["asked", "draft"]
    assert "<b>Approved</b> Somebody else has to do this: you brought it to this status." in page


def test_what_is_posted_all_the_same_is_refused_in_words(owner: Visitor, house: House) -> None:
    owner.get(f"/t/{house.number}")
    refused = owner.post(f"/t/{house.number}/status", {"status": f"{ENTRY}.approved"})
    assert refused.status_code == 422
    assert "From “New” this does not go to “Approved”." in refused.text
    move(house.number, (eva(), "draft"), (eva(), "asked"))
    own = owner.post(f"/t/{house.number}/status", {"status": f"{ENTRY}.approved"})
    assert own.status_code == 403
    assert "Somebody else has to do this" in own.text
    assert status(house.number) == "asked"


def test_the_composer_says_when_who_and_how_much(owner: Visitor, house: House) -> None:
    page = owner.get(f"/t/{house.number}").text
    for said in (
        "An answer can be sent once the status is: Approved.",
        "Everybody can read this answer.",
        "Answers: 0 of 1",
        "At most 200 characters.",
        ">200</output>",
    ):
        assert said in page
    assert "Send and solve" not in page
    assert 'aria-describedby="composer-flow"' in page


def test_an_answer_that_cannot_leave_comes_back_untouched_with_the_reason(
    owner: Visitor, house: House
) -> None:
    form = filled(owner, house.number, body="x" * 201)
    refused = owner.post(f"/t/{house.number}/reply", form)
    assert refused.status_code == 422
    assert "once the status is: Approved" in refused.text
    assert "x" * 201 in refused.text
    assert "data-over>-1</output>" in refused.text
    propose_and_approve(house, "x" * 201)
    refused = owner.post(f"/t/{house.number}/reply", filled(owner, house.number, body="x" * 201))
    assert "may have 200 characters here; this one has 201" in refused.text


def propose_and_approve(house: House, words: str) -> None:
    move(house.number, (house.ann, "draft"))
    propose(house.ann, house.number, words)
    move(house.number, (house.bob, "approved"))


def test_approved_words_are_sent_from_the_composer(owner: Visitor, house: House) -> None:
    propose_and_approve(house, WORDS)
    form = filled(owner, house.number, body=WORDS)
    assert owner.post(f"/t/{house.number}/reply", form).status_code == 303
    assert status(house.number) == "published"
    page = owner.get(f"/t/{house.number}").text
    assert "Answers: 1 of 1" in page
    assert "Status after the answer: Published" in page


def test_send_and_solve_goes_round_nothing(owner: Visitor, house: House) -> None:
    form = filled(owner, house.number, body=WORDS, then="solve", status="solved")
    assert owner.post(f"/t/{house.number}/reply", form).status_code == 422
    with reading() as session:
        assert session.scalars(select(Delivery.id)).all() == []
    assert status(house.number) == "new"


def test_a_list_says_the_status_of_the_flow(owner: Visitor, house: House) -> None:
    move(house.number, (house.ann, "draft"), (house.ann, "asked"))
    assert "Needs approval" in owner.get("/v/waiting").text


def test_labels_are_the_readers_language(owner: Visitor, house: House) -> None:
    move(house.number, (house.ann, "draft"), (house.ann, "asked"))
    with_czech = {"Accept-Language": "cs"}
    owner.post("/me/preferences", {"language": "cs"})
    page = owner.get(f"/t/{house.number}", headers=with_czech).text
    assert ("Čeká na schválení" in page) == ('lang="cs"' in page)


def test_a_ticket_whose_plugin_is_off_says_so_and_can_be_solved(
    owner: Visitor, house: House, config: Config
) -> None:
    without = config.model_copy(update={"plugins": ("email", "spam")})
    with opened(without, has_pages=True) as desk:
        browser = Visitor(desk.test_client())
        browser.sign_in()
        page = browser.get(f"/t/{house.number}").text
        assert "The plugin that brought this kind of ticket, “Guest book”, is off or gone." in page
        assert "the plugin that knows them is off" in page
        assert offered(page) == ["new", "open", "solved"]
        form = filled(browser, house.number, body=WORDS)
        refused = browser.post(f"/t/{house.number}/reply", form)
        assert refused.status_code == 422
        assert "the plugin that knows them is off" in refused.text
        assert browser.post(f"/t/{house.number}/status", {"status": "solved"}).status_code == 303
        assert "Solved" in browser.get(f"/t/{house.number}").text


def test_an_entry_is_written_down_at_the_counter(owner: Visitor, house: House) -> None:
    owner.get(f"/t/{house.number}")
    with reading() as session:
        mailbox = session.scalars(select(Mailbox.id)).first()
    told = {"mailbox": mailbox, "subject": "At the counter", "text": "Lovely!", "guest": "Ivo"}
    made = owner.post("/p/guest_book/entries", told)
    assert made.status_code == 303
    page = owner.get(str(made.location)).text
    assert "At the counter" in page
    assert "Lovely!" in page
    assert offered(page) == ["new", "draft", "published"]
    assert owner.post("/p/guest_book/entries", {**told, "mailbox": 99}).status_code == 422


def test_words_are_proposed_and_shown_to_whoever_approves_them(
    owner: Visitor, house: House
) -> None:
    move(house.number, (eva(), "draft"))
    owner.get(f"/t/{house.number}")
    assert owner.post(f"/p/guest_book/propose/{house.number}", {"words": WORDS}).status_code == 303
    page = owner.get(f"/t/{house.number}").text
    assert WORDS in page
    assert status(house.number) == "asked"
    again = owner.post(f"/p/guest_book/propose/{house.number}", {"words": "Coffee?"})
    assert again.status_code == 422
    assert "Coffee?" not in owner.get(f"/t/{house.number}").text


def test_questions_cost_nothing_more_where_kinds_are_brought(owner: Visitor, house: House) -> None:
    question = factories.a_ticket(factories.a_mailbox())
    for path in (f"/t/{question}?v=open", "/v/open"):
        owner.get(path)
        with statements() as seen:
            owner.get(path)
        assert not [each for each in seen if "ticket_kind" in each]
