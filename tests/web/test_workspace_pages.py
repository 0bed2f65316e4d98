"""The pages around tickets: search, customers, new tickets, mail bodies, files, news."""

from __future__ import annotations

import re
from io import BytesIO

from flask import Flask
from sqlalchemy import select

from deskcore.domain.events import MessageReceived
from deskcore.domain.kinds import AccountState, InboundState
from deskcore.domain.messages import InboundFile
from deskcore.models import Attachment, ChannelAccount, Identity, InboundItem, Message, Ticket
from deskcore.services import files, lists, ticket_page
from deskcore.services.unit import reading, unit_of_work
from tests.factories import a_customer, a_mailbox, a_message, a_ticket
from tests.web.conftest import Visitor
from tests.web.test_tickets import PARTIAL, eva, field

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def test_search_shows_tickets_and_people_and_jumps_to_a_number(owner: Visitor) -> None:
    mailbox = a_mailbox()
    number = a_ticket(mailbox, customer=a_customer("Olga Malá", "olga@cz.example"))
    page = owner.get("/search?q=olga").text
    assert f'href="/t/{number}"' in page
    assert "/customers/" in page
    assert owner.get(f"/search?q=%23{number}").location == f"/t/{number}"
    assert "Nothing holds all of these words" in owner.get("/search?q=zzzzz").text
    assert "is:open" in owner.get("/search").text
    part = owner.get("/search?q=olga", headers={**PARTIAL, "HX-Target": "div#found"})
    assert part.text.startswith('<div class="stack-lg" id="found">')


def test_a_customer_can_be_read_and_changed(owner: Visitor) -> None:
    number = a_ticket(a_mailbox(), customer=a_customer("Olga", "olga@cz.example"))
    card = ticket_page.read(eva(), number).customer
    assert card is not None
    path = f"/customers/{card.id}"
    assert "olga@cz.example" in owner.get(path).text
    form = {"name": "Olga Malá", "company": "Dům s. r. o.", "notes": "Likes green tea."}
    owner.get(f"{path}/edit")
    assert owner.post(f"{path}/edit", form).location == path
    page = owner.get(path).text
    assert "Likes green tea." in page
    company = re.search(r'href="(/companies/\d+)"', page)
    assert company
    assert "Olga Malá" in owner.get(company[1]).text
    owner.get(f"{company[1]}/edit")
    assert owner.post(f"{company[1]}/edit", {"name": "Dům", "notes": ""}).location == company[1]
    assert owner.post(f"{company[1]}/edit", {"name": " "}).status_code == 422
    assert owner.post(f"{path}/edit", {"name": "x" * 200}).status_code == 422


def test_a_new_ticket_is_started_with_a_file(owner: Visitor) -> None:
    mailbox = a_mailbox()
    a_customer("Olga", "olga@cz.example")
    assert "/new?to=olga%40cz.example" in owner.get("/new?find=olga").text
    form = {
        "form_key": field(owner.get("/new").text, "form_key"),
        "mailbox": str(mailbox),
        "to": "olga@cz.example",
        "subject": "Your order",
        "body": "It is here.",
        "then": "stay",
    }
    refused = owner.post("/new", {**form, "to": "", "files": (BytesIO(b"offer"), "offer.txt")})
    assert refused.status_code == 422
    assert "It is here.</textarea>" in refused.text
    assert "offer.txt" in refused.text
    done = owner.post("/new", form)
    number = int(done.location.rpartition("/")[2])
    page = ticket_page.read(eva(), number)
    assert (page.subject, page.recipients.to) == ("Your order", ("olga@cz.example",))
    assert [file.filename for file in page.messages[0].files] == ["offer.txt"]
    a_ticket(mailbox, subject="Still open", customer=_customer("olga@cz.example"))
    assert "Still open" in owner.get("/new?to=olga@cz.example").text


def test_a_draft_of_a_new_ticket_is_kept_until_discarded(owner: Visitor) -> None:
    a_mailbox()
    owner.get("/new")
    owner.post("/new/draft", {"body": "Hello Olga", "subject": "S", "to": "olga@cz.example"})
    assert "Hello Olga</textarea>" in owner.get("/new").text
    owner.post("/new/discard")
    assert "Hello Olga" not in owner.get("/new").text


