"""Pages of plugins that forget a guard are not there, and the plugins page says which and why.

Each case comes twice: as it was forgotten, and the same thing with its guard, which works.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from deskcore.config import Config
from tests.plugin.authoring import write_plugin
from tests.web.conftest import Visitor

CODE = """
from flask import Blueprint
from deskcore.api import Permission
from deskcore.api.web import needs, page
from deskcore.plugin import hookimpl

blueprint = Blueprint("forgot", __name__, template_folder="templates")

{view}

@hookimpl
def desk_permissions():
    return [Permission(name="forgot.cup.drink", label="Drink")]

@hookimpl
def desk_blueprints():
    return [blueprint]
"""
VIEW = """
{decorators}
def cup():
    return "a cup of tea"
"""
NESTED = """
child = Blueprint("saucer", __name__, url_prefix="/saucer")

@child.get("/")
{guard}
def saucer():
    return "a saucer"

blueprint.register_blueprint(child)

@blueprint.get("/cup")
@needs("ticket.read")
def cup():
    return "a cup of tea"
"""
ELSEWHERE = """
@blueprint.get("/cup")
@needs("ticket.read")
def cup():
    return "a cup of tea"

blueprint.record(lambda state: state.app.add_url_rule("{path}", "{endpoint}", cup))
"""
DRAWN = """
@blueprint.get("/cup")
@needs("ticket.read")
def cup():
    return page("plugins/forgot/cup.html", {"said": "<b>a cup of tea</b>"})
"""
ROWS = """
from deskcore.api.data import Ticket
"""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A view as it was forgotten and as it is right, with the words that name the culprit."""

    forgets: str
    told: str
    keeps: str
    template: tuple[str, str, str] = ("", "", "")
    """Its name, and what it holds as forgotten and as it is right."""


def drawn(forgets: str, told: str, keeps: str = "{{ said }}", name: str = "") -> Case:
    name = name or "plugins/forgot/cup.html"
    return Case(forgets=DRAWN, keeps=DRAWN, told=told, template=(name, forgets, keeps))


def declared(*decorators: str) -> str:
    return VIEW.format(decorators="\n".join(decorators))


