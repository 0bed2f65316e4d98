"""Files that plugins keep: pictures, lists to be read. They lie and are backed up with the desk's."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete

from deskcore.db import insert_into
from deskcore.errors import NotFound
from deskcore.i18n import _
from deskcore.models import PluginFile
from deskcore.plugin.running import require_own
from deskcore.services import files
from deskcore.services.unit import Unit, reading


def keep_file(unit: Unit, slug: str, content: bytes) -> str:
    """Keep bytes for a plugin until it lets them go; returns their digest, by which they are known.

    The same bytes kept twice are one file. Raises ``NotItsOwn`` in another plugin, Unavailable when
    the disk takes nothing.
    """
    require_own(slug, "the files")
    digest = files.write(content)
    files.refer(unit.session, digest, len(content), unit.now)
    kept = insert_into(unit.session, PluginFile).values(slug=slug, digest=digest)
    unit.session.execute(kept.on_conflict_do_nothing())
    return digest


def kept_file(slug: str, digest: str) -> Path:
    """Return where a kept file lies, to read; raises NotFound, ``NotItsOwn`` in another plugin."""
    require_own(slug, "the files")
    with reading() as session:
        found = session.get(PluginFile, (slug, digest))
    if found is None or not files.path_of(digest).exists():
        raise NotFound(_("The file is no longer stored."))
    return files.path_of(digest)


def let_go_of_file(unit: Unit, slug: str, digest: str) -> None:
    """Keep it no longer; the desk removes its bytes a day later when nobody else keeps them."""
    require_own(slug, "the files")
    unit.session.execute(
        delete(PluginFile).where(PluginFile.slug == slug, PluginFile.digest == digest)
    )
