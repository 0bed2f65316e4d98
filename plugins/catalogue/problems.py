"""What can be wrong with a product in a file or form, in words: kept as keys, said in any language."""

from __future__ import annotations

from deskcore.api import N_, _

SENTENCES = {
    "price": N_("“%(value)s” is no price, as 12.50 or 1 200."),
    "negative": N_("“%(value)s” is less than nothing; a price is not."),
    "currency": N_("“%(value)s” names no currency that is known. Write its three letters, as EUR."),
    "decimals": N_("“%(value)s” has more decimals than its currency."),
    "stock": N_("“%(value)s” is no whole number of pieces."),
    "no sku": N_("It has no SKU, by which it would be found again."),
    "no name": N_("It is new and has no name."),
    "again": N_("The file had this SKU in row %(value)s already."),
    "long": N_("“%(value)s” is longer than there is room for."),
    "url": N_("“%(value)s” is no web address, as https://shop.example/kettle."),
    "yes": N_("“%(value)s” is neither yes nor no."),
    "lists": N_("“%(value)s” lists too much, or something that is too long."),
    "cells": N_(
        "It has more cells than there are columns; a sign between cells may be inside one."
    ),
    "letters": N_("It has letters that this encoding does not know. Choose another one."),
    "quote": N_("A quotation mark is opened in it and never closed."),
}


def sentence(key: str, value: str = "") -> str:
    """Say what is wrong; *value* is what stood there."""
    known = SENTENCES.get(key)
    return _(known, value=value) if known else key
