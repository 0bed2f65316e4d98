"""The kinds of tickets: a review whose answer two people see, one that one may give, a follow-up.

Which of the first two a review is was settled when it came: changing a site's rule later frees no
answer that waits already. Whatever needs its words looked at is a step of the plugin's own pages.
"""

from __future__ import annotations

from dataclasses import replace

from deskcore.api import N_, Category
from deskcore.plugin import KindStatus, Step, TicketKind
from plugins.reviews.rights import APPROVE, DEPUTY, DRAFT, PUBLISH, SLUG

NEW, DRAFTED, ASKED, OVERDUE = "new", "draft", "asked", "overdue"
APPROVED, PUBLISHED, RETURNED, GONE = "approved", "published", "returned", "gone"
STATUSES = (
    KindStatus(name=NEW, label=N_("New"), category=Category.OPEN, takes_answers=False),
    KindStatus(name=DRAFTED, label=N_("Draft"), category=Category.OPEN, takes_answers=False),
    KindStatus(
        name=ASKED,
        label=N_("Needs approval"),
        category=Category.WAITING_OTHERS,
        takes_answers=False,
    ),
    KindStatus(
        name=OVERDUE,
        label=N_("Needs approval by a deputy"),
        category=Category.WAITING_OTHERS,
        takes_answers=False,
    ),
    KindStatus(name=APPROVED, label=N_("Approved"), category=Category.OPEN),
    KindStatus(
        name=PUBLISHED, label=N_("Published"), category=Category.SOLVED, takes_answers=False
    ),
    KindStatus(name=RETURNED, label=N_("Returned"), category=Category.OPEN, takes_answers=False),
    KindStatus(
        name=GONE, label=N_("No longer there"), category=Category.SOLVED, takes_answers=False
    ),
)
# The words belong to these steps, so the pages of the plugin take them, with whoever presses there.
FOUR_EYES = (
    Step(leaves=ASKED, reaches=APPROVED, permission=APPROVE, by_another=True, by_plugin=True),
    Step(leaves=OVERDUE, reaches=APPROVED, permission=DEPUTY, by_another=True, by_plugin=True),
    Step(leaves=ASKED, reaches=OVERDUE, by_plugin=True),
    Step(leaves=ASKED, reaches=RETURNED, permission=DRAFT, by_plugin=True),
    Step(leaves=OVERDUE, reaches=RETURNED, permission=DRAFT, by_plugin=True),
    *(
        Step(leaves=name, reaches=ASKED, permission=DRAFT, by_plugin=True)
        for name in (NEW, DRAFTED, RETURNED, PUBLISHED)
    ),
)
ONE_PERSON = tuple(
    Step(leaves=name, reaches=APPROVED, permission=PUBLISH, by_plugin=True)
    for name in (NEW, DRAFTED, RETURNED, PUBLISHED)
)
EITHER = (
    *(
        Step(leaves=name, reaches=DRAFTED, permission=DRAFT, by_plugin=True)
        for name in (NEW, ASKED, OVERDUE, APPROVED, PUBLISHED, RETURNED)
    ),
    # What needs no answer is put away like any ticket; so is one that is opened again.
    *(Step(leaves=name, reaches=PUBLISHED) for name in (NEW, DRAFTED, RETURNED)),
    Step(leaves=PUBLISHED, reaches=NEW),
    Step(leaves=PUBLISHED, reaches=RETURNED, permission=PUBLISH, by_plugin=True),
    *(
        Step(leaves=status.name, reaches=GONE, by_plugin=True)
        for status in STATUSES
        if status.name != GONE
    ),
    *(
        Step(leaves=name, reaches=NEW, by_plugin=True)
        for name in (DRAFTED, ASKED, OVERDUE, APPROVED, RETURNED, GONE)
    ),
)

REVIEW = TicketKind(
    name=f"{SLUG}.review",
    label=N_("Review"),
    statuses=STATUSES,
    steps=(*FOUR_EYES, *EITHER),
    first=NEW,
    after_reply=PUBLISHED,
    after_message=NEW,
    after_failure=RETURNED,
    is_public=True,
    most_answers=1,
    replaces_last=True,
    reply_permission=PUBLISH,
)
SOLO = replace(
    REVIEW,
    name=f"{SLUG}.solo",
    label=N_("Review, answered by one person"),
    steps=(*ONE_PERSON, *EITHER),
)
FOLLOW_UP = TicketKind(
    name=f"{SLUG}.follow_up",
    label=N_("Follow-up to a review"),
    statuses=(
        KindStatus(name="open", label=N_("Open"), category=Category.OPEN),
        KindStatus(
            name="waiting", label=N_("Waiting for customer"), category=Category.WAITING_CUSTOMER
        ),
        KindStatus(name="solved", label=N_("Solved"), category=Category.SOLVED),
    ),
    steps=tuple(
        Step(leaves=before, reaches=after)
        for before in ("open", "waiting", "solved")
        for after in ("open", "waiting", "solved")
        if before != after
    ),
    first="open",
    after_reply="waiting",
    after_message="open",
)
KINDS = [REVIEW, SOLO, FOLLOW_UP]
WAITING = (ASKED, OVERDUE)


def is_review(kind: str) -> bool:
    """Whether tickets of this kind are reviews."""
    return kind in {REVIEW.name, SOLO.name}


def state_of(status: str) -> str:
    """Return the word of a status of a review, "" for one of another kind or the desk's own."""
    kind, _dot, word = status.rpartition(".")
    return word if is_review(kind) else ""
