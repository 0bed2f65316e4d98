"""Offers of the desk: one that fits every ticket, what became of it, and one that nobody was shown."""

from __future__ import annotations

from dataclasses import replace

from deskcore.domain.people import SYSTEM
from deskcore.services import plugin_settings
from plugins.cross_sell import chances, marking, offers, results, suggesting
from plugins.cross_sell.offer import Words, Written
from plugins.cross_sell.places import SLUG
from tests.cross_sell.shop import DESCALER, settings, shelf, stocked
from tests.matrix.world import ADMINS, EVERYBODY, SEES, WORKERS, World


def furnish_offers(world: World) -> None:
    """Have every ticket speak of a kettle that nobody complains of, and put an offer into some."""
    stocked(DES_1=5, FIL_2=5)
    shelf().SPOKEN_OF.add("KET-17")
    fearless = settings(complaint_words="nothing", complaint_tags="", rest_days=0)
    plugin_settings.change_settings(SYSTEM, SLUG, fearless)
    body = {
        "en": Words(body=world.mark("offer text", WORKERS), terms=world.mark("terms", EVERYBODY))
    }
    name = world.mark("offer name", WORKERS)
    offer_id = offers.create(SYSTEM, replace(DESCALER, name=name, texts=body))
    world.put("offer", offer_id, ADMINS)
    world.put("made offer", offer_id, WORKERS)
    unused = Written(name=world.mark("unused offer", WORKERS), value="CUP-3", texts=body)
    unused_id = offers.create(SYSTEM, unused)
    world.put("unused offer", unused_id, ADMINS)
    world.put("offer", unused_id, ADMINS)
    for figure in results.FIGURES:
        world.put("figure", figure, ADMINS)
    world.put("figure", "handed_in", ADMINS)
    for side in SEES:
        number = int(next(t.key for t in world.things["other ticket"] if t.readers == SEES[side]))
        found = suggesting.fitting(SYSTEM, number)
        chance = found.chance(suggesting.pick(found, offer_id))
        chances.put_in(SYSTEM, chance)
        marking.take(SYSTEM, number, offer_id, "")
        row = chances.by_token(chance.token)
        assert row is not None
        world.put("taken chance", row.id, SEES[side])
        world.put("offer link", chance.token, EVERYBODY)
