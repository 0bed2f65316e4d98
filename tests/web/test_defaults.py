"""Settings tell which of them were changed, and one is set back without touching the others."""

from __future__ import annotations

import re

from sqlalchemy import select

from deskcore.models import AuditEntry, Mailbox
from deskcore.services.desk_settings import desk_settings
from deskcore.services.unit import reading
from tests import factories
from tests.web.conftest import Visitor


def buttons(page: str) -> list[str]:
    """Return the fields that can be set back; each button is of the form that only does that."""
    assert 'id="set-back"' in page
    return re.findall(r'name="set_back" value="(\w+)" form="set-back"', page)


def test_a_setting_that_differs_from_its_default_says_so_and_is_set_back(owner: Visitor) -> None:
    changed = {"name": "Čajovna", "time_zone": "Europe/Prague", "language": "cs"}
    owner.get("/admin/settings")
    owner.post("/admin/settings", changed)
    page = owner.get("/admin/settings").text
    assert buttons(page) == ["time_zone", "language"]

    answer = owner.post("/admin/settings", {"set_back": "language"})
    assert answer.headers["Location"] == "/admin/settings"
    page = owner.get("/admin/settings").text
    assert buttons(page) == ["time_zone"]
    assert "Changed. The default: UTC" in page
    kept = desk_settings()
    assert (kept.name, kept.time_zone, kept.language) == ("Čajovna", "Europe/Prague", "en")
    with reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert last.after == {"language": "en"}


def test_what_has_no_default_is_not_set_back(owner: Visitor) -> None:
    for name in ("name", "csrf_token", "nothing"):
        assert owner.post("/admin/settings", {"set_back": name}).status_code == 404
    assert desk_settings().name


def test_a_mailbox_tells_what_was_changed_of_it(owner: Visitor) -> None:
    mailbox_id = factories.a_mailbox("Support")
    path = f"/admin/mailboxes/{mailbox_id}"
    assert buttons(owner.get(path).text) == []
    wanted = {"name": "Help", "signature": "Eva", "undo_seconds": "25", "raw_days": "90"}
    owner.post(path, {**wanted, "sends_acknowledgement": "y", "acknowledgement_text": "Hello."})
    page = owner.get(path).text
    assert buttons(page) == ["undo_seconds", "sends_acknowledgement"]
    assert "Changed. The default: 10" in page
    assert "Changed. The default: off" in page

    assert owner.post(path, {"set_back": "undo_seconds"}).status_code == 303
    with reading() as session:
        kept = session.get_one(Mailbox, mailbox_id)
    assert (kept.name, kept.signature, kept.undo_seconds) == ("Help", "Eva", 10)
    assert kept.sends_acknowledgement
