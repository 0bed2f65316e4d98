"""The owner says what customers see, and sees where it is."""

from __future__ import annotations

from deskcore.services.public_settings import public_settings
from tests import factories
from tests.web.conftest import Visitor

WEEK = {f"day_{day}": "9-17" if day < 5 else "" for day in range(7)}


def test_the_owner_sets_what_customers_see(owner: Visitor) -> None:
    mailbox = factories.a_mailbox("Shop", address="shop@example.com")
    page = owner.get("/admin/public").text
    assert "http://localhost/help" in page
    assert "Monday" in page
    form = {"is_on": "y", "names": "first", "mailbox_ids": [str(mailbox)], **WEEK}
    assert owner.post("/admin/public", form).status_code == 303
    settings = public_settings()
    assert settings.names == "first"
    assert settings.mailbox_ids == (mailbox,)
    assert (settings.hours[0], settings.hours[6]) == ("9-17", "")
    assert not settings.has_link_in_mails
    home = owner.get("/help").text
    assert "shop@example.com" in home
    assert "9:00–17:00" in home
    owner.get("/admin/public")
    owner.post("/admin/public", {"names": "shop", **WEEK})
    assert owner.get("/help").status_code == 404
    assert "the pages for customers" in owner.get("/admin/audit").text


def test_what_cannot_be_used_is_said_at_its_field(owner: Visitor) -> None:
    owner.get("/admin/public")
    answer = owner.post("/admin/public", {"is_on": "y", "names": "shop", **WEEK, "day_2": "soon"})
    assert answer.status_code == 422
    assert 'href="#day_2"' in answer.text
    for wrong in ({"names": "nickname"}, {"names": "shop", "mailbox_ids": ["999"]}):
        assert owner.post("/admin/public", {"is_on": "y", **WEEK, **wrong}).status_code == 422
    assert public_settings().hours == ("",) * 7


def test_the_settings_are_found_by_their_words(owner: Visitor) -> None:
    assert "/admin/public#names" in owner.get("/admin/find?q=signed").text
    assert "/admin/public#day_0" in owner.get("/admin/find?q=monday").text