def test_a_mail_body_is_harmless_and_cached_for_its_reader_alone(owner: Visitor) -> None:
    number = a_ticket(a_mailbox())
    html = (
        '<p onclick="x()">Hello</p><script>x()</script><img src="cid:one">'
        '<img src="https://far.example/x.png">'
    )
    message = a_message(number, "Hello", html=html)
    picture = _attached(message, "one.png", "image/png", PNG, content_id="one")
    frame = re.search(rf'src="(/messages/{message}/body\?k=[^"]+)"', owner.get(f"/t/{number}").text)
    assert frame
    body = owner.get(frame[1])
    assert "script" not in body.text
    assert "onclick" not in body.text
    assert "far.example" not in body.text
    assert f'src="/files/{picture}"' in body.text
    assert body.headers["Content-Security-Policy"].startswith("sandbox")
    assert body.headers["Cache-Control"] == "private, max-age=86400, immutable"
    assert owner.get(f"/messages/{message}/body").headers["Cache-Control"] == "no-store"
    assert Visitor(owner.client.application.test_client()).get(frame[1]).status_code == 303


def test_a_quote_is_folded_in_the_reader_s_language_and_as_harmless(owner: Visitor) -> None:
    number = a_ticket(a_mailbox())
    quote = (
        '<p>Which number?<img src="https://far.example/x.png"><img src="cid:one"></p>'
        "<details open><summary onclick=x()>no</summary></details>"
    )
    message = a_message(number, "It is 10432.", html=f"<p>It is 10432.</p>{quote}")
    with unit_of_work() as unit:
        unit.session.get_one(Message, message).quoted = "Which number? no"
    picture = _attached(message, "one.png", "image/png", PNG, content_id="one")
    english = _frame_of(owner, number)
    body = owner.get(english).text
    said, fold, rest = body.partition("<details>")
    assert "It is 10432." in said
    assert "Which" not in said
    assert fold
    assert re.match(r'<summary dir="auto" lang="en">Show quoted text</summary><div><p>Which', rest)
    assert body.count("<details") == body.count("<summary") == 1
    assert f'<img src="/files/{picture}">' in rest
    assert "far.example" not in body
    assert "onclick" not in body
    owner.get("/me")
    looks = {"time_zone": "Europe/Prague", "theme": "auto", "density": "cosy"}
    assert owner.post("/me", {"name": "Eva", "language": "cs", **looks}).status_code == 303
    czech = _frame_of(owner, number)
    assert czech != english
    assert "Zobrazit citovaný text" in owner.get(czech).text


def _frame_of(owner: Visitor, number: int) -> str:
    frame = re.search(r'src="(/messages/\d+/body\?k=[^"]+)"', owner.get(f"/t/{number}").text)
    assert frame
    return frame[1]


def test_files_are_handed_out_and_never_shown(owner: Visitor) -> None:
    number = a_ticket(a_mailbox())
    message = a_message(number, "see file")
    page = _attached(message, "bad.html", "text/html", b"<script>x()</script>")
    answer = owner.get(f"/files/{page}")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    answer.close()
    assert "bad.html" in owner.get(f"/t/{number}").text
    assert owner.get("/files/" + "0" * 32).status_code == 404


def test_what_could_not_be_read_waits_with_its_source(owner: Visitor) -> None:
    mailbox = a_mailbox()
    item = _item(mailbox)
    page = owner.get("/attention").text
    assert "It is cut short." in page
    assert "Mailbox settings" in page
    assert "Subject: torn" in owner.get(f"/attention/{item}").text
    raw = owner.get(f"/attention/{item}/raw")
    assert (raw.data, raw.mimetype) == (b"Subject: torn\r\n", "application/octet-stream")
    owner.get("/attention")
    assert owner.post(f"/attention/{item}/discard").location == "/attention"
    assert "It is cut short." not in owner.get("/attention").text
    assert owner.post(f"/attention/{item}/retry").status_code == 409


