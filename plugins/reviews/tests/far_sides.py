"""Sites on a loopback port: an address with reviews, a WooCommerce shop, a place on Google."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from deskcore.testing import Reply, Request, Simulator, reply_json


class Address(Simulator):
    """Gives whatever lies there, to whoever has the key."""

    def __init__(self) -> None:
        super().__init__()
        self.reviews: list[object] = []
        self.page: bytes | None = None

    @property
    def settings(self) -> Mapping[str, Any]:
        """What points a channel here."""
        return {"host": "127.0.0.1", "port": self.port, "encrypted": False, "path": "/reviews"}

    @property
    def messages(self) -> int:
        """Nothing is ever sent to it: people put answers there."""
        return 0

    def plan(self, trouble: object) -> bool:
        """Nothing can go wrong with what is not sent."""
        return False

    def offer(self, *contents: bytes) -> None:
        """Have these reviews there."""
        self.reviews.extend(_read(content) for content in contents)

    def answer(self, request: Request) -> Reply:
        """Answer as the site does."""
        if request.headers.get("authorization") != "Bearer k":
            return reply_json({"error": "who are you?"}, 401)
        return (
            Reply(body=self.page)
            if self.page is not None
            else reply_json({"reviews": self.reviews})
        )


class Shop(Address):
    """Answers as WooCommerce documents it, page by page, with how many there are in a header."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """What points a channel here."""
        return {"host": "127.0.0.1", "port": self.port, "encrypted": False}

    def answer(self, request: Request) -> Reply:
        """Answer as the site does."""
        right = f"Basic {b64encode(b'ck_1:cs_1').decode()}"
        if request.headers.get("authorization") != right:
            return reply_json({"code": "woocommerce_rest_cannot_view", "message": "Sorry"}, 401)
        if request.path != "/wp-json/wc/v3/products/reviews":
            return reply_json({"code": "rest_no_route"}, 404)
        size, number = int(request.query["per_page"]), int(request.query["page"])
        newest = self.reviews[::-1][(number - 1) * size : number * size]
        answer = reply_json(newest)
        return Reply(body=answer.body, headers={"X-WP-Total": str(len(self.reviews))})


class Place(Simulator):
    """Answers as the Business Profile API documents it, and gives access for a refresh token."""

    def __init__(self) -> None:
        super().__init__()
        self.sending_path = "/v4/"
        self.reviews: list[object] = []
        self.sent: list[tuple[str, str]] = []

    @property
    def settings(self) -> Mapping[str, Any]:
        """What points a channel here."""
        return {
            "host": "127.0.0.1",
            "token_host": "127.0.0.1",
            "port": self.port,
            "encrypted": False,
        }

    @property
    def asked(self) -> int:
        """How often the place was asked; getting access is not that."""
        return sum(request.path.startswith("/v4/") for request in self.requests)

    @property
    def changes(self) -> int:
        """How many answers were put there or changed."""
        return sum(request.method == "PUT" for request in self.requests)

    @property
    def messages(self) -> int:
        """How many answers of ours came."""
        return len(self.sent)

    def offer(self, *contents: bytes) -> None:
        """Have these reviews there."""
        self.reviews.extend(_read(content) for content in contents)

    def answer(self, request: Request) -> Reply:
        """Answer as the site does."""
        if request.path == "/token":
            return self._access(dict(parse_qsl(request.body.decode())))
        if request.headers.get("authorization") != "Bearer access-1":
            return reply_json(
                {"error": {"code": 401, "message": "Request had invalid credentials."}}, 401
            )
        head, _slash, rest = unquote(request.path).partition("/reviews")
        if head != "/v4/accounts/1/locations/2":
            return reply_json(
                {"error": {"code": 404, "message": "Requested entity was not found."}}, 404
            )
        if request.method == "PUT":
            comment = str(request.json().get("comment", ""))
            self.sent.append((rest.split("/")[1], comment))
            return reply_json({"comment": comment, "updateTime": "2026-11-01T10:00:00Z"})
        return self._page(request)

    def _page(self, request: Request) -> Reply:
        size, start = int(request.query["pageSize"]), int(request.query.get("pageToken", 0))
        newest = self.reviews[::-1]
        more = {"nextPageToken": str(start + size)} if start + size < len(newest) else {}
        found = {"reviews": newest[start : start + size], "totalReviewCount": len(newest), **more}
        return reply_json(found)

    def _access(self, form: Mapping[str, str]) -> Reply:
        if (form.get("client_secret"), form.get("refresh_token")) != ("s-1", "r-1"):
            return reply_json({"error": "invalid_grant", "error_description": "Bad Request"}, 400)
        return reply_json({"access_token": "access-1", "expires_in": 3599, "token_type": "Bearer"})


def _read(content: bytes) -> object:
    """Lay down what an item says; what is no JSON is text, as sites give it."""
    try:
        return json.loads(content)
    except ValueError:
        return content.decode("utf-8", "replace")
