"""Saved replies in a browser without JavaScript: pages, the picker, and the check of answers."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import insert, select

from deskcore.models import Message
from deskcore.services import drafts, ticket_page
from deskcore.services.unit import reading, unit_of_work
from plugins.saved_replies import replies
from plugins.saved_replies.replies import Written
from plugins.saved_replies.tables import TEXTS
from tests.factories import a_customer, a_mailbox, a_team, a_ticket
from tests.web.conftest import Visitor
from tests.web.test_tickets import PARTIAL, answer, eva

FORM = {
    "name": "Return by post",
    "text_en": "{{customer.greeting}}\n{{customer.first_name}}, send it back.",
    "text_cs": "",
    "text_ru": "",
    "tags": "return, post",
    "after": "solved",
    "version": "",
}
NEW = "/p/saved_replies/new"
DIALOG = {**PARTIAL, "HX-Target": "dialog#dialog"}


@pytest.fixture
def number(owner: Visitor) -> int:
    return a_ticket(a_mailbox(), customer=a_customer("Olga Malá", "olga@cz.example"))


@pytest.fixture
def nameless(owner: Visitor) -> int:
    """Give a ticket of somebody of whom only the address is known."""
    return a_ticket(a_mailbox(), customer=a_customer("x@cz.example", "x@cz.example"))


def kept(text: str = "Hello {{customer.first_name}}") -> int:
    return replies.create(eva(), Written(name="Return", texts={"en": text}, status="solved"))


def sent() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Message.visible).where(Message.direction == "out")))


def test_one_is_written_looked_at_changed_and_deleted(owner: Visitor) -> None:
    team = a_team(name="Warehouse")
    owner.get(NEW)
    path = owner.post(NEW, {**FORM, "team_ids": str(team)}).location
    page = owner.get(path).text
    for shown in ("Hello,\nJana, send it back.", "return, post", "Solved", "Warehouse", "Eva Nová"):
        assert shown in page
    form = owner.get(f"{path}/edit").text
    assert "{{customer.first_name}}, send it back." in form
    assert (
        owner.post(f"{path}/edit", {**FORM, "name": "By post", "version": "1"}).status_code == 303
    )
    assert "By post" in owner.get("/p/saved_replies/").text
    assert owner.post(f"{path}/delete").status_code == 303
    assert "There are no saved replies yet" in owner.get("/p/saved_replies/").text
    assert owner.get(path).status_code == 404
    audit = owner.get("/admin/audit").text
    for said in ("wrote a saved reply", "changed a saved reply", "deleted a saved reply"):
        assert said in audit


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(owner: Visitor) -> None:
    owner.get(NEW)
    wrong = owner.post(NEW, {**FORM, "name": "", "text_en": "{{customer.nmae}}"})
    assert wrong.status_code == 422
    assert "by which colleagues find it" in wrong.text
    assert "The desk knows no placeholder “customer.nmae”." in wrong.text
    assert 'value="return, post"' in wrong.text
    strange = owner.post(NEW, {**FORM, "after": "no_such", "team_ids": "x"})
    assert strange.status_code == 422


def test_a_change_that_came_too_late_says_so(owner: Visitor) -> None:
    path = f"/p/saved_replies/{kept()}/edit"
    owner.get(path)
    assert owner.post(path, {**FORM, "version": "1"}).status_code == 303
    late = owner.post(path, {**FORM, "name": "Mine", "version": "1"})
    assert late.status_code == 422
    assert "Somebody changed this saved reply meanwhile" in late.text
    assert 'value="Mine"' in late.text


def test_the_list_is_searched(owner: Visitor) -> None:
    kept()
    assert "Return" in owner.get("/p/saved_replies/?q=retrun").text
    assert "Nothing fits these words" in owner.get("/p/saved_replies/?q=teapot").text


def test_what_a_text_holds_is_shown_as_text(owner: Visitor, number: int) -> None:
    kept("<b>{{ticket.subject}}</b> <script>")
    for path in ("/p/saved_replies/1", f"/p/saved_replies/for/{number}"):
        page = owner.get(path).text
        assert "&lt;b&gt;" in page
        assert "<script>" not in page.split("<main")[1].split("</main>")[0]


def test_the_picker_opens_as_a_dialog_and_as_a_page(owner: Visitor, number: int) -> None:
    reply_id = kept()
    address = f"/p/saved_replies/for/{number}"
    assert f'hx-get="{address}"' in owner.get(f"/t/{number}").text
    dialog = owner.get(address, headers=DIALOG).text
    assert '<h2 id="dialog-title">Saved replies</h2>' in dialog
    assert "Hello Olga" in dialog
    assert 'data-status="solved"' in dialog
    page = owner.get(address).text
    assert "<h1" in page
    assert f'action="{address}/{reply_id}?language=en"' in page
    part = owner.get(f"{address}/options?q=teapot", headers=PARTIAL).text
    assert "Nothing fits these words." in part
    assert "<form" not in part


def test_what_is_not_known_stands_out(owner: Visitor, nameless: int) -> None:
    kept()
    page = owner.get(f"/p/saved_replies/for/{nameless}").text
    assert re.search(r'<mark class="unfilled"[^>]*>\{\{customer.first_name\}\}</mark>', page)
    assert "What is marked has to be written by you." in page


def test_without_scripts_the_answer_is_kept_and_the_text_goes_below_it(
    owner: Visitor, number: int
) -> None:
    reply_id = kept()
    address = f"/p/saved_replies/for/{number}"
    page = owner.get(f"/t/{number}").text
    assert re.search(rf'<noscript><button[^>]*name="tool" value="{address}"', page)
    form = answer(owner, number, body="As we said:", tool=address)
    assert owner.post(f"/t/{number}/tool?v=open", form).location == address
    gone = owner.post(f"{address}/{reply_id}?language=en")
    assert gone.location == f"/t/{number}?mode=reply&status=solved"
    page = owner.get(gone.location).text
    assert "As we said:\n\nHello Olga" in page
    assert re.search(r'<option value="solved" selected', page)
    assert replies.one(eva(), reply_id).uses == 1


def test_a_tool_that_nobody_offers_leads_nowhere_and_the_text_is_kept(
    owner: Visitor, number: int
) -> None:
    for url in ("https://elsewhere.example/", "/admin", ""):
        form = answer(owner, number, body="As we said:", tool=url)
        assert owner.post(f"/t/{number}/tool", form).status_code == 404
    assert drafts.get(eva(), number, "reply").body == "As we said:"


def test_an_answer_kept_elsewhere_meanwhile_is_not_overwritten(owner: Visitor, number: int) -> None:
    address = f"/p/saved_replies/for/{number}"
    first = answer(owner, number, body="First", tool=address)
    owner.post(f"/t/{number}/tool", first)
    owner.post(f"/t/{number}/tool", {**first, "body": "Second", "version": "1"})
    stale = owner.post(f"/t/{number}/tool", {**first, "body": "Third", "version": "1"})
    assert stale.status_code == 409
    assert "Third" in stale.text
    assert drafts.get(eva(), number, "reply").body == "Second"


def test_a_script_that_put_the_text_in_only_tells(owner: Visitor, number: int) -> None:
    reply_id = replies.create(eva(), Written(name="x", texts={"en": "y"}, tags=("return",)))
    owner.get(f"/t/{number}")
    told = owner.post(f"/p/saved_replies/for/{number}/{reply_id}", {"inserted": "1"})
    assert told.text == "Tags added: return"
    assert told.mimetype == "text/plain"
    assert ticket_page.read(eva(), number).tags == ("return",)
    assert drafts.get(eva(), number, "reply").body == ""


@pytest.mark.parametrize("text", ["Hello {{customer.first_name}}", "No. {{ ticket.number }}"])
def test_desk_reply_check_stops_an_answer_with_a_placeholder(
    owner: Visitor, number: int, text: str
) -> None:
    refused = owner.post(f"/t/{number}/reply", answer(owner, number, body=text))
    assert refused.status_code == 422
    assert "Replace what still stands in braces" in refused.text
    assert text in refused.text
    assert sent() == []


def test_desk_reply_check_knows_placeholders_of_a_plugin_that_is_gone(
    owner: Visitor, number: int
) -> None:
    body = "In the shop: {{shop.order}}"
    assert owner.post(f"/t/{number}/reply", answer(owner, number, body=body)).status_code == 303
    text = {"reply_id": kept(), "language": "ru", "body": body}
    with unit_of_work() as unit:
        unit.session.execute(insert(TEXTS).values(**text))
    again = answer(owner, number, body=f"{body} again")
    assert owner.post(f"/t/{number}/reply", again).status_code == 422


def test_notes_and_braces_of_others_pass(owner: Visitor, number: int) -> None:
    body = "Write {{ product.title | upcase }} or {{ shop.name }} in your template."
    assert owner.post(f"/t/{number}/reply", answer(owner, number, body=body)).status_code == 303
    note = answer(owner, number, body="{{customer.name}} is missing", mode="note")
    assert owner.post(f"/t/{number}/reply", note).status_code == 303
    assert sent() == [body]
