"""What pages for customers are given: frozen, plain, and nothing a customer may not see.

These are the contexts of the templates under ``public/`` and so part of what themes rely on;
``deskcore.theme.contexts`` says which template is given which.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, kw_only=True)
class LanguageLink:
    """This page in another language; ``name`` is what its speakers call it."""

    code: str
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class PublicLook:
    """What the owner chose of the looks: ``site.look`` in each template.

    ``scheme`` is auto, light or dark; ``sheet_url`` is empty where core's own sheet is all.
    ``header`` and ``footer`` are in the reader's language, with line breaks.
    """

    sheet_url: str = ""
    scheme: str = "auto"
    density: str = "comfortable"
    logo_url: str = ""
    header: str = ""
    footer: str = ""


@dataclass(frozen=True, kw_only=True)
class Site:
    """What stands around every page: ``site`` in each template.

    ``requests_url`` is empty while the desk cannot mail anybody the link to their requests.
    """

    name: str
    home_url: str
    requests_url: str
    languages: tuple[LanguageLink, ...]
    look: PublicLook = PublicLook()


@dataclass(frozen=True, kw_only=True)
class HoursLine:
    """Days with the same hours in words: ``Mon\u2013Fri``, ``9:00\u201318:00``; closed has no hours."""

    days: str
    hours: str


@dataclass(frozen=True, kw_only=True)
class PublicAddress:
    """An address to write to, and what the owner calls it."""

    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class SearchField:
    """The search field of a plugin: sends what was typed as ``q`` to ``url``."""

    url: str
    label: str


@dataclass(frozen=True, kw_only=True)
class HelpHome:
    """The first page: ``home`` in ``public/home.html``.

    ``is_open`` is None without opening hours. ``answer_time`` is a sentence, empty while too little
    is known to be honest. ``top``, ``cards`` and ``foot`` are what plugins put there.
    """

    hours: tuple[HoursLine, ...]
    is_open: bool | None
    answer_time: str
    addresses: tuple[PublicAddress, ...]
    search: SearchField | None
    top: Markup
    cards: Markup
    foot: Markup


@dataclass(frozen=True, kw_only=True)
class PublicError:
    """What went wrong and what to do: ``error`` in ``public/error.html``."""

    status: int
    title: str
    text: str
    number: str
    retry_url: str


@dataclass(frozen=True, kw_only=True)
class RequestFile:
    """A file of a message; ``size`` is in words."""

    name: str
    size: str
    url: str


@dataclass(frozen=True, kw_only=True)
class RequestMessage:
    """One message of a request; ``formatted_url`` is where a frame finds it as it was written."""

    id: str
    is_theirs: bool
    author: str
    text: str
    formatted_url: str
    when: str
    when_iso: str
    files: tuple[RequestFile, ...]


@dataclass(frozen=True, kw_only=True)
class AnswerForm:
    """What was typed into the answer, and what is wrong with it: problems by field."""

    key: str
    text: str = ""
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class RequestPage:
    """One request: ``ticket`` in ``public/request.html``; addresses of its forms begin with ``url``.

    ``state`` is open, waiting_customer or solved, ``state_text`` the same in words. ``waiting`` are
    times of answers that are on their way to the shop. ``can_close`` shows the button that solves
    it. ``said`` is what was done just now.
    """

    url: str
    number: int
    subject: str
    state: str
    state_text: str
    can_close: bool
    messages: tuple[RequestMessage, ...]
    waiting: tuple[str, ...]
    said: str
    form: AnswerForm


@dataclass(frozen=True, kw_only=True)
class RequestsAsk:
    """The form that asks for a mail address: ``asked`` in ``public/requests_ask.html``."""

    email: str = ""
    problem: str = ""
    was_asked: bool = False


@dataclass(frozen=True, kw_only=True)
class RequestsOpen:
    """The mailed link was followed: ``visit`` in ``public/requests_open.html``.

    A press of the one button posts to ``url``, which uses the link up.
    """

    url: str


@dataclass(frozen=True, kw_only=True)
class RequestLine:
    """One request of a list; without a ``url`` its page was closed by the shop."""

    number: int
    subject: str
    state: str
    state_text: str
    when: str
    when_iso: str
    url: str


@dataclass(frozen=True, kw_only=True)
class RequestsPage:
    """The list of one's requests, latest first: ``mine`` in ``public/requests.html``."""

    requests: tuple[RequestLine, ...]


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail to a customer: ``mail`` in the templates under ``mail/``, plain text and HTML alike.

    ``html`` and ``signature_html`` are made from the text and safe. ``link`` is the way to the
    request, "" where the owner wants none or somebody else is written to as well.
    """

    text: str
    html: Markup
    signature: str = ""
    signature_html: Markup
    link: str = ""
    shop: str
    number: int = 0
