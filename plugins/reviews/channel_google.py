"""Reviews of a place on Google Maps, by the Business Profile API; answers go there by themselves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import quote, urlencode

from deskcore.api import N_, Inbound, InboundMessage, OutboundMessage, Problem, ThreadKeys, _, now
from deskcore.plugin import (
    AccountView,
    Capabilities,
    Channel,
    ChannelFailure,
    HealthCheck,
    Net,
    PartResult,
    Payload,
    PluginSettings,
    Polled,
    RawItem,
    Refused,
    Secret,
    SendResult,
    SignInFailed,
    TextLimit,
    Unsure,
    setting,
)
from plugins.reviews.google_review import answer_id, entries_of, meaning
from plugins.reviews.site import WebSettings
from plugins.reviews.snapshot import MOST, Entry, news
from plugins.reviews.wire import NoAnswer, as_json, ask

_A_PAGE = 50  # the most that the API gives at once
_LIMIT = TextLimit(max=4096, unit="bytes")
_EARLY = timedelta(minutes=1)  # a token that ends while it is used is of no use


class GoogleSettings(WebSettings):
    """A place, and the consent of whoever manages it."""

    host: str = setting(N_("Server"), default="mybusiness.googleapis.com", max=253, advanced=True)
    token_host: str = setting(
        N_("Server that gives access"), default="oauth2.googleapis.com", max=253, advanced=True
    )
    location: str = setting(
        N_("Place"),
        max=200,
        help=N_("As accounts/123/locations/456, shown by the Business Profile API."),
    )
    client_id: str = setting(N_("Client ID"), max=200)
    client_secret: Secret = setting(N_("Client secret"))
    refresh_token: Secret = setting(
        N_("Refresh token"), help=N_("Given once to your client for the scope business.manage.")
    )

    def problems(self) -> Iterable[Problem]:
        """Refuse what could not be asked for."""
        yield from super().problems()
        parts = self.location.split("/")
        if len(parts) != 4 or parts[0::2] != ["accounts", "locations"] or not all(parts):  # noqa: PLR2004  as said
            message = _("It looks like accounts/123/locations/456.")
            yield Problem(field="location", message=message)
        if not self.token_host.strip() or any(
            ch <= " " or ch in "/:@\x7f" for ch in self.token_host
        ):
            yield Problem(field="token_host", message=_("This is not the name of a server."))
        for field in ("location", "client_id"):
            if any(not "!" <= ch <= "~" for ch in getattr(self, field)):
                yield Problem(
                    field=field, message=_("It has no spaces or letters with accents in it.")
                )
        for field in ("client_secret", "refresh_token"):
            if any(not "!" <= ch <= "~" for ch in getattr(self, field).stored):
                message = _("A key has no spaces, line breaks or letters with accents in it.")
                yield Problem(field=field, message=message)


class Google(Channel, Polled):
    """Reads reviews of one place and puts answers below them, one each."""

    slug: ClassVar[str] = "reviews_google"
    label: ClassVar[str] = N_("Reviews: Google Business Profile")
    settings: ClassVar[type[PluginSettings]] = GoogleSettings
    can: ClassVar[Capabilities] = Capabilities(
        public=True, one_reply=True, text=_LIMIT, reports=frozenset({"delivered", "bounced"})
    )

    def __init__(self, account: AccountView, net: Net) -> None:
        super().__init__(account, net)
        if not isinstance(account.settings, GoogleSettings):
            raise TypeError("a place needs GoogleSettings")
        self.own = account.settings
        self._access: tuple[Secret, datetime] | None = None

    def parse(self, raw: RawItem) -> list[Inbound]:
        """Say what a review is, or what became of an answer."""
        return meaning(raw.content, four_eyes=self.own.four_eyes)

    def thread_keys(self, message: InboundMessage) -> ThreadKeys:
        """Give the keys that parsing found."""
        return message.keys

    def render(self, message: OutboundMessage) -> list[Payload]:
        """Make the answer; raises ``Refused`` for one that is too long there."""
        if message.files:
            raise Refused(_("Answers to reviews have no files."))
        if len(message.text.encode("utf-8", "surrogatepass")) > _LIMIT.max:
            raise Refused(_("Google takes answers of 4096 bytes at most. Shorten it."))
        form = {"review": message.conversation, "text": message.text}
        return [
            Payload(
                part="answer",
                content=json.dumps(form, sort_keys=True).encode(),
                content_type="application/json",
                recipients=tuple(address.value for address in message.to),
            )
        ]

    def send(self, payload: Payload, *, key: str, committing: Callable[[], None]) -> SendResult:
        """Put the answer there (``updateReply``); it takes the place of an older one."""
        form = json.loads(payload.content)
        path = f"reviews/{quote(form['review'], safe='')}/reply"
        headers = self._headers()
        committing()
        try:
            content = json.dumps({"comment": form["text"]}).encode()
            answer = ask(
                self.net, self._address(path), method="PUT", headers=headers, content=content
            )
            as_json(answer)
        except NoAnswer as failure:
            message = _("The line broke before Google had answered. The next look tells.")
            raise Unsure(message) from failure
        except SignInFailed:
            self._access = None
            raise
        told = PartResult(status="accepted", external_id=answer_id(form["review"], form["text"]))
        return SendResult(parts=dict.fromkeys(payload.recipients, told))

    def check(self) -> list[HealthCheck]:
        """Sign in and read the newest; that changes nothing there."""
        name = _("Reviews of the place")
        try:
            found = self._page("")
        except ChannelFailure as failure:
            cure = _("Compare the place, and let its manager consent anew for a new refresh token.")
            return [HealthCheck(name=name, ok=False, message=str(failure), cure=cure)]
        count = found.get("totalReviewCount")
        message = _("Found: %(count)s.", count=count if isinstance(count, int) else "0")
        return [HealthCheck(name=name, ok=True, message=message)]

    def receive(self, cursor: str | None) -> Iterator[RawItem]:
        """Yield what is new or changed, and what became of our answers."""
        found: list[Entry] = []
        token = ""
        for _number in range(MOST // _A_PAGE // 2):
            said = self._page(token)
            reviews = said.get("reviews")
            for each in reviews if isinstance(reviews, list) else []:
                found += entries_of(each, _stored) if isinstance(each, dict) else ()
            token = str(said.get("nextPageToken") or "")
            if not token:
                break
        yield from news(reversed(found), cursor)

    def acknowledge(self, items: Sequence[RawItem]) -> None:
        """Leave everything there as it is."""

    def _page(self, token: str) -> dict[str, object]:
        query = {"pageSize": _A_PAGE, "orderBy": "updateTime desc"}
        asked = urlencode(query | ({"pageToken": token} if token else {}))
        found = as_json(ask(self.net, self._address(f"reviews?{asked}"), headers=self._headers()))
        if not isinstance(found, dict):
            raise NoAnswer(_("Google answered with something that is no list of reviews."))
        return found

    def _address(self, path: str) -> str:
        return f"{self.own.root}/v4/{self.own.location}/{path}"

    def _headers(self) -> dict[str, str]:
        if self._access is None or self._access[1] < now():
            self._access = self._renewed()
        return {
            "Authorization": f"Bearer {self._access[0].reveal()}",
            "Content-Type": "application/json",
        }

    def _renewed(self) -> tuple[Secret, datetime]:
        """Trade the refresh token for one that gives access for an hour (RFC 6749, 6)."""
        form = {
            "grant_type": "refresh_token",
            "client_id": self.own.client_id,
            "client_secret": self.own.client_secret.reveal(),
            "refresh_token": self.own.refresh_token.reveal(),
        }
        scheme = "https" if self.own.encrypted else "http"
        address = f"{scheme}://{self.own.token_host}:{self.own.port}/token"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            answer = ask(
                self.net, address, method="POST", headers=headers, content=urlencode(form).encode()
            )
        except Refused as failure:
            message = _("Google does not accept the refresh token any more. Consent anew there.")
            raise SignInFailed(message) from failure
        said = as_json(answer)
        token = said.get("access_token") if isinstance(said, dict) else None
        lasts = said.get("expires_in") if isinstance(said, dict) else None
        if not isinstance(token, str) or not token:
            raise NoAnswer(_("Google gave no access, and did not say why."))
        seconds = lasts if isinstance(lasts, int) and 0 < lasts < 86_400 else 3600  # noqa: PLR2004  a day
        return Secret(token), now() + timedelta(seconds=seconds) - _EARLY


def _stored(found: object) -> bytes:
    return json.dumps(found, sort_keys=True).encode()
