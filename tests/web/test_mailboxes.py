"""Connecting and managing mailboxes in the browser, without JavaScript."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import update

from deskcore.domain.kinds import AccountState
from deskcore.domain.people import SYSTEM
from deskcore.models import ChannelAccount
from deskcore.plugin.net import network_allowed
from deskcore.services import jobs, mailboxes
from deskcore.services.unit import unit_of_work
from tests import factories
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix
from tests.web.conftest import PASSWORD, Visitor


def work() -> None:
    """Do what the worker would."""
    with network_allowed():
        while jobs.run_next("test"):
            pass


def servers(dovecot: Dovecot, postfix: Postfix, address: str) -> dict[str, str]:
    """Fill the form for the test servers."""
    return {
        "address": address,
        "password": dovecot.password,
        "imap_host": dovecot.host,
        "imap_port": str(dovecot.port),
        "imap_security": "none",
        "imap_user": address,
        "folders": "INBOX",
        "start": "unread",
        "check_every": "1 min",
        "after_import": "leave",
        "smtp_host": postfix.host,
        "smtp_port": str(postfix.port),
        "smtp_security": "none",
        "verify": "y",
    }


def test_a_mailbox_is_typed_tried_and_kept(
    owner: Visitor, dovecot: Dovecot, postfix: Postfix
) -> None:
    owner.get("/admin/mailboxes/new?first=1")
    form = servers(dovecot, postfix, "help@web.test")
    answer = owner.post("/admin/mailboxes/new", {**form, "first": "1"})
    assert answer.status_code == 303, answer.text
    test = answer.headers["Location"]
    waiting = owner.get(test).text
    assert "Testing the connection" in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    work()
    assert "The mailbox works" in owner.get(test).text
    keep = test.replace("?first=1", "/keep")
    kept = owner.post(keep, {"name": "Support", "team_ids": ["1"], "first": "1"})
    assert (kept.status_code, kept.headers["Location"]) == (303, "/")
    (view,) = mailboxes.mailboxes(SYSTEM)
    assert (view.name, view.team_names) == ("Support", ("Everyone",))


def test_an_address_and_a_password_are_enough_to_begin(owner: Visitor) -> None:
    owner.get("/admin/mailboxes/new")
    form = {"address": "eva@gmail.com", "password": "app password"}
    answer = owner.post("/admin/mailboxes/new", form)
    assert answer.status_code == 303, answer.text


def test_what_is_missing_is_said_and_the_password_not_repeated(owner: Visitor) -> None:
    owner.get("/admin/mailboxes/new")
    answer = owner.post("/admin/mailboxes/new", {"address": "", "password": "marker-7391"})
    assert answer.status_code == 422
    assert "marker-7391" not in answer.text


def test_a_failed_test_leads_back_to_the_form_with_everything_but_the_password(
    owner: Visitor, dovecot: Dovecot, postfix: Postfix
) -> None:
    owner.get("/admin/mailboxes/new")
    form = {**servers(dovecot, postfix, "help@back.test"), "password": "marker-7391"}
    test = owner.post("/admin/mailboxes/new", form).headers["Location"]
    work()
    page = owner.get(test).text
    assert "Something is wrong" in page
    again = re.search(r'id="again"[^>]*href="([^"]+)"', page)
    assert again
    back = owner.get(again[1].replace("&amp;", "&")).text
    assert 'value="help@back.test"' in back
    assert "marker-7391" not in back + page
    assert 'placeholder="unchanged"' in back


def test_the_waiting_page_and_its_fragment_come_from_one_template(
    owner: Visitor, dovecot: Dovecot, postfix: Postfix
) -> None:
    owner.get("/admin/mailboxes/new")
    form = servers(dovecot, postfix, "help@fragment.test")
    test = owner.post("/admin/mailboxes/new", form).headers["Location"]
    work()
    whole = owner.get(test).text
    part = owner.get(
        test,
        headers={
            "HX-Request": "true",
            "HX-Request-Type": "partial",
            "HX-Target": "div#test-result",
        },
    ).text
    assert part.startswith('<div class="stack" id="test-result"') or 'id="test-result"' in part
    assert "<html" not in part
    fragment = re.sub(r'name="csrf_token" value="[^"]+"', "", part)
    assert fragment.strip() in re.sub(r'name="csrf_token" value="[^"]+"', "", whole)


def test_a_connection_is_changed_only_with_ones_own_password(
    owner: Visitor, dovecot: Dovecot, postfix: Postfix
) -> None:
    owner.get("/admin/mailboxes/new")
    form = servers(dovecot, postfix, "help@mine.test")
    test = owner.post("/admin/mailboxes/new", form).headers["Location"]
    work()
    owner.get(test)
    owner.post(f"{test}/keep", {"name": "Support"})
    (connection,) = mailboxes.mailboxes(SYSTEM)[0].connections
    page = f"/admin/mailboxes/connections/{connection.id}"
    assert dovecot.password not in owner.get(page).text
    changed = {**form, "password": "", "folders": "INBOX, Orders"}
    assert owner.post(page, {**changed, "confirm_password": "guess"}).status_code == 422
    answer = owner.post(page, {**changed, "confirm_password": PASSWORD})
    assert answer.status_code == 303
    work()
    result = owner.get(answer.headers["Location"]).text
    assert "Orders" in result  # there is no such folder, and the stored password still works
    assert "Save the changes" in result


def test_what_a_mailbox_says_is_changed_by_its_form(owner: Visitor) -> None:
    owner.get("/setup/mailbox")
    owner.post("/admin/sample")
    view = mailboxes.mailboxes(SYSTEM)[0]
    page = f"/admin/mailboxes/{view.id}"
    owner.get(page)
    form = {
        "name": "Orders",
        "signature": "Eva",
        "undo_seconds": "0",
        "raw_days": "30",
        "team_ids": ["1"],
    }
    assert owner.post(page, form).status_code == 303
    after = mailboxes.mailbox(SYSTEM, view.id)
    assert (after.name, after.signature, after.undo_seconds) == ("Orders", "Eva", 0)
    assert after.raw_days == 30
    assert owner.post(page, {**form, "raw_days": "-1"}).status_code == 422
    assert owner.post(page, {**form, "undo_seconds": "99"}).status_code == 422


@pytest.mark.parametrize("number", ["9" * 400, "1" + "0" * 309, "9" * 4_299, "-" + "9" * 400])
def test_a_number_too_long_to_be_compared_is_refused(owner: Visitor, number: str) -> None:
    mailbox_id = factories.a_mailbox("Podpora")
    form = {"name": "Podpora", "undo_seconds": number, "raw_days": number}
    assert owner.post(f"/admin/mailboxes/{mailbox_id}", form).status_code == 422
    tried = owner.post("/admin/mailboxes/new", {"address": "a@b.test", "smtp_port": number})
    assert tried.status_code == 422


def test_what_a_mail_server_complained_of_is_words(owner: Visitor) -> None:
    said = "<b hx-get=/me>100 % full</b>"
    mailbox_id = factories.a_mailbox("Podpora")
    with unit_of_work() as unit:
        broken = {"state": AccountState.SIGN_IN_FAILED, "problem": said}
        unit.session.execute(update(ChannelAccount).values(**broken))
    for path in ("/admin/mailboxes", f"/admin/mailboxes/{mailbox_id}", "/attention"):
        answer = owner.get(path)
        assert answer.status_code == 200, path
        assert "&lt;b hx-get=/me&gt;100 % full" in answer.text, path
        assert said not in answer.text


def test_a_desk_without_mailboxes_says_what_to_do(set_up: Flask, owner: Visitor) -> None:
    assert "No mailbox is connected" in owner.get("/admin/mailboxes").text
