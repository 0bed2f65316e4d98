"""What plugins may do with accounts and items: their own only, and as somebody who may."""

from __future__ import annotations

import pytest

from deskcore import clock
from deskcore.domain.people import SYSTEM
from deskcore.errors import Invalid, NotAllowed
from deskcore.plugin.channel import RawItem
from deskcore.plugin.running import NotItsOwn, as_plugin
from deskcore.services.customer_page import of_address
from deskcore.services.plugin_channels import accounts_of, hand_in, told_by
from deskcore.services.ticket_page import read
from plugins.reviews.review import review_in
from tests import factories
from tests.reviews.conftest import Shop, pasted


def item(name: str, content: bytes) -> RawItem:
    return RawItem(external_id=name, cursor=None, received_at=clock.now(), content=content)


def test_accounts_are_listed_for_their_own_plugin_and_without_secrets(shop: Shop) -> None:
    [account] = as_plugin("reviews", lambda: accounts_of(shop.ann, "reviews_site"))
    assert (account.id, account.name) == (shop.site, "Zboží")
    assert accounts_of(factories.a_user("agent", name="Sam"), "reviews_site") == []
    with pytest.raises(NotItsOwn):
        as_plugin("spam", lambda: accounts_of(shop.ann, "reviews_site"))


def test_what_is_handed_in_is_filed_once_and_can_be_read_again(shop: Shop) -> None:
    content = pasted(id="x-1", stars="2", text="Cold.", author="Olga")
    number = hand_in(shop.ann, shop.site, item("x-1", content))
    assert hand_in(shop.ann, shop.site, item("x-1", content)) == number
    page = read(SYSTEM, number)
    assert [message.visible for message in page.messages] == ["Cold."]
    told = told_by(page.messages[0].id)
    assert told is not None
    review = review_in(told.message)
    assert review is not None
    assert (review.author, review.tenths, told.account_id) == ("Olga", 20, shop.site)
    with pytest.raises(NotItsOwn):
        as_plugin("spam", lambda: told_by(page.messages[0].id))
    assert told_by(999) is None


def test_nobody_hands_in_for_a_mailbox_they_cannot_see(shop: Shop) -> None:
    content = pasted(id="x-1", text="Cold.")
    stranger, viewer = (
        factories.a_user("agent", name="Sam"),
        factories.a_user("viewer", name="Vera"),
    )
    for actor, error in ((stranger, Invalid), (viewer, NotAllowed)):
        with pytest.raises(error):
            hand_in(actor, shop.site, item("x-1", content))
    with pytest.raises(Invalid, match="could not be understood"):
        hand_in(shop.ann, shop.site, item("x-2", b"no review"))


def test_customers_are_found_by_address_as_far_as_somebody_sees_them(shop: Shop) -> None:
    customer = factories.a_customer("Ann", "ann@example.com")
    factories.a_ticket(shop.mailbox, customer=customer)
    stranger = factories.a_user("agent", name="Sam")
    assert of_address(shop.ann, "ANN@example.com ") == customer[0]
    assert of_address(stranger, "ann@example.com") is None
    assert of_address(shop.ann, "nobody@example.com") is None
