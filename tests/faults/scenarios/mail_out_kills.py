"""Faults 5 and 6: the whole desk is killed while an answer goes out."""

from __future__ import annotations

import time

from deskcore.domain.kinds import DeliveryState
from tests.failpoints import armed
from tests.faults.catalogue import BOTH, fault
from tests.faults.peace import settle
from tests.faults.stage import Pressed, Stage, delivery
from tests.faults.troubles import Trouble

LARGE = 6 * 1024 * 1024


@fault(5, "kill during send, before DATA ends", databases=BOTH, in_ci=True)
def killed_inside_data(stage: Stage) -> None:
    """Kill the desk while the sink is silent inside DATA: the answer goes once, later."""
    place = stage.a_mailbox()
    for moment in range(stage.moments):
        # More than fits between the two: the desk cannot have written all of it.
        stage.press_send(place, file_size=LARGE)
        stage.sink.troubles.plan(Trouble(how="stall", verb=stage.rng.choice(["DATA", "BODY"])))
        desk = stage.start()
        stage.until(lambda: stage.sink.troubles.met, "an answer is on its way")
        desk.kill()
        stage.sink.troubles.end()
        if moment % 5 == 4:
            settle(stage)  # a worker that dies of one answer ten times gives it up
    settle(stage)
    assert {delivery(each).state for each in stage.pressed} == {DeliveryState.SENT}


@fault(6, "kill after the sink's 250, before our commit", databases=BOTH, in_ci=True)
def killed_before_the_result_is_kept(stage: Stage) -> None:
    """Kill where nobody can know whether it went: it is shown as perhaps sent, and not sent again."""
    place = stage.a_mailbox()
    for moment in range(stage.moments):
        pressed = stage.press_send(place)
        if moment % 2 == 1:
            stage.begin(environment=armed({}, "delivery.accepted"))
            _wait_taken(stage, pressed)
            stage.until(lambda: stage.times_said("child died"), "the worker dies")
            stage.desks[-1].kill()
        else:
            stage.sink.troubles.plan(Trouble(how="late", verb="END", seconds=5))
            desk = stage.start()
            _wait_taken(stage, pressed)
            time.sleep(stage.rng.uniform(0, 0.05))  # the fault itself: any moment will do
            desk.kill()
            stage.sink.troubles.end()
        (stage.instance / "log.jsonl").unlink()
    settle(stage)
    assert {delivery(each).state for each in stage.pressed} == {DeliveryState.UNSURE}
    stage.note("shown as perhaps sent, never sent again by itself")


def _wait_taken(stage: Stage, pressed: Pressed) -> None:
    stage.until(
        lambda: stage.ledger.of(pressed.number, pressed.recipients[0]), "the sink takes the answer"
    )
