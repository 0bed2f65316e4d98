"""``desk themes check`` finds what is wrong with a theme before anybody wears it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from deskcore.authoring import scaffold
from deskcore.authoring.theme_check import check_theme
from deskcore.cli import desk
from deskcore.services.theme_checks import ThemeFinding
from deskcore.theme.discovery import bundled_themes
from tests.theme.authoring import write_theme

UNDER = '{% extends "@parent/public/home.html" %}'
# An own page with everything that a page must not have, and little of what it must.
SINS = """<!doctype html>
<html lang="en"><head><link rel="stylesheet" href="https://elsewhere.example/a.css"></head>
<body onload="x()" style="color: red"><script src="/s.js"></script>
<img src="//elsewhere.example/spy.png"><form method="post" action="/r"><input name="q"></form>
<h1 id="a">{{ site.name|safe }}</h1><p id="a">{% block title %}{% endblock %}</p>
<div>{% block main %}{% endblock %}</div></body></html>
"""


def found(theme: Path, level: str = "") -> list[tuple[str, str]]:
    return [
        (each.where, each.text) for each in check_theme(theme) if not level or each.level == level
    ]


@pytest.mark.parametrize("slug", ["linen", "linen_market"])
def test_a_bundled_theme_has_nothing_against_it(slug: str) -> None:
    assert [each for each in check_theme(bundled_themes() / slug) if each.level != "note"] == []


def test_a_new_theme_passes_its_check(tmp_path: Path) -> None:
    begun = scaffold.new_theme(tmp_path / "themes", "corner_shop", "linen")
    assert begun.files == 4
    assert [each for each in check_theme(begun.folder) if each.level != "note"] == []
    text = (begun.folder / "theme.toml").read_text()
    assert 'name = "Corner shop"' in text
    assert 'parent = "linen"' in text


def test_a_page_without_what_pages_have_is_told_all_of_it(tmp_path: Path) -> None:
    theme = write_theme(tmp_path / "themes", "sins", {"templates/public/home.html": SINS})
    errors = found(theme, "error")
    page, source = "public/home.html", "templates/public/home.html"
    for where, words in (
        (f"{source}:3", "Event attributes are scripts"),
        (f"{source}:3", "Style attributes are refused"),
        (f"{source}:3", "Scripts do not run"),
        (f"{source}:5", "Without |safe, please"),
        (page, '<html> needs lang="{{ page_lang() }}".'),
        (page, '<html> needs dir="{{ page_dir() }}".'),
        (page, "The page has no <title>."),
        (page, "A page has one <main>, this one has 0."),
        (page, "The id 'a' is there 2 times."),
        (page, "A picture has no alt text"),
        (page, "A field (q) has no <label>."),
        (page, "lacks its csrf_token"),
        (page, "<link href> leads to 'https://elsewhere.example/a.css'"),
        (page, "<img src> leads to '//elsewhere.example/spy.png'"),
    ):
        assert any(each[0] == where and words in each[1] for each in errors), (where, words, errors)
    warnings = [text for _where, text in found(theme, "warning")]
    for slot in ("home.top", "home.cards", "home.foot"):
        assert f"The slot {slot} is not on the page: what plugins put there is lost." in warnings
    assert "There is no choice of language (site.languages)." in warnings


def test_what_no_page_is_given_and_no_page_asks_for_is_found(tmp_path: Path) -> None:
    files = {
        "templates/public/home.html": UNDER
        + "{% block main %}{{ super() }}{{ home.opening }}{% endblock %}\n"
        + "{% block sidebar %}gone{% endblock %}",
        "templates/public/_shelf.html": "<p>\n{% endfor %}",
        "templates/tickets/show.html": "mine",
        "helper.py": "import os",
        "images/run.js": "x",
    }
    theme = write_theme(tmp_path / "themes", "lost", files)
    told = found(theme)
    home = "templates/public/home.html"
    assert any(
        where == f"{home}:2" and "The block 'sidebar' is never shown" in text
        for where, text in told
    )
    assert any(
        where == "templates/public/_shelf.html:2" and "endfor" in text for where, text in told
    )
    assert any("themes override public/*.html" in text for _where, text in told)
    assert ("helper.py", "A theme has no code; this is never run.") in told
    assert any(where == "images/run.js" and "never served" in text for where, text in told)


def test_a_value_that_is_not_given_is_named_with_its_line(tmp_path: Path) -> None:
    page = UNDER + "\n{% block main %}{{ super() }}{{ home.opening }}{% endblock %}"
    theme = write_theme(tmp_path / "themes", "asks", {"templates/public/home.html": page})
    [(where, text)] = found(theme, "error")
    assert where == "templates/public/home.html:2"
    assert "HelpHome object' has no attribute 'opening'" in text


def test_a_page_without_an_end_ends_the_check_with_an_error(tmp_path: Path) -> None:
    page = UNDER + '{% block main %}{% include "public/home.html" %}{% endblock %}'
    theme = write_theme(tmp_path / "themes", "again", {"templates/public/home.html": page})
    assert any("cannot be drawn: RecursionError" in text for _where, text in found(theme, "error"))


def test_style_and_colours_are_looked_at(tmp_path: Path) -> None:
    style = (
        '@import "https://elsewhere.example/x.css";\n'
        "h1 { background: url(https://elsewhere.example/x.png) }\n"
        ".card { margin-left: 1rem; background: url(images/gone.png) }\n"
        "p { color: red"
        "} }"
    )
    manifest = '[tokens.light]\ntext = "#999999"'
    theme = write_theme(tmp_path / "themes", "pale", {"public.css": style}, manifest=manifest)
    told = found(theme)
    assert ("public.css:1", "@import cannot be used in a theme.") in told
    assert any(
        where == "public.css:2" and "is no file in the theme's" in text for where, text in told
    )
    assert any(
        where == "public.css:3" and "There is no images/gone.png" in text for where, text in told
    )
    assert any(where == "public.css:3" and "does not mirror" in text for where, text in told)
    assert any(where == "public.css:4" and "It is no CSS" in text for where, text in told)
    assert any("light: text / canvas < 4.5" in text for _where, text in told)


def test_a_first_visit_that_is_heavy_is_weighed(tmp_path: Path) -> None:
    style = ".hero { background: url(images/big.png) }"
    theme = write_theme(tmp_path / "themes", "heavy", {"public.css": style, "images/.x": ""})
    (theme / "images" / "big.png").write_bytes(b"\x89PNG" + bytes(range(256)) * 400)
    assert any("A first visit fetches" in text for _where, text in found(theme, "warning"))


def test_the_command_tells_people_and_programs_and_ends_with_its_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_INSTANCE", str(tmp_path / "instance"))
    good = write_theme(tmp_path / "themes", "good")
    bad = write_theme(tmp_path / "themes", "bad", parent="gone")
    answer = CliRunner().invoke(desk, ["themes", "check", str(good)])
    assert (answer.exit_code, answer.output.splitlines()[-1]) == (0, "It can be worn.")
    answer = CliRunner().invoke(desk, ["themes", "check", str(bad)])
    assert answer.exit_code == 1
    assert "error: theme.toml: The theme 'gone' that it stands on is not there." in answer.output
    assert answer.output.endswith("It cannot be worn: 1 error.\n")
    answer = CliRunner().invoke(desk, ["themes", "check", "--format", "json", str(bad)])
    assert '"level": "error"' in answer.output


def test_without_a_browser_the_check_says_that_nobody_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    theme = write_theme(tmp_path / "themes", "blue", {"style.css": ".nav { color: navy }"})
    assert any(
        where == "style.css" and text.startswith("Nobody looked")
        for where, text in found(theme, "note")
    )


def test_mails_say_everything_and_fetch_nothing(tmp_path: Path) -> None:
    image = "{% block foot %}<img src='https://elsewhere.example/spy.gif' alt=''>{% endblock %}"
    files = {
        "templates/mail/reply.html": '{% extends "@parent/mail/reply.html" %}' + image,
        "templates/mail/reply.txt": "{% block body %}Dear customer{% endblock %}",
        "templates/mail/notification.txt": "{{ mail.text }} {{ mail.link }} {{ mail.agent }}",
    }
    theme = write_theme(tmp_path / "themes", "postal", files)
    errors = found(theme, "error")
    told = dict(errors)
    assert "LostWords: It leaves out what the mail says." in told["mail/reply.txt"]
    assert "A mail must not fetch anything when it is opened" in told["mail/reply.html"]
    assert "has no attribute 'agent'" in told["templates/mail/notification.txt:1"]
    # It stands on the mail above, as the core's own does.
    assert "mail/acknowledgement.html" in told


COVERS = {
    "a sheet that lets presses through": ".composer { position: relative } .composer::after { content: ''; position: absolute; inset: 0; background: canvas; pointer-events: none }",
    "something that takes the press": "#main::after { content: ''; position: fixed; inset: 0; z-index: 99 }",
    "far away": ".composer .btn-primary { position: fixed; inset-inline-start: -99rem }",
    "as good as invisible": ".composer .btn-primary { opacity: .05 }",
    "the colour of its ground": ".composer .btn-primary { color: teal; background: teal }",
    "not there": "@media (max-width: 40rem) { .composer .btn-primary { display: none } }",
}


@pytest.mark.browser
@pytest.mark.parametrize("how", COVERS)
def test_a_theme_that_takes_the_send_button_away_is_caught(how: str, tmp_path: Path) -> None:
    theme = write_theme(tmp_path / "themes", "thief", {"style.css": COVERS[how]})
    errors = [each for each in check_theme(theme) if each.level == "error"]
    assert any(_is_send(each) for each in errors), errors


@pytest.mark.browser
def test_another_shop_s_column_of_views_is_nothing_to_object_to() -> None:
    assert [
        each for each in check_theme(bundled_themes() / "harbour") if each.level != "note"
    ] == []


def _is_send(finding: ThemeFinding) -> bool:
    return finding.where == "style.css" and finding.text.startswith("'Send")
