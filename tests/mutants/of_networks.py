"""Guards of networks: only what is proved, only once, nothing lost, nothing of another's."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="what nobody signed is stored",
        path="deskcore/services/webhooks.py",
        guard="        raise NotAuthentic(account.id) from error",
        instead="        opened = opened if error else opened",
        test="tests/process/test_webhooks.py::test_a_push_that_is_not_authentic_is_refused_counted_and_not_stored",
    ),
    Mutant(
        name="a paused account is pushed to",
        path="deskcore/services/webhooks.py",
        guard="            ChannelAccount.state != AccountState.OFF,\n",
        instead="",
        test="tests/process/test_webhooks.py::test_nobody_listens_at_an_address_that_is_unknown_paused_or_of_mail",
    ),
    Mutant(
        name="a stranger keeps the database busy with refusals",
        path="deskcore/web/incoming.py",
        guard="    if refusals.is_over(client_address()):",
        instead="    if refusals.is_over(client_address()) and False:",
        test="tests/process/test_webhooks.py::test_many_that_are_not_authentic_are_slowed_down_and_keep_no_right_one_out",
    ),
    Mutant(
        name="an answer that repeats what was sent may run",
        path="deskcore/web/incoming.py",
        guard='    use_surface("preview")',
        instead='    use_surface("desk")',
        test="tests/process/test_webhooks.py::test_a_handshake_is_answered_in_its_own_words_and_can_never_run",
    ),
    Mutant(
        name="a push of any size is read",
        path="deskcore/web/incoming.py",
        guard="    request.max_content_length = MOST_BYTES\n",
        instead="",
        test="tests/process/test_webhooks.py::test_five_megabytes_that_nobody_signed_cost_little_and_more_is_not_read",
    ),
    Mutant(
        name="a connection that died unnoticed is kept",
        path="deskcore/fetching.py",
        guard="            if fetcher.is_silent:",
        instead="            if fetcher.is_silent and not fetcher.is_alive:",
        test="tests/process/test_listening.py::test_a_connection_that_died_unnoticed_is_given_up_and_another_one_made",
    ),
    Mutant(
        name="somebody edits what the desk said",
        path="deskcore/services/changes.py",
        guard="    return row.kind in REACTIONS or message.direction == Direction.IN",
        instead="    return row.kind in REACTIONS or message.direction != Direction.NOTE",
        test="tests/services/test_changes.py::test_an_answer_goes_to_who_wrote_and_reports_move_it_forwards_only",
    ),
    Mutant(
        name="another account changes a message",
        path="deskcore/services/changes.py",
        guard="ThreadKey.digest == row.target, TicketLeg.account_id == account.id",
        instead="TicketLeg.id > 0",
        test="tests/services/test_changes.py::test_changes_of_unknown_messages_and_of_other_accounts_are_harmless",
    ),
    Mutant(
        name="what was redacted stays in its original",
        path="deskcore/services/changes.py",
        guard="        .values(digest=None),",
        instead="        .values(reason=''),",
        test="tests/services/test_changes.py::test_what_was_redacted_is_erased_in_every_form",
    ),
    Mutant(
        name="a late report takes a message back to an earlier state",
        path="deskcore/services/delivery.py",
        guard="    if state is not None and _RANK.get(delivery.state, 0) < _RANK[state]:",
        instead="    if state is not None:",
        test="tests/services/test_changes.py::test_an_answer_goes_to_who_wrote_and_reports_move_it_forwards_only",
    ),
    Mutant(
        name="a file of a network may fill memory",
        path="deskcore/services/awaited_files.py",
        guard="        if len(content) > most:",
        instead="        if len(content) > most * 1000:",
        test="tests/services/test_changes.py::test_a_file_that_is_gone_or_too_large_is_told_and_not_asked_for_again",
    ),
)
