"""Who an answer goes to is decided by addresses; the names beside them are a stranger's words."""

from __future__ import annotations

import pytest
from flask import Flask

from deskcore.domain.messages import Address, address_in
from deskcore.services import ticket_page
from tests import factories


@pytest.mark.parametrize(
    "name",
    [
        "Novák, Jan",
        "evil@evil.test, Jan",
        "evil@evil.test; x",
        "Jan <evil@evil.test>",
        "<script>",
        "a\nb@evil.test",
        "",
    ],
)
def test_a_name_in_a_copy_never_becomes_a_recipient(app: Flask, name: str) -> None:
    copied = Address(value="jan@example.cz", name=name)
    assert address_in(str(copied)) == "jan@example.cz"
    number = factories.a_ticket(factories.a_mailbox())
    factories.a_message(number, "x", cc=(str(copied),))
    page = ticket_page.read(factories.a_user("owner"), number)
    assert page.recipients.cc == ("jan@example.cz",)


def test_the_desks_own_address_is_not_copied_under_any_name(app: Flask) -> None:
    number = factories.a_ticket(factories.a_mailbox(address="help@shop.example"))
    factories.a_message(number, "x", cc=("Our shop <help@shop.example>", "x <jan@example.cz>"))
    page = ticket_page.read(factories.a_user("owner"), number)
    assert page.recipients.cc == ("jan@example.cz",)
