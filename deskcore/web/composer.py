"""What stands in the composer of a ticket, and what was posted from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from deskcore.domain.views import TicketPage
from deskcore.domain.writing import DraftForm, DraftView, FileView, NoteForm, ReplyForm, Upload
from deskcore.errors import Conflict, Problem
from deskcore.i18n import short_time
from deskcore.web.numbers import whole

Mode = Literal["reply", "note"]
CONFLICT = 409
SOLVED = "solved"
AFTER_REPLY = "waiting_customer"
ADDRESSED = frozenset({"to", "cc"})


@dataclass(frozen=True, kw_only=True)
class Composer:
    """The composer as it is shown; ``error`` is what was wrong with what was posted."""

    mode: Mode
    body: str
    to: str
    cc: str
    status: str
    form_key: str
    version: int = 0
    state: str = ""
    files: tuple[FileView, ...] = ()
    problems: tuple[Problem, ...] = ()
    conflict: str = ""
    has_other: bool = False

    @property
    def error(self) -> str:
        """What is wrong with the text or the answer as a whole, in one line."""
        return " ".join(
            str(problem.message) for problem in self.problems if problem.field not in ADDRESSED
        )

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong with the addresses, by field."""
        return {
            problem.field: str(problem.message)
            for problem in self.problems
            if problem.field in ADDRESSED
        }


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What the composer's form held."""

    mode: Mode
    then: str
    body: str
    to: str
    cc: str
    status: str
    form_key: str
    seen_upto: int
    version: int
    send_anyway: bool
    files: tuple[Upload, ...]

    @property
    def key_of_text(self) -> str:
        """The key of the page and the text: another text from the same page is another answer."""
        said = f"{self.mode}\0{self.to}\0{self.cc}\0{self.body}".encode()
        return f"{self.form_key[:40]}-{sha256(said).hexdigest()[:16]}" if self.form_key else ""

    def reply(self) -> ReplyForm:
        """Return it as an answer to the customer."""
        return ReplyForm(
            body=self.body,
            to=addresses(self.to),
            cc=addresses(self.cc),
            status_key=SOLVED if self.then == "solve" else self.status,
            seen_upto=self.seen_upto,
            form_key=self.key_of_text,
            files=self.files,
            send_anyway=self.send_anyway,
        )

    def draft(self) -> DraftForm:
        """Return it as something to go on with."""
        return DraftForm(
            mode=self.mode,
            body=self.body,
            to=addresses(self.to),
            cc=addresses(self.cc),
            version=self.version,
        )

    def note(self) -> NoteForm:
        """Return it as a note."""
        return NoteForm(body=self.body, form_key=self.key_of_text, files=self.files)


def composer(ticket: TicketPage, *, mode: str = "", status: str = "") -> Composer:
    """Return the composer of a ticket with the reader's draft in it, and what comes after it."""
    reply, note = ticket.drafts.get("reply"), ticket.drafts.get("note")
    wants_note = mode == "note" or (not mode and note is not None and reply is None)
    draft = (note if wants_note else reply) or DraftView()
    other = reply if wants_note else note
    return Composer(
        mode="note" if wants_note else "reply",
        body=draft.body,
        to=", ".join(draft.to or ticket.recipients.to),
        cc=", ".join(draft.cc if draft.to else ticket.recipients.cc),
        status=_usual_status(ticket, status),
        form_key=one_use_key(ticket),
        version=draft.version,
        state=saved_words(draft),
        files=draft.files,
        has_other=other is not None and bool(other.body.strip()),
    )


def refused(
    ticket: TicketPage,
    posted: Posted,
    *,
    problems: Sequence[Problem] = (),
    conflict: str = "",
) -> Composer:
    """Return the composer with what was posted, untouched, and why it was not taken."""
    draft = ticket.drafts.get(posted.mode) or DraftView()
    return Composer(
        mode=posted.mode,
        body=posted.body,
        to=posted.to,
        cc=posted.cc,
        status=posted.status,
        form_key=posted.form_key or one_use_key(ticket),
        version=draft.version,
        files=draft.files,
        problems=tuple(problems),
        conflict=conflict,
    )


def _usual_status(ticket: TicketPage, wanted: str) -> str:
    """Return what an answer brings unless the writer wants something else: *wanted* if it may."""
    if ticket.flow is None or ticket.flow.is_away:
        return wanted if wanted in {each.key for each in ticket.statuses} else AFTER_REPLY
    offered = [each.key for each in ticket.flow.after_answer]
    return wanted if wanted in offered else offered[0]


def one_use_key(ticket: TicketPage) -> str:
    """Return the key that an answer to this state of a ticket is taken under, once.

    Every answer and note changes the ticket's version, so the next one has another key; the same
    page in two tabs has the same.
    """
    return f"{ticket.id:x}-{ticket.version:x}-{ticket.seen_upto:x}"


def posted() -> Posted:
    """Read the composer's form; nothing in it can be an error here."""
    form = request.form
    return Posted(
        mode="note" if form.get("mode") == "note" else "reply",
        then=form.get("then", "stay"),
        body=form.get("body", ""),
        to=form.get("to", ""),
        cc=form.get("cc", ""),
        status=form.get("status", AFTER_REPLY),
        form_key=form.get("form_key", "")[:64],
        seen_upto=form.get("seen_upto", 0, type=whole),
        version=form.get("version", 0, type=whole),
        send_anyway="send_anyway" in form,
        files=uploads(request.files.getlist("files")),
    )


def uploads(files: Sequence[FileStorage]) -> tuple[Upload, ...]:
    """Read the files that were chosen; an empty field is none."""
    return tuple(
        Upload(filename=file.filename, content=file.read()) for file in files if file.filename
    )


def addresses(typed: str) -> list[str]:
    """Split what was typed into an address field."""
    return [part.strip() for part in typed.replace(";", ",").split(",") if part.strip()]


def draft_answer(save: Callable[[], DraftView]) -> Response:
    """Save a draft and answer with words for the composer's corner; 409 when it was stale."""
    try:
        draft = save()
    except Conflict as error:
        return Response(str(error), CONFLICT, mimetype="text/plain")
    answer = Response(saved_words(draft), mimetype="text/plain")
    answer.headers["Draft-Version"] = str(draft.version)
    return answer


def saved_words(draft: DraftView) -> str:
    """Say when a draft was saved, nothing when there is none."""
    if draft.updated_at is None or not draft.version:
        return ""
    return _("Draft saved %(time)s", time=short_time(draft.updated_at))
