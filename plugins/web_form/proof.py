"""Who is no robot: a signed page, work that a script of the page has done, time, and a trap.

A page holds a token: which form it is, a key of its own, when it was made. Its script does a little
work for that key (ALTCHA's proof of work), so a thousand messages cost a machine a thousand times as
much, and nobody solves a puzzle. Without scripts people look at their answers before they send them;
that second page, and the time between, stand for the work, for few messages of one place only.
"""

from __future__ import annotations

import binascii
import json
import secrets
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from altcha import v1 as altcha
from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from deskcore.api import now

WORK = 60_000  # hashes at most: some tenths of a second, a second or two on an old phone
LIFE = timedelta(hours=24)  # a page may lie open over a night
SOONEST = timedelta(seconds=3)  # nobody fills in a form faster
TRAP = "website"  # a field that people do not see; robots fill in what they find
_SALT = "web_form.page"

Stage = Literal["written", "checked"]
Trust = Literal["good", "doubtful", "none"]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A form as it was given to somebody; ``digest`` is of the answers they have looked at."""

    form_id: int
    key: str
    at: datetime
    stage: Stage = "written"
    digest: str = ""


def new_page(form_id: int, *, key: str = "", at: datetime | None = None) -> Page:
    """Return a page for somebody who comes, or who mends something on the page of *key*."""
    return Page(form_id=form_id, key=key or secrets.token_urlsafe(16), at=at or now())


def seal(page: Page) -> str:
    """Return a page as its form carries it."""
    values = [page.form_id, page.key, int(page.at.timestamp()), page.stage, page.digest]
    return str(_signer().dumps(values))


def unseal(token: str, form_id: int) -> Page | None:
    """Return the page of a token; None for what is forged, of another form, or too old."""
    try:
        of_form, key, at, stage, digest = _signer().loads(token)
    except (BadData, ValueError, TypeError):
        return None
    made = datetime.fromtimestamp(at, tz=now().tzinfo)
    is_good = of_form == form_id and now() - LIFE < made <= now() + SOONEST
    return Page(form_id=form_id, key=key, at=made, stage=stage, digest=digest) if is_good else None


def work_for(page: Page) -> str:
    """Return the work for a page's script, as JSON."""
    challenge = altcha.create_challenge(
        algorithm="SHA-256",
        max_number=WORK,
        salt_length=12,
        hmac_key=_secret(),
        salt=page.key,
        number=None,
        expires=now() + LIFE,
        params=None,
    )
    return json.dumps(challenge.to_dict())


def is_done(page: Page, solution: str) -> bool:
    """Whether the work was done, for this page and no other."""
    try:
        salt = json.loads(b64decode(solution, validate=True))["salt"]
    except (binascii.Error, ValueError, KeyError, TypeError):
        return False
    if not isinstance(salt, str) or not salt.startswith(f"{page.key}?"):
        return False
    return altcha.verify_solution(solution, _secret())[0]


def trust(page: Page, *, is_worked: bool, trap: str, digest: str) -> Trust:
    """Say what to think of a message: ``none`` is to be looked at by its writer first."""
    if not is_worked and (page.stage != "checked" or page.digest != digest):
        return "none"
    is_quick = now() - page.at < SOONEST
    return "doubtful" if is_quick or trap else "good"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(_secret(), salt=_SALT)


def _secret() -> str:
    """Return what pages are signed with: the desk's own secret, which no page shows."""
    return f"{_SALT}:{current_app.secret_key!r}"