GOOD = declared('@blueprint.get("/cup")', '@needs("ticket.read")')
OPEN = """
from deskcore.api.web import public

@blueprint.get("/saucer/")
@public
def saucer():
    return "a saucer"
"""
CASES = {
    "a right": Case(
        forgets=declared('@blueprint.get("/cup")'),
        told="The view forgot.cup says no right",
        keeps=GOOD,
    ),
    "to declare its right": Case(
        forgets=declared('@blueprint.get("/cup")', '@needs("forgot.pot.pour")'),
        told="The view forgot.cup says no right that the desk or the plugin has (forgot.pot.pour)",
        keeps=declared('@blueprint.get("/cup")', '@needs("forgot.cup.drink")'),
    ),
    "whose right it is": Case(
        forgets=declared('@blueprint.get("/cup")', '@needs("spam.sender.ban")'),
        told="The view forgot.cup says no right that the desk or the plugin has (spam.sender.ban)",
        keeps=GOOD,
    ),
    "a right inside another blueprint": Case(
        forgets=NESTED.format(guard=""),
        told="The view forgot.saucer.saucer says no right",
        keeps=NESTED.format(guard='@needs("ticket.read")'),
    ),
    "that files of its own are pages, too": Case(
        forgets=GOOD.replace(
            "@blueprint",
            "blueprint = Blueprint('forgot', __name__, static_folder='.')\n\n@blueprint",
            1,
        ),
        told="The view forgot.static says no right",
        keeps=GOOD,
    ),
    "to keep pages for customers apart": Case(
        forgets=f"{GOOD}\n{OPEN}",
        told="The view forgot.saucer says no right",
        keeps=GOOD,
    ),
    "to part looking from doing": Case(
        forgets=declared(
            '@blueprint.route("/cup", methods=["GET", "POST"])', '@needs("ticket.read")'
        ),
        told="The view forgot.cup answers GET and POST",
        keeps=GOOD,
    ),
    "what forms can send": Case(
        forgets=declared('@blueprint.delete("/cup")', '@needs("ticket.read")'),
        told="The view forgot.cup answers DELETE",
        keeps=GOOD,
    ),
    "its own name": Case(
        forgets="blueprint = Blueprint('mugs', __name__)\n" + GOOD,
        told="The blueprint 'mugs' must be named 'forgot'",
        keeps="blueprint = Blueprint('forgot_mugs', __name__)\n" + GOOD,
    ),
    "where its pages belong": Case(
        forgets=ELSEWHERE.format(path="/cup", endpoint="forgot.other"),
        told="The route /cup is outside /p/forgot/",
        keeps=ELSEWHERE.format(path="/p/forgot/other", endpoint="forgot.other"),
    ),
    "not to pass for the desk": Case(
        forgets=ELSEWHERE.format(path="/p/forgot/other", endpoint="tickets.print"),
        told="is called 'tickets.print', as if it were not its own",
        keeps=ELSEWHERE.format(path="/p/forgot/other", endpoint="forgot.print"),
    ),
    "to escape": drawn("{{ said|safe }}", "plugins/forgot/cup.html says '|safe'"),
    "to escape anything": drawn(
        "{% autoescape false %}{{ said }}{% endautoescape %}",
        "plugins/forgot/cup.html says '{% autoescape",
    ),
    "where its templates lie": Case(
        forgets=GOOD,
        told="The template tickets/show.html must lie in plugins/forgot/",
        keeps=GOOD,
        template=("tickets/show.html", "mine", ""),
    ),
    "that rows are not for plugins": Case(
        forgets=ROWS + GOOD, told="cannot import name 'Ticket' from 'deskcore.api.data'", keeps=GOOD
    ),
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


@pytest.fixture
def config(config: Config, request: pytest.FixtureRequest) -> Config:
    """Give the configuration of a desk with the plugin of a case."""
    case, forgets = CASES[request.param[0]], request.param[1]
    view = case.forgets if forgets else case.keeps
    home = write_plugin(config.instance / "plugins", "forgot", CODE.replace("{view}", view))
    name, bad, good = case.template
    if text := bad if forgets else good:
        _write(home / "templates" / name, text)
    return config.model_copy(update={"plugins": ("email", "spam", "forgot")})


@pytest.mark.parametrize("config", [(name, True) for name in CASES], indirect=True, ids=list(CASES))
def test_pages_that_forgot_are_not_there_and_the_culprit_is_named(
    owner: Visitor, desk: Flask, request: pytest.FixtureRequest
) -> None:
    case = CASES[request.node.callspec.params["config"][0]]
    for path in ("/p/forgot/cup", "/p/forgot/other", "/p/forgot/saucer/", "/cup"):
        assert owner.get(path).status_code == 404, path
    assert owner.get("/v/open").status_code == 200
    page = owner.get("/admin/plugins/forgot").text
    loaded = desk.extensions["desk_plugins"]
    fault = loaded.guard.last_fault("forgot")
    assert case.told in fault.message
    assert fault.message.splitlines()[0][:40].split("'")[0] in page


@pytest.mark.parametrize(
    "config", [(name, False) for name in CASES], indirect=True, ids=list(CASES)
)
def test_the_same_with_its_guard_works(owner: Visitor, desk: Flask) -> None:
    answer = owner.get("/p/forgot/cup")
    assert answer.status_code == 200
    assert "a cup of tea" in answer.text
    assert "<b>a cup of tea</b>" not in answer.text
    assert desk.extensions["desk_plugins"].guard.last_fault("forgot") is None
    assert desk.test_client().get("/p/forgot/cup").status_code == 303  # a stranger signs in first


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
