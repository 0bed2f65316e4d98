"""Faults 1 to 4: the whole desk is killed while mail comes in."""

from __future__ import annotations

import time

from tests.failpoints import armed
from tests.faults.catalogue import BOTH, fault
from tests.faults.peace import all_in
from tests.faults.stage import Place, Stage
from tests.faults.troubles import Trouble
from tests.process.crashing import eventually

AFTER_IMPORT = ("leave", "seen", "move", "delete")


@fault(1, "kill during fetch", databases=BOTH, in_ci=True)
def killed_while_fetching(stage: Stage) -> None:
    """Kill at random moments of fetching 200 mails, in each of the ways mail is left behind."""
    places = [stage.a_mailbox(after) for after in AFTER_IMPORT]
    for place in places:
        stage.questions(place, 50)
    for _ in range(stage.moments):
        desk = stage.start()
        time.sleep(stage.rng.uniform(0, 1.5))  # the fault itself: any moment will do
        desk.kill()
        for place in places:
            stage.questions(place, 3)
    all_in(stage)


@fault(2, "kill between raw file and commit", databases=BOTH, needs=("strace",), in_ci=True)
def killed_before_the_commit(stage: Stage) -> None:
    """Kill when the bytes are on disk, or at the nth time something is forced to disk."""
    for after in AFTER_IMPORT:
        stage.questions(stage.a_mailbox(after), 5)
    for moment in range(stage.moments):
        for place in stage.places:
            stage.questions(place, 1)
        if moment == 0:
            desk = stage.begin(
                environment=armed({}, "inbound.written", at_pass=stage.rng.randint(1, 4))
            )
        else:
            inject = f"inject=fsync,fdatasync:signal=KILL:when={stage.rng.randint(1, 12)}"
            desk = stage.begin(
                under=("strace", "-f", "-o", "/dev/null", "--seccomp-bpf", "-e", inject)
            )
        # A thread may have too little to write for its nth time to come.
        eventually(lambda: stage.times_said("child died"), timeout_s=10)
        desk.kill()
        (stage.instance / "log.jsonl").unlink()
    all_in(stage)


@fault(3, "kill between commit and marking seen", databases=BOTH, in_ci=True)
def killed_before_marking(stage: Stage) -> None:
    """Have the server fall silent at STORE, then kill the desk."""
    _kill_at("STORE", stage, stage.a_mailbox("seen"), stage.a_mailbox("delete"))
    all_in(stage)


@fault(4, "kill between STORE and EXPUNGE or MOVE", databases=BOTH)
def killed_before_removing(stage: Stage) -> None:
    """Do the same where stored mail is deleted or moved away."""
    _kill_at("EXPUNGE", stage, stage.a_mailbox("delete"))
    _kill_at("MOVE", stage, stage.a_mailbox("move"))
    all_in(stage)


def _kill_at(verb: str, stage: Stage, *places: Place) -> None:
    for _ in range(stage.moments):
        for place in places:
            stage.questions(place, stage.rng.randint(1, 5))
            place.server.troubles.plan(Trouble(how="stall", verb=verb))
        desk = stage.start()
        stage.until(
            lambda: all(place.server.troubles.met for place in places), f"the desk reaches {verb}"
        )
        desk.kill()
        for place in places:
            place.server.troubles.end()
