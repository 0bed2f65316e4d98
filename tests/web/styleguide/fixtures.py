"""The style guide as tests use it: through a client, and served to a real browser."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from tests.web.styleguide.app import make_guide

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def guide_app() -> Flask:
    """Give the app of the style guide."""
    return make_guide()


@pytest.fixture
def guide(guide_app: Flask) -> FlaskClient:
    """Give a client of the style guide."""
    return guide_app.test_client()


@pytest.fixture(scope="module")
def guide_url() -> Iterator[str]:
    """Serve the style guide on a free port."""
    server = make_server("127.0.0.1", 0, make_guide(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def into(target: str) -> dict[str, str]:
    """Give the headers of an htmx request that replaces *target* (``main#main``)."""
    return {**PARTIAL, "HX-Target": target, "HX-Source": "a#some-link"}


def token(client: FlaskClient) -> str:
    """Take the form token from a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert found
    return found[1]
