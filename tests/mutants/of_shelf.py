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
    Mutant(
        name="an import that was stopped goes on",
        path="plugins/catalogue/importing.py",
        guard="        if not _move(unit, this, position=this.position + len(rows)):\n",
        instead="        if not _move(unit, this, position=this.position + len(rows)) and not rows:\n",
        test="tests/catalogue/test_imports.py",
    ),
    Mutant(
        name="a cell of an export runs in a table program",
        path="plugins/catalogue/exporting.py",
        guard="if cell.startswith(RISKY) and not _NUMBER.fullmatch(cell)",
        instead="if cell.startswith(RISKY) and not cell",
        test="tests/catalogue/test_imports.py",
    ),
    Mutant(
        name="a price loses the decimals that its currency does not have",
        path="plugins/catalogue/amounts.py",
        guard='    if len(cents) > digits and cents[digits:].strip("0"):\n',
        instead="    if len(cents) > digits and not cents:\n",
        test="plugins/catalogue/tests/test_amounts.py",
    ),
    Mutant(
        name="stock that a colleague counted meanwhile is written over",
        path="plugins/catalogue/stock.py",
        guard="    if there.pieces != told.shown:\n",
        instead="    if there.pieces != there.pieces:\n",
        test="tests/catalogue/test_products.py",
    ),
    Mutant(
        name="a picture is what somebody called it",
        path="plugins/catalogue/pictures.py",
        guard='    raise _refused(_("This is no picture that is shown here. Use PNG, JPEG, WebP or GIF."))',
        instead='    return "image/png"',
        test="tests/web/test_catalogue.py",
    ),
    Mutant(
        name="whoever wrote an answer to a review approves it",
        path="plugins/reviews/answers.py",
        guard='    if actor.kind != "user" or actor.id in review.writers:\n',
        instead='    if actor.kind != "user":\n',
        test="tests/reviews/test_answering.py",
    ),
    Mutant(
        name="an answer that changed since it was read is approved",
        path="plugins/reviews/answers.py",
        guard="    if (now or 0) != version:",
        instead="    if version < -1:",
        test="tests/reviews/test_answering.py",
    ),
    Mutant(
        name="an answer to a review leaves by the composer",
        path="plugins/reviews/answers.py",
        guard="    if _publishing.get() == number and text.strip() == approved.strip():",
        instead="    if number:",
        test="tests/reviews/test_answering.py",
    ),
    Mutant(
        name="the menu takes a step that is left to a plugin's pages",
        path="deskcore/services/ticket_kinds.py",
        guard="    if step.by_plugin and not is_plugin:",
        instead="    if step.by_plugin and not before:",
        test="tests/reviews/test_answering.py",
    ),
    Mutant(
        name="time that passed makes somebody another person",
        path="deskcore/services/ticket_kinds.py",
        guard='        if change.actor_kind == "user":\n            return int(change.actor_id)',
        instead='        return int(change.actor_id) if change.actor_kind == "user" else 0',
        test="tests/reviews/test_deputies.py",
    ),
    Mutant(
        name="who does not want to be asked for a review is asked",
        path="plugins/reviews/asking.py",
        guard="    return unit.session.execute(theirs).first() is not None",
        instead="    return False",
        test="tests/reviews/test_arrivals.py",
    ),
)
