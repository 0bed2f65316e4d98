"""The three channels pass the kit, each with a far side that fails in every way."""

from __future__ import annotations

import json

from deskcore.plugin import Payload
from deskcore.testing import channel_contract
from plugins.reviews.channel_google import Google
from plugins.reviews.channel_site import Site
from plugins.reviews.channel_woo import Woo
from plugins.reviews.tests.far_sides import Address, Place, Shop


def woo_says(text: str) -> bytes:
    return json.dumps({"id": 9, "review": text, "rating": 5}).encode()


def words_of(payload: Payload) -> str:
    return payload.content.decode()


TestSite = channel_contract(
    Site,
    settings={"key": "Bearer k", "mapping": "stars = rating.value"},
    samples="tests/samples_site",
    far_side=Address,
    recipient="r-1",
    text_of=words_of,
)
TestWoo = channel_contract(
    Woo,
    settings={"consumer_key": "ck_1", "consumer_secret": "cs_1"},
    samples="tests/samples_woo",
    far_side=Shop,
    write=woo_says,
    recipient="john.doe@example.com",
    text_of=words_of,
)
TestGoogle = channel_contract(
    Google,
    settings={
        "location": "accounts/1/locations/2",
        "client_id": "desk",
        "client_secret": "s-1",
        "refresh_token": "r-1",
    },
    samples="tests/samples_google",
    far_side=Place,
    recipient="AbFvOq1",
)
