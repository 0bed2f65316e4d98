"""Templates once compiled, kept in a folder: a fresh process starts where the last one was.

Compiling the templates of one page takes longer than a hundred answers with it, and every hand-over
to fresh children would pay for it again.
"""

from __future__ import annotations

import logging
from pathlib import Path

from flask import Flask
from jinja2.bccache import Bucket, FileSystemBytecodeCache

log = logging.getLogger(__name__)


class CompiledTemplates(FileSystemBytecodeCache):
    """Jinja's own cache of compiled templates; a folder that cannot be written is done without.

    Entries are private to the user the desk runs as, and are told apart by template, source and
    version of Python.
    """

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, unless the disk is full or read-only."""
        try:
            super().dump_bytecode(bucket)
        except OSError as error:
            log.warning("a compiled template was not kept: %s", error.strerror)


def keep_compiled(app: Flask, folder: Path) -> None:
    """Let *app* keep its compiled templates in *folder*; call before its templates are used."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        log.warning("compiled templates are not kept: %s", error.strerror)
        return
    options = {**app.jinja_options, "bytecode_cache": CompiledTemplates(str(folder))}
    app.jinja_options = options
