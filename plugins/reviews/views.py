"""The pages of reviews: the list, one review, what waits for approval."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request, url_for

from deskcore.api import Actor, _
from deskcore.api.data import can
from deskcore.api.web import current_actor, fragment, needs, page, redirect, submit, toast, whole
from plugins.reviews import answers, inbox, pasting, shown, texts
from plugins.reviews.answers import Press
from plugins.reviews.figures import figures
from plugins.reviews.forms import AnswerForm, CommentForm, PasteForm, RefusedForm, answer_form
from plugins.reviews.inbox import A_PAGE, Wanted
from plugins.reviews.kinds import STATUSES
from plugins.reviews.rights import DEPUTY, DRAFT, PUBLISH, READ, SET_UP, SLUG
from plugins.reviews.set_up_views import blueprint as set_up
from plugins.reviews.sites import sites

blueprint = Blueprint(SLUG, __name__, template_folder="templates")

_CAN_READ, _CAN_DRAFT, _CAN_APPROVE, _CAN_PUBLISH = (
    needs(right) for right in (READ, DRAFT, DEPUTY, PUBLISH)
)


@blueprint.get("/")
@_CAN_READ
def index() -> Response:
    """List what came, newest first, with how it stands."""
    actor, wanted, number = current_actor(), _wanted(), request.args.get("page", 1, type=whole)
    number = max(1, min(number, 10_000))
    found, count = inbox.listed(actor, wanted, page=number)
    context = {
        "found": found,
        "count": count,
        "wanted": wanted,
        "number": number,
        "pages": -(-count // A_PAGE),
        "sites": sites(actor),
        "states": STATUSES,
        "figures": figures(actor),
        "may": {
            "draft": can(actor, DRAFT),
            "approve": can(actor, DEPUTY),
            "set_up": can(actor, SET_UP),
        },
    }
    return page("plugins/reviews/index.html", context)


@blueprint.get("/figures")
@_CAN_READ
def at_a_glance() -> Response:
    """Show what is open and what waits, for the administration's first page."""
    context = {"figures": figures(current_actor())}
    return fragment("plugins/reviews/figures.html", context, title=_("Reviews"))


@blueprint.get("/<int:number>")
@_CAN_READ
def show(number: int) -> Response:
    """Show one review with its answer; a text to begin with may be chosen."""
    actor = current_actor()
    review = inbox.one(actor, number)
    chosen = request.args.get("text", 0, type=whole) if can(actor, DRAFT) else 0
    begun = texts.filled(actor, number, texts.one(chosen)) if chosen else ""
    return shown.one(review, answer_form(review, begun))


@blueprint.post("/<int:number>/draft")
@_CAN_DRAFT
def draft(number: int) -> Response:
    """Keep a draft, or put it before another person."""
    asks = request.form.get("do") == "ask"
    done = answers.propose if asks else answers.save
    said = _("Somebody else decides now.") if asks else _("The draft is kept.")
    return _answered(number, done, said)


@blueprint.post("/<int:number>/ready")
@_CAN_PUBLISH
def ready(number: int) -> Response:
    """Make an answer ready, where one person is enough."""
    return _answered(number, answers.approve_alone, _("It can be published now."))


@blueprint.post("/<int:number>/approve")
@_CAN_APPROVE
def approve(number: int) -> Response:
    """Approve an answer as it is, or as it was mended while reading."""
    edits = request.form.get("do") == "edit"

    def call(actor: Actor, press: Press) -> None:
        answers.approve(actor, press, edits=edits)

    return _answered(number, call, _("Approved."), leads_to=url_for("reviews.approvals"))


@blueprint.post("/<int:number>/return")
@_CAN_APPROVE
def give_back(number: int) -> Response:
    """Return an answer with a comment."""
    actor, form = current_actor(), CommentForm()
    comment = str(form.comment.data or "")
    done = submit(form, lambda: answers.give_back(actor, form.press(number), comment))
    if done is None:
        return shown.one(inbox.one(actor, number), comment=form, status=form.status)
    toast(_("Returned, with your comment."))
    return redirect(url_for("reviews.approvals"))


