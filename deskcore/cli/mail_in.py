"""``desk mail-in``: take one mail from a mail server's pipe, durably before the exit code says so.

Exit codes are those mail servers know (``sysexits.h``): 0 stored, 75 try again later, 67 no such
mailbox here, 65 not a mail we can take.
"""

from __future__ import annotations

import os
import sys
from hashlib import sha256

import click
from sqlalchemy import select

from deskcore import clock
from deskcore.cli.setting_up import configured, open_unchecked
from deskcore.config import Config
from deskcore.domain.fingerprint import mail_fingerprint
from deskcore.domain.kinds import AccountState
from deskcore.domain.people import canonical_email
from deskcore.errors import DeskError
from deskcore.logs import get_logger
from deskcore.models import ChannelAccount, Mailbox
from deskcore.plugin.channel import RawItem
from deskcore.services import inbound
from deskcore.services.unit import reading
from deskcore.services.wake import Bell

log = get_logger(__name__)


@click.command()
@click.option("--account", "address", required=True, help="The mailbox's address in the desk.")
def mail_in(address: str) -> None:
    """Take one mail from standard input."""
    try:
        code = _take(configured(), address)
    except Exception as error:
        # A mail server takes any other code for good and sends the mail back to its writer.
        log.exception("a mail could not be taken")
        said = str(error) if isinstance(error, DeskError) else "The desk cannot take mail now."
        click.echo(said, err=True)
        code = os.EX_TEMPFAIL
    raise SystemExit(code)


def _take(config: Config, address: str) -> int:
    content = sys.stdin.buffer.read(config.max_mail_bytes + 1)
    if not content.strip():
        click.echo("No mail came on standard input.", err=True)
        return os.EX_DATAERR
    if len(content) > config.max_mail_bytes:
        click.echo(f"The mail is larger than {config.max_mail_bytes} bytes.", err=True)
        return os.EX_DATAERR
    with open_unchecked(config):
        account_id = _account_of(address)
        if account_id is None:
            click.echo(f"The desk has no mailbox with the address {address}.", err=True)
            return os.EX_NOUSER
        Bell(config.instance).ring_after_commits()
        inbound.store(account_id, [_item(content)])
    return os.EX_OK


def _account_of(address: str) -> int | None:
    """Find the account; one that is switched off still takes what is handed to it."""
    statement = (
        select(ChannelAccount.id)
        .join(Mailbox, Mailbox.id == ChannelAccount.mailbox_id)
        .where(
            ChannelAccount.channel == "email",
            ChannelAccount.address == canonical_email(address),
            Mailbox.is_sample.is_(False),
        )
        .order_by(ChannelAccount.state != AccountState.ACTIVE, ChannelAccount.id)
        .limit(1)
    )
    with reading() as session:
        return session.scalar(statement)


def _item(content: bytes) -> RawItem:
    """Make the raw item; handed over twice (the server lost our answer), it is one item."""
    sender = os.environ.get("SENDER", "")
    recipient = os.environ.get("ORIGINAL_RECIPIENT") or os.environ.get("RECIPIENT", "")
    meta = {"folder": "pipe", "envelope_from": sender, "envelope_to": recipient}
    meta["fingerprint"] = mail_fingerprint(content)
    return RawItem(
        external_id=f"pipe:{sha256(content).hexdigest()}",
        cursor=None,
        received_at=clock.now(),
        content=content,
        meta={key: value for key, value in meta.items() if value},
    )
