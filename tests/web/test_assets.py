"""Scripts and styles: one address per release, cached for good, small."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deskcore.web.assets import STATIC, Assets

KILOBYTE = 1024


def test_a_file_is_cached_for_good_under_its_release(guide: FlaskClient) -> None:
    answer = guide.get(Assets().url("desk.css"), headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    assert b"@layer reset" in gzip.decompress(answer.data)


def test_an_old_address_gets_todays_file_uncached(guide: FlaskClient) -> None:
    answer = guide.get("/static/000000000000/desk.js")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["../errors.py", "css/nothing.css", "..%2f..%2fconfig.py"])
def test_nothing_else_can_be_fetched(guide: FlaskClient, name: str) -> None:
    assert guide.get(f"/static/x/{name}").status_code == 404


def test_a_changed_file_changes_the_address(tmp_path: Path) -> None:
    for part in ("css", "js"):
        (tmp_path / part).mkdir()
        for source in (STATIC / part).iterdir():
            (tmp_path / part / source.name).write_bytes(source.read_bytes())
    before = Assets(tmp_path).digest
    (tmp_path / "css" / "base.css").write_text("body{}")
    assert Assets(tmp_path).digest != before


def test_a_missing_file_is_noticed_when_the_page_is_made(guide_app: Flask) -> None:
    with pytest.raises(LookupError, match=r"nothing\.css"):
        guide_app.jinja_env.from_string("{{ asset('nothing.css') }}").render()


def test_the_whole_script_of_an_agent_stays_under_60_kilobytes(guide: FlaskClient) -> None:
    urls = [Assets().url("desk.js"), Assets().url("vendor/htmx.min.js")]
    sizes = [len(guide.get(url, headers={"Accept-Encoding": "gzip"}).data) for url in urls]
    assert sum(sizes) < 60 * KILOBYTE


def test_vendored_files_are_what_was_pinned() -> None:
    manifest = json.loads((STATIC / "vendor" / "MANIFEST.json").read_text("utf-8"))
    for name, entry in manifest.items():
        digest = hashlib.sha384((STATIC / name).read_bytes()).digest()
        assert entry["sha384"] == "sha384-" + base64.b64encode(digest).decode(), name
    assert manifest["vendor/htmx.min.js"]["version"] == "4.0.1"
