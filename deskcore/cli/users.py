"""``desk user``: let people in and out from the server itself, as when the owner is locked out."""

from __future__ import annotations

import click
from sqlalchemy import select

from deskcore.cli.setting_up import configured, open_desk
from deskcore.domain.accounts import IssuedLink
from deskcore.domain.people import ROLES, SYSTEM, canonical_email
from deskcore.errors import NotFound
from deskcore.extensions import config
from deskcore.models import User
from deskcore.services import invitations, own_factor, users
from deskcore.services.invitations import Invited
from deskcore.services.unit import reading


@click.group()
def user() -> None:
    """Let people in and out."""


@user.command()
@click.argument("email")
@click.option("--name", default="", help="Shown to colleagues; the address when left out.")
@click.option("--role", type=click.Choice(ROLES), default="agent", show_default=True)
def add(email: str, name: str, role: str) -> None:
    """Invite somebody; prints the link with which they choose a password."""
    with open_desk(configured()):
        invited = Invited(email=email, name=name or email.partition("@")[0], role=role)
        _show("invite", invitations.invite(SYSTEM, invited))


@user.command(name="list")
def list_people() -> None:
    """List everybody, also those who were deactivated."""
    with open_desk(configured()):
        for person in users.people(SYSTEM):
            click.echo(f"{person.email:<40} {person.role:<8} {person.state:<12} {person.name}")


@user.command(name="reset-password")
@click.argument("email")
def reset_password(email: str) -> None:
    """Print a link with which somebody chooses a new password; no mailbox is needed."""
    with open_desk(configured()):
        _show("reset", invitations.make_reset_link(SYSTEM, _id_of(email)))


@user.command(name="reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Take a lost second factor away; the password alone lets its owner in until the next one."""
    with open_desk(configured()):
        if own_factor.reset(SYSTEM, _id_of(email)):
            click.echo(f"The second factor of {email} is reset; they were signed out everywhere.")
        else:
            click.echo(f"{email} has no second factor; nothing was changed.")


@user.command()
@click.argument("email")
def deactivate(email: str) -> None:
    """Shut somebody out at once; their open tickets go back to nobody."""
    with open_desk(configured()):
        freed = users.deactivate(SYSTEM, _id_of(email))
        click.echo(f"{email} cannot sign in any more; {freed} open tickets are nobody's now.")


def _id_of(email: str) -> int:
    with reading() as session:
        found = session.scalar(select(User.id).where(User.email == canonical_email(email)))
    if found is None:
        raise NotFound(f"Nobody here has the address {email}.")
    return found


def _show(purpose: str, link: IssuedLink) -> None:
    click.echo(f"{config().address}/{purpose}/{link.token}")
    click.echo(f"For {link.email}; works once, until {link.expires_at:%Y-%m-%d %H:%M} UTC.")
