"""Guards of the plugins that the desk comes with."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="an answer with a placeholder in it is sent",
        path="plugins/saved_replies/unfilled.py",
        guard="    if not left:\n",
        instead="    if left or not left:\n",
        test="tests/web/test_saved_replies.py",
    ),
    Mutant(
        name="a plugin that is gone leaves its placeholders in an answer",
        path="plugins/saved_replies/unfilled.py",
        guard="        known |= all_placeholders()",
        instead="        pass",
        test="tests/web/test_saved_replies.py",
    ),
    Mutant(
        name="a saved reply of one team is offered to all",
        path="plugins/saved_replies/replies.py",
        guard="if sees_all or not reply.team_ids or reply.team_ids & actor.team_ids",
        instead="if sees_all or actor",
        test="tests/saved_replies/test_replies.py",
    ),
    Mutant(
        name="a placeholder of a plugin says what it likes",
        path="deskcore/services/placeholders.py",
        guard="    if len(value) > LONGEST:",
        instead="    if not value:",
        test="tests/web/tea_shop/test_placeholders.py",
    ),
    Mutant(
        name="a tool leads anywhere",
        path="deskcore/web/replies.py",
        guard="    if url not in {owned.item.url for owned in tools}:",
        instead="    if not tools:",
        test="tests/web/test_saved_replies.py",
    ),
    Mutant(
        name="two who change a saved reply at once do not hear of one another",
        path="plugins/saved_replies/replies.py",
        guard=".where(REPLIES.c.id == reply_id, REPLIES.c.version == version)",
        instead=".where(REPLIES.c.id == reply_id)",
        test="tests/saved_replies/test_replies.py",
    ),
)
