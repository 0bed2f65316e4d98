"""An offer in the words that go into an answer: placeholders filled, the link at its end."""

from __future__ import annotations

from dataclasses import replace

from deskcore.api import Actor, Filled, Piece, money_text, placeholders_in
from deskcore.api.data import fill
from plugins.cross_sell.matching import Match
from plugins.cross_sell.offer import Offer

LINK = "offer.link"


def words(
    actor: Actor, number: int, wanted: list[tuple[Match, str, str]]
) -> list[tuple[str, Filled]]:
    """Return each offer's text in the language wanted, with that language; *wanted* ends with its link.

    What is put in for the offer is never looked through again, so a product's name names nothing.
    """
    chosen = [(match, link, *match.offer.words_in(lang)) for match, lang, link in wanted]
    filled = fill(actor, number, [(lang, said.body) for _match, _link, lang, said in chosen])
    done = []
    for (match, link, lang, said), text in zip(chosen, filled, strict=True):
        own = values(match, lang, said.terms, link)
        pieces = tuple(_put_in(piece, own) for piece in text.pieces)
        if link and LINK not in placeholders_in(said.body):
            pieces = (*pieces, Piece(text=f"\n{link}"))
        done.append((lang, Filled(pieces=pieces)))
    return done


def values(match: Match, language: str, terms: str, link: str) -> dict[str, str]:
    """Return what an offer's own placeholders stand for; "" where there is nothing to say."""
    price = match.product.price
    return {
        "offer.product": match.product.name,
        "offer.price": money_text(price, language) if price else "",
        "offer.code": match.offer.code,
        "offer.ends": ends(match.offer),
        "offer.terms": terms,
        LINK: link,
    }


def ends(offer: Offer) -> str:
    """Write the last day the same in every language."""
    return offer.ends_on.isoformat() if offer.ends_on else ""


def _put_in(piece: Piece, own: dict[str, str]) -> Piece:
    value = own.get(piece.name, "")
    return replace(piece, text=value, is_filled=True) if value else piece
