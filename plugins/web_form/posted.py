"""Reading what was posted from a form: answers, new files, and files that were kept."""

from __future__ import annotations

from flask import request

from deskcore.api.web import whole
from plugins.web_form import kept
from plugins.web_form.answers import Answers, GivenFile
from plugins.web_form.shapes import Form

MOST_OF_ONE = 100  # values of one field; more are no choices of ours


def posted(form: Form, page_key: str) -> Answers:
    """Return what was posted; with a *page_key*, also files of that page that were not taken away."""
    values, files = {}, []
    gone = dropped()
    if page_key:
        files += [file for file in kept.of_page(page_key) if file.kept_id not in gone]
    for each in form.fields:
        if each.kind != "file":
            values[each.key] = tuple(request.form.getlist(each.input_name)[:MOST_OF_ONE])
            continue
        files += [
            GivenFile(field=each.key, filename=file.filename, content=file.read())
            for file in request.files.getlist(each.input_name)
            if file.filename
        ]
    return Answers(values=values, files=tuple(files))


def dropped() -> frozenset[int]:
    """Return which kept files somebody took away."""
    return frozenset(request.form.getlist("drop", type=whole)[:MOST_OF_ONE])


def asked(name: str) -> bool:
    """Whether the address or the form says a word of ours."""
    return name in request.args or name in request.form
