"""What is pushed: proved before it is read, answered at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from time import process_time

from deskcore.plugin.channel import Pushed, Rejected, WebhookRequest
from deskcore.testing.case import Case
from deskcore.testing.checks.registry import check, expect, pushed, sample
from deskcore.testing.contract import Sign

_BIG = b'{"x": "' + b"y" * 5_000_000 + b'"}'
_MOST_CPU_S = 0.25  # a hash over 5 MB takes 5 to 20 ms; reading them as JSON with fields, much more
_MOST_UNPACK_S = 1.0
_TOO_OLD_S = 301
_OTHER = "another secret altogether"


@check(
    "K07",
    "bronze",
    "Anybody who knows the address writes as any customer; or the platform's own pushes are "
    "refused as soon as somebody writes an emoji.",
    need=pushed,
)
def believes_only_what_is_signed(case: Case) -> None:
    """A right signature passes, any other is rejected, over the raw bytes."""
    body = case.push_body(sample(case, "message"))
    odd = b" " + body + b"\n"
    for right in (body, odd, _reencoded(body)):
        _accepts(case, _sign(case)(right), "a push with a right signature")
    signed = _sign(case)(body)
    forged = _forged(case, signed) if _is_of_body(case, signed) else _foreign(case, signed)
    for what, request in forged:
        _rejects(case, request, what)
    settings = case.contract.settings_with(case.far, canary=_OTHER)
    channel = case.channel(settings)
    if _is_accepted(channel, signed):
        raise AssertionError("A push signed with another secret was believed.")


@check(
    "K08",
    "bronze",
    "A push that somebody copied is sent again, days later, as often as they like.",
    need=pushed,
)
def refuses_old_pushes(case: Case) -> None:
    """A signed time older than five minutes is refused, where there is one."""
    body, sign = case.push_body(), _sign(case)
    fresh, old = sign(body), sign(body, seconds_ago=_TOO_OLD_S)
    if fresh.headers == old.headers and fresh.query == old.query:
        return  # nothing is dated: the item's id makes a replay harmless, which K03 sees to
    _rejects(case, old, "a push signed five minutes ago")
    _accepts(case, sign(body, seconds_ago=60), "a push signed a minute ago")


@check(
    "K10",
    "bronze",
    "The platform takes the push for failed: it repeats it, then switches the webhook off.",
    need=pushed,
)
def answers_pushes_at_once(case: Case) -> None:
    """A push is answered well, and quickly."""
    started = process_time()
    push = case.push(*[sample(case, "message")] * 50)
    expect(process_time() - started < _MOST_UNPACK_S, "Taking 50 items out took over a second.")
    expect(200 <= push.answer.status < 300, f"It is answered {push.answer.status}.")  # noqa: PLR2004  the statuses of success


@check(
    "K11",
    "bronze",
    "A stranger sends large bodies without a signature, and the desk works on nothing else.",
    need=pushed,
)
def wastes_nothing_on_strangers(case: Case) -> None:
    """A large body that is not signed costs next to nothing."""
    request = replace(_sign(case)(b"{}"), body=_BIG)
    if not _is_of_body(case, request):
        request = replace(request, headers={})
    started = process_time()
    _rejects(case, request, "a large body with another one's signature")
    took = process_time() - started
    expect(took < _MOST_CPU_S, f"Turning 5 MB away took {took:.2f} s: look at the signature first.")


def _forged(case: Case, signed: WebhookRequest) -> Iterator[tuple[str, WebhookRequest]]:
    yield "another body with this signature", replace(signed, body=signed.body + b" ")
    yield "the same JSON, written otherwise", replace(signed, body=_reencoded(signed.body))
    other = _sign(case)(signed.body + b" ")
    for name, value in signed.headers.items():
        if other.headers.get(name) != value:
            yield from _without(signed, name)


def _foreign(case: Case, signed: WebhookRequest) -> Iterator[tuple[str, WebhookRequest]]:
    """Forge a push that is proved by a secret in a header, which says nothing of the body."""
    found = 0
    for name in signed.headers:
        *_forged, (_what, left) = _without(signed, name)
        if not _is_accepted(case.channel(), left):
            found += 1
            yield from _without(signed, name)
    expect(found, "No header is needed for a push to be believed.")


def _is_of_body(case: Case, signed: WebhookRequest) -> bool:
    """Whether the proof of a push is of its body, too."""
    other = _sign(case)(signed.body[:100] + b" ")
    return any(other.headers.get(name) != value for name, value in signed.headers.items())


def _without(signed: WebhookRequest, name: str) -> Iterator[tuple[str, WebhookRequest]]:
    """Give a push with the proof in one header forged, and without it."""
    value = signed.headers[name]
    for what, forged in (
        ("a wrong signature", value[:-1] + ("0" if value[-1] != "0" else "1")),
        ("half a signature", value[: len(value) // 2]),
        ("an empty signature", ""),
        ("a signature that is no ASCII", "é" * len(value)),
    ):
        yield what, replace(signed, headers={**signed.headers, name: forged})
    left = {key: text for key, text in signed.headers.items() if key != name}
    yield "no signature", replace(signed, headers=left)


def _reencoded(body: bytes) -> bytes:
    """Write the same JSON in another way."""
    try:
        found = json.loads(body)
    except ValueError:
        return body + b"\n"
    compact = json.dumps(found, ensure_ascii=True, separators=(",", ":")).encode()
    return compact if compact != body else json.dumps(found, indent=1).encode()


def _sign(case: Case) -> Sign:
    if case.contract.sign is None:
        raise AssertionError("A pushed channel needs sign= in its contract.")
    return case.contract.sign


def _is_accepted(channel: object, request: WebhookRequest) -> bool:
    assert isinstance(channel, Pushed)  # noqa: S101  these checks are for pushed channels only
    try:
        channel.verify(request)
    except Rejected:
        return False
    except Exception as error:
        raise AssertionError(
            f"verify raised {type(error).__name__}, which is no answer: raise Rejected."
        ) from error
    return True


def _accepts(case: Case, request: WebhookRequest, what: str) -> None:
    expect(_is_accepted(case.channel(), request), f"This was rejected: {what}.")


def _rejects(case: Case, request: WebhookRequest, what: str) -> None:
    expect(not _is_accepted(case.channel(), request), f"This was believed: {what}.")
