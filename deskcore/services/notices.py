"""The desk's own mail to its people: queued in the caller's transaction, sent like any message.

A link in it lets its reader in, so the words are encrypted and no longer kept than needed, no
plugin changes them, and they never go to a mailbox of the desk, where colleagues would read them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from markupsafe import Markup
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from deskcore.config import desk_id
from deskcore.domain.accounts import Mailed
from deskcore.domain.html import from_text
from deskcore.domain.kinds import DeliveryState
from deskcore.domain.messages import Address, OutboundMessage
from deskcore.domain.people import Actor
from deskcore.domain.public_views import Letter as PublicLetter
from deskcore.errors import NotFound
from deskcore.extensions import config, draw_letter
from deskcore.i18n import _, long_time_in, speaking
from deskcore.models import ChannelAccount, Delivery, DeliveryPayload, Notice, User
from deskcore.services import access, notice_letters, outgoing, secrets
from deskcore.services.channels import own_addresses
from deskcore.services.desk_settings import desk_settings
from deskcore.services.notice_letters import Letter
from deskcore.services.notice_sender import sender
from deskcore.services.tokens import LIVES, Purpose
from deskcore.services.unit import Unit, unit_of_work

NEWS_FOR = timedelta(days=5)
_SETTLED = {
    DeliveryState.FAILED,
    DeliveryState.UNSURE,
    DeliveryState.HELD,
    DeliveryState.BOUNCED,
}


def mail_link(
    unit: Unit, user: User, purpose: Purpose, token: str, *, invited_by: str = ""
) -> Mailed:
    """Send somebody the link they come in by; says what became of it."""
    link = f"{config().address}/{purpose}/{token}"
    ends_at = unit.now + LIVES[purpose]
    about = {"shop": _shop(), "name": user.name, "link": link}
    with speaking(_language_of(user)):
        about["until"] = long_time_in(ends_at, _zone_of(user))
        if purpose == "invite":
            letter = notice_letters.invitation(**about, invited_by=invited_by)
        else:
            letter = notice_letters.new_password(**about)
    return write_to(unit, user.email, purpose, letter, useful_until=ends_at, user_id=user.id)


def tell_of_new_password(unit: Unit, user: User, *, address: str, by_link: bool) -> None:
    """Tell somebody that their password was changed, in case it was not them."""
    with speaking(_language_of(user)):
        letter = notice_letters.password_changed(
            shop=_shop(),
            name=user.name,
            at=long_time_in(unit.now, _zone_of(user)),
            address=address,
            by_link=by_link,
            forgot=f"{config().address}/forgot",
        )
    until = unit.now + NEWS_FOR
    write_to(unit, user.email, "password", letter, useful_until=until, user_id=user.id)


def write_to(
    unit: Unit,
    address: str,
    kind: str,
    letter: Letter,
    *,
    useful_until: datetime,
    user_id: int | None = None,
) -> Mailed:
    """Queue a mail to an address, without *user_id* to a customer; says what became of it."""
    account = sender(unit.session)
    if account is None:
        return "no_mailbox"
    if address in own_addresses(unit.session):
        return "own_address"
    row = outgoing.queue(
        unit,
        account,
        outgoing.Outgoing(
            to=(address,),
            cc=(),
            subject=letter.subject,
            body=letter.text,
            run_at=unit.now,
            is_automatic=True,
        ),
        token=outgoing.new_token(),
    )
    unit.session.add(
        Notice(
            delivery_id=row.id,
            user_id=user_id,
            kind=kind,
            address=address,
            subject=letter.subject,
            words=secrets.encrypt({"text": letter.text}),
            useful_until=useful_until,
        )
    )
    return "queued"


def compose(session: Session, row: Delivery) -> OutboundMessage:
    """Return what a delivery of the desk's own says; it belongs to no ticket and takes no token."""
    notice = session.scalars(select(Notice).where(Notice.delivery_id == row.id)).one()
    account = session.get_one(ChannelAccount, row.account_id)
    text, html = _said(notice, secrets.decrypt(notice.words)["text"])
    return OutboundMessage(
        external_id=row.external_id,
        token="",
        sender=Address(value=account.address, name=_shop()),
        to=(Address(value=notice.address, name=_name_of(session, notice)),),
        subject=notice.subject,
        text=text,
        html=html,
        sent_at=row.created_at,
        automatic=True,
        desk_id=desk_id(config()),
    )


def forget_words(unit: Unit, delivery_id: int) -> None:
    """Keep no way in any longer than it takes to send it."""
    notice = unit.session.scalars(select(Notice).where(Notice.delivery_id == delivery_id)).one()
    notice.words = b""
    unit.session.execute(delete(DeliveryPayload).where(DeliveryPayload.delivery_id == delivery_id))


def set_aside(actor: Actor, delivery_id: int) -> None:
    """Take a mail that did not arrive off the list of what needs attention."""
    access.require(actor, "people.manage")
    with unit_of_work(actor) as unit:
        row = unit.session.get(Delivery, delivery_id, with_for_update=True)
        if row is None or row.ticket_id is not None or row.state not in _SETTLED:
            raise NotFound(_("This mail is not waiting for anybody."))
        row.state = DeliveryState.CANCELLED
        forget_words(unit, row.id)


def _said(notice: Notice, text: str) -> tuple[str, str]:
    """Return the words of a mail; only those to customers are dressed by a theme."""
    html = Markup(from_text(text))  # noqa: S704  escaped there
    if notice.user_id is not None:
        return text, str(html)
    letter = PublicLetter(text=text, html=html, signature_html=Markup(), shop=_shop())
    return draw_letter("notification", letter)


def _name_of(session: Session, notice: Notice) -> str:
    return session.get_one(User, notice.user_id).name if notice.user_id else ""


def _shop() -> str:
    return desk_settings().name or "Deskcore"


def _language_of(user: User) -> str:
    return user.locale or desk_settings().language


def _zone_of(user: User) -> str:
    return user.time_zone or desk_settings().time_zone
