"""An answer is public only after another person has approved these very words; no way leads round."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from deskcore import clock
from deskcore.domain.people import SYSTEM, Actor
from deskcore.domain.writing import ReplyForm
from deskcore.errors import Conflict, DeskError, Invalid, NotAllowed
from deskcore.models import Delivery, Message
from deskcore.services import replies, tickets
from deskcore.services.unit import reading
from plugins.reviews import answers, deputies, figures, inbox
from plugins.reviews.answers import Press
from plugins.reviews.channel_site import AnySite
from tests import factories
from tests.reviews.conftest import WORDS, Shop, a_site, approve, approved, asked, state, work


def sent() -> list[str]:
    with reading() as session:
        said = select(Message.visible).join(Delivery, Delivery.message_id == Message.id)
        return list(session.scalars(said.order_by(Message.id)))


def press(actor: Actor, number: int, words: str = "") -> Press:
    return Press(number=number, version=inbox.one(actor, number).version, words=words)


def test_a_review_is_answered_by_two_people_and_published(shop: Shop) -> None:
    number = shop.review()
    assert state(number) == "new"
    answers.save(shop.ann, press(shop.ann, number, "Thanks"))
    assert state(number) == "draft"
    asked(shop.ann, number, "Thanks!")
    answers.give_back(shop.bob, press(shop.bob, number), "Say what we do about the post.")
    assert state(number) == "returned"
    assert inbox.one(shop.ann, number).comment == "Say what we do about the post."
    approved(shop, number)
    assert state(number) == "approved"
    answers.publish(shop.ann, number)
    assert state(number) == "published"
    assert sent() == [WORDS]
    review = inbox.one(shop.ann, number)
    assert (review.published, review.approved_by) == (WORDS, "Bob")
    assert review.answered_at is not None


def test_what_is_published_are_the_words_that_were_approved_once(shop: Shop) -> None:
    number = shop.review()
    approved(shop, number)
    answers.publish(shop.ann, number)
    with pytest.raises(Invalid, match="Nothing is approved"):
        answers.publish(shop.ann, number)
    work()
    assert sent() == [WORDS]


WAYS = {
    "the page": approve,
    "mending while approving": lambda actor, number: answers.approve(
        actor, press(actor, number, "Other words"), edits=True
    ),
    "the menu of statuses": lambda actor, number: tickets.change_status(
        actor, number, "reviews.review.approved"
    ),
    "the composer": lambda actor, number: replies.queue_reply(
        actor, number, ReplyForm(body=WORDS, to=("x",))
    ),
    "the composer, whatever it warns of": lambda actor, number: replies.queue_reply(
        actor, number, ReplyForm(body=WORDS, to=("x",), send_anyway=True)
    ),
    "publishing": answers.publish,
    "one person being enough": lambda actor, number: answers.approve_alone(
        actor, press(actor, number, WORDS)
    ),
    "solving it as published": lambda actor, number: tickets.change_status(
        actor, number, "reviews.review.published"
    ),
    "the deputies' status": lambda actor, number: tickets.change_status(
        actor, number, "reviews.review.overdue"
    ),
    "the desk itself": lambda _actor, number: approve(SYSTEM, number),
}


@pytest.mark.parametrize("way", WAYS)
def test_nobody_approves_their_own_words(shop: Shop, way: str) -> None:
    number = shop.review()
    asked(shop.ann, number)
    with pytest.raises((NotAllowed, Invalid)):
        WAYS[way](shop.ann, number)
    assert (state(number), sent()) == ("asked", [])
    approve(shop.bob, number)  # the way that is right is open
    assert state(number) == "approved"


def test_approved_words_leave_by_the_page_of_the_review_only(shop: Shop) -> None:
    number = shop.review()
    approved(shop, number)
    for words in (WORDS, "Other words"):
        with pytest.raises(Invalid, match="published where the review is shown"):
            replies.queue_reply(shop.bob, number, ReplyForm(body=words, to=("x",)))
    assert (state(number), sent()) == ("approved", [])


def test_asking_through_a_colleague_changes_nobodys_words(shop: Shop) -> None:
    number = shop.review()
    answers.save(shop.ann, press(shop.ann, number, WORDS))
    asked(shop.bob, number, WORDS)  # the same words: Bob asked, Ann wrote
    for writer in (shop.ann, shop.bob):
        with pytest.raises(NotAllowed):
            approve(writer, number)
    approve(shop.eva, number)
    assert state(number) == "approved"


def test_an_approver_may_mend_and_approve_but_not_their_own_mending_later(shop: Shop) -> None:
    number = shop.review()
    asked(shop.ann, number)
    answers.approve(shop.bob, press(shop.bob, number, "Mended."), edits=True)
    assert inbox.one(shop.bob, number).approved == "Mended."
    answers.take_back(shop.bob, number)
    asked(shop.bob, number, "Mended again.")
    with pytest.raises(NotAllowed):
        approve(shop.bob, number)


def test_a_right_that_was_taken_away_is_asked_for_at_each_press(shop: Shop) -> None:
    number = shop.review()
    asked(shop.ann, number)
    agent = Actor(kind="user", id=shop.eva.id, role="agent", name="Eva", team_ids=frozenset())
    demoted = factories.a_user("agent", name="Dan", teams=(factories.a_team(shop.mailbox),))
    for nobody in (demoted, agent):
        with pytest.raises(DeskError):
            approve(nobody, number)
    approve(shop.bob, number)
    without = Actor(
        kind="user", id=shop.bob.id, role="admin", refused=frozenset({"reviews.answer.publish"})
    )
    with pytest.raises(NotAllowed):
        answers.publish(without, number)


def test_what_was_read_is_what_is_approved_in_two_tabs(shop: Shop) -> None:
    number = shop.review()
    asked(shop.ann, number)
    seen = press(shop.bob, number)
    answers.take_back(shop.ann, number)
    asked(shop.ann, number, "Something else entirely.")
    with pytest.raises(Invalid, match="changed this answer"):
        answers.approve(shop.bob, seen)
    assert state(number) == "asked"


def test_of_two_who_decide_at_once_one_is_heard(shop: Shop, app: Flask) -> None:
    number = shop.review()
    asked(shop.ann, number)
    seen, at_once = press(shop.bob, number), Barrier(2)

    def decide(who: Actor, how: str) -> str:
        with app.app_context():
            at_once.wait()
            try:
                if how == "approve":
                    answers.approve(who, seen)
                else:
                    answers.give_back(who, seen, "No.")
            except (Invalid, Conflict, NotAllowed) as error:
                return str(error)
            return ""

    with ThreadPoolExecutor(2) as threads:
        told = list(threads.map(decide, (shop.bob, shop.eva), ("approve", "return")))
    assert sum(not words for words in told) == 1, told
    assert state(number) in {"approved", "returned"}


def test_a_site_may_ask_for_one_person_only_from_then_on(shop: Shop) -> None:
    alone = a_site(settings=AnySite(four_eyes=False, longest=60), name="Blog")
    number, strict = shop.review(site=alone), shop.review()
    answers.approve_alone(shop.ann, press(shop.ann, number, WORDS))
    answers.publish(shop.ann, number)
    assert state(number) == "published"
    with pytest.raises(NotAllowed):
        answers.approve_alone(shop.ann, press(shop.ann, strict, WORDS))


def test_a_deputy_approves_what_waited_too_long_and_nothing_else(shop: Shop) -> None:
    number = shop.review()
    deputy = factories.a_user("agent", name="Dan", teams=(factories.a_team(shop.mailbox),))
    asked(deputy, number)
    helper = factories.a_user("agent", name="Hana", teams=tuple(deputy.team_ids))
    with pytest.raises(NotAllowed):
        approve(helper, number)
    assert deputies.open_to_deputies() == 0
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        assert deputies.open_to_deputies() == 1
        assert state(number) == "overdue"
        with pytest.raises(NotAllowed):
            approve(deputy, number)  # the time that passed makes nobody another person
        approve(helper, number)
    assert state(number) == "approved"


def test_a_refused_answer_comes_back_with_the_sites_words(shop: Shop) -> None:
    number = shop.review()
    approved(shop, number)
    answers.publish(shop.ann, number)
    work()
    answers.refused_there(shop.ann, number, "No links, please.")
    assert state(number) == "returned"
    assert inbox.one(shop.ann, number).refusal == "No links, please."
    approved(shop, number, "Without links.")
    answers.publish(shop.ann, number)
    work()
    assert (state(number), sent()) == ("published", [WORDS, "Without links."])


def test_a_site_with_one_slot_replaces_its_answer_or_keeps_it_for_good(shop: Shop) -> None:
    stone = a_site(settings=AnySite(replaces=False), name="Stone")
    for site, is_replaced in ((shop.site, True), (stone, False)):
        number = shop.review(site=site)
        approved(shop, number)
        answers.publish(shop.ann, number)
        work()
        if is_replaced:
            approved(shop, number, "Better words.")
            answers.publish(shop.ann, number)
            assert inbox.one(shop.ann, number).published == "Better words."
        else:
            with pytest.raises(Invalid, match="can never be changed"):
                asked(shop.ann, number, "Better words.")


def test_the_length_is_the_sites(shop: Shop) -> None:
    number = shop.review()
    with pytest.raises(Invalid, match="takes 60 characters; this has 61"):
        asked(shop.ann, number, "x" * 61)
    asked(shop.ann, number, "x" * 60)
    assert state(number) == "asked"


def test_the_figures_agree_with_a_count_of_their_own(shop: Shop) -> None:
    for at in range(3):
        number = shop.review(text=f"Review {at}")
        if at < 2:
            asked(shop.ann, number)
        if at < 1:
            approve(shop.bob, number)
            answers.publish(shop.ann, number)
    work()
    found = figures.figures(shop.ann)
    recount = """
        SELECT sum(CASE WHEN state NOT IN ('published', 'gone') THEN 1 ELSE 0 END),
               sum(CASE WHEN state IN ('asked', 'overdue') THEN 1 ELSE 0 END),
               count(answered_at) FROM plg_reviews_review
    """
    with reading() as session:
        assert tuple(session.connection().exec_driver_sql(recount).one()) == (
            found.open,
            found.waiting,
            found.answered,
        )
    for name, count in (("open", found.open), ("waiting", 1), ("answered", 1)):
        assert inbox.listed(shop.ann, inbox.Wanted(state=name))[1] == count
    with reading() as session:
        took = session.connection().exec_driver_sql("SELECT max(took_s) FROM plg_reviews_review")
        assert (found.open, found.median_s) == (
            2,
            took.scalar_one(),
        )  # one answer is its own median
