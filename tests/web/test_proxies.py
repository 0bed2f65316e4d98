"""Whose address a request has: a proxy's word counts only when the owner said there is one."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import request

from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.extensions import db

FORWARDED = {"X-Forwarded-For": "203.0.113.9, 198.51.100.4", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("proxies", "address", "scheme"),
    [(0, "127.0.0.1", "http"), (1, "198.51.100.4", "https"), (2, "203.0.113.9", "http")],
)
def test_as_many_forwarders_are_believed_as_the_configuration_says(
    tmp_path: Path, sqlite_url: str, proxies: int, address: str, scheme: str
) -> None:
    config = load_config(
        instance=tmp_path / "instance", database_url=sqlite_url, trusted_proxies=proxies
    )
    app = create_app(config)
    seen = []
    app.before_request(lambda: seen.append((request.remote_addr, request.scheme)))
    app.test_client().get("/healthz", headers=FORWARDED)
    assert seen == [(address, scheme)]
    with app.app_context():
        db.engine.dispose()
