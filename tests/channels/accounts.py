"""Accounts on the made-up networks of ``tests/channels/chat``, and what these networks do."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
import sys
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from sqlalchemy import select

from deskcore.models import ChannelAccount
from deskcore.plugin.discovery import NAMESPACE
from deskcore.services import secrets
from deskcore.services.unit import reading, unit_of_work
from tests import factories

HERE = Path(__file__).parent
PLUGINS = ("email", "spam", "chat")
SECRET = "a secret of the network"


def install(instance: Path) -> None:
    """Drop the plugin into a desk's folder and name it among those to load."""
    # An earlier test's folder may have been the plugin's.
    sys.modules.pop(f"{NAMESPACE}.chat", None)
    shutil.copytree(HERE / "chat", instance / "plugins" / "chat")
    (instance / "config.toml").write_text(f"plugins = {json.dumps(PLUGINS)}\n")


def an_account(channel: str = "chat", *, address: str = "shop", port: int = 0) -> int:
    """Connect an account in a mailbox of its own; returns its id."""
    mailbox_id = factories.a_mailbox(address=address)
    with unit_of_work() as unit:
        account = unit.session.scalars(
            select(ChannelAccount).where(ChannelAccount.mailbox_id == mailbox_id)
        ).one()
        account.channel, account.name = channel, address
        account.settings = {"host": "127.0.0.1", "port": port}
        account.secrets = secrets.encrypt({"secret": SECRET})
        return account.id


def account(account_id: int) -> ChannelAccount:
    """Return an account as it is now."""
    with reading() as session:
        return session.get_one(ChannelAccount, account_id)


def path_of(account_id: int) -> str:
    """Return the address that the network pushes to."""
    row = account(account_id)
    return f"in/{row.channel}/{row.hook_key}"


def lines(*things: dict[str, str]) -> bytes:
    """Write things as the networks do."""
    return b"".join(json.dumps(thing).encode() + b"\n" for thing in things)


def said(text: str, name: str = "1", **more: str) -> dict[str, str]:
    """Return a message from Jana."""
    return {"id": name, "from": "jana", "name": "Jana", "text": text, "conversation": "c"} | more


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """Return the headers that prove a push."""
    return {"X-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def push(
    address: str, body: bytes, headers: dict[str, str] | None = None
) -> tuple[int, bytes, dict[str, str]]:
    """Push over real HTTP, signed unless *headers* are given; returns status, body, headers."""
    asked = Request(address, data=body, headers=signed(body) if headers is None else headers)  # noqa: S310  our own address
    return send(asked)


def send(asked: Request | str) -> tuple[int, bytes, dict[str, str]]:
    """Ask over real HTTP; status 0 when nobody answered."""
    try:
        with urlopen(asked, timeout=20) as answer:  # noqa: S310  our own address
            return answer.status, answer.read(), dict(answer.headers)
    except HTTPError as error:
        with error:
            return error.code, error.read(), dict(error.headers)
    except (URLError, OSError):
        return 0, b"", {}