def test_news_come_only_when_there_are_some(owner: Visitor) -> None:
    mailbox = a_mailbox()
    number = a_ticket(mailbox)
    live = _live(owner.get("/v/open").text)
    assert owner.get(live, headers=PARTIAL).status_code == 204
    fresh = a_ticket(mailbox, subject="Fresh mail")
    _received(fresh)
    news = owner.get(live, headers=PARTIAL)
    assert 'hx-target="#list"' in news.text
    assert "Fresh mail" in news.text
    assert 'hx-target="#nav"' in news.text
    assert owner.get(_live(news.text), headers=PARTIAL).status_code == 204
    busy = owner.get(f"{live}&busy=1", headers=PARTIAL)
    assert "1 new" in busy.text
    assert "Fresh mail" not in busy.text
    on_ticket = _live(owner.get(f"/t/{number}?v=open").text)
    _received(fresh)
    assert 'hx-target="#thread"' not in owner.get(on_ticket, headers=PARTIAL).text
    a_message(number, "And one more thing")
    _received(number)
    about_ticket = owner.get(on_ticket, headers=PARTIAL).text
    assert "And one more thing" in about_ticket
    assert 'id="composer"' in about_ticket


def test_news_leave_a_composer_in_use_as_it_is(owner: Visitor) -> None:
    number = a_ticket(a_mailbox())
    live = _live(owner.get(f"/t/{number}?v=open").text)
    a_message(number, "And one more thing")
    _received(number)
    news = owner.get(f"{live}&writing=1", headers=PARTIAL).text
    assert "And one more thing" in news
    assert 'id="seen"' in news
    assert 'id="composer"' not in news


def test_made_up_marks_are_no_error(owner: Visitor) -> None:
    a_ticket(a_mailbox())
    for mark in ("", "x", "-", "f" * 40, "1-2-3-4", "'"):
        for busy in ("0", "1"):
            answer = owner.get(f"/live?v=open&since={mark}&busy={busy}", headers=PARTIAL)
            assert answer.status_code in {200, 204}, mark


def test_lists_keep_their_order_and_page_in_links(owner: Visitor) -> None:
    mailbox = a_mailbox()
    numbers = [a_ticket(mailbox) for _ in range(lists.PAGE + 2)]
    first = owner.get("/v/open").text
    following = re.search(r'href="(/v/open\?from=[^"]+)" rel="next"', first)
    assert following
    second = owner.get(following[1]).text
    assert f"/t/{numbers[-1]}?" in second
    assert f"/t/{numbers[0]}?" not in second
    newest = owner.get("/v/open?sort=newest").text
    assert newest.index(f"/t/{numbers[-1]}?") < newest.index(f"/t/{numbers[-2]}?")


def _live(html: str) -> str:
    found = re.search(r'hx-get="(/live[^"]+)"', html)
    assert found
    return found[1].replace("&amp;", "&")


def _received(number: int) -> None:
    with unit_of_work() as unit:
        ticket = unit.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        unit.record(
            MessageReceived(ticket_id=ticket.id, mailbox_id=ticket.mailbox_id, channel="email")
        )


def _attached(
    message_id: int, name: str, kind: str, content: bytes, *, content_id: str = ""
) -> str:
    file = InboundFile(
        filename=name,
        content_type=kind,
        content=content,
        content_id=content_id,
        inline=bool(content_id),
    )
    with unit_of_work() as unit:
        row: Attachment = files.attach(unit, file, message_id=message_id)
        return row.public_id


def _customer(address: str) -> tuple[int, int]:
    with reading() as session:
        row = session.scalars(select(Identity).where(Identity.value == address)).one()
        return row.customer_id, row.id


def _item(mailbox_id: int) -> int:
    content = b"Subject: torn\r\n"
    digest = files.write(content)
    with unit_of_work() as unit:
        account = unit.session.scalars(
            select(ChannelAccount).where(ChannelAccount.mailbox_id == mailbox_id)
        ).one()
        account.state = AccountState.SIGN_IN_FAILED
        files.refer(unit.session, digest, len(content), unit.now)
        item = InboundItem(
            account_id=account.id,
            external_id="1",
            content_hash=digest,
            digest=digest,
            size=len(content),
            state=InboundState.FAILED,
            reason="It is cut short.",
            received_at=unit.now,
            stored_at=unit.now,
        )
        unit.session.add(item)
        unit.session.flush()
        return item.id


def test_the_whole_workspace_needs_somebody_signed_in(set_up: Flask) -> None:
    stranger = Visitor(set_up.test_client())
    for path in ("/", "/v/open", "/t/1", "/search", "/outbox", "/attention", "/new", "/live"):
        assert stranger.get(path).status_code == 303, path
