"""A theme's style sheets and pictures: where they are linked, what of them is served, what never."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from deskcore.config import Config
from deskcore.services import setup
from deskcore.services.desk_settings import DeskSettings
from deskcore.theme import sheets
from tests.theme.authoring import write_theme
from tests.themes.conftest import Wearing
from tests.web.conftest import OWNER_EMAIL, PASSWORD, Visitor

LINKED = re.compile(r'href="(/static/[0-9a-f]+/theme/[\w.]+)"')
PIXEL = "<svg xmlns='http://www.w3.org/2000/svg'/>"


@pytest.fixture
def folder(config: Config) -> Path:
    """Give a folder with a theme and its child."""
    files = {
        "public.css": "h1 { color: red } .hero { background: url(images/wood.svg) }",
        "style.css": ".nav { background: navy }",
        "images/wood.svg": PIXEL,
        "images/steal.js": "alert(1)",
        "images/page.html": "<p>mine</p>",
        "notes.svg": PIXEL,
    }
    themes = config.instance / "themes"
    write_theme(themes, "ground", files)
    write_theme(themes, "child", {"public.css": "h1 { color: blue }"}, parent="ground")
    return themes


@pytest.fixture
def dressed(wearing: Wearing, folder: Path) -> Iterator[Flask]:
    """Give a set-up desk that wears the child."""
    assert folder
    with wearing("child") as desk:
        code = setup.ensure_setup_code()
        assert code
        setup.create_owner(
            setup.check_setup_code(code),
            setup.FirstOwner(name="Eva Nová", email=OWNER_EMAIL, password=PASSWORD),
            DeskSettings(name="Čajovna", time_zone="Europe/Prague", language="en"),
        )
        yield desk


def test_customers_pages_link_what_parent_and_child_say_in_that_order(dressed: Flask) -> None:
    visitor = Visitor(dressed.test_client())
    (address,) = LINKED.findall(visitor.get("/help").text)
    answer = visitor.get(address)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "text/css"
    text = answer.text
    assert text.startswith("@layer theme {")
    assert text.index("red") < text.index("blue")
    picture = visitor.get(address.replace("public.css", "images/wood.svg"))
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    assert "default-src 'none'" in picture.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name", ["images/steal.js", "images/page.html", "notes.svg", "theme.toml", "../theme.toml"]
)
def test_nothing_else_of_a_theme_can_be_fetched(dressed: Flask, name: str) -> None:
    visitor = Visitor(dressed.test_client())
    (address,) = LINKED.findall(visitor.get("/help").text)
    assert visitor.get(address.replace("public.css", name)).status_code == 404


def test_pages_of_the_work_are_dressed_and_those_of_the_desk_itself_never(dressed: Flask) -> None:
    owner = Visitor(dressed.test_client())
    for path in ("/sign-in", "/rescue", "/help/nowhere", "/nowhere"):
        assert not LINKED.findall(owner.get(path).text), path
    owner.sign_in()
    for path in ("/v/open", "/search", "/new", "/outbox"):
        assert [each[-9:] for each in LINKED.findall(owner.get(path).text)] == ["style.css"], path
    never = ("/admin", "/admin/plugins", "/admin/people", "/me", "/rescue", "/nowhere", "/p/spam/")
    for path in (*never, "/t/4711"):
        assert not LINKED.findall(owner.get(path).text), path


def test_an_owner_can_look_at_the_desk_without_its_theme(dressed: Flask) -> None:
    owner = Visitor(dressed.test_client())
    owner.sign_in()
    assert not LINKED.findall(owner.get("/v/open?safe=1").text)
    assert LINKED.findall(owner.get("/v/open?safe=0").text)


def test_style_that_reaches_out_or_is_no_style_is_left_out(
    config: Config, wearing: Wearing
) -> None:
    style = """
        @import "https://elsewhere.example/spy.css";
        h1 { color: green } }
        .spy { background: url(https://elsewhere.example/spy.png) }
        .spy { background: url("//elsewhere.example/spy.png") }
        .spy { background: image-set("https://elsewhere.example/spy.png" 1x) }
        .spy { background: url(../../secret.key) }
        @layer look { h1 { display: none } }
        @media print { .spy { background: u\\72l(http://elsewhere.example/x) } }
        @font-face { font-family: Own; src: url(images/own.woff2) }
        h2 { content: "}"; color: teal
    """
    write_theme(config.instance / "themes", "wild", {"public.css": style})
    with wearing("wild") as desk:
        visitor = Visitor(desk.test_client())
        text = visitor.get(f"/static/{desk.extensions['desk_assets'].digest}/theme/public.css").text
    assert "elsewhere" not in text
    assert "secret" not in text
    assert "look" not in text
    assert "images/own.woff2" in text
    assert text.count("{") == text.count("}") - text.count('"}"')
    assert text.rstrip().endswith("}\n}")
    assert "teal" in text


def test_links_that_lead_out_of_the_folder_are_not_followed(
    config: Config, wearing: Wearing
) -> None:
    home = write_theme(config.instance / "themes", "leaky", {"images/a.svg": PIXEL})
    secret = config.instance / "secret.svg"
    secret.write_text(PIXEL)
    (home / "images" / "b.svg").symlink_to(secret)
    (home / "public.css").symlink_to(secret)
    with wearing("leaky") as desk:
        assets = desk.extensions["desk_assets"]
        assert assets.has("theme/images/a.svg")
        assert not assets.has("theme/images/b.svg")
        assert not assets.has("theme/public.css")


@pytest.mark.parametrize("css", ["9" * 5_000, "a{b:" + "(" * 9_000])
def test_a_sheet_without_an_end_is_told_and_left_out(tmp_path: Path, css: str) -> None:
    (tmp_path / "style.css").write_text(css)
    assert sheets.sheet(tmp_path, "style.css") == ""
    assert [line for line, _reason in sheets.objections(css)] == [1]
