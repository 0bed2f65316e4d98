"""Faults 21 to 25: the mail server refuses, stalls, loses its answer, or cannot be trusted."""

from __future__ import annotations

from datetime import timedelta

from deskcore.clock import now
from deskcore.domain.kinds import DeliveryState
from deskcore.services import attention_list
from tests.faults import certificates
from tests.faults.catalogue import fault
from tests.faults.imap_server import PASSWORD
from tests.faults.scenarios.mail_out_kills import LARGE
from tests.faults.stage import Pressed, Stage, delivery
from tests.faults.troubles import Trouble

_FOR_NOW = (
    ("CONNECT", "421 4.3.2 not now"),
    ("MAIL", "421 4.3.2 not now"),
    ("RCPT", "450 4.7.1 greylisted"),
    ("RCPT", "451 4.7.1 greylisted"),
    ("DATA", "451 4.3.0 trouble"),
    ("END", "452 4.3.1 disk full"),
)


@fault(21, "SMTP 421, 450, 451, 452: greylisting", in_ci=True)
def refused_for_now(stage: Stage) -> None:
    """Refuse three tries each in another way: the waits grow, and the fourth try goes."""
    stage.start()
    for moment in range(stage.moments):
        sink = stage.a_sink()
        verb, words = _FOR_NOW[moment % len(_FOR_NOW)]
        sink.troubles.plan(Trouble(how="answer", verb=verb, words=words, times=3))
        pressed = stage.press_send(stage.a_mailbox(sink=sink))
        for tries, minutes in ((1, 1), (2, 5), (3, 15)):
            _until_refused(stage, pressed, tries)
            wait = delivery(pressed).run_at - now()
            assert abs(wait - timedelta(minutes=minutes)) < timedelta(seconds=45), wait
            assert words[:3] in delivery(pressed).detail
            stage.make_due()
        stage.until_state(pressed, DeliveryState.SENT)
    stage.note("tried again after 1, 5 and 15 min; the ticket shows the server's words meanwhile")


@fault(22, "SMTP 550 for one of three recipients")
def one_is_refused(stage: Stage) -> None:
    """Refuse one for good and, elsewhere, one for now: the others get theirs once."""
    stage.start()
    for moment in range(stage.moments):
        three = tuple(f"{name}{moment}@customer.test" for name in ("ann", "bad", "eve"))
        sink = stage.a_sink(refused=frozenset({three[1]}))
        pressed = stage.press_send(stage.a_mailbox(sink=sink), *three)
        stage.until_state(pressed, DeliveryState.SENT)
        assert three[1] in delivery(pressed).detail
        others = tuple(f"{name}{moment}@customer.test" for name in ("joe", "may", "sue"))
        later = stage.a_sink()
        later.troubles.plan(Trouble(how="answer", verb="RCPT", at=2, words="450 4.7.1 greylisted"))
        pressed = stage.press_send(stage.a_mailbox(sink=later), *others)
        _until_refused(stage, pressed, 1)
        stage.make_due()
        stage.until_state(pressed, DeliveryState.SENT)
    stage.note("the refused one is named on the ticket; nobody got it twice")


