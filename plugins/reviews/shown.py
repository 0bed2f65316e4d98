"""What the pages of reviews are drawn from, whole or as a part beside a ticket."""

from __future__ import annotations

from flask import Response

from deskcore.api import _
from deskcore.api.data import can, read_customer, read_ticket
from deskcore.api.web import current_actor, fragment, page
from plugins.reviews import inbox, texts
from plugins.reviews.differences import difference
from plugins.reviews.forms import AnswerForm, CommentForm, PasteForm, RefusedForm, answer_form
from plugins.reviews.inbox import Shown
from plugins.reviews.kinds import APPROVED, PUBLISHED, SOLO, STATUSES, WAITING
from plugins.reviews.rights import APPROVE, DEPUTY, DRAFT, PUBLISH
from plugins.reviews.sites import site_of, sites

_LABELS = {status.name: status for status in STATUSES}


def one(
    review: Shown,
    form: AnswerForm | None = None,
    *,
    comment: CommentForm | None = None,
    site_said: RefusedForm | None = None,
    refused: AnswerForm | None = None,
    status: int = 200,
) -> Response:
    """Answer with the page of one review; forms that were refused keep what was typed."""
    context = _about(review) | {
        "form": form or answer_form(review),
        "comment": comment or CommentForm(formdata=None),
        "site_said": site_said or RefusedForm(formdata=None),
        "wrong": next((each for each in (form, comment, site_said, refused) if each), None),
        "texts": texts.fitting(review),
        "rating": inbox.rating_of(current_actor(), review.product),
    }
    return page("plugins/reviews/show.html", context, status=status)


def queue(reviews: list[Shown]) -> Response:
    """Answer with what waits for approval."""
    actor = current_actor()
    items = [_about(review) | {"form": answer_form(review)} for review in reviews]
    may = {"approve": can(actor, APPROVE), "deputy": can(actor, DEPUTY)}
    context = {"items": items, "may": may, "comment": CommentForm(formdata=None)}
    return page("plugins/reviews/approvals.html", context)


def beside(number: int) -> Response:
    """Answer with the part beside the ticket of a review."""
    review = inbox.one(current_actor(), read_ticket(current_actor(), number).number)
    context = _about(review) | {"rating": inbox.rating_of(current_actor(), review.product)}
    return fragment("plugins/reviews/beside.html", context, title=_("Review"))


def card(customer_id: int) -> Response:
    """Answer with what a customer has written."""
    customer = read_customer(current_actor(), customer_id)
    addresses = [each.value for each in customer.addresses]
    found = inbox.of_customer(current_actor(), customer.id, addresses)
    named = sites(current_actor(), among={review.account_id for review in found})
    context = {"found": found, "sites": named, "labels": _LABELS}
    return fragment("plugins/reviews/card.html", context, title=_("Reviews"))


def paste(form: PasteForm, *, status: int = 200) -> Response:
    """Answer with the form of a review that is pasted in."""
    return page("plugins/reviews/paste.html", {"form": form}, status=status)


def _about(review: Shown) -> dict[str, object]:
    """Gather what is said of a review wherever it stands."""
    actor = current_actor()
    earlier = inbox.before(review.id) if review.changed_at else None
    waits = review.state in WAITING
    may_decide = waits and can(actor, DEPUTY if review.state == "overdue" else APPROVE)
    return {
        "review": review,
        "site": site_of(review.account_id),
        "status": _LABELS.get(review.state),
        "earlier": earlier,
        "difference": difference(str(earlier["text"]), review.text) if earlier else (),
        "is_own": actor.id in review.writers,
        "may_decide": may_decide and actor.id not in review.writers,
        "may_draft": can(actor, DRAFT) and review.state not in {APPROVED, "gone"} and not waits,
        "may_publish": can(actor, PUBLISH) and review.state == APPROVED,
        "may_take_back": can(actor, DRAFT) and (waits or review.state == APPROVED),
        "may_refuse": can(actor, PUBLISH) and review.state == PUBLISHED and bool(review.published),
        "is_alone": review.kind == SOLO.name,
    }
