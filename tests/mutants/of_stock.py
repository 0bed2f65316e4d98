"""Guards of stock notes, and of what plugins say to customers."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="others than the page showed are told",
        path="plugins/stock_notes/runs.py",
        guard="        if total != expected or not total:\n",
        instead="        if not total:\n",
        test="tests/stock_notes/test_telling.py",
    ),
    Mutant(
        name="customers are told in tickets that one may not see",
        path="plugins/stock_notes/runs.py",
        guard="        ~waits.has_refused(),\n        WAITS.c.ticket_id.in_(seen_by(actor)),\n    )\n",
        instead="        ~waits.has_refused(),\n    )\n",
        test="tests/stock_notes/test_telling.py",
    ),
    Mutant(
        name="two who move a card at once do not hear of one another",
        path="plugins/stock_notes/board.py",
        guard=".where(CARDS.c.id == card_id, CARDS.c.version == version)",
        instead=".where(CARDS.c.id == card_id)",
        test="tests/stock_notes/test_board.py",
    ),
    Mutant(
        name="who wants no news of goods is put on a list",
        path="plugins/stock_notes/waits.py",
        guard="    if has_customer_refused(_customer_of(ticket)):\n",
        instead="    if not _customer_of(ticket):\n",
        test="tests/stock_notes/test_card.py",
    ),
    Mutant(
        name="a plugin answers in the transaction of somebody else",
        path="deskcore/services/plugin_answers.py",
        guard="    if unit.actor != ready.actor:\n",
        instead="    if unit.actor is None:\n",
        test="tests/services/test_plugin_answers.py",
    ),
    Mutant(
        name="an answer of a plugin takes what an agent is writing",
        path="deskcore/services/plugin_answers.py",
        guard="replies.answer(unit, ticket, ready.form, mode=None)",
        instead="replies.answer(unit, ticket, ready.form)",
        test="tests/services/test_plugin_answers.py",
    ),
    Mutant(
        name="a plugin answers where the customer's ticket is spam",
        path="deskcore/services/plugin_answers.py",
        guard="    if ticket.deleted_at or ticket.spam_at or ticket.merged_into_id:\n",
        instead="    if ticket.deleted_at:\n",
        test="tests/services/test_plugin_answers.py",
    ),
)
