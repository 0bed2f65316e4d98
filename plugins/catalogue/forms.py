"""The forms of products and places."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import BooleanField, FileField, HiddenField, StringField, TextAreaField

from deskcore.api import Invalid, Problem, page_language
from deskcore.api.web import DeskForm, text_of, whole
from deskcore.plugin import Money
from plugins.catalogue import pictures
from plugins.catalogue.amounts import Unreadable, currencies, plain, read_price
from plugins.catalogue.checking import listed
from plugins.catalogue.problems import sentence
from plugins.catalogue.products import usual_currency
from plugins.catalogue.shops import Place
from plugins.catalogue.values import Kept, Written

# What people most likely sell in, before anything has a price.
_FIRST_CURRENCY = {"cs": "CZK", "ru": "RUB"}
_PLAIN = {"autocomplete": "off"}
_EXACT = {**_PLAIN, "autocapitalize": "none", "spellcheck": "false"}


class ProductForm(DeskForm):
    """Everything of a product but its stock."""

    name = StringField(
        lazy_gettext("Product name"), render_kw={**_PLAIN, "maxlength": 200, "dir": "auto"}
    )
    sku = StringField(
        lazy_gettext("SKU"),
        description=lazy_gettext("Your own number for it, as KET-15. Files find it by this."),
        render_kw={**_EXACT, "maxlength": 64},
    )
    price = StringField(
        lazy_gettext("Price"),
        description=lazy_gettext("Empty when it has none."),
        render_kw={**_EXACT, "inputmode": "decimal"},
    )
    currency = StringField(
        lazy_gettext("Currency"),
        description=lazy_gettext("Its three letters, as EUR or CZK."),
        render_kw={**_EXACT, "maxlength": 3},
    )
    barcode = StringField(
        lazy_gettext("Barcode"), render_kw={**_EXACT, "maxlength": 40, "inputmode": "numeric"}
    )
    category = StringField(
        lazy_gettext("Category"), render_kw={**_PLAIN, "maxlength": 120, "list": "categories"}
    )
    tags = StringField(
        lazy_gettext("Tags"),
        description=lazy_gettext("Separated by commas. Offers can go by them."),
        render_kw=_PLAIN,
    )
    group = StringField(
        lazy_gettext("Variant of"),
        description=lazy_gettext("The SKU of the product that it is a size or colour of."),
        render_kw={**_EXACT, "maxlength": 64},
    )
    fits = StringField(
        lazy_gettext("Fits with"),
        description=lazy_gettext("SKUs of what is used together with it, separated by commas."),
        render_kw=_EXACT,
    )
    url = StringField(
        lazy_gettext("Page in the shop"),
        description=lazy_gettext("Its web address, for customers."),
        render_kw={**_EXACT, "inputmode": "url", "maxlength": 500},
    )
    summary = TextAreaField(lazy_gettext("In short"), render_kw={"rows": 4, "dir": "auto"})
    is_sold = BooleanField(
        lazy_gettext("It is sold"),
        description=lazy_gettext("What is sold no longer is found apart, and is never offered."),
    )
    picture = FileField(
        lazy_gettext("Picture"),
        description=lazy_gettext("PNG, JPEG, WebP or GIF of at most 2 MB."),
        render_kw={"accept": "image/png,image/jpeg,image/webp,image/gif"},
    )
    takes_picture_away = BooleanField(lazy_gettext("Take the picture away"))
    version = HiddenField()

    def written(self) -> Written:
        """Return it as somebody wants it; raises Invalid for a price that cannot be read."""
        return Written(
            sku=text_of(self.sku),
            name=text_of(self.name),
            summary=text_of(self.summary),
            group=text_of(self.group),
            category=text_of(self.category),
            tags=listed(text_of(self.tags)),
            barcode=text_of(self.barcode),
            price=self._price(),
            url=text_of(self.url),
            is_sold=bool(self.is_sold.data),
            fits=listed(text_of(self.fits)),
        )

    def sent_picture(self) -> bytes:
        """Return the bytes of a picture that was sent along, one too large cut."""
        sent = self.picture.data
        return sent.read(pictures.LARGEST + 1) if hasattr(sent, "read") else b""

    def seen_version(self) -> int:
        """Return which version of it the form was made from; 0 for one nobody can have."""
        try:
            return whole(self.version.data)
        except ValueError:
            return 0

    def _price(self) -> Money | None:
        typed, currency = text_of(self.price).strip(), text_of(self.currency).strip().upper()
        if not typed:
            return None
        if currency not in currencies():
            raise Invalid([Problem(field="currency", message=sentence("currency", currency))])
        try:
            return read_price(typed, currency, "." if page_language() == "en" else ",")
        except Unreadable as error:
            raise Invalid([Problem(field="price", message=sentence(error.why, typed))]) from error


class PlaceForm(DeskForm):
    """A place."""

    name = StringField(lazy_gettext("Place"), render_kw={**_PLAIN, "maxlength": 80, "dir": "auto"})
    note = StringField(
        lazy_gettext("Note"),
        description=lazy_gettext("As its address or opening hours; shown beside its stock."),
        render_kw={**_PLAIN, "maxlength": 200, "dir": "auto"},
    )


def product_form(product: Kept | None = None, fits: tuple[str, ...] = ()) -> ProductForm:
    """Return the form of a new product, or of one that is there; what was posted stands in it."""
    if product is None:
        usual = usual_currency() or _FIRST_CURRENCY.get(page_language(), "EUR")
        return ProductForm(data={"currency": usual, "is_sold": True})
    price = product.price
    sign = "." if page_language() == "en" else ","
    return ProductForm(
        data={
            "sku": product.sku,
            "name": product.name,
            "summary": product.summary,
            "group": product.group,
            "category": product.category,
            "tags": ", ".join(product.tags),
            "barcode": product.barcode,
            "price": plain(price).replace(".", sign) if price else "",
            "currency": price.currency if price else usual_currency(),
            "url": product.url,
            "is_sold": product.is_sold,
            "fits": ", ".join(fits),
            "version": product.version,
        }
    )


def place_form(place: Place | None = None) -> PlaceForm:
    """Return the form of a new place, or of one that is there."""
    return PlaceForm(data={"name": place.name, "note": place.note} if place else None)
