"""Requests nobody wrote down: generated values over the addresses that take the most."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.hostile.doors import PARTIAL
from tests.hostile.sending import encoded
from tests.hostile.strings import every
from tests.hostile.visiting import Visitor

RICHEST = {
    "GET /search": ("q", "from", "v"),
    "GET /v/open": ("from", "sort", "v"),
    "GET /live": ("since", "id", "number", "v", "busy", "sort", "from"),
    "GET /new": ("find", "to", "v"),
    "POST /t/{number}/reply": ("mode", "then", "body", "to", "cc", "status", "form_key", "seen_upto", "version", "send_anyway"),
    "POST /new": ("mailbox", "to", "cc", "subject", "body", "form_key", "version", "then"),
    "POST /customers/1/edit": ("name", "company", "notes"),
}  # fmt: skip
IS_WHOLE = "DESK_TEST_EVERYTHING" in os.environ
KNOWN = [text for _name, text in every() if len(text) < 500]
WORDS = [
    "is:",
    "from:",
    "tag:",
    "in:",
    "after:",
    '"',
    "reply",
    "note",
    "1",
    "jana@example.cz",
    "a0-1",
]
VALUES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(KNOWN),
    st.lists(st.sampled_from([*WORDS, *KNOWN]), max_size=6).map(" ".join),
    st.integers().map(str),
    st.floats().map(str),
)


def test_no_generated_request_is_an_error(
    noting: Flask, owner: Visitor, count: Callable[[str], None]
) -> None:
    asked = {address: ask_at_random(owner, address) for address in RICHEST}
    count(f"requests by address: {asked}")


def ask_at_random(owner: Visitor, address: str) -> int:
    """Send generated requests to one address; returns how many."""
    sent = itertools.count()
    method, _, path = address.partition(" ")
    path = path.format(number=1001)
    pairs = st.lists(st.tuples(st.sampled_from(RICHEST[address]), VALUES), max_size=12)

    @given(pairs=pairs, is_partial=st.booleans())
    @settings(
        max_examples=2_000 if IS_WHOLE else 40,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    def ask(pairs: list[tuple[str, str]], is_partial: bool) -> None:  # noqa: FBT001  hypothesis names it
        next(sent)
        headers = PARTIAL if is_partial else {}
        kwargs: dict[str, Any] = {"headers": headers}
        if method == "POST":
            kwargs["data"] = encoded([("csrf_token", owner.token), *pairs])
            kwargs["content_type"] = "application/x-www-form-urlencoded"
            answer = owner.send(path, method, **kwargs)
        else:
            answer = owner.send(f"{path}?{encoded(pairs)}", method, **kwargs)
        assert answer.status_code in {200, 204, 303, 404, 409, 422}
        assert not (answer.location or "").startswith("/sign-in")

    ask()
    return next(sent)


HEADER_NAMES = (
    "Host", "Referer", "User-Agent", "Accept", "Accept-Language", "Accept-Encoding", "Cookie", "Origin",
    "Range", "If-None-Match", "If-Modified-Since", "Content-Type", "X-Forwarded-For", "X-Forwarded-Host",
    "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "HX-Request", "HX-Request-Type", "HX-Target", "HX-Source",
    "HX-Current-URL", "HX-Boosted", "Sec-Fetch-Site", "X-Request-Id", "X-CSRFToken", "Authorization", "Via",
    "Transfer-Encoding", "Expect", "Upgrade", "X-HTTP-Method-Override", "X-Original-URL",
)  # fmt: skip
PLACES = (("GET", "/v/open"), ("GET", "/forgot"), ("POST", "/t/1001/tags"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_header_is_an_error_or_leads_away(
    noting: Flask, owner: Visitor, count: Callable[[str], None]
) -> None:
    """Every header with strings of every class; all strings when everything is wanted."""
    texts = [text for text in KNOWN if not set(text) & set("\r\n")]
    wrong, sent = [], 0
    for number, name in enumerate(HEADER_NAMES):
        for text in texts if IS_WHOLE else texts[number :: 2 * len(HEADER_NAMES)]:
            value = text.encode("utf-8", "replace").decode("latin-1")
            kwargs: dict[str, Any] = {"headers": {name: value}}
            for method, path in PLACES:
                if method == "POST":
                    kwargs |= {"data": encoded([("csrf_token", owner.token), ("add", "red")])}
                    kwargs["content_type"] = "application/x-www-form-urlencoded"
                answer = owner.send(path, method, **kwargs)
                place = answer.location or "/"
                sent += 1
                if answer.status_code >= 500 or not place.startswith("/"):
                    wrong.append(
                        f"{path} with {name} {text!r} answers {answer.status_code} {place}"
                    )
    count(f"{len(HEADER_NAMES)} headers, {len(texts)} strings, {sent} requests")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_values_that_come_as_lists_files_or_not_at_all_are_no_error(
    noting: Flask, owner: Visitor
) -> None:
    for path, names in (
        ("/t/1001/reply", RICHEST["POST /t/{number}/reply"]),
        ("/new", RICHEST["POST /new"]),
    ):
        for name in names:
            for pairs in (
                [],
                [(name, "a"), (name, "b")],
                [(f"{name}[]", "a")],
                [(f"{name}[a]", "b")],
            ):
                data = encoded([("csrf_token", owner.token), *pairs])
                kind = "application/x-www-form-urlencoded"
                assert owner.send(path, "POST", data=data, content_type=kind).status_code < 500
            for content, kind in (
                (b'{"a":[1,{}]}', "application/json"),
                (b"\xff\xfe", "application/x-www-form-urlencoded"),
                (b"--x", "multipart/form-data; boundary=x"),
                (b"x", "multipart/form-data"),
                (b"x", "\xff/\x00"),
            ):
                headers = {"X-CSRFToken": owner.token}
                answer = owner.send(path, "POST", data=content, content_type=kind, headers=headers)
                assert answer.status_code < 500


@pytest.mark.parametrize("name", ["xn--a", "xn--a\x80", "[::1"])
def test_a_name_of_the_desk_that_cannot_be_decoded_is_no_error(owner: Visitor, name: str) -> None:
    answer = owner.send("/admin/settings", "GET", headers={"Host": name})
    assert answer.status_code == 200
    assert "Time zone" in answer.text
