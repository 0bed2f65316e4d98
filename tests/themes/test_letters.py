"""Mails that a theme dresses: it adds to them, and cannot take the words away."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from deskcore.config import Config
from deskcore.domain.public_views import Letter
from deskcore.theme.letters import draw_letter
from tests.themes.conftest import Wearing

MANIFEST = (
    '[theme]\nslug = "mails"\nname = "Mails"\nversion = "1.0"\nsummary = "Mails."\ndesk = ">=0.1"\n'
)
LETTER = Letter(
    text="We send another.",
    html=Markup("<p>We send another.</p>"),
    signature_html=Markup(),
    shop="Tea & Co",
    link="https://desk.example/r/key",
)


def write_theme(config: Config, **templates: str) -> None:
    folder = config.instance / "themes" / "mails"
    (folder / "templates" / "mail").mkdir(parents=True)
    (folder / "theme.toml").write_text(MANIFEST)
    for name, source in templates.items():
        path = folder / "templates" / "mail" / name.replace("__", ".")
        path.write_text(source)


def test_a_theme_adds_to_a_mail(config: Config, wearing: Wearing) -> None:
    write_theme(
        config,
        reply__txt='{% extends "@parent/mail/reply.txt" %}{% block foot %} -- {{ mail.shop }}{% endblock %}',
        reply__html='{% extends "@parent/mail/reply.html" %}{% block foot %}<p>{{ mail.shop }}</p>{% endblock %}',
    )
    with wearing("mails") as desk, desk.app_context():
        text, html = draw_letter("reply", LETTER)
    assert text.endswith("https://desk.example/r/key -- Tea & Co")
    assert html.endswith("<p>Tea &amp; Co</p>")


@pytest.mark.parametrize(
    "lost", ["{% block body %}{% endblock %}", "{% block link %}{% endblock %}"]
)
def test_a_theme_that_loses_the_words_or_the_link_is_left_out(
    config: Config, wearing: Wearing, lost: str
) -> None:
    write_theme(
        config,
        reply__txt='{% extends "@parent/mail/reply.txt" %}' + lost,
        reply__html='{% extends "@parent/mail/reply.html" %}' + lost,
    )
    with wearing("mails") as desk, desk.app_context():
        text, html = draw_letter("reply", LETTER)
    for form in (text, html):
        assert "We send another." in form
        assert "https://desk.example/r/key" in form
