"""Fault 32: the server does not do what the desk asks of it."""

from __future__ import annotations

from tests.faults import oracle
from tests.faults.catalogue import fault
from tests.faults.peace import looked_again
from tests.faults.stage import Place, Stage, account
from tests.faults.troubles import Trouble

_MANY = 10**6


@fault(32, "folder renamed, quota full, mailbox that may only be read", in_ci=True)
def servers_that_refuse(stage: Stage) -> None:
    """Refuse to mark, move and delete; rename the folder. Each mail is fetched once."""
    refusing = [_refusing(stage, after) for after in ("seen", "move", "delete")]
    full = stage.a_mailbox("seen")
    full.server.troubles.plan(
        Trouble(how="answer", verb="STORE", times=_MANY, words="TAG NO [OVERQUOTA] full\r\n")
    )
    renamed = stage.a_mailbox()
    stage.start()
    for _ in range(stage.moments):
        for place in (*refusing, full):
            stage.questions(place, 2)
        looked_again(stage, [*refusing, full])
        renamed.box.folder = "Renamed"
        stage.questions(renamed, 2)
    for place in (*refusing, full):
        assert "does not let it be marked" in account(place).problem, account(place).problem
        assert _bodies_fetched(place) <= 2 * len(place.box.sent_in), place.server.troubles.passed
    stage.until(lambda: "not on" in account(renamed).problem, "the missing folder is told")
    assert oracle.missing(renamed)
    renamed.box.folder = "INBOX"
    looked_again(stage)
    stage.note("the account says what cannot be done; no mail was downloaded again and again")


def _refusing(stage: Stage, after: str) -> Place:
    place = stage.a_mailbox(after)
    place.box.is_read_only = True
    return place


def _bodies_fetched(place: Place) -> int:
    """Count FETCH commands; each look asks for outlines once and for bodies once."""
    return place.server.troubles.passed.count("FETCH")
