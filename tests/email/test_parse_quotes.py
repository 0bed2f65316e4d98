"""What is shown at first glance and what is folded; nothing is ever lost."""

from __future__ import annotations

import pytest

from tests.email.mails import message, reply, sample


@pytest.mark.parametrize(
    "attribution",
    [
        "On Mon, Mar 11, 2024 at 9:00 AM Desk <support@desk.example> wrote:",
        "On Mon, Mar 11, 2024 at 9:00 AM\nDesk <support@desk.example>\nwrote:",
        "Am Mo., 11. März 2024 um 09:00 Uhr schrieb Desk <support@desk.example>:",
        "Le lun. 11 mars 2024 à 09:00, Desk <support@desk.example> a écrit :",
        "El lun, 11 mar 2024 a las 9:00, Desk (<support@desk.example>) escribió:",
        "Il giorno lun 11 mar 2024 alle ore 09:00 Desk <support@desk.example> ha scritto:",
        "Em seg., 11 de mar. de 2024 às 09:00, Desk <support@desk.example> escreveu:",
        "Op ma 11 mrt 2024 om 09:00 schreef Desk <support@desk.example>:",
        "po 11. 3. 2024 v 9:00 odesílatel Desk <support@desk.example> napsal:",
        "pon., 11 mar 2024 o 09:00 Desk <support@desk.example> napisał(a):",
        "пн, 11 мар. 2024 г. в 09:00, Desk <support@desk.example>:",
        '11.03.2024, 09:00, "Desk" <support@desk.example> написал(а):',
        "Den mån 11 mars 2024 kl 09:00 skrev Desk <support@desk.example>:",
        "2024年3月11日(月) 9:00 Desk <support@desk.example>:",
        "Desk <support@desk.example> 于2024年3月11日周一 09:00写道：",
    ],
)
def test_the_quote_below_an_answer_is_folded(attribution: str) -> None:
    mail = reply(f"It works now.\n\n{attribution}\n\n> Please try again.\n> Desk\n")
    assert mail.visible == "It works now."
    assert "Please try again." in mail.quoted
    assert "support@desk.example" in mail.quoted


@pytest.mark.parametrize(
    "block",
    [
        "From: Desk <support@desk.example>\nSent: Monday\nTo: Ann\nSubject: x",
        "________________________________\nVon: Desk <support@desk.example>\nGesendet: Mo\nAn: Ann\nBetreff: x",
        "-----Original Message-----\nFrom: Desk\nSent: Monday",
        "-----Ursprüngliche Nachricht-----\nVon: Desk\nGesendet: Montag",
        "-----Původní zpráva-----\nOd: Desk\nOdesláno: pondělí",
        "De : Desk <support@desk.example>\nEnvoyé : lundi\nÀ : Ann\nObjet : x",
        "Fra: Desk <support@desk.example>\nSendt: mandag\nTil: Ann\nEmne: x",
        "##- Please write above this line -##",
    ],
)
def test_an_original_without_quote_marks_is_folded(block: str) -> None:
    mail = reply(f"It works now.\n\n{block}\n\nPlease try again.\n")
    assert mail.visible == "It works now."
    assert "Please try again." in mail.quoted


def test_gmail_html_is_cut_by_its_markup() -> None:
    mail = sample("gmail_html_reply.eml")
    assert mail.visible == "It still does not work.\n\nAnn"
    assert "Please try again." in mail.quoted


def test_outlook_html_is_cut_at_its_header_block() -> None:
    mail = sample("outlook_html_reply.eml")
    assert mail.visible == "Das wäre schön."
    assert "Sollen wir tauschen?" in mail.quoted


def test_answers_between_the_lines_stay_with_what_they_answer() -> None:
    text = "See below.\n\n> First question?\n\nYes.\n\n> Second question?\n\nNo.\n"
    mail = reply(text)
    assert mail.visible == text.strip()
    assert mail.quoted == ""


def test_an_answer_below_the_quote_is_shown() -> None:
    mail = reply("On Mon, 11 Mar 2024 9:00 Desk <d@x.example> wrote:\n> Question?\n\nThe answer.\n")
    assert mail.visible == "The answer."


def test_a_mail_that_is_only_a_quote_is_shown_whole() -> None:
    text = "On Mon, 11 Mar 2024 9:00 Desk <d@x.example> wrote:\n> All there is"
    assert reply(text).visible == text


def test_a_mail_that_is_only_a_signature_is_shown_whole() -> None:
    assert reply("-- \nAnn Customer").visible == "-- \nAnn Customer"


def test_the_signature_is_folded() -> None:
    mail = reply("Thank you!\n\n-- \nAnn Customer\nSome Street 1\n")
    assert mail.visible == "Thank you!"
    assert "Some Street 1" in mail.quoted


@pytest.mark.parametrize(
    "line", ["Sent from my iPhone", "Von meinem iPhone gesendet", "Get Outlook for iOS"]
)
def test_what_a_phone_adds_is_folded(line: str) -> None:
    assert reply(f"Thank you!\n\n{line}\n").visible == "Thank you!"


@pytest.mark.parametrize(
    "text",
    [
        "Points:\n----\n\n1. one\n\n====\n\nMore below the rules.",
        "```\nsignature: '--'\n--\nname\n```\n\nWhat is wrong with this?",
        "I wrote: nothing of the kind on 3 May at all",
        "Please send it\nFrom: Berlin\nTo: Munich\nby train",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    assert reply(text).visible == text


def test_a_formatting_blockquote_is_no_quote() -> None:
    html = "<p>Your terms say:</p><blockquote>Free returns</blockquote><p>So?</p>"
    mail = message(f"From: a@b.example\nContent-Type: text/html\n\n{html}")
    assert "Free returns" in mail.visible


def test_a_first_mail_that_ends_with_marked_lines_is_not_cut() -> None:
    mail = message("From: a@b.example\nSubject: Error\n\nI see this:\n> Error 5\n> at line 3")
    assert mail.visible.endswith("> at line 3")


def test_a_short_answer_between_two_quotes_of_the_markup_is_shown() -> None:
    quotes = "<blockquote type=cite>Which colour?</blockquote>Green.<blockquote type=cite>Size?"
    head = "From: a@b.example\nSubject: Re: x\nIn-Reply-To: <1@desk.example>\n"
    mail = message(f"{head}Content-Type: text/html\n\nBelow.<br>{quotes}</blockquote>Large.")
    assert mail.visible.split() == ["Below.", "Which", "colour?", "Green.", "Size?", "Large."]


@pytest.mark.parametrize(
    "old",
    [
        "-----Original Message-----\nFrom: Shop\nSent: Monday\n\nIt was sent.",
        "On Mon, 11 Mar 2024 at 9:00 Shop <shop@x.example> wrote:\n> It was sent.",
    ],
)
def test_a_first_mail_that_carries_an_older_one_is_not_cut(old: str) -> None:
    mail = message(f"From: a@b.example\nSubject: Where is it?\n\nWhat does this mean?\n\n{old}")
    assert mail.visible.endswith("It was sent.")
