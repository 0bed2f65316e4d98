"""Which offers fit what a ticket speaks of, and why. Pure: what is sold and in stock is handed in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from deskcore.api.data import fold
from deskcore.plugin import Product
from plugins.cross_sell.offer import Offer


@dataclass(frozen=True, kw_only=True)
class Match:
    """An offer of a product, because it fits another that the ticket speaks of."""

    offer: Offer
    product: Product
    because_of: Product


@dataclass(frozen=True, kw_only=True)
class Goods:
    """What catalogues and stocks say: what is spoken of, what fits it, what can be had."""

    spoken_of: Sequence[Product] = ()
    fitting: Mapping[str, Sequence[Product]] = field(default_factory=dict)
    offered: Mapping[str, Product] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)


def matches(
    offers: Sequence[Offer],
    goods: Goods,
    *,
    customer_tags: Collection[str] = (),
    may: Callable[[Offer, Product], bool] = lambda _offer, _product: True,
) -> list[Match]:
    """Return the offers that fit, those that name what they fit first; each product once.

    Left out is what the ticket itself speaks of, what is not in stock or was never counted, and what
    *may* refuses.
    """
    tags = {fold(tag) for tag in customer_tags}
    spoken_of = {product.key for product in goods.spoken_of}
    found: dict[str, Match] = {}
    for because_of in goods.spoken_of:
        for offer in sorted(offers, key=lambda each: (not each.fits, each.name, each.id)):
            if offer.customer_tag and fold(offer.customer_tag) not in tags:
                continue
            for product in _products(offer, because_of, goods):
                is_there = goods.counts.get(product.key, 0) >= offer.stock_needed
                if product.key in spoken_of or product.key in found or not is_there:
                    continue
                if any(match.offer.id == offer.id for match in found.values()):
                    continue
                if may(offer, product):
                    found[product.key] = Match(offer=offer, product=product, because_of=because_of)
    return list(found.values())


def wanted_keys(offers: Sequence[Offer]) -> list[str]:
    """Return the keys of the products that offers name."""
    return list(dict.fromkeys(offer.value for offer in offers if offer.what == "product"))


def needs_fitting(offers: Sequence[Offer]) -> bool:
    """Whether what the catalogue says to fit decides on one of them; those that name both do not need it."""
    return any(offer.what != "product" or not offer.fits for offer in offers)


def _products(offer: Offer, because_of: Product, goods: Goods) -> list[Product]:
    """Return what an offer is of, beside a product that is spoken of."""
    if offer.fits and not {because_of.key, because_of.group} & set(offer.fits):
        return []
    fitting = goods.fitting.get(because_of.key, ())
    if offer.what == "product":
        fits = bool(offer.fits) or any(offer.value == each.key for each in fitting)
        known = goods.offered.get(offer.value)
        return [known] if fits and known is not None else []
    wanted = fold(offer.value)
    if offer.what == "category":
        return [each for each in fitting if fold(each.category) == wanted]
    return [each for each in fitting if wanted in {fold(tag) for tag in each.tags}]
