"""The pages of a form for customers: fill in, look over without scripts, send, see the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext

from deskcore.api import Conflict, Invalid, NotFound, Problem, _, page_language
from deskcore.api.web import (
    frame_by,
    public,
    public_page,
    redirect,
    script_for_others,
    within_limit,
)
from plugins.web_form import kept, proof, sending, stored, wording
from plugins.web_form.answers import Answers, problems, tidied
from plugins.web_form.drawing import draw
from plugins.web_form.places import SLUG
from plugins.web_form.posted import asked, dropped, posted
from plugins.web_form.proof import Page
from plugins.web_form.shapes import Form

blueprint = Blueprint(f"{SLUG}_public", __name__, template_folder="templates")

_HOUR = timedelta(hours=1)
# Of one place. A shop's visitors share one, so those whose browsers did the work are hardly limited.
_MOST_WORKED, _MOST_LOOKED_OVER, _MOST_KEPT = 600, 5, 20
_LOST = lazy_gettext("Your files could not be kept; please choose them again.")
_LOADER = Path(__file__).parent / "static" / "loader.js"
_UNPROCESSABLE, _TOO_MANY, _CONFLICT = 422, 429, 409


@blueprint.get("/embed.js")
@public
def loader() -> Response:
    """Hand out the script that puts a form into somebody's page."""
    return script_for_others(_LOADER.read_text("utf-8"))


@blueprint.get("/<slug>")
@public
def show(slug: str) -> Response:
    """Show a form."""
    form = _framed(slug)
    return _form_page(form, proof.new_page(form.id))


@blueprint.post("/<slug>")
@public
def send(slug: str) -> Response:
    """Take a form in, or show it again with what is to be mended."""
    form = _framed(slug)
    page = proof.unseal(request.form.get("page", ""), form.id)
    if page is None:
        told = _("This page was open for very long. Everything is still here; press Send again.")
        return _again(form, proof.new_page(form.id), tidied(form, posted(form, "")), notice=told)
    answers = tidied(form, posted(form, page.key))
    before = sending.sent_before(page.key, answers)
    if before is not None:
        return _sent_before(form, page, answers, before)
    found = problems(form, answers, _language(form))
    if found or asked("change"):
        return _again(form, page, answers, found, is_wanted=asked("change"))
    return _judge(form, page, answers)


@blueprint.get("/<slug>/sent/<key>")
@public
def receipt(slug: str, key: str) -> Response:
    """Say what became of what was sent from a page."""
    form = _framed(slug)
    became = sending.receipt(key)
    if became is None:
        raise NotFound(_("There is no page here"))
    context = {
        "form": form,
        "became": became,
        "thanks": form.text("thanks", _language(form)),
        "title": form.text("title", _language(form)) or form.name,
        "again_url": _url(form),
        "here_url": _url(form, sent=key),
        "form_languages": form.languages,
        "is_framed": asked("frame"),
    }
    return public_page("plugins/web_form/sent.html", context, runs_scripts=True)


def _judge(form: Form, page: Page, answers: Answers) -> Response:
    """Send what its writer's browser worked for, or what its writer has looked over."""
    is_worked = proof.is_done(page, request.form.get("altcha", "")[:2_000])
    trap = request.form.get(proof.TRAP, "")
    trust = proof.trust(page, is_worked=is_worked, trap=trap, digest=answers.digest())
    if trust == "none":
        return _look_over(form, page, answers)
    name, most = ("worked", _MOST_WORKED) if is_worked else ("looked over", _MOST_LOOKED_OVER)
    if not within_limit(f"{SLUG} {name}", most=most, within=_HOUR):
        told = _(
            "So many messages came from your network that we wait a little. Nothing is lost: try "
            "again in some minutes, or write to us by mail."
        )
        return _again(form, page, answers, notice=told, status=_TOO_MANY)
    doubt = ("trap" if trap else "quick") if trust == "doubtful" else ""
    try:
        sending.send(form, answers, page_key=page.key, language=_language(form), doubt=doubt)
    except Invalid as error:
        return _again(form, page, answers, error.problems)
    except Conflict as error:
        return _again(form, page, answers, notice=str(error), status=_CONFLICT)
    return redirect(_url(form, sent=page.key))


