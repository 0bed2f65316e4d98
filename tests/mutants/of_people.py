"""Guards of people and pages: who comes in, what they may see, what a form may do."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="a route asks for a lesser right than its row says",
        path="deskcore/web/outbox.py",
        guard='@needs("people.manage")',
        instead='@needs("ticket.read")',
        test="tests/matrix/test_matrix.py",
    ),
    Mutant(
        name="what a route declares is not asked for",
        path="deskcore/web/guards.py",
        guard="    if declared.permission:",
        instead="    if not declared:",
        test="tests/matrix/test_matrix.py",
    ),
    Mutant(
        name="lists beside a customer show tickets of every mailbox",
        path="deskcore/services/lists.py",
        guard=".where(*conditions, access.visible_tickets(actor))",
        instead=".where(*conditions)",
        test="tests/matrix/test_matrix.py",
    ),
    Mutant(
        name="the search jumps to a foreign ticket",
        path="deskcore/services/search_query.py",
        guard="Ticket.number == query.number, access.visible_tickets(actor)",
        instead="Ticket.number == query.number",
        test="tests/matrix/test_asking.py",
    ),
    Mutant(
        name="a poll tells of what happens to a foreign ticket",
        path="deskcore/services/news.py",
        guard="Event.ticket_id == ticket_id, is_theirs",
        instead="Event.ticket_id == ticket_id",
        test="tests/matrix/test_asking.py",
    ),
    Mutant(
        name="news draw a composer anew while it is in use",
        path="deskcore/web/live.py",
        guard='"ticket-seen" if request.args.get("writing") == "1" else "ticket-foot"',
        instead='"ticket-foot"',
        test="tests/web/test_workspace_pages.py",
    ),
    Mutant(
        name="a file is handed out whatever mailbox it is in",
        path="deskcore/services/files.py",
        guard="Attachment.public_id == public_id, visible_tickets(actor)",
        instead="Attachment.public_id == public_id",
        test="tests/matrix/test_matrix.py",
    ),
    Mutant(
        name="a file of somebody else's draft is handed out",
        path="deskcore/services/files.py",
        guard="Attachment.public_id == public_id, Draft.user_id == actor.id",
        instead="Attachment.public_id == public_id",
        test="tests/matrix/test_matrix.py",
    ),
    Mutant(
        name="a foreign ticket is refused, so that one learns it is there",
        path="deskcore/services/ticket_page.py",
        guard="""    if not found:
        message = _("There is no such ticket, or it is in a mailbox you cannot see.")""",
        instead="""    if not found:
        message = ""
        if session.scalar(select(Ticket.id).where(Ticket.number == number)):
            access.require(actor, "nobody's", session)""",
        test="tests/matrix/test_matrix.py",
    ),
    Mutant(
        name="a ticket names the number of a foreign one it resembles",
        path="deskcore/services/ticket_page.py",
        guard="return and_(other.id == named, access.tickets_in_reach(everything=everything, of=other))",
        instead="return other.id == named",
        test="tests/matrix/test_matrix.py",
    ),
    Mutant(
        name="looking at a page writes",
        path="deskcore/services/sessions.py",
        guard="    if now - row.last_seen_at > TOUCH_EVERY:\n        _touch(row.session_id)",
        instead='    with unit_of_work(SYSTEM) as unit:\n        unit.audit("seen")',
        test="tests/matrix/test_matrix.py",
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
        name="one ends a browser of somebody else by its number",
        path="deskcore/services/sessions.py",
        guard="UserSession.user_id == user_id, UserSession.ended_at.is_(None), which)",
        instead="UserSession.ended_at.is_(None), which)",
        test="tests/matrix/test_matrix.py",
    ),
    Mutant(
        name="grave changes do not ask for the password",
        path="deskcore/web/confirming.py",
        guard="        return None if user.is_confirmed else _page(form, kept)",
        instead="        return None",
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
        guard="    return true() if everything else of.mailbox_id.in_(_MAILBOXES_IN_REACH)",
        instead="    return true()",
        test="tests/services/test_replies.py",
    ),
    Mutant(
        name="tickets of hidden mailboxes are found",
        path="deskcore/services/access.py",
        guard="    return Ticket.mailbox_id.in_(_mailboxes_of(actor))",
        instead="    return true()",
        test="tests/services/test_search.py",
    ),
    Mutant(
        name="the folded half of a message is not cleaned",
        path="deskcore/web/messages.py",
        guard="quoted := html.clean(halves.quoted, images=images)",
        instead="quoted := halves.quoted",
        test="tests/web/test_workspace_pages.py",
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
        name="a stranger fills somebody's mailbox with links",
        path="deskcore/services/link_requests.py",
        guard="(sent or 0) < PER_HOUR",
        instead="(sent or 0) >= 0",
        test="tests/services/test_link_requests.py",
    ),
    Mutant(
        name="another site's request with a token is taken",
        path="deskcore/web/csrf.py",
        guard="    if not comes_from_here(",
        instead="    if False and comes_from_here(",
        test="tests/web/test_csrf.py",
    ),
    Mutant(
        name="a kept piece holds the token of whoever it was drawn for",
        path="deskcore/web/csrf.py",
        guard="""["csrf_token"] = _place""",
        instead="""["csrf_token"] = generate_csrf""",
        test="tests/web/test_tickets.py",
    ),
    Mutant(
        name="a page gives no token to its forms",
        path="deskcore/web/csrf.py",
        guard="        if _PLACE.encode() in body:",
        instead="        if not body:",
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
        name="a new password leaves other browsers signed in",
        path="deskcore/services/own_account.py",
        guard="        end_sessions(unit, user.id, except_id=session_id)\n",
        instead="",
        test="tests/services/test_sessions.py",
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
        name="what is no number of a browser signs all of them out",
        path="deskcore/web/people.py",
        guard='request.form.get("session", 0, type=whole)',
        instead='request.form.get("session", type=whole)',
        test="tests/web/test_second_factor.py",
    ),
    Mutant(
        name="a stranger's words become markup when they are translated",
        path="deskcore/i18n.py",
        guard="return escape(catalogue.gettext(text))",
        instead="return Markup(catalogue.gettext(text))",
        test="tests/web/test_sentences.py",
    ),
)
