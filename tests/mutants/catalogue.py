"""The guards that promises rest on, how each is taken out, and the test that must notice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One guard removed: in *path*, *guard* (which stands there once) becomes *instead*."""

    name: str
    path: str
    guard: str
    instead: str
    test: str


MUTANTS = (
    Mutant(
        name="a piece of a page is kept for readers of every language",
        path="deskcore/theme/kept.py",
        guard="key = (template, page_language(), *values.values())",
        instead="key = (template, *values.values())",
        test="tests/theme/test_kept.py",
    ),
    Mutant(
        name="a page goes on reading what was before its own change",
        path="deskcore/services/unit.py",
        guard="shared.rollback()  # whoever reads on must see what was written",
        instead="pass",
        test="tests/services/test_unit.py",
    ),
    Mutant(
        name="a plugin's sys.exit() gets out of its hook",
        path="deskcore/plugin/guard.py",
        guard="except (Exception, SystemExit) as error:",
        instead="except Exception as error:",
        test="tests/plugin/test_guard.py",
    ),
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
        name="a code of the second factor works twice",
        path="deskcore/services/second_factor.py",
        guard="        .where(SecondFactor.user_id == user_id, SecondFactor.last_step < step)",
        instead="        .where(SecondFactor.user_id == user_id)",
        test="tests/services/test_second_factor.py",
    ),
    Mutant(
        name="a reset link goes round the second factor",
        path="deskcore/services/invitations.py",
        guard="by_link=True)\n"
        "        return begin_session(unit, user.id, address=address, user_agent=user_agent)",
        instead="by_link=True)\n"
        "        return begin_session(\n"
        "            unit, user.id, address=address, user_agent=user_agent, is_proven=True\n"
        "        )",
        test="tests/services/test_second_factor.py",
    ),
    Mutant(
        name="a session that awaits a code is signed in",
        path="deskcore/services/sessions.py",
        guard="    if row.ended_at is not None or row.awaits:",
        instead="    if row.ended_at is not None:",
        test="tests/services/test_second_factor.py",
    ),
    Mutant(
        name="grave changes do not ask for the password",
        path="deskcore/web/confirming.py",
        guard="        return None if user.is_confirmed else _page(form, kept)",
        instead="        return None",
        test="tests/web/test_confirming.py",
    ),
    Mutant(
        name="a changed role leaves the sessions of before",
        path="deskcore/services/users.py",
        guard='        _keep_an_owner(unit.session, field="role")\n        end_sessions(unit, user.id)',
        instead='        _keep_an_owner(unit.session, field="role")',
        test="tests/web/test_confirming.py",
    ),
    Mutant(
        name="a desk with an address answers under any name",
        path="deskcore/web/hosts.py",
        guard="    if host_is_trusted(request.host, [own, *config().trusted_hosts]):",
        instead="    if host_is_trusted(request.host):",
        test="tests/web/test_hosts.py",
    ),
    Mutant(
        name="tickets of hidden mailboxes are visible",
        path="deskcore/services/access.py",
        guard="    return Ticket.mailbox_id.in_(_mailboxes_of(actor))",
        instead="    return true()",
        test="tests/services/test_replies.py",
    ),
    Mutant(
        name="what somebody wrote on the line of a quote is folded with it",
        path="deskcore/domain/folding.py",
        guard="        and not unseen & unexplained\n",
        instead="",
        test="tests/domain/test_folding.py",
    ),
    Mutant(
        name="the folded half of a message is not cleaned",
        path="deskcore/web/messages.py",
        guard="quoted = html.clean_counted(halves.quoted, images=images)",
        instead="quoted = html.Cleaned(html=halves.quoted)",
        test="tests/web/test_workspace_pages.py",
    ),
    Mutant(
        name="an answer right below a quote of the markup is folded",
        path="plugins/email/markup.py",
        guard="    mark.tail, element.tail = element.tail, None\n",
        instead="",
        test="tests/email/test_parse_quotes.py",
    ),
    Mutant(
        name="asking for a password tells by its work who has an account",
        path="deskcore/services/link_requests.py",
        guard="""        unit.enqueue("links.password", {"email": email})""",
        instead="""        if unit.session.scalar(select(User.id).where(User.email == email)):
            unit.enqueue("links.password", {"email": email})""",
        test="tests/services/test_link_requests.py",
    ),
    Mutant(
        name="a link is mailed to where colleagues read it",
        path="deskcore/services/notices.py",
        guard="if user.email in own_addresses(unit.session):",
        instead="if not user.email:",
        test="tests/services/test_notices.py",
    ),
    Mutant(
        name="agents read a report that may quote a link",
        path="deskcore/services/attention.py",
        guard="if not actor.is_admin:",
        instead="if not actor.role:",
        test="tests/services/test_notices.py",
    ),
    Mutant(
        name="a stranger fills somebody's mailbox with links",
        path="deskcore/services/link_requests.py",
        guard="(sent or 0) < PER_HOUR",
        instead="(sent or 0) >= 0",
        test="tests/services/test_link_requests.py",
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
        name="a plugin reaches the private network",
        path="deskcore/plugin/net.py",
        guard="            self._check_address(host, address)\n",
        instead="            pass\n",
        test="tests/plugin/test_net.py",
    ),
    Mutant(
        name="a page hook reaches the network",
        path="deskcore/plugin/net.py",
        guard="        self._require_open()\n",
        instead="",
        test="tests/plugin/test_net.py",
    ),
    Mutant(
        name="another site's request with a token is taken",
        path="deskcore/web/csrf.py",
        guard="    if not comes_from_here(",
        instead="    if False and comes_from_here(",
        test="tests/web/test_csrf.py",
    ),
    Mutant(
        name="a form without token is taken",
        path="deskcore/web/csrf.py",
        guard="        _protect.protect()",
        instead="        pass",
        test="tests/web/test_csrf.py",
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
        name="a new password leaves other browsers signed in",
        path="deskcore/services/own_account.py",
        guard="        end_sessions(unit, user.id, except_id=session_id)\n",
        instead="",
        test="tests/services/test_sessions.py",
    ),
    Mutant(
        name="remote pictures are loaded",
        path="deskcore/domain/html.py",
        guard="            return address\n",
        instead="            return address or value\n",
        test="tests/domain/test_html.py",
    ),
    Mutant(
        name="a plugin's answer of the wrong type is used",
        path="deskcore/plugin/manager.py",
        guard="    if not isinstance(item, kind):",
        instead="    if item is None:",
        test="tests/plugin/test_manager.py",
    ),
    Mutant(
        name="two fetchers serve one account",
        path="deskcore/services/channel_accounts.py",
        guard="                    ChannelAccount.lease_until < moment,\n",
        instead="                    ChannelAccount.id == account_id,\n",
        test="tests/services/test_channel_accounts.py",
    ),
    Mutant(
        name="a child told to stop at its fork lives on",
        path="deskcore/serve.py",
        guard="        signal.pthread_sigmask(signal.SIG_BLOCK, HEEDED)\n",
        instead="",
        test="tests/process/test_stopping.py::test_a_child_told_to_stop_while_it_is_born_does_not_live_on",
    ),
    Mutant(
        name="a desk that prepares cannot be stopped",
        path="deskcore/serve.py",
        guard="                os.kill(pid, signal.SIGTERM)\n",
        instead="                pass\n",
        test="tests/process/test_stopping.py::test_a_desk_that_waits_for_its_database_can_be_stopped",
    ),
    Mutant(
        name="preparing that was told to stop is taken for a failure",
        path="deskcore/serve.py",
        guard="        if code == -signal.SIGTERM:",
        instead="        if False:",
        test="tests/process/test_stopping.py::test_a_desk_that_waits_for_its_database_can_be_stopped",
    ),
    Mutant(
        name="a worker sleeps on when another thread has the signal",
        path="deskcore/signals.py",
        guard="    signal.set_wakeup_fd(writing)\n    for number in numbers:\n        signal.signal(number, _nothing)\n",
        instead="    for number in numbers:\n        signal.signal(number, lambda heard, _: os.write(writing, bytes([heard])))\n",
        test="tests/process/test_stopping.py::test_a_worker_ends_whichever_thread_the_signal_wakes_and_whatever_a_plugin_left_running",
    ),
    Mutant(
        name="a plugin's thread keeps a child from ending",
        path="deskcore/serve.py",
        guard="            _leave()\n",
        instead="            raise SystemExit(os.EX_OK)\n",
        test="tests/process/test_stopping.py::test_a_worker_ends_whichever_thread_the_signal_wakes_and_whatever_a_plugin_left_running",
    ),
    Mutant(
        name="a child that does not stop outlives its parent",
        path="deskcore/serve.py",
        guard="    os.kill(os.getpid(), signal.SIGKILL)\n",
        instead="",
        test="tests/process/test_stopping.py::test_a_child_that_does_not_stop_is_killed_when_its_parent_is_gone",
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
        name="a mail's frame may run scripts",
        path="deskcore/web/security.py",
        guard='"sandbox allow-same-origin allow-popups',
        instead='"sandbox allow-scripts allow-same-origin allow-popups',
        test="tests/web/test_security.py",
    ),
    Mutant(
        name="answers have no content security policy",
        path="deskcore/web/security.py",
        guard='    response.headers["Content-Security-Policy"] = POLICIES[surface]',
        instead="    pass",
        test="tests/web/test_security.py",
    ),
    Mutant(
        name="a strange subject keeps its line breaks and encoded words",
        path="plugins/email/outgoing_headers.py",
        guard='    broken = kept.replace("=?", "= ?")',
        instead="    broken = value",
        test="tests/hostile/test_outgoing.py",
    ),
    Mutant(
        name="text with NUL reaches the database",
        path="deskcore/db.py",
        guard="    return statement, _storable(parameters)",
        instead="    return statement, parameters",
        test="tests/test_db.py",
    ),
    Mutant(
        name="numbers no row can have reach the database",
        path="deskcore/web/numbers.py",
        guard='    regex = "[0-9]{1,18}"',
        instead='    regex = "[0-9]+"',
        test="tests/web/test_numbers.py",
    ),
    Mutant(
        name="a name in a copy becomes a recipient",
        path="deskcore/services/ticket_page.py",
        guard="        copied = dict.fromkeys(map(address_in, last.cc))",
        instead="        copied = dict.fromkeys(last.cc)",
        test="tests/services/test_recipients.py",
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