def _look_over(form: Form, page: Page, answers: Answers) -> Response:
    """Show the answers before they are sent: by whoever's browser ran no script."""
    answers, is_lost = _keep(page, answers)
    checked = replace(page, stage="checked", digest=answers.digest())
    language = _language(form)
    context = {
        "form": form,
        "title": form.text("title", language) or form.name,
        "lines": list(wording.lines(form, answers, language)),
        "hidden": [(f"f-{key}", text) for key, given in answers.values.items() for text in given],
        "trap": (proof.TRAP, request.form.get(proof.TRAP, "")[:100]),
        "is_lost": is_lost,
        "token": proof.seal(checked),
        "action": _url(form, is_action=True),
        "is_framed": asked("frame"),
        "form_languages": form.languages,
    }
    return public_page("plugins/web_form/look_over.html", context, runs_scripts=True)


def _sent_before(form: Form, page: Page, answers: Answers, before: sending.Sent) -> Response:
    """Answer to a page that was sent already: with its receipt, or when it says something else now."""
    if before.is_same or not answers.values:
        return redirect(_url(form, sent=page.key))
    told = _(
        "You sent this form already, it has the number %(number)s. What stands below says something "
        "else; press Send to send it as well.",
        number=before.number,
    )
    return _again(form, proof.new_page(form.id), answers, notice=told, status=_CONFLICT)


def _again(
    form: Form,
    page: Page,
    answers: Answers,
    found: Sequence[Problem] = (),
    *,
    notice: str = "",
    status: int = _UNPROCESSABLE,
    is_wanted: bool = False,
) -> Response:
    """Show a form with everything that was filled in, files too."""
    answers, is_lost = _keep(page, answers)
    if is_lost:
        notice = f"{notice} {_LOST}".strip()
    if is_wanted and not found:
        status = 200
    fresh = proof.new_page(form.id, key=page.key, at=page.at)
    return _form_page(form, fresh, answers, found, notice=notice, status=status)


def _keep(page: Page, answers: Answers) -> tuple[Answers, bool]:
    """Keep files until the form is right, and say whether some are lost.

    A place may have only so many of them kept.
    """
    held = tuple(file for file in answers.files if file.kept_id)
    may = held == answers.files or within_limit(f"{SLUG} kept", most=_MOST_KEPT, within=_HOUR)
    files = kept.keep(page.key, answers.files) if may else held
    if gone := dropped():
        kept.drop(page.key, gone)
    return Answers(values=answers.values, files=files), len(files) < len(answers.files)


def _form_page(
    form: Form,
    page: Page,
    answers: Answers | None = None,
    found: Sequence[Problem] = (),
    *,
    notice: str = "",
    status: int = 200,
) -> Response:
    drawn = draw(
        form,
        language=_language(form),
        action=_url(form, is_action=True),
        page=page,
        answers=answers,
        problems=found,
        notice=notice,
    )
    context = {
        "drawn": drawn,
        "trap": proof.TRAP,
        "is_framed": asked("frame"),
        "form_languages": form.languages,
    }
    return public_page("plugins/web_form/form.html", context, runs_scripts=True, status=status)


def _framed(slug: str) -> Form:
    """Return the form of an address; sites of its owner may frame every answer from here on."""
    form = stored.by_slug(slug)
    frame_by(form.sites)
    return form


def _language(form: Form) -> str:
    return form.language_for(page_language())


def _url(form: Form, *, sent: str = "", is_action: bool = False) -> str:
    """Return an address of the form that keeps what this one says: in a frame, in which language."""
    stay = {"frame": "1"} if asked("frame") else {}
    if request.args.get("lang") and (is_action or stay):
        stay["lang"] = page_language()
    url = url_for(f"{SLUG}_public.show", slug=form.slug)
    if sent:
        url = url_for(f"{SLUG}_public.receipt", slug=form.slug, key=sent)
    return f"{url}?{urlencode(stay)}" if stay else url
