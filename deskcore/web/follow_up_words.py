"""A request in a customer's words: plain states, who wrote, and when."""

from __future__ import annotations

from deskcore.domain.kinds import Category
from deskcore.domain.public_views import AnswerForm, RequestFile, RequestMessage, RequestPage
from deskcore.i18n import _, lazy_gettext, short_time
from deskcore.services.follow_up import Request, Said
from deskcore.services.public_settings import Names
from deskcore.web.identity import this_desk
from deskcore.web.ticket_words import file_size

# Whom else the shop waits for is its own affair.
STATES = {
    Category.OPEN: ("open", lazy_gettext("We are on it")),
    Category.WAITING_OTHERS: ("open", lazy_gettext("We are on it")),
    Category.WAITING_CUSTOMER: ("waiting_customer", lazy_gettext("We need something from you")),
    Category.SOLVED: ("solved", lazy_gettext("Solved")),
}
_DONE = {
    "answer": lazy_gettext("We have your message."),
    "solved": lazy_gettext("Glad it is done. Write here if something is still missing."),
    "open": lazy_gettext("It is open again; we look at it."),
}


def request_page(
    found: Request, url: str, names: Names, form: AnswerForm, *, said: str = ""
) -> RequestPage:
    """Return what the page is given."""
    state, words = STATES[Category(found.category)]
    return RequestPage(
        url=url,
        number=found.number,
        subject=found.subject,
        state=state,
        state_text=str(words),
        can_close=found.can_close,
        messages=tuple(_message(one, url, names) for one in found.said),
        waiting=tuple(short_time(at) for at in found.waiting),
        said=str(_DONE.get(said, "")),
        form=form,
    )


def shown_name(name: str, names: Names) -> str:
    """Return how an answer is signed: as the owner chose, by the shop where nobody is named."""
    shop = this_desk().name
    if names == "shop" or not name.strip():
        return shop
    return name if names == "full" else name.split(maxsplit=1)[0]


def _message(said: Said, url: str, names: Names) -> RequestMessage:
    return RequestMessage(
        id=f"message-{said.id}",
        is_theirs=said.is_theirs,
        author=_("You") if said.is_theirs else shown_name(said.author_name, names),
        text=said.text,
        formatted_url=f"{url}/messages/{said.id}/body" if said.is_html else "",
        when=short_time(said.at),
        when_iso=said.at.isoformat(),
        files=tuple(
            RequestFile(
                name=file.filename,
                size=str(file_size(file.size)),
                url=f"{url}/files/{file.public_id}",
            )
            for file in said.files
        ),
    )
