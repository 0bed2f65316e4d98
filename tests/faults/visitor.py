"""An agent's browser at a running desk: signs in by the form, opens pages, presses send."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from sqlalchemy import select

from deskcore.models import Delivery, Message
from deskcore.services import setup
from deskcore.services.desk_settings import DeskSettings
from deskcore.services.unit import reading
from tests.faults.stage import Pressed, Stage

OWNER, PASSWORD = "olga@shop.test", "seven wet umbrellas"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_FIELD = re.compile(r'HERE[^>]*value="([^"]*)"')
_SLOW_S = 60


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of one request; ``status`` 0 means that nobody answered."""

    status: int
    text: str = field(default="", repr=False)
    retry_after: str = ""
    seconds: float = 0.0
    at: datetime | None = None  # by the desk's clock

    @property
    def is_at_sign_in(self) -> bool:
        """Whether the desk wanted to know who this is."""
        return 'id="password"' in self.text or 'name="password"' in self.text


def give_owner() -> None:
    """Set the desk that is open up, with an owner who can sign in."""
    code = setup.ensure_setup_code()
    assert code
    setup.create_owner(
        setup.check_setup_code(code),
        setup.FirstOwner(name="Olga", email=OWNER, password=PASSWORD),
        DeskSettings(name="Tea", time_zone="Europe/Prague", language="en"),
    )


class Visitor:
    """One browser without JavaScript."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self._token = ""

    def sign_in(self) -> Answer:
        """Sign in by the form."""
        self.get("/sign-in")
        return self.post("/sign-in", email=OWNER, password=PASSWORD)

    def get(self, path: str) -> Answer:
        """Open a page and remember its form token."""
        answer = self._ask(Request(self._address + path))  # noqa: S310  our own desk
        if found := _TOKEN.search(answer.text):
            self._token = found[1]
        return answer

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form."""
        data = urlencode({"csrf_token": self._token, **fields}).encode()
        headers = {"Origin": self._address}
        return self._ask(Request(self._address + path, data=data, headers=headers))  # noqa: S310  as above

    def press_send(self, stage: Stage, ticket: int, number: int) -> Answer:
        """Answer a ticket by its form; an answer the desk says it has is one the oracle looks for."""
        page = self.get(f"/t/{ticket}").text
        fields = {
            name: _FIELD.search(page.replace(f'name="{name}"', "HERE")).group(1)  # type: ignore[union-attr]  # or fail
            for name in ("to", "seen_upto", "form_key", "version")
        }
        text = f"answer-{number}- is posted today."
        answer = self.post(f"/t/{ticket}/reply", mode="reply", then="stay", body=text, **fields)
        if answer.status == 200:
            stage.pressed.append(pressed(number))
        return answer

    def _ask(self, request: Request) -> Answer:
        began = time.monotonic()
        try:
            with self._opener.open(request, timeout=_SLOW_S) as answer:
                status, headers, text = answer.status, answer.headers, answer.read()
        except HTTPError as error:
            with error:
                status, headers, text = error.code, error.headers, error.read()
        except OSError:
            return Answer(status=0, seconds=time.monotonic() - began)
        return Answer(
            status=status,
            text=text.decode("utf-8", "replace"),
            retry_after=headers.get("Retry-After", ""),
            seconds=time.monotonic() - began,
            at=parsedate_to_datetime(headers["Date"]),
        )


def pressed(number: int) -> Pressed:
    """Find an answer that was written by a form."""
    statement = (
        select(Delivery.id, Message.to_addresses)
        .join(Message, Message.id == Delivery.message_id)
        .where(Message.visible.startswith(f"answer-{number}-"))
    )
    with reading() as session:
        row = session.execute(statement).one()
    return Pressed(number=number, delivery_id=row.id, recipients=tuple(row.to_addresses))
