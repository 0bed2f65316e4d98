"""The pages of products: look, search, write, change, count."""

from __future__ import annotations

from flask import Blueprint, Response, request, send_file, url_for

from deskcore.api import NotFound, _
from deskcore.api.data import can, kept_file, reading
from deskcore.api.web import current_actor, needs, page, redirect, submit, toast, whole
from plugins.catalogue import barcodes, finding, products, shops, stock
from plugins.catalogue.card_views import blueprint as card
from plugins.catalogue.counting import Counts, read_counts
from plugins.catalogue.finding import STOCK_STATES, Wish
from plugins.catalogue.forms import ProductForm, product_form
from plugins.catalogue.import_views import blueprint as importing
from plugins.catalogue.offer import fitting, variants_of
from plugins.catalogue.place_views import blueprint as places
from plugins.catalogue.rights import CHANGE, COUNT, IMPORT, READ, SLUG
from plugins.catalogue.values import Kept, kept

blueprint = Blueprint(SLUG, __name__, template_folder="templates")

_CAN_READ, _CAN_COUNT, _CAN_CHANGE = needs(READ.name), needs(COUNT.name), needs(CHANGE.name)
_MOST_SHOWN = 30  # variants, and what fits
_A_YEAR = 31_536_000


@blueprint.get("/")
@_CAN_READ
def index() -> Response:
    """List products, or what fits a search."""
    actor, wish = current_actor(), _wish()
    found = finding.look(actor, wish)
    context = {
        "found": found,
        "wish": wish,
        "levels": stock.levels_of(product.id for product in found.products),
        "categories": [(each, each) for each in finding.categories()],
        "is_empty": not found.products and finding.is_empty(),
        "most": finding.COUNTED,
        "may_change": can(actor, CHANGE.name),
        "may_import": can(actor, IMPORT.name),
    }
    return page("plugins/catalogue/index.html", context)


@blueprint.get("/<int:product_id>")
@_CAN_READ
def show(product_id: int) -> Response:
    """Show a product with its variants, what fits it, and its stock."""
    return _product_page(products.one(current_actor(), product_id))


@blueprint.get("/new")
@_CAN_CHANGE
def new() -> Response:
    """Ask for a new product."""
    return _form_page(product_form())


@blueprint.post("/new")
@_CAN_CHANGE
def create() -> Response:
    """Keep it."""
    form, actor = product_form(), current_actor()
    done = submit(form, lambda: products.create(actor, form.written(), form.sent_picture()))
    if done is None:
        return _form_page(form, status=form.status)
    toast(_("Saved. Write down how much of it is where, if you keep stock."))
    return redirect(url_for("catalogue.show", product_id=done.result))


@blueprint.get("/<int:product_id>/edit")
@_CAN_CHANGE
def edit(product_id: int) -> Response:
    """Show its form."""
    product = products.one(current_actor(), product_id)
    with reading() as session:
        fits = tuple(products.fits_of(session, product_id))
    return _form_page(product_form(product, fits), product=product)


@blueprint.post("/<int:product_id>/edit")
@_CAN_CHANGE
def change(product_id: int) -> Response:
    """Change it."""
    actor = current_actor()
    product, form = products.one(actor, product_id), product_form()
    done = submit(
        form,
        lambda: products.change(
            actor,
            product_id,
            form.written(),
            version=form.seen_version(),
            picture=form.sent_picture(),
            takes_picture_away=bool(form.takes_picture_away.data),
        ),
    )
    if done is None:
        return _form_page(form, product=product, status=form.status)
    toast(_("Saved."))
    return redirect(url_for("catalogue.show", product_id=product_id))


@blueprint.post("/<int:product_id>/delete")
@_CAN_CHANGE
def delete(product_id: int) -> Response:
    """Delete it."""
    name = products.remove(current_actor(), product_id)
    toast(_("“%(name)s” is deleted, with its stock.", name=name))
    return redirect(url_for("catalogue.index"))


@blueprint.post("/<int:product_id>/stock")
@_CAN_COUNT
def count(product_id: int) -> Response:
    """Write down how much of it is where."""
    actor = current_actor()
    product = products.one(actor, product_id)
    counted = read_counts(request.form, shops.names())
    done = counted.kept(lambda told: stock.count(actor, product_id, told))
    if done is None:
        return _product_page(product, counted)
    toast(_("Written down.") if done else _("Nothing was different."))
    return redirect(url_for("catalogue.show", product_id=product_id))


@blueprint.get("/<int:product_id>/picture")
@_CAN_READ
def picture(product_id: int) -> Response:
    """Hand out its picture, as what its bytes are."""
    product = products.one(current_actor(), product_id)
    if not product.picture:
        raise NotFound(_("This product has no picture."))
    answer = send_file(kept_file(SLUG, product.picture), mimetype=product.picture_kind)
    answer.headers["Cache-Control"] = f"private, max-age={_A_YEAR}, immutable"
    return answer


def blueprints() -> list[Blueprint]:
    """Return these pages, those of places and imports, and the card."""
    return [blueprint, places, importing, card]


def _wish() -> Wish:
    wanted = request.args.get("stock", "")
    return Wish(
        words=request.args.get("q", "").strip()[:200],
        category=request.args.get("category", "")[:120],
        stock=wanted if wanted in STOCK_STATES else "",
        gone=request.args.get("gone") == "1",
        page=min(max(request.args.get("page", 1, type=whole), 1), 10_000),
    )


def _product_page(product: Kept, refused: Counts | None = None) -> Response:
    actor, counts = current_actor(), refused or Counts()
    with reading() as session:
        asked = variants_of(product).order_by("name_folded").limit(_MOST_SHOWN)
        variants = [kept(row) for row in session.execute(asked).mappings()]
    context = {
        "product": product,
        "levels": stock.everywhere(product.id),
        "typed": counts.typed,
        "problems": counts.problems,
        "errors": {problem.field: problem.message for problem in counts.problems},
        "variants": variants,
        "fits": fitting(product.sku, _MOST_SHOWN),
        "is_gtin": barcodes.is_gtin(product.barcode),
        "expected": barcodes.expected(product.barcode),
        "may_change": can(actor, CHANGE.name),
        "may_count": can(actor, COUNT.name),
    }
    return page("plugins/catalogue/show.html", context, status=422 if refused else 200)


def _form_page(form: ProductForm, *, product: Kept | None = None, status: int = 200) -> Response:
    context = {"form": form, "product": product, "categories": finding.categories()}
    return page("plugins/catalogue/edit.html", context, status=status)