@fault(23, "SMTP 535, 530, TLS broken, certificate expired", in_ci=True)
def servers_not_to_be_trusted(stage: Stage) -> None:
    """Refuse the password, or show no good certificate: the mailbox says so, the queue is kept."""
    refusing = stage.a_sink(password=PASSWORD)
    unasked = stage.a_sink(password=PASSWORD)
    refusing.troubles.plan(Trouble(how="answer", verb="AUTH", words="535 5.7.8 no", times=10**6))
    unasked.troubles.plan(Trouble(how="answer", verb="AUTH", words="530 5.7.0 no", times=10**6))
    broken, expired = stage.a_sink(), stage.a_sink(tls=certificates.expired(stage.folder))
    places = {
        "refused the user name": stage.a_mailbox(sink=refusing, smtp_sign_in=True),
        "refused the user": stage.a_mailbox(sink=unasked, smtp_sign_in=True),
        "did not start encryption": stage.a_mailbox(sink=broken, smtp_security="tls"),
        "could not be verified": stage.a_mailbox(sink=expired, smtp_security="tls"),
    }
    stage.start()
    for _ in range(stage.moments):
        for words, place in places.items():
            pressed = stage.press_send(place)
            _until_refused(stage, pressed, 1)
            assert words in delivery(pressed).detail, delivery(pressed).detail
            assert PASSWORD not in delivery(pressed).detail
    told = {line.address: line.problem for line in attention_list.read(stage.agent).accounts}
    for words, place in places.items():
        assert words in told[place.box.address]
    assert stage.desks[-1].errors.count(PASSWORD) == 0
    assert {delivery(each).state for each in stage.pressed} == {DeliveryState.QUEUED}
    for sink in (refusing, unasked):
        sink.troubles.end()
    stage.make_due()
    stage.until(lambda: _sent(stage) >= stage.moments * 2, "what waited goes when it is mended")
    stage.note("shown once per mailbox under Needs attention, without the password; answers wait")


@fault(25, "SMTP 552 too big")
def too_big(stage: Stage) -> None:
    """Announce a limit, or only refuse: it fails at once, with the limit named."""
    announcing = stage.a_mailbox(sink=stage.a_sink(size=1_000_000))
    silent = stage.a_sink()
    refusing = stage.a_mailbox(sink=silent)
    stage.start()
    for _ in range(stage.moments):
        named = stage.press_send(announcing, file_size=900_000)
        stage.until_state(named, DeliveryState.FAILED)
        assert "larger than the 1 MB" in delivery(named).detail
        silent.troubles.plan(Trouble(how="answer", verb="END", words="552 5.3.4 too big"))
        unnamed = stage.press_send(refusing, file_size=900_000)
        stage.until_state(unnamed, DeliveryState.FAILED)
        assert "larger than the mail server takes" in delivery(unnamed).detail
        assert delivery(named).tries == delivery(unnamed).tries == 1
    stage.note("failed at the first try, with the limit where the server names one")


@fault(24, "SMTP takes the mail and closes, or never answers", in_ci=True)
def answers_that_are_lost(stage: Stage) -> None:
    """Lose the answer to the end, or the line before it: unsure, or sent later, never twice."""
    place = stage.a_mailbox()
    stage.start()
    for _ in range(stage.moments):
        stage.sink.troubles.plan(Trouble(how="drop", verb="END"))
        lost = stage.press_send(place)
        stage.until_state(lost, DeliveryState.UNSURE)
        stage.sink.troubles.end()
        verb = stage.rng.choice(["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "BODY"])
        stage.sink.troubles.plan(Trouble(how="close", verb=verb))
        # So large that the desk cannot have written all of it when the line dies.
        early = stage.press_send(place, file_size=LARGE if verb == "BODY" else 0)
        stage.until(lambda: stage.sink.troubles.met, "a line dies early")
        stage.until_state(early, DeliveryState.QUEUED)
        stage.make_due()
        stage.until_state(early, DeliveryState.SENT)
        assert delivery(early).tries == 2
    if stage.is_patient:
        _never_answers(stage)
    stage.note("a lost answer is “perhaps sent”; a line that dies before the end is tried again")


def _never_answers(stage: Stage) -> None:
    """Take the mail and say nothing: that is given up after five minutes."""
    sink = stage.a_sink()
    sink.troubles.plan(Trouble(how="late", verb="END", seconds=900))
    silent = stage.press_send(stage.a_mailbox(sink=sink))
    stage.until_state(silent, DeliveryState.UNSURE, timeout_s=400)
    stage.note("silence after the end of a mail was given up after 5 minutes")


def _until_refused(stage: Stage, pressed: Pressed, tries: int) -> None:
    stage.until(
        lambda: (row := delivery(pressed)).tries >= tries and row.state == DeliveryState.QUEUED,
        f"try {tries} of answer {pressed.number} is refused",
    )


def _sent(stage: Stage) -> int:
    return sum(delivery(each).state == DeliveryState.SENT for each in stage.pressed)
