"""Compiled templates are kept for the next process, and are never needed."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, render_template
from jinja2 import DictLoader

from deskcore.theme.compiled import keep_compiled


def page_of(folder: Path, source: str = "{{ 6 * 7 }}") -> str:
    """Render a template in an app made for this call, as a fresh process would."""
    app = Flask("compiled")
    app.jinja_loader = DictLoader({"answer.html": source})
    keep_compiled(app, folder)
    with app.test_request_context():
        return render_template("answer.html")


def test_what_one_process_compiled_the_next_one_finds(tmp_path: Path) -> None:
    assert page_of(tmp_path) == "42"
    [kept] = tmp_path.iterdir()
    before = kept.stat().st_mtime_ns
    assert page_of(tmp_path) == "42"
    assert [each.stat().st_mtime_ns for each in tmp_path.iterdir()] == [before]


def test_a_changed_template_is_compiled_anew(tmp_path: Path) -> None:
    page_of(tmp_path)
    assert page_of(tmp_path, "{{ 6 * 8 }}") == "48"


def test_a_spoiled_entry_is_compiled_anew(tmp_path: Path) -> None:
    page_of(tmp_path)
    [kept] = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:-20])
    assert page_of(tmp_path) == "42"


def test_pages_come_without_a_place_to_keep_them(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    assert page_of(in_the_way / "cache") == "42"
    folder = tmp_path / "gone"
    app_folder = folder / "templates"
    app = Flask("compiled")
    app.jinja_loader = DictLoader({"answer.html": "{{ 6 * 7 }}"})
    keep_compiled(app, app_folder)
    app_folder.rmdir()
    with app.test_request_context():
        assert render_template("answer.html") == "42"
