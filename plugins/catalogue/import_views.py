"""The pages of imports: bring a file, say what its columns mean, look, take, read the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from flask import Blueprint, Response, request, stream_with_context, url_for

from deskcore.api import Invalid, Problem, _
from deskcore.api.data import reading
from deskcore.api.web import current_actor, fragment, needs, page, redirect, toast
from plugins.catalogue import columns, csv_files, exporting, imports, shops
from plugins.catalogue.imports import Chosen, Import
from plugins.catalogue.rehearsing import rehearsed
from plugins.catalogue.rights import IMPORT, READ

blueprint = Blueprint("catalogue_imports", __name__, template_folder="templates")

_CAN_IMPORT = needs(IMPORT.name)


@blueprint.get("/imports")
@_CAN_IMPORT
def index() -> Response:
    """List the imports, and ask for a file."""
    return _list_page()


@blueprint.post("/imports")
@_CAN_IMPORT
def bring() -> Response:
    """Keep a file that was brought."""
    sent = request.files.get("file")
    content = sent.read(imports.LARGEST + 1) if sent else b""
    try:
        import_id = imports.begin(current_actor(), sent.filename or "" if sent else "", content)
    except Invalid as refused:
        return _list_page(refused.problems, status=422)
    return redirect(url_for("catalogue_imports.show", import_id=import_id))


@blueprint.get("/imports/<int:import_id>")
@_CAN_IMPORT
def show(import_id: int) -> Response:
    """Show how far an import is, and what can be done next."""
    return _page(imports.one(current_actor(), import_id))


@blueprint.get("/imports/<int:import_id>/progress")
@_CAN_IMPORT
def progress(import_id: int) -> Response:
    """Show how far it is, alone."""
    this = imports.one(current_actor(), import_id)
    context = {"this": this, "is_alone": True}
    return fragment("plugins/catalogue/_progress.html", context, title=this.filename)


@blueprint.post("/imports/<int:import_id>/columns")
@_CAN_IMPORT
def choose(import_id: int) -> Response:
    """Say how the file is read, and have it looked through."""
    actor = current_actor()
    this = imports.one(actor, import_id)
    chosen = _chosen(this)
    try:
        is_looked_through = imports.choose(actor, import_id, chosen)
    except Invalid as refused:
        return _page(this, chosen, refused.problems)
    if not is_looked_through:
        toast(_("The file is read anew. Look whether its columns are right."))
    return redirect(url_for("catalogue_imports.show", import_id=import_id))


@blueprint.post("/imports/<int:import_id>/start")
@_CAN_IMPORT
def start(import_id: int) -> Response:
    """Take the file into the catalogue."""
    return _done(import_id, lambda: imports.start(current_actor(), import_id))


@blueprint.post("/imports/<int:import_id>/stop")
@_CAN_IMPORT
def stop(import_id: int) -> Response:
    """Stop after the batch that is under way."""
    return _done(import_id, lambda: imports.stop(current_actor(), import_id))


@blueprint.post("/imports/<int:import_id>/go-on")
@_CAN_IMPORT
def go_on(import_id: int) -> Response:
    """Go on where it was stopped."""
    return _done(import_id, lambda: imports.go_on(current_actor(), import_id))


@blueprint.post("/imports/<int:import_id>/forget")
@_CAN_IMPORT
def forget(import_id: int) -> Response:
    """Remove the import and its file."""
    try:
        name = imports.forget(current_actor(), import_id)
    except Invalid as refused:
        return _page(imports.one(current_actor(), import_id), None, refused.problems)
    toast(_("“%(name)s” is removed. What was taken from it stays.", name=name))
    return redirect(url_for("catalogue_imports.index"))


@blueprint.get("/imports/<int:import_id>/report")
@_CAN_IMPORT
def report(import_id: int) -> Response:
    """Hand out the rows that were not taken, each with its reason."""
    this = imports.one(current_actor(), import_id)
    return _table(exporting.as_csv(exporting.report_rows(this)), f"bad-rows-{import_id}.csv")


@blueprint.get("/export")
@needs(READ.name)
def export() -> Response:
    """Hand out all products as a table that an import takes back."""
    return _table(exporting.as_csv(exporting.product_rows(current_actor())), "products.csv")


def _table(parts: Iterator[str], name: str) -> Response:
    encoded = (part.encode() for part in parts)
    answer = Response(stream_with_context(encoded), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _chosen(this: Import) -> Chosen:
    sign = request.form.get("delimiter", "")
    return Chosen(
        encoding=request.form.get("encoding", ""),
        delimiter="\t" if sign == "tab" else sign,
        decimal_sign=request.form.get("decimal_sign", ""),
        currency=request.form.get("currency", "").strip().upper()[:3],
        columns=[request.form.get(f"column_{at}", "") for at in range(len(this.headers))],
    )


def _done(import_id: int, call: Callable[[], None]) -> Response:
    try:
        call()
    except Invalid as refused:
        return _page(imports.one(current_actor(), import_id), None, refused.problems)
    return redirect(url_for("catalogue_imports.show", import_id=import_id))


def _list_page(problems: Sequence[Problem] = (), *, status: int = 200) -> Response:
    context = {"imports": imports.listed(current_actor()), "problems": problems}
    return page("plugins/catalogue/imports.html", context, status=status)


def _page(this: Import, chosen: Chosen | None = None, problems: Sequence[Problem] = ()) -> Response:
    with reading() as session:
        rows = [] if this.is_at_work else rehearsed(session, this)
    context = {
        "this": this,
        "chosen": chosen or this,
        "rows": rows,
        "meanings": columns.choices(shops.names()),
        "encodings": list(csv_files.ENCODINGS.items()),
        "problems": problems,
    }
    return page("plugins/catalogue/import.html", context, status=422 if problems else 200)
