"""An entry of the book: from the first look to the answer that stands below it."""

from __future__ import annotations

from deskcore.api import N_, Category, Permission
from deskcore.plugin import KindStatus, Step, TicketKind

APPROVE = "guest_book.answer.approve"
PERMISSIONS = [
    Permission(
        name=APPROVE, label=N_("Approve answers in the guest book"), roles=("agent", "admin")
    )
]

ENTRY = TicketKind(
    name="guest_book.entry",
    label=N_("Guest book"),
    statuses=(
        KindStatus(name="new", label=N_("New"), category=Category.OPEN, takes_answers=False),
        KindStatus(name="draft", label=N_("Draft"), category=Category.OPEN, takes_answers=False),
        KindStatus(
            name="asked",
            label=N_("Needs approval"),
            category=Category.WAITING_OTHERS,
            takes_answers=False,
        ),
        KindStatus(name="approved", label=N_("Approved"), category=Category.OPEN),
        KindStatus(
            name="published",
            label=N_("Published"),
            category=Category.SOLVED,
            takes_answers=False,
        ),
        KindStatus(
            name="returned", label=N_("Returned"), category=Category.OPEN, takes_answers=False
        ),
    ),
    steps=(
        Step(leaves="new", reaches="draft"),
        Step(leaves="draft", reaches="asked"),
        Step(leaves="asked", reaches="draft"),
        Step(leaves="asked", reaches="approved", permission=APPROVE, by_another=True),
        Step(leaves="approved", reaches="draft"),
        Step(leaves="returned", reaches="draft"),
        Step(leaves="new", reaches="published"),
    ),
    first="new",
    after_reply="published",
    after_message="new",
    after_failure="returned",
    is_public=True,
    longest_answer=200,
    most_answers=1,
)
