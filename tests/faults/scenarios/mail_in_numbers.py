"""Faults 28 to 31: numbers and ids that change, come again, or are missing."""

from __future__ import annotations

from time import sleep

from deskcore.clock import now
from deskcore.services import mailbox_views
from deskcore.services.unit import reading
from tests.faults import oracle
from tests.faults.catalogue import BOTH, fault
from tests.faults.numbers import question
from tests.faults.peace import looked_again
from tests.faults.stage import Place, Stage


@fault(28, "UIDVALIDITY changes", databases=BOTH, in_ci=True)
def folders_numbered_anew(stage: Stage) -> None:
    """Renumber the folder again and again while mail comes in."""
    places = [stage.a_mailbox(after) for after in ("leave", "seen", "delete")]
    stage.start()
    for moment in range(stage.moments):
        for place in places:
            stage.questions(place, stage.rng.randint(1, 4))
            # What the desk never saw under its old number cannot be told to have a new one.
            if stage.rng.random() < 0.5 or moment == 0:
                _wait(stage, place)
            place.box.renumber()
            stage.questions(place, 1)
    looked_again(stage)

    def told() -> list[object]:
        with reading() as session:
            return [box.connections[0].renumbered_at for box in mailbox_views.views(session)]

    # Where mails are deleted when they are in, none is left that could have another number.
    stage.until(lambda: all(told()[:2]), "the mailbox's page tells of the new numbers")
    stage.note("the mailbox's page told since when, for a week")


@fault(29, "UIDs come again, gaps, EXISTS shrinks, SEARCH lies", in_ci=True)
def numbers_that_lie(stage: Stage) -> None:
    """Take mails away, leave gaps, hide mails for a while, give a number to another mail."""
    place = stage.a_mailbox()
    stage.start()
    for _ in range(stage.moments):
        stage.questions(place, 3)
        _wait(stage, place)
        box, gone = place.box, stage.rng.choice(place.box.mails)
        box.remove([gone])
        box.uidnext += stage.rng.randint(0, 5)
        hidden = stage.next_number()
        box.hides = lambda mail, hidden=hidden: mail.number == hidden  # type: ignore[misc]  # mypy wants no default
        box.deliver(hidden, question(hidden))
        stage.questions(place, 1)
        stage.until(lambda: len(oracle.missing(place)) <= 1, "what is shown comes in")
        box.hides = lambda _mail: False
        # A number that was another mail's: no server may do that, some have.
        number = stage.next_number()
        sleep(max(0, 1.1 - (now() - gone.at).total_seconds()))  # INTERNALDATE knows whole seconds
        box.reuse(gone.uid, number, question(number))
        stage.questions(place, 1)
        _wait(stage, place)
    looked_again(stage)


@fault(30, "the same mail in two mailboxes, by Bcc, and forwarded")
def one_mail_many_ways(stage: Stage) -> None:
    """Deliver the same bytes to two mailboxes, twice to one, and once more with other traces."""
    first, second = stage.a_mailbox(), stage.a_mailbox()
    stage.start()
    for _ in range(stage.moments):
        number = stage.next_number()
        content = question(number)
        first.box.deliver(number, content)
        second.box.deliver(number, content)
        first.box.deliver(number, content)
        if stage.rng.random() < 0.5:
            _wait(stage, first)
        traced = b"Received: from list.test by mx.test\r\nDelivered-To: me@desk.test\r\n" + content
        first.box.deliver_again(number, traced)
    looked_again(stage)
    stage.note("one entry in each mailbox; further copies are kept as copies of the first")


@fault(31, "no Message-ID, one id for two mails, five ids in one", in_ci=True)
def ids_that_say_nothing(stage: Stage) -> None:
    """Send mails that differ in content alone."""
    place = stage.a_mailbox()
    stage.start()
    five = "\r\nMessage-ID: ".join(f"<{each}@many.test>" for each in "abcde")
    for _ in range(stage.moments):
        for message_id in ("", "", "<same@shop.test>", "<same@shop.test>", five, "<no end"):
            number = stage.next_number()
            place.box.deliver(number, question(number, message_id=message_id))
    looked_again(stage)


def _wait(stage: Stage, place: Place) -> None:
    # A mail whose number is lower than the last one's is not news to IDLE: the next look is a
    # minute away.
    stage.until(lambda: not oracle.missing(place), "what was sent in is in", timeout_s=120)
