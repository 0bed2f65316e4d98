"""A style guide: every component with believable content, on the real layout, script and headers.

``python -m tests.web.styleguide.app`` serves it on port 5055 for looking at it; the tests beside it
check it. ``?theme=``, ``?density=`` and ``?lang=`` change the look; ``?err=1`` fills in wrongly.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, abort, current_app, request
from flask_babel import Babel
from jinja2 import ChoiceLoader, FileSystemLoader
from wtforms import (
    BooleanField,
    Form,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    validators,
)

import deskcore
from deskcore.theme.pages import page
from deskcore.theme.shell import Look, NavItem, NavSection, Shell
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.browser import init_browser
from deskcore.web.security import use_surface
from tests.web.styleguide.content import MAIL, TICKETS

_TEMPLATES = Path(deskcore.__file__).parent / "templates"


class OwnerForm(Form):
    """One field of each kind."""

    name = StringField("Your name", [validators.InputRequired("Write your name.")])
    email = StringField(
        "E-mail",
        [validators.InputRequired("Write an e-mail address.")],
        description="We send nothing but what you ask for.",
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        "Password",
        [validators.Length(min=12, message="Use 12 characters or more.")],
        description="12 characters or more. A few words are fine.",
        render_kw={"autocomplete": "new-password"},
    )
    zone = SelectField(
        "Time zone", choices={"p": "Europe/Prague", "l": "Europe/London"}, default="l"
    )
    history = RadioField(
        "What comes in",
        choices={"new": "Only mail from now on", "unread": "Unread mail of the last 14 days"},
        default="unread",
    )
    keep = BooleanField("Keep me signed in on this device", default=True)
    signature = TextAreaField("Signature", [validators.Optional()])


class GuideChrome:
    """A signed-in agent of a small shop."""

    def site_name(self) -> str:
        return "Konvička & syn"

    def look(self) -> Look:
        return Look(
            theme=request.args.get("theme", "auto"),
            density=request.args.get("density", "comfortable"),
            keys="nokeys" not in request.args,
        )

    def alarm(self) -> None:
        """Be as usual."""

    def notice(self) -> str:
        return ""

    def count(self, view: str) -> int | None:
        return 12 if view == "unassigned" else None

    def shell(self) -> Shell:
        inbox = [
            _place("unassigned", "Unassigned", "inbox", count=12, shortcut="g i"),
            _place("mine", "Mine", "user", count=5, shortcut="g m"),
            _place("open", "All open", "mail-open", count="99+"),
            _place("solved", "Solved", "check"),
        ]
        care = [_place("attention", "Needs attention", "triangle-alert", count=2)]
        return Shell(
            user_name="Petr Dvořák",
            user_initials="PD",
            sections=(
                NavSection(title="Inbox", entries=tuple(inbox)),
                NavSection(title="Look after", entries=tuple(care)),
                NavSection(title="Nothing here"),
            ),
            bar_items=tuple(inbox[:3]),
            user_items=(_place("look", "Look and keys", "sliders-horizontal"),),
            new_url="/guide",
        )


def make_guide() -> Flask:
    """Build the app of the style guide."""
    app = Flask("styleguide", static_folder=None)
    app.config["SECRET_KEY"] = "only for looking at components"
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(_TEMPLATES), FileSystemLoader(Path(__file__).parent / "templates")]
    )
    Babel(app, locale_selector=lambda: request.args.get("lang", "en"))
    init_browser(app)
    app.extensions["desk_chrome"] = GuideChrome()
    app.extensions["drafts"] = []
    app.add_url_rule("/", view_func=show_list)
    app.add_url_rule("/t/<int:number>", view_func=show_ticket)
    app.add_url_rule("/t/<int:number>/reply", view_func=reply, methods=["POST"])
    app.add_url_rule("/t/<int:number>/draft", view_func=save_draft, methods=["POST"])
    app.add_url_rule("/guide", view_func=show_guide, methods=["GET", "POST"])
    app.add_url_rule("/sign-in", view_func=show_sign_in)
    app.add_url_rule("/mail", view_func=show_mail)
    app.add_url_rule("/wrong/<int:status>", view_func=go_wrong)
    return app


def show_list() -> Response:
    return page("ticket.html", {"tickets": TICKETS, "number": 0})


def show_ticket(number: int) -> Response:
    return page("ticket.html", {"tickets": TICKETS, "number": number}, also=("side",))


def reply(number: int) -> Response:
    if not request.form["body"].strip():
        return page(
            "ticket.html",
            {"tickets": TICKETS, "number": number, "error": "Write something first."},
            status=422,
        )
    toast("Reply to Jana goes out in 10 s.", undo_url=f"/t/{number}", seconds=10)
    following = number + 1 if request.form.get("then") == "solve" else number
    return htmx.redirect(f"/t/{following}", target="#main")


def save_draft(number: int) -> str:
    current_app.extensions["drafts"].append((number, request.form["body"]))
    return "Draft saved 9:47"


def show_guide() -> Response:
    if "toast" in request.args:
        toast("Reply to Jana goes out in 10 s.", undo_url="/t/1", seconds=10)
        toast("The mail server refused the password.", kind="bad")
    return page("guide.html", {"form": _form()})


def show_sign_in() -> Response:
    return page("sign_in.html", {"form": _form()})


def show_mail() -> str:
    use_surface("message")
    return MAIL


def go_wrong(status: int) -> Response:
    if status == 500:
        raise RuntimeError("wrong on purpose")
    abort(status)


def _form() -> OwnerForm:
    if "err" not in request.args:
        return OwnerForm()
    form = OwnerForm(request.args)
    form.validate()
    return form


def _place(
    key: str, label: str, icon: str, *, count: int | str | None = None, **extra: str
) -> NavItem:
    return NavItem(
        key=key,
        label=label,
        url="/" if key == "unassigned" else f"/guide?nav={key}",
        icon=icon,
        count=count,
        is_current=key == request.args.get("nav", "unassigned"),
        shortcut=extra.get("shortcut", ""),
    )


if __name__ == "__main__":
    make_guide().run(port=5055)
