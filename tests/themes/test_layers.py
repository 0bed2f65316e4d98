"""Pages for customers are made of layers: the theme, those it stands on, the core."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskcore.config import Config
from tests.theme.authoring import write_theme
from tests.themes.conftest import Wearing

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
UNDER = '{% extends "@parent/public/try.html" %}'


@pytest.fixture
def themes(config: Config) -> Path:
    """Give a chain of three themes above the core: each adds to the page and to its frame."""
    folder = config.instance / "themes"
    for slug, parent in (("ground", ""), ("middle", "ground"), ("summit", "middle")):
        page = f"{UNDER}{{% block main %}}{{{{ super() }}}}<p>{slug}</p>{{% endblock %}}"
        files = {"templates/public/try.html": page}
        if slug != "middle":
            files["templates/public/try_frame.html"] = (
                '{% extends "@parent/public/try_frame.html" %}'
                f"{{% block foot %}}{{{{ super() }}}}, {slug}'s{{% endblock %}}"
            )
        write_theme(folder, slug, files, parent=parent)
    return folder


@pytest.mark.usefixtures("themes")
def test_each_layer_adds_to_the_one_below(wearing: Wearing) -> None:
    with wearing("summit") as desk:
        text = desk.test_client().get("/try").text
    hello = "<h1>Hello Eva &lt;b&gt;</h1>"
    assert f"<main id='main'>{hello}<p>ground</p><p>middle</p><p>summit</p></main>" in text
    assert "<footer>core's foot, ground's, summit's</footer>" in text


@pytest.mark.usefixtures("themes")
def test_a_part_of_the_page_is_what_it_is_in_the_whole(wearing: Wearing) -> None:
    with wearing("summit") as desk:
        whole = desk.test_client().get("/try").text
        part = desk.test_client().get("/try", headers=PARTIAL).text
    region = part.partition("\n")[0]
    assert region.startswith("<main id='main'><h1>Hello Eva &lt;b&gt;</h1><p>ground</p>")
    assert region in whole


@pytest.mark.usefixtures("themes")
def test_a_theme_in_the_middle_of_the_chain_can_be_worn_alone(wearing: Wearing) -> None:
    with wearing("ground") as desk:
        text = desk.test_client().get("/try").text
    assert "<p>ground</p></main>" in text
    assert "summit" not in text


def test_a_theme_overrides_nothing_but_what_customers_see(config: Config, wearing: Wearing) -> None:
    mine = {f"templates/{name}": "mine" for name in ("admin/try.html", "auth/sign_in.html")}
    write_theme(config.instance / "themes", "greedy", {**mine, "templates/rescue.html": "mine"})
    with wearing("greedy") as desk:
        visitor = desk.test_client()
        assert "core's own" in visitor.get("/admin-try").text
        for path in ("/setup", "/rescue", "/nowhere"):
            assert visitor.get(path, follow_redirects=True).text != "mine"


def test_an_own_template_beside_the_core_s_can_be_included(
    config: Config, wearing: Wearing
) -> None:
    write_theme(
        config.instance / "themes",
        "parts",
        {
            "templates/public/try.html": UNDER
            + '{% block main %}{{ super() }}{% include "public/_shelf.html" %}{% endblock %}',
            "templates/public/_shelf.html": "<p>{{ name }}'s shelf</p>",
        },
    )
    with wearing("parts") as desk:
        assert "<p>Eva &lt;b&gt;'s shelf</p>" in desk.test_client().get("/try").text


@pytest.mark.usefixtures("themes")
def test_in_safe_mode_pages_look_as_the_core_makes_them(config: Config, wearing: Wearing) -> None:
    with wearing("summit", safe_mode=True) as desk:
        assert "<p>summit</p>" not in desk.test_client().get("/try").text
    (config.instance / "SAFE_MODE").touch()
    with wearing("summit") as desk:
        assert "<p>summit</p>" not in desk.test_client().get("/try").text


@pytest.mark.usefixtures("themes")
def test_a_theme_that_is_gone_leaves_the_core_s_pages(config: Config, wearing: Wearing) -> None:
    (config.instance / "themes" / "ground").rename(config.instance / "elsewhere")
    with wearing("summit") as desk:
        answer = desk.test_client().get("/try")
    assert answer.status_code == 200
    assert "core's foot</footer>" in answer.text
