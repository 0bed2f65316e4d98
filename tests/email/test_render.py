"""What leaves the desk as bytes: only the headers and recipients that were meant, on any Python."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskcore.domain.messages import Address, OutboundFile
from deskcore.plugin import Payload, Refused
from plugins.email import render as rendering
from plugins.email.outgoing_headers import clean_text
from plugins.email.render import render_mail
from plugins.email.round_trip import Intent, verify
from tests.email.accounts import outbound

BASE_HEADERS = [
    "From",
    "To",
    "Subject",
    "Message-ID",
    "References",
    "In-Reply-To",
    "Date",
    "MIME-Version",
    "Content-Type",
]
HOSTILE = [
    "=?utf-8?q?Hi=0D=0ABcc:_x@y?=",
    "=?utf-8?b?SGkNCkJjYzogeEB5?=",
    "Hi\r\nBcc: x@y.test",
    "Hi\nBcc: x@y.test\n\nbody",
    "Hi\rBcc: x@y.test",
    "Hi\u2028Bcc: x@y.test\u2029Cc: z@y.test",
    "Hi\x85Bcc: x@y.test\x0b\x0c\x1c\x1d\x1e",
    "a\0b\x7f\x9f",
    "=?utf-8?q?a?= =?utf-8?q?=0ABcc:x@y.test?=",
    "\ud800 lone",
    "'\"\\<>,;:()[]@ =?",
    "x" * 2000,
    "ж" * 2000,
    "a, b <c@d.test>, e@f.test",
    '"; filename="evil.exe',
    "👩‍👩‍👧 žluťoučký кот",
    "",
    " ",
]


def render(**changed: Any) -> Payload:
    return render_mail(
        outbound(**changed), address="Help@Desk.test", sender_name="Desk", reply_tokens=False
    )


def read(payload: Payload) -> EmailMessage:
    message = message_from_bytes(payload.content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def names(payload: Payload) -> list[str]:
    return message_from_bytes(payload.content).keys()


def leaves(payload: Payload) -> list[Message]:
    return [part for part in read(payload).walk() if not part.is_multipart()]


def unix(part: Message) -> str:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode().replace("\r\n", "\n")


def test_answer_has_the_headers_that_keep_a_conversation_together() -> None:
    payload = render()
    message = read(payload)
    assert names(payload) == BASE_HEADERS
    assert message["From"] == '"Obchod, s.r.o." <help@desk.test>'
    assert message["To"].addresses[0].display_name == "Анна"
    assert message["Subject"] == "Re: Objednávka"
    assert message["Date"] == "Sat, 21 Nov 2026 20:15:00 +0000"
    own = "<d.kX3vQ9mB1zL0aTfW7yRn2A@desk.test>"
    assert message["Message-ID"] == own
    assert message["In-Reply-To"] == "<second@customer.test>"
    assert message["References"].split() == [
        "<first@customer.test>",
        "<second@customer.test>",
        own,
    ]
    assert payload.recipients == ("ann@customer.test",)
    assert payload.meta == {"envelope_from": "help@desk.test"}
    assert payload.content.isascii()


def test_same_message_gives_the_same_bytes() -> None:
    files = (OutboundFile(filename="a.txt", content_type="text/plain", content=b"a"),)
    assert render(files=files) == render(files=files)
    assert render(files=files) != render(files=files, text="other")


def test_only_automatic_mail_bears_the_marks_against_loops() -> None:
    message = read(render(automatic=True, desk_id="desk-1", ticket_number=1001))
    assert message["Auto-Submitted"] == "auto-replied"
    on_no_ticket = read(render(automatic=True, desk_id="desk-1"))
    assert on_no_ticket["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["X-Deskcore-Loop"] == "desk-1"
    by_a_person = names(render(automatic=False, desk_id="desk-1"))
    assert by_a_person == BASE_HEADERS


def test_reply_address_bears_the_token_only_where_the_owner_wants_it() -> None:
    marked = render_mail(outbound(), address="help@desk.test", sender_name="", reply_tokens=True)
    assert "help+reply+kX3vQ9mB1zL0aTfW7yRn2A@desk.test" in str(read(marked)["Reply-To"])
    assert "Reply-To" not in names(render())


def test_sender_without_a_name_gets_the_mailboxes_name() -> None:
    message = read(render(sender=Address(value="help@desk.test")))
    assert message["From"].addresses[0].display_name == "Desk"


def test_text_html_picture_and_file_come_back_as_they_went() -> None:
    picture = OutboundFile(
        filename="logo.png", content_type="image/png", content=b"\x89PNG\r\n", content_id="logo@x"
    )
    letter = OutboundFile(
        filename="Счёт č. 7 – " + "очень " * 12 + ".pdf",
        content_type="application/pdf",
        content=bytes(range(256)),
    )
    payload = render(
        text="Řádek\r\n.\r\nFrom here\n-- \n" + "long " * 500,
        html='<p>Řádek</p><img src="cid:logo@x">',
        files=(letter, picture),
    )
    types = [part.get_content_type() for part in read(payload).walk()]
    assert types == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
    ]
    plain, html, image, pdf = leaves(payload)
    assert unix(plain) == "Řádek\n.\nFrom here\n-- \n" + "long " * 500 + "\n"
    assert unix(html) == '<p>Řádek</p><img src="cid:logo@x">\n'
    assert (image["Content-ID"], image.get_content_disposition()) == ("<logo@x>", "inline")
    assert (pdf.get_filename(), pdf.get_payload(decode=True)) == (letter.filename, letter.content)
    assert all(len(line) <= 998 for line in payload.content.split(b"\r\n"))


def test_picture_that_the_html_does_not_show_is_attached() -> None:
    picture = OutboundFile(
        filename="p.png", content_type="image/png", content=b"x", content_id="unused"
    )
    assert leaves(render(files=(picture,)))[-1].get_content_disposition() == "attachment"


def test_hidden_copies_are_in_the_envelope_alone() -> None:
    payload = render(
        cc=(Address(value="Ann@Customer.test"), Address(value="bob@customer.test")),
        bcc=(Address(value="boss@desk.test"),),
    )
    assert payload.recipients == ("ann@customer.test", "bob@customer.test", "boss@desk.test")
    assert b"boss@desk.test" not in payload.content


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_in_its_header(text: str) -> None:
    payload = render(
        subject="Re: " + text,
        sender=Address(value="help@desk.test", name=text),
        to=(Address(value="ann@customer.test", name=text),),
        files=(OutboundFile(filename=text, content_type="text/plain", content=b"x"),),
        references=(text, "ok@x.test"),
        desk_id=text,
    )
    message = read(payload)
    assert names(payload) == BASE_HEADERS
    assert payload.recipients == ("ann@customer.test",)
    assert [one.addr_spec for one in message["To"].addresses] == ["ann@customer.test"]
    assert [one.addr_spec for one in message["From"].addresses] == ["help@desk.test"]
    assert message["Subject"] == clean_text("Re: " + text)
    assert len(leaves(payload)) == 3
    assert message["In-Reply-To"] == "<ok@x.test>"


@settings(max_examples=150, deadline=None)
@given(subject=st.text(), name=st.text(), filename=st.text(), text=st.text())
def test_any_text_is_written_so_that_it_reads_back_the_same(
    subject: str, name: str, filename: str, text: str
) -> None:
    payload = render(
        subject=subject,
        text=text,
        to=(Address(value="ann@customer.test", name=name), Address(value="b@c.test", name=name)),
        files=(
            OutboundFile(
                filename=filename, content_type="a/b", content=text.encode("utf-8", "replace")
            ),
        ),
    )
    assert names(payload) == BASE_HEADERS


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ann",
        "a b@c.test",
        "a@b.test\r\nBcc: x@y.test",
        "a@b.test>, <x@y.test",
        "a@-",
        "a@b@c.test",
        "a,b@c.test",
    ],
)
def test_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="not an address"):
        render(to=(Address(value=address),))


def test_mail_to_nobody_is_refused() -> None:
    with pytest.raises(Refused, match="no recipient"):
        render(to=())


def test_long_conversation_keeps_its_first_and_its_last_references() -> None:
    references = tuple(f"{number}@customer.test" for number in range(100))
    kept = read(render(references=references))["References"].split()
    assert len(kept) == 21
    assert kept[0] == "<0@customer.test>"
    assert kept[-2:] == ["<99@customer.test>", "<d.kX3vQ9mB1zL0aTfW7yRn2A@desk.test>"]


def test_domain_beyond_ascii_is_written_in_its_ascii_form() -> None:
    payload = render(to=(Address(value="info@bücher.test"),))
    assert payload.recipients == ("info@xn--bcher-kva.test",)
    assert payload.content.isascii()


def test_a_mail_that_was_written_otherwise_than_meant_is_not_given_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What a faulty library would do; no text that is known gets past the cleaning before it.
    monkeypatch.setattr(rendering, "text_value", lambda text: f"{text}\r\nBcc: x@y.test")
    with pytest.raises(Refused, match="nothing was sent"):
        render()


INTENT = Intent(
    texts={"Subject": "Hi"},
    lists={"To": (("", "a@b.test"),)},
    plain={},
    bodies=(("text/plain", "Hello\n"),),
    files=(),
)
GOOD = b"To: <a@b.test>\r\nSubject: Hi\r\nContent-Type: text/plain\r\n\r\nHello\r\n"


def test_round_trip_accepts_what_was_meant() -> None:
    verify(GOOD, INTENT)


@pytest.mark.parametrize(
    "changed",
    [
        GOOD.replace(b"Hi\r\n", b"Hi\r\nBcc: x@y.test\r\n"),
        GOOD.replace(b"Hi\r\n", b"Hi\nBcc: x@y.test\r\n"),
        GOOD.replace(b"Hi\r\n", b"Hi\r\n\r\nBcc: x@y.test\r\n"),
        GOOD.replace(b"Hi\r\n", b"Hi\r\n\tthere\r\n"),
        GOOD.replace(b"Hi\r\n", b"Hi\x00\r\n"),
        GOOD.replace(b"Hi", b"=?utf-8?q?Ho?="),
        GOOD.replace(b"<a@b.test>", b"<a@b.test>, <x@y.test>"),
        GOOD.replace(b"<a@b.test>", b"X <a@b.test>"),
        GOOD.replace(b"Subject", b"Subject: Hi\r\nSubject"),
        GOOD.replace(b"Hello", b"Other"),
        GOOD.replace(b"text/plain", b"text/html"),
        GOOD.replace(b"To: <a@b.test>\r\n", b""),
        b"",
    ],
)
def test_round_trip_refuses_what_nobody_meant(changed: bytes) -> None:
    with pytest.raises(Refused):
        verify(changed, INTENT)
