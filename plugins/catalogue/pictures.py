"""Pictures of products: told by their bytes, kept with the desk's files."""

from __future__ import annotations

from sqlalchemy import func, select, update

from deskcore.api import Invalid, Problem, _
from deskcore.api.data import Unit, keep_file, let_go_of_file
from plugins.catalogue.rights import SLUG
from plugins.catalogue.tables import PRODUCTS

LARGEST = 2_000_000


def kind_of(content: bytes) -> str:
    """Return the kind of a picture, empty for no bytes; raises Invalid for what is none.

    A drawing (SVG) is a document that can run, so it is not among them.
    """
    if not content:
        return ""
    if len(content) > LARGEST:
        raise _refused(_("The picture is larger than 2 MB. Make it smaller: it is shown small."))
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:6] in {b"GIF87a", b"GIF89a"}:
        return "image/gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    raise _refused(_("This is no picture that is shown here. Use PNG, JPEG, WebP or GIF."))


def put(unit: Unit, product_id: int, before: str, content: bytes, kind: str) -> None:
    """Give a product a picture instead of the one before, or with no bytes none."""
    digest = keep_file(unit, SLUG, content) if content else ""
    values = {"picture": digest, "picture_kind": kind}
    unit.session.execute(update(PRODUCTS).where(PRODUCTS.c.id == product_id).values(**values))
    others = select(func.count()).where(PRODUCTS.c.picture == before)
    if before and not unit.session.scalar(others):
        let_go_of_file(unit, SLUG, before)


def _refused(message: str) -> Invalid:
    return Invalid([Problem(field="picture", message=message)])
