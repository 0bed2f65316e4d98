"""What the filter sees of a message."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deskcore.api import Address, InboundMessage
from plugins.spam.tokens import MOST_TOKENS, digest, tokens, wider


def message(text: str = "", **parts: object) -> InboundMessage:
    values = {"external_id": "1", "sender": Address(value="win@mail.spam.example"), "text": text}
    return InboundMessage(**{**values, **parts})  # type: ignore[arg-type]  # any of its fields


def test_tokens_say_where_they_were_seen() -> None:
    found = tokens(
        message(
            "Win NOW: https://a.b.example/x and no more",
            subject="Výhra",
            reply_to=(Address(value="other@elsewhere.example"),),
            verified=False,
        )
    )
    assert {"win", "now", "subject:výhra", "link:a.b.example", "link:b.example"} <= set(found)
    assert {"from:mail.spam.example", "from:spam.example"} <= set(found)
    assert {"fact:not proved", "fact:answers elsewhere", "fact:no name"} <= set(found)


def test_a_mail_of_html_alone_is_read_too() -> None:
    found = tokens(message(html="<p>Jackpot <a href='https://win.example/'>here</a></p>"))
    assert {"jackpot", "link:win.example", "fact:no words"} <= set(found)


def test_no_address_of_a_person_is_a_token() -> None:
    assert not [token for token in tokens(message("hello")) if "win@" in token]


def test_domains_widen_down_to_two_labels() -> None:
    assert wider("a.b.example") == ["a.b.example", "b.example"]
    assert wider("example") == ["example"]


@given(st.text(max_size=3000), st.text(max_size=200))
def test_any_text_gives_few_tokens_that_fit_the_database(text: str, subject: str) -> None:
    found = tokens(message(text, subject=subject, html=f"<p>{subject}"))
    assert len(found) == len(set(found)) <= MOST_TOKENS
    assert all(0 < digest(token) < 1 << 63 for token in found)
