"""On a plugin's page stands where it takes part, and each link leads there."""

from __future__ import annotations

import re

from deskcore.domain.kinds import Direction
from tests.factories import a_customer, a_mailbox, a_message, a_ticket
from tests.web.conftest import Visitor

PLACES = re.compile(r'<li>([^<]+) <a class="small" id="place-\d+" href="([^"]*)"')


def shown(owner: Visitor) -> dict[str, str]:
    return dict(PLACES.findall(owner.get("/admin/plugins/tea_shop").text))


def test_every_place_of_a_plugin_is_shown_at_what_it_brings(owner: Visitor) -> None:
    number = a_ticket(a_mailbox(), customer=a_customer("Olga", "olga@cz.example"))
    a_message(number, "Sencha?", direction=Direction.NOTE)
    links = shown(owner)
    assert links["Shows boxes beside tickets"] == f"/t/{number}#panel-tea_shop-1"
    assert links["Adds buttons below answers"] == f"/t/{number}#composertool-tea_shop-1"
    assert len(links) >= 11
    for text, address in links.items():
        path, _, anchor = address.partition("#")
        page = owner.get(path or "/admin/plugins/tea_shop")
        assert page.status_code == 200, text
        if anchor and "customers" not in path:  # who waits for nothing has no box
            assert f'id="{anchor}"' in page.text, text


def test_a_desk_without_tickets_shows_no_place_in_one(owner: Visitor) -> None:
    links = shown(owner)
    assert "Shows boxes beside tickets" not in links
    assert (
        links["Shows cards on the first page of the administration"] == "/admin#widget-tea_shop-1"
    )
    assert "Shows boxes beside tickets" in owner.get("/admin/plugins/tea_shop").text
