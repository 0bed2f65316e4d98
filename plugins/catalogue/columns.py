"""What the columns of a file mean: guessed by their headers, as owners of any language write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from deskcore.api import N_, _
from deskcore.api.data import fold

STOCK = "stock:"
# By field: its label, and headers that mean it, folded and without signs.
FIELDS: dict[str, tuple[str, str]] = {
    "sku": (
        N_("SKU"),
        "sku code productcode itemcode itemno itemnumber articlenumber partnumber kod kodproduktu kodzbozi katalogovecislo cislozbozi artikl артикул код кодтовара",
    ),
    "name": (
        N_("Product name"),
        "name title product productname nazev nazevproduktu nazevzbozi zbozi produkt название наименование товар имя",
    ),
    "price": (
        N_("Price"),
        "price unitprice retailprice regularprice cena cenasdph prodejnicena цена ценасндс розничнаяцена",
    ),
    "currency": (N_("Currency"), "currency currencycode mena валюта"),
    "barcode": (N_("Barcode"), "barcode ean ean13 gtin upc carovykod штрихкод"),
    "category": (
        N_("Category"),
        "category type producttype categories kategorie skupina категория группа",
    ),
    "tags": (N_("Tags"), "tags keywords stitky tagy теги метки"),
    "group": (
        N_("Variant of"),
        "variantof parent parentsku group variantaproduktu variantak varianta variantou variantaod вариант вариантдля варианттовара родитель",
    ),
    "fits": (
        N_("Fits with"),
        "fitswith crosssell crosssells related relatedproducts hodisek souvisejici souvisejicizbozi подходитк подходит связанныетовары",
    ),
    "url": (
        N_("Page in the shop"),
        "url link address web pageintheshop permalink odkaz adresa strankavobchode strankaveshopu ссылка адрес страницавмагазине",
    ),
    "summary": (
        N_("In short"),
        "description shortdescription summary inshort popis kratkypopis strucne описание краткоеописание кратко",
    ),
    "is_sold": (
        N_("It is sold"),
        "sold active published enabled itissold vprodeji aktivni prodavase активен продается впродаже",
    ),
}
_HEADERS = {word: key for key, (_label, words) in FIELDS.items() for word in words.split()}
_STOCK_WORDS = r"(?:stock|qty|quantity|inventory|sklad|skladem|zasoba|zasoby|mnozstvi|pocet|kusu|ks|остаток|остатки|склад|наличие|количество)"
_OF_STOCK = re.compile(rf"^{_STOCK_WORDS}(.*)$|^(.*?){_STOCK_WORDS}$")
_SIGNS = re.compile(r"[\W_]+")


def bare(header: str) -> str:
    """Return a header by which others of the same meaning are known."""
    return _SIGNS.sub("", fold(header))


def guess(headers: Sequence[str], places: Mapping[int, str], known: Mapping[str, str]) -> list[str]:
    """Say what each column means, "" for nothing; *known* is what people chose by header before."""
    taken: set[str] = set()
    found = []
    for header in headers:
        meaning = known.get(bare(header), "") or _meaning(header, places)
        if meaning in taken or not is_meaning(meaning, places):
            meaning = ""
        taken.add(meaning)
        found.append(meaning)
    return found


def is_meaning(meaning: str, places: Mapping[int, str]) -> bool:
    """Whether a column can mean this."""
    return meaning in FIELDS or place_of(meaning) in places


@cache
def place_of(meaning: str) -> int:
    """Return of which place a column tells the stock; 0 for none."""
    number = meaning.removeprefix(STOCK)
    return int(number) if meaning.startswith(STOCK) and number.isdecimal() else 0


def choices(places: Mapping[int, str]) -> list[tuple[str, str]]:
    """Return what columns can mean, with words for it."""
    fields = [(key, _(label)) for key, (label, _words) in FIELDS.items()]
    stock = [(f"{STOCK}{place_id}", stock_header(name)) for place_id, name in places.items()]
    return [("", _("Leave it out")), *fields, *stock]


def stock_header(place: str) -> str:
    """Return the header of the stock of a place."""
    return _("Stock: %(place)s", place=place)


def _meaning(header: str, places: Mapping[int, str]) -> str:
    word = bare(header)
    if word in _HEADERS:
        return _HEADERS[word]
    by_name = {bare(name): f"{STOCK}{place_id}" for place_id, name in places.items()}
    if word in by_name:
        return by_name[word]
    match = _OF_STOCK.match(word)
    if match is None:
        return ""
    of_place = match[1] or match[2] or ""
    if not of_place and len(places) == 1:
        return next(iter(by_name.values()))
    return by_name.get(of_place, "")
