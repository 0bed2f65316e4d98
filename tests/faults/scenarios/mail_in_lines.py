"""Faults 26 and 27: the line to the IMAP server breaks, or stays open and is dead."""

from __future__ import annotations

import time

from tests.faults import oracle
from tests.faults.catalogue import fault
from tests.faults.peace import looked_again
from tests.faults.stage import Place, Stage, account
from tests.faults.troubles import How, Trouble

COMMANDS_OF_A_LOOK = 14
DEAD_AFTER_S = 60.0  # what the design allows a silent server


@fault(26, "IMAP drops in the middle of FETCH, at each command", in_ci=True)
def lines_that_break(stage: Stage) -> None:
    """Break the line at each command in turn, and after byte n of what a FETCH answers."""
    for moment in range(stage.moments):
        at_command, in_literal = stage.a_mailbox("seen"), stage.a_mailbox()
        for place in (at_command, in_literal):
            stage.questions(place, 3, size=20_000)
        how: How = stage.rng.choice(["close", "drop"])
        at = moment % COMMANDS_OF_A_LOOK + 1
        at_command.server.troubles.plan(Trouble(how=how, at=at))
        # The first FETCH asks for outlines, the second for bodies.
        byte = stage.rng.randint(1, 60_000)
        in_literal.server.troubles.plan(Trouble(how="cut", verb="FETCH", at=2, byte=byte))
    stage.start()
    stage.until(lambda: all(p.server.troubles.met for p in stage.places), "every line has broken")
    looked_again(stage)
    stage.note("the next look went on; nothing cut off was stored as whole")


@fault(27, "IMAP half-open: the line is there and nobody answers")
def lines_that_are_dead(stage: Stage) -> None:
    """Fall silent at each command in turn; the mailbox beside it must go on meanwhile."""
    well = stage.a_mailbox()
    dead = [stage.a_mailbox("seen") for _ in range(stage.moments)]
    for moment, place in enumerate(dead):
        stage.questions(place, 2)
        place.server.troubles.plan(Trouble(how="stall", at=moment % COMMANDS_OF_A_LOOK + 1))
    stage.start()
    stage.until(lambda: all(place.server.troubles.met for place in dead), "all lines are dead")
    began = time.monotonic()
    for _ in range(3):
        stage.questions(well, 2)
        stage.until(lambda: not oracle.missing(well), "the other mailbox goes on", timeout_s=20)
    waited = [_noticed_after(stage, place, began) for place in dead]
    assert max(waited) <= 2 * DEAD_AFTER_S + 15, waited
    for place in dead:
        place.server.troubles.end()
    looked_again(stage)
    stage.note(f"noticed after {min(waited):.0f} to {max(waited):.0f} s; the other mailbox went on")


def _noticed_after(stage: Stage, place: Place, began: float) -> float:
    """Wait until the desk has hung up, which shows in a new line or in a counted failure."""
    stage.until(
        lambda: account(place).failures or place.server.troubles.passed.count("GREETING") > 1,
        "the dead line is noticed",
        timeout_s=200,
    )
    return time.monotonic() - began
