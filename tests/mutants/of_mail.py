"""Guards of mail and answers: nothing lost, nothing twice, nothing that acts."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="the same bytes under another number are a second ticket",
        path="deskcore/services/inbound.py",
        guard="if (original := originals.get(content_hash)) is not None:",
        instead="if (original := None) is not None:",
        test="tests/services/test_inbound.py",
    ),
    Mutant(
        name="a guessed reference lets a stranger into a ticket",
        path="deskcore/services/threading.py",
        guard="        if _is_on(session, candidate, identity):",
        instead="        if candidate.id:",
        test="tests/services/test_inbound.py",
    ),
    Mutant(
        name="mail from before the connection is acknowledged",
        path="deskcore/services/acknowledgements.py",
        guard="if item.arrived_at < account.connected_at or _over_cap(unit, account, identity):",
        instead="if _over_cap(unit, account, identity):",
        test="tests/services/test_inbound.py",
    ),
    Mutant(
        name="automatic mail is acknowledged",
        path="deskcore/services/acknowledgements.py",
        guard="if message.is_auto or message.is_bulk or message.is_own or identity.is_bouncing:",
        instead="if identity.is_bouncing:",
        test="tests/services/test_inbound.py",
    ),
    Mutant(
        name="a sender that slept sends after another did",
        path="deskcore/services/delivery.py",
        guard="if delivery.state != DeliveryState.SENDING or attempt.ended_at is not None:",
        instead="if delivery is None:",
        test="tests/services/test_delivery.py",
    ),
    Mutant(
        name="a form that was sent twice sends twice",
        path="deskcore/services/replies.py",
        guard="form_keys.accept(unit, form.form_key, str(delivery.id))",
        instead="pass",
        test="tests/services/test_replies.py",
    ),
    Mutant(
        name="what waited when a backup was made is sent again after its restore",
        path="deskcore/cli/settling.py",
        guard="waiting = [] if is_moved else",
        instead="waiting = [] if unit else",
        test="tests/cli/test_backup.py",
    ),
    Mutant(
        name="a desk is restored over another one",
        path="deskcore/cli/backup.py",
        guard='if has_living(config.instance / "boot") or not backup_database.is_empty(config.database):',
        instead="if not config:",
        test="tests/cli/test_backup.py",
    ),
    Mutant(
        name="a backup's entry is written wherever it says",
        path="deskcore/cli/backup_archive.py",
        guard="if content is None or not _belongs(entry.name):",
        instead="if content is None:",
        test="tests/cli/test_backup.py",
    ),
    Mutant(
        name="what somebody wrote on the line of a quote is folded with it",
        path="deskcore/domain/folding.py",
        guard="        and not unseen & unexplained\n",
        instead="",
        test="tests/domain/test_folding.py",
    ),
    Mutant(
        name="an answer right below a quote of the markup is folded",
        path="plugins/email/markup.py",
        guard="    mark.tail, element.tail = element.tail, None\n",
        instead="",
        test="tests/email/test_parse_quotes.py",
    ),
    Mutant(
        name="fetching a mail may mark it as read",
        path="plugins/email/located.py",
        guard='_WHOLE = "(UID BODY.PEEK[])"',
        instead='_WHOLE = "(UID BODY[])"',
        test="tests/email/test_imap_oddities.py",
    ),
    Mutant(
        name="a mail leaves without having been read back",
        path="plugins/email/render.py",
        guard="    verify(content, _intent(lists, texts, ids, plain, body))\n",
        instead="",
        test="tests/email/test_render.py",
    ),
    Mutant(
        name="a reply that was taken back is queued still",
        path="deskcore/services/undoing.py",
        guard="        delivery.state = DeliveryState.CANCELLED\n",
        instead="",
        test="tests/services/test_delivery.py::test_a_message_that_was_taken_back_is_not_sent",
    ),
    Mutant(
        name="a reply that was taken back is sent",
        path="deskcore/services/delivery.py",
        guard="if delivery.state != DeliveryState.QUEUED or delivery.run_at > unit.now:",
        instead="if delivery.run_at > unit.now:",
        test="tests/services/test_delivery.py::test_a_message_that_was_taken_back_is_not_sent",
    ),
    Mutant(
        name="remote pictures are loaded",
        path="deskcore/domain/html.py",
        guard="            return address\n",
        instead="            return address or value\n",
        test="tests/domain/test_html.py",
    ),
    Mutant(
        name="two fetchers serve one account",
        path="deskcore/services/channel_accounts.py",
        guard="                    ChannelAccount.lease_until < moment,\n",
        instead="                    ChannelAccount.id == account_id,\n",
        test="tests/services/test_channel_accounts.py",
    ),
    Mutant(
        name="the cleaner lets forms through",
        path="deskcore/domain/html.py",
        guard="    a abbr address article",
        instead="    form button a abbr address article",
        test="tests/domain/test_html.py",
    ),
    Mutant(
        name="the cleaner lets attributes of htmx through",
        path="deskcore/domain/html.py",
        guard='    "*": {"style", "dir", "lang", "title", "align", "valign"},',
        instead='    "*": {"style", "dir", "lang", "title", "hx-get", "hx-trigger"},',
        test="tests/domain/test_html.py",
    ),
    Mutant(
        name="the cleaner believes every style",
        path="deskcore/domain/html.py",
        guard="if mark and len(words) < _LONGEST_STYLE and _STYLE_VALUE.fullmatch(words):",
        instead="if mark:",
        test="tests/domain/test_html.py",
    ),
    Mutant(
        name="a strange subject keeps its line breaks and encoded words",
        path="plugins/email/outgoing_headers.py",
        guard='    broken = kept.replace("=?", "= ?")',
        instead="    broken = value",
        test="tests/hostile/test_outgoing.py",
    ),
    Mutant(
        name="a mail is acknowledged before it is stored",
        path="deskcore/fetching.py",
        guard="""            inbound.store(self.account.id, batch, fence=self.fence)
            self._acknowledge(channel, batch)
""",
        instead="""            self._acknowledge(channel, batch)
            inbound.store(self.account.id, batch, fence=self.fence)
""",
        test="tests/faults/test_faults.py::test_every_mail_and_answer_is_once_where_it_has_to_be[2]",
    ),
    Mutant(
        name="the point of no return is written down after it was passed",
        path="plugins/email/smtp.py",
        guard="""            committing()
            answer = self._commit(client)
""",
        instead="""            answer = self._commit(client)
            committing()
""",
        test="tests/faults/test_faults.py::test_every_mail_and_answer_is_once_where_it_has_to_be[6]",
    ),
    Mutant(
        name="received items have no keys to know them by",
        path="deskcore/services/inbound.py",
        guard="""        external_id=item.external_id[:255],
        content_hash=content_hash,
""",
        instead="""        external_id=f"{item.external_id} {unit.now.timestamp()}",
        content_hash=f"{unit.now.timestamp()}{content_hash}"[:64],
""",
        test="tests/faults/test_faults.py::test_every_mail_and_answer_is_once_where_it_has_to_be[3]",
    ),
)
