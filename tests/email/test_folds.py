"""What the programs of customers write is folded in their HTML where it is in the text."""

from __future__ import annotations

from collections import Counter

import pytest

from deskcore.domain import html
from deskcore.domain.folding import Halves, fold
from deskcore.domain.markup_blocks import words_of
from deskcore.domain.messages import InboundMessage
from tests.email.clients import ANSWERS, DISCLAIMER, GMAIL, OUTLOOK_DESKTOP, Answer
from tests.email.mails import message

HEAD = "From: ann@customer.example\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n"
REPLY = f"{HEAD}Subject: Re: Your order\nIn-Reply-To: <1@desk.example>\n\n"


def halves(mail: InboundMessage) -> Halves:
    return fold(mail.html, visible=mail.visible, quoted=mail.quoted)


def words(markup: str) -> list[str]:
    return words_of(html.to_text(html.clean(markup, images={})))


@pytest.mark.parametrize("with_plain", [True, False], ids=["both", "html"])
@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.client)
def test_only_what_the_person_wrote_is_shown(answer: Answer, *, with_plain: bool) -> None:
    mail = answer.read(with_plain=with_plain)
    folded = halves(mail)
    assert words(folded.said) == words_of(answer.said)
    assert Counter(words(folded.said)) == Counter(words_of(mail.visible))


@pytest.mark.parametrize("with_plain", [True, False], ids=["both", "html"])
@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.client)
def test_every_word_and_picture_is_in_one_half(answer: Answer, *, with_plain: bool) -> None:
    folded = halves(answer.read(with_plain=with_plain))
    assert Counter(words(folded.said)) + Counter(words(folded.quoted)) == Counter(
        words(answer.html)
    )
    pictures = [half.count("<img") for half in (folded.said, folded.quoted)]
    assert sum(pictures) == answer.html.count("<img")


def test_the_pictures_of_a_signature_stay_with_their_signature() -> None:
    folded = halves(OUTLOOK_DESKTOP.read(with_plain=True))
    assert "image001" in folded.said
    assert "image002" in folded.quoted


def test_a_footer_that_a_server_put_below_the_quote_is_shown() -> None:
    folded = halves(DISCLAIMER.read(with_plain=True))
    assert words(folded.said) == words_of(DISCLAIMER.said)


def test_answers_between_the_lines_of_gmail_stay_with_what_they_answer() -> None:
    mail = message(
        f"{REPLY}<div dir=ltr>See below.</div><div class=gmail_quote><div class=gmail_attr>On Mon, "
        "11 Mar 2024 at 09:00, Desk &lt;support@desk.example&gt; wrote:<br></div>"
        "<blockquote class=gmail_quote><p>Which colour?</p></blockquote><div>Green.</div>"
        "<blockquote class=gmail_quote><p>Which size?</p></blockquote><div>Large.</div></div>"
    )
    folded = halves(mail)
    for word in ("below", "colour", "Green", "size", "Large"):
        assert word in folded.said


def test_a_forward_is_content() -> None:
    mail = message(
        f"{HEAD}Subject: Fwd: Your order\n\n<div>Please look.</div><div class=gmail_quote>"
        "<div class=gmail_attr>---------- Forwarded message ---------<br>From: Shop &lt;shop@x.example"
        "&gt;<br>Date: Mon, 11 Mar 2024<br>Subject: Your order<br>To: ann@customer.example<br></div>"
        "<p>It was sent.</p></div>"
    )
    assert halves(mail) == Halves(said=mail.html)


def test_a_mail_that_is_only_a_quote_is_shown_whole() -> None:
    quote = GMAIL.html[GMAIL.html.index('<div class="gmail_quote') :]
    mail = message(REPLY + quote)
    assert halves(mail) == Halves(said=mail.html)


def test_the_first_mail_of_a_ticket_is_not_cut() -> None:
    mail = message(
        f"{HEAD}Subject: Broken\n\n<p>Your page says:</p><blockquote>Free returns</blockquote>"
        f"<p>And this I got:</p>{GMAIL.html}"
    )
    assert halves(mail) == Halves(said=mail.html)


def test_what_stands_below_our_own_marker_is_folded_in_a_first_mail_too() -> None:
    mail = message(
        f"{HEAD}Subject: Broken\n\n<p>Hello</p><table><tr><td><p>##- Please write above this line "
        "-##</p><p>Old words</p></td></tr></table>"
    )
    folded = halves(mail)
    assert words(folded.said) == ["hello"]
    assert "Old words" in folded.quoted
