"""Guards of kinds of tickets: no way leads round a flow."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="any status follows any other in a kind's flow",
        path="deskcore/services/ticket_kinds.py",
        guard="    if step is None:",
        instead="    if step is None and False:",
        test="tests/kinds/test_flow.py",
    ),
    Mutant(
        name="whoever asked for an approval gives it",
        path="deskcore/services/ticket_kinds.py",
        guard="    if brought_by(session, ticket_id, before) == actor.id:",
        instead="    if False:",
        test="tests/kinds/test_flow.py",
    ),
    Mutant(
        name="an answer leaves before it is approved",
        path="deskcore/services/ticket_kinds.py",
        guard="    if words := answer_words(unit.session, ticket, body, again=again):",
        instead="    if False:",
        test="tests/kinds/test_flow.py",
    ),
    Mutant(
        name="two answers meet in a room for one",
        path="deskcore/services/ticket_kinds.py",
        guard="    if unit.session.scalars(now).one() != ticket.status_id:",
        instead="    if False:",
        test="tests/kinds/test_flow.py",
    ),
    Mutant(
        name="a plugin that is off lets answers of its kind leave",
        path="deskcore/services/ticket_kinds.py",
        guard='        return away_words() if is_guarded(session, ticket) else ""',
        instead='        return ""',
        test="tests/kinds/test_life.py",
    ),
    Mutant(
        name="taking an answer back undoes what happened since",
        path="deskcore/services/undoing.py",
        guard='    if now.key != previous.get("status_after"):',
        instead="    if False:",
        test="tests/kinds/test_flow.py",
    ),
    Mutant(
        name="what failed is sent again whatever came since",
        path="deskcore/services/delivery.py",
        guard="        ticket_kinds.require_again(unit, delivery)\n",
        instead="",
        test="tests/kinds/test_flow.py",
    ),
    Mutant(
        name="a channel opens tickets of another plugin's kind",
        path="deskcore/services/ticket_kinds.py",
        guard="brought.slug == carrier.slug",
        instead="bool(brought)",
        test="tests/kinds/test_opening.py",
    ),
)
