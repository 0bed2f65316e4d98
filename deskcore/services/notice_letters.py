"""What the desk's own mails say, in the language in use when they are written."""

from __future__ import annotations

from dataclasses import dataclass

from deskcore.i18n import _


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Subject and plain text of one mail; its HTML is made from the text."""

    subject: str
    text: str


def invitation(*, shop: str, name: str, link: str, until: str, invited_by: str) -> Letter:
    """Invite somebody to join."""
    asked = (
        _("%(who)s invites you to answer the customers of %(shop)s.", who=invited_by, shop=shop)
        if invited_by
        else _("You are invited to answer the customers of %(shop)s.", shop=shop)
    )
    return Letter(
        subject=_("Your invitation to %(shop)s", shop=shop),
        text=_joined(
            _("Hello %(name)s,", name=name),
            f"{asked} {_('Open this link and choose a password:')}",
            link,
            _("It is good until %(until)s and once. Keep it to yourself.", until=until),
        ),
    )


def new_password(*, shop: str, name: str, link: str, until: str) -> Letter:
    """Let somebody choose a new password."""
    return Letter(
        subject=_("A new password for %(shop)s", shop=shop),
        text=_joined(
            _("Hello %(name)s,", name=name),
            _(
                "a new password was asked for at the desk of %(shop)s. Open this link and choose "
                "one:",
                shop=shop,
            ),
            link,
            _("It is good until %(until)s and once; earlier links have ended.", until=until),
            _("If you did not ask, do nothing: your password stays as it is."),
        ),
    )


def password_changed(
    *, shop: str, name: str, at: str, address: str, by_link: bool, forgot: str
) -> Letter:
    """Tell somebody that their password is another one now."""
    place = _("From the network address %(address)s.", address=address) if address else ""
    what = (
        _("It was done with a link for a new password, which also signed that browser in.")
        if by_link
        else ""
    )
    return Letter(
        subject=_("Your password for %(shop)s was changed", shop=shop),
        text=_joined(
            _("Hello %(name)s,", name=name),
            " ".join(
                filter(
                    None,
                    (
                        _("your password for the desk of %(shop)s was changed.", shop=shop),
                        _("When: %(at)s.", at=at),
                        place,
                        what,
                        _("Other browsers were signed out."),
                    ),
                )
            ),
            _(
                "If that was you, all is well. If not, tell an owner or admin, and ask here for a new one:"
            ),
            forgot,
        ),
    )


def own_requests(*, shop: str, link: str, until: str) -> Letter:
    """Show a customer the way to their requests."""
    return Letter(
        subject=_("Your requests at %(shop)s", shop=shop),
        text=_joined(
            _("Hello,"),
            _("this link shows your requests at %(shop)s and our answers:", shop=shop),
            link,
            _("It is good until %(until)s and once. Keep it to yourself.", until=until),
            _("If you did not ask for it, do nothing: nobody was shown anything."),
        ),
    )


def _joined(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)