@blueprint.post("/<int:number>/take-back")
@_CAN_DRAFT
def take_back(number: int) -> Response:
    """Make a draft of it again."""
    actor, form = current_actor(), AnswerForm(formdata=None)
    done = submit(form, lambda: answers.take_back(actor, number)) if form else None
    toast(_("It is a draft again.")) if done else None
    return redirect(url_for("reviews.show", number=number))


@blueprint.post("/<int:number>/publish")
@_CAN_PUBLISH
def publish(number: int) -> Response:
    """Send what was approved, or say that it stands on the site."""
    actor, form = current_actor(), answer_form()
    done = submit(form, lambda: answers.publish(actor, number))
    if done is None:
        return shown.one(inbox.one(actor, number), refused=form, status=form.status)
    toast(_("It is on its way."))
    return redirect(url_for("reviews.show", number=number))


@blueprint.post("/<int:number>/refused")
@_CAN_PUBLISH
def refused(number: int) -> Response:
    """Bring back what a site did not take."""
    actor, form = current_actor(), RefusedForm()
    told = str(form.told.data or "")
    done = submit(form, lambda: answers.refused_there(actor, number, told))
    if done is None:
        return shown.one(inbox.one(actor, number), site_said=form, status=form.status)
    toast(_("The answer is back, with what the site said."))
    return redirect(url_for("reviews.show", number=number))


@blueprint.get("/approvals")
@_CAN_APPROVE
def approvals() -> Response:
    """Show what waits, review and answer side by side."""
    return shown.queue(inbox.waiting(current_actor()))


@blueprint.get("/beside/<int:number>")
@_CAN_READ
def beside(number: int) -> Response:
    """Show the review beside its ticket."""
    return shown.beside(number)


@blueprint.get("/card/<int:customer_id>")
@_CAN_READ
def card(customer_id: int) -> Response:
    """Show what a customer has written, beside any ticket of theirs."""
    return shown.card(customer_id)


@blueprint.get("/paste")
@_CAN_DRAFT
def paste() -> Response:
    """Ask for a review that somebody copies from a site."""
    return shown.paste(_paste_form())


@blueprint.post("/paste")
@_CAN_DRAFT
def take_in() -> Response:
    """Take it in."""
    actor, form = current_actor(), _paste_form()
    said = {part: str(form[part].data or "") for part in pasting.PARTS}
    done = submit(form, lambda: pasting.paste(actor, form.site.data or 0, said))
    if done is None:
        return shown.paste(form, status=form.status)
    toast(_("The review is in the list in a moment."))
    return redirect(f"/t/{done.result}")


def blueprints() -> list[Blueprint]:
    """Return these pages and those of whoever sets reviews up."""
    return [blueprint, set_up]


def _answered(
    number: int,
    call: Callable[[Actor, Press], None],
    said: str,
    *,
    leads_to: str = "",
) -> Response:
    """Do something with the words in the form; refused, they stand there still."""
    actor, form = current_actor(), answer_form()
    done = submit(form, lambda: call(actor, form.press(number)))
    if done is None:
        return shown.one(inbox.one(actor, number), form, status=form.status)
    toast(said)
    return redirect(leads_to or url_for("reviews.show", number=number))


def _wanted() -> Wanted:
    args = request.args
    return Wanted(
        state=args.get("state", "")[:20],
        site=args.get("site", 0, type=whole),
        stars=min(5, args.get("stars", 0, type=whole)),
        words=args.get("q", "").strip()[:100],
    )


def _paste_form() -> PasteForm:
    form = PasteForm()
    form.site.choices = [(site.id, site.name) for site in pasting.offered(current_actor())]
    return form
