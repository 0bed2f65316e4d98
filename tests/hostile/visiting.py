"""A browser without JavaScript for attacks: keeps cookies and token, comes from anywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

OWNER_EMAIL = "eva@example.com"
PASSWORD = "velmi dlouhe heslo"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_networks = count(1)


@dataclass
class Visitor:
    """Sends what it is told to send; each request from a network of its own, so none must wait."""

    client: FlaskClient
    token: str = ""
    knows: list[str] = field(default_factory=list)
    """Addresses that no page links to, as of one-time links."""

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        """Open a page and remember its form token."""
        answer = self._open(path, "GET", **kwargs)
        found = _TOKEN.search(answer.text) if answer.mimetype == "text/html" else None
        self.token = found[1] if found else self.token
        return answer

    def post(
        self,
        path: str,
        form: Mapping[str, object],
        *,
        query: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """Send a form with the token of this visit."""
        data = {"csrf_token": self.token, **form}
        return self._open(path, "POST", data=data, query_string=query or {})

    def send(self, path: str, method: str, **kwargs: Any) -> TestResponse:
        """Send exactly this; a form needs its token in ``data``."""
        return self._open(path, method, **kwargs)

    def sign_in(self) -> None:
        """Come in as the owner, in a browser that knows nothing of an earlier visit."""
        self.client.delete_cookie("desk")
        self.get("/sign-in")
        answer = self.post("/sign-in", {"email": OWNER_EMAIL, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        assert self.get("/me").status_code == 200

    def _open(self, path: str, method: str, **kwargs: Any) -> TestResponse:
        number = next(_networks)
        come_from = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        environ = {"REMOTE_ADDR": come_from, **kwargs.pop("environ_overrides", {})}
        # The test stands in a context of the desk; a request of its own must not share its "g".
        is_named = "Host" in kwargs.get("headers", {})
        with self.client.application.app_context():
            if is_named:
                return self._under_a_name(path, method, environ, **kwargs)
            answer = self.client.open(path, method=method, environ_overrides=environ, **kwargs)
        answer.get_data()
        answer.close()  # files that were handed out
        return answer

    def _under_a_name(
        self, path: str, method: str, environ: dict[str, str], **kwargs: Any
    ) -> TestResponse:
        """Ask past the test client, which keeps no cookies for a name that is none."""
        kept = self.client.get_cookie("desk")
        kwargs["headers"] |= {"Cookie": f"desk={kept.value if kept else ''}"}
        with closing(
            EnvironBuilder(path, method=method, environ_overrides=environ, **kwargs)
        ) as builder:
            request = builder.get_request()
            told = run_wsgi_app(self.client.application, builder.get_environ(), buffered=True)
        return TestResponse(*told, request)
