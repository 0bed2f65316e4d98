"""Writing to somebody first: a new ticket."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from deskcore.domain.people import canonical_email
from deskcore.domain.writing import DraftForm, DraftView, NewTicketForm
from deskcore.errors import Invalid, Problem
from deskcore.services import customer_page, drafts, starting
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.composer import SOLVED, addresses, draft_answer, saved_words, uploads
from deskcore.web.forms.base import UNPROCESSABLE
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor
from deskcore.web.numbers import whole
from deskcore.web.replies import announce
from deskcore.web.ticket_view import ticket_url

blueprint = Blueprint("new_ticket", __name__, url_prefix="/new")

FIELDS = ("to", "cc", "subject", "body", "mailbox", "form_key", "version")


@blueprint.get("")
@needs("ticket.reply")
def show() -> Response:
    """Show the form with the reader's draft; ``?find=`` looks a customer up."""
    draft = drafts.get(current_actor(), None, "new")
    typed = {
        "to": request.args.get("to") or ", ".join(draft.to),
        "cc": ", ".join(draft.cc),
        "subject": draft.subject,
        "body": draft.body,
        "mailbox": str(draft.mailbox_id or ""),
    }
    return _form(typed, draft)


@blueprint.post("")
@needs("ticket.reply")
def start(problems: Sequence[Problem] = ()) -> Response:
    """Send the first message; what cannot be taken comes back as it was typed."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    form = _posted(typed)
    try:
        queued = starting.start_ticket(current_actor(), form)
    except Invalid as error:
        problems = error.problems
    if problems:
        if form.files and all(problem.field != "files" for problem in problems):
            drafts.add_files(current_actor(), None, "new", form.files)
        return _form(typed, drafts.get(current_actor(), None, "new"), problems)
    announce(queued)
    return htmx.redirect(ticket_url(queued.number))


@blueprint.post("/draft")
@needs("ticket.reply")
def save_draft() -> Response:
    """Save what is being written."""
    form = request.form
    written = DraftForm(
        mode="new",
        body=form.get("body", ""),
        to=addresses(form.get("to", "")),
        cc=addresses(form.get("cc", "")),
        subject=form.get("subject", ""),
        mailbox_id=form.get("mailbox", type=whole),
        version=form.get("version", 0, type=whole),
    )
    return draft_answer(lambda: drafts.save(current_actor(), None, written))


@blueprint.post("/discard")
@needs("ticket.reply")
def discard() -> Response:
    """Throw the draft away."""
    drafts.discard(current_actor(), None, "new")
    toast(_("Draft discarded."))
    return htmx.redirect("/new")


def _posted(typed: dict[str, str]) -> NewTicketForm:
    return NewTicketForm(
        mailbox_id=request.form.get("mailbox", 0, type=whole),
        to=addresses(typed["to"]),
        cc=addresses(typed["cc"]),
        subject=typed["subject"],
        body=typed["body"],
        status_key=SOLVED if request.form.get("then") == "solve" else "waiting_customer",
        form_key=typed["form_key"][:64],
        files=uploads(request.files.getlist("files")),
    )


def _form(typed: dict[str, str], draft: DraftView, problems: Sequence[Problem] = ()) -> Response:
    actor = current_actor()
    find = request.args.get("find", "")
    first = addresses(typed.get("to", ""))[:1]
    context = {
        "typed": typed,
        "draft": draft,
        "state": saved_words(draft),
        "form_key": typed.get("form_key") or secrets.token_urlsafe(16),
        "problems": problems,
        "errors": {problem.field: problem.message for problem in problems},
        "mailboxes": customer_page.mailboxes(actor),
        "find": find,
        "people": customer_page.suggest(actor, find),
        "unsolved": customer_page.unsolved_of(actor, canonical_email(first[0])) if first else (),
    }
    return page("tickets/new.html", context, status=UNPROCESSABLE if problems else 200)
