"""Mailboxes: what is known of them, what admins change about them, and their connections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from deskcore.domain.events import ChannelResumed
from deskcore.domain.kinds import AccountState
from deskcore.domain.mailboxes import MailboxView
from deskcore.domain.people import Actor
from deskcore.errors import Invalid, NotFound, Problem
from deskcore.i18n import _
from deskcore.models import ChannelAccount, ConnectionTest, Mailbox
from deskcore.plugin.settings import PluginSettings
from deskcore.services.access import require
from deskcore.services.connection_tests import own_test, settings_of
from deskcore.services.mailbox_views import view_of, views
from deskcore.services.teams import open_mailbox_to
from deskcore.services.unit import Unit, reading, unit_of_work

LONGEST_NAME = 80
LONGEST_UNDO_S = 30
LONGEST_TEXT = 20_000
LONGEST_RAW_DAYS = 36_500


@dataclass(frozen=True, kw_only=True)
class MailboxProperties:
    """What admins say about a mailbox, its connection apart."""

    name: str
    signature: str = ""
    sends_acknowledgement: bool = False
    acknowledgement_subject: str = ""
    acknowledgement_text: str = ""
    undo_seconds: int = 10
    raw_days: int = 90


def mailboxes(actor: Actor) -> list[MailboxView]:
    """List the mailboxes by name."""
    require(actor, "mailbox.manage")
    with reading() as session:
        return views(session)


def mailbox(actor: Actor, mailbox_id: int) -> MailboxView:
    """Return one mailbox; raises NotFound."""
    require(actor, "mailbox.manage")
    with reading() as session:
        return view_of(session, _get(session, mailbox_id))


def change_mailbox(
    actor: Actor, mailbox_id: int, wanted: MailboxProperties, team_ids: Sequence[int]
) -> None:
    """Change what a mailbox says and which teams see it; raises Invalid."""
    require(actor, "mailbox.manage")
    _check(wanted)
    with unit_of_work(actor) as unit:
        row = _get(unit.session, mailbox_id)
        _refuse_taken(unit.session, wanted.name, but=row.id)
        before = _shown(unit.session, row)
        for key, value in asdict(wanted).items():
            setattr(row, key, value.strip() if key == "name" else value)
        open_mailbox_to(unit, row.id, team_ids)
        unit.session.flush()
        after = _shown(unit.session, row)
        changed = [key for key in after if before[key] != after[key]]
        if changed:
            unit.audit(
                "mailbox.changed",
                row.name,
                before={key: before[key] for key in changed},
                after={key: after[key] for key in changed},
            )


def keep_connection(
    actor: Actor, public_id: str, *, name: str = "", team_ids: Sequence[int] = ()
) -> int:
    """Keep what was tried: make a mailbox of it, or give an old connection its new settings.

    Returns the mailbox's id. The connection is at work as soon as the worker looks.
    """
    require(actor, "mailbox.manage")
    with unit_of_work(actor) as unit:
        test = own_test(unit.session, actor, public_id)
        if test.account_id is None:
            mailbox_id = _create(unit, test, name=name, team_ids=team_ids)
        else:
            mailbox_id = _replace(unit, test)
        unit.session.delete(test)
        return mailbox_id


def connection_settings(actor: Actor, account_id: int) -> tuple[ChannelAccount, PluginSettings]:
    """Return a connection with its settings, to fill its form; raises NotFound."""
    require(actor, "mailbox.manage")
    with reading() as session:
        account = _account(session, account_id)
    return account, settings_of(account.channel, account.settings, account.secrets)


def pause(actor: Actor, account_id: int) -> None:
    """Stop fetching and sending by a connection until somebody resumes it."""
    require(actor, "mailbox.manage")
    with unit_of_work(actor) as unit:
        account = _account(unit.session, account_id)
        account.state = AccountState.OFF
        unit.audit("mailbox.paused", account.address)


def resume(actor: Actor, account_id: int) -> None:
    """Set a connection to work again, after a pause or a refused sign-in."""
    require(actor, "mailbox.manage")
    with unit_of_work(actor) as unit:
        account = _account(unit.session, account_id)
        _set_to_work(unit, account)
        unit.audit("mailbox.resumed", account.address)


def _create(unit: Unit, test: ConnectionTest, *, name: str, team_ids: Sequence[int]) -> int:
    properties = MailboxProperties(name=name)
    _check(properties)
    _refuse_taken(unit.session, name)
    row = Mailbox(name=name.strip(), created_at=unit.now)
    unit.session.add(row)
    unit.session.flush()
    unit.session.add(
        ChannelAccount(
            mailbox_id=row.id,
            channel=test.channel,
            name=test.address,
            address=test.address,
            settings=test.settings,
            secrets=test.secrets,
            hook_key=test.public_id,  # as hard to guess
            connected_at=unit.now,
            created_at=unit.now,
        )
    )
    open_mailbox_to(unit, row.id, team_ids)
    unit.audit("mailbox.created", test.address, after={"name": row.name})
    unit.wake()
    return row.id


def _replace(unit: Unit, test: ConnectionTest) -> int:
    account = _account(unit.session, test.account_id or 0)
    changed = sorted(
        key for key, value in test.settings.items() if account.settings.get(key) != value
    )
    account.settings = {**account.settings, **test.settings}
    account.secrets = test.secrets
    _set_to_work(unit, account)
    unit.audit("mailbox.connection", account.address, after={"changed": changed})
    return account.mailbox_id


def _set_to_work(unit: Unit, account: ChannelAccount) -> None:
    """Make the fetcher start afresh with what the account says now."""
    was_down = account.state == AccountState.SIGN_IN_FAILED
    account.state, account.problem, account.failures = AccountState.ACTIVE, "", 0
    account.generation += 1
    account.last_checked_at = None  # how it is doing now is not known yet
    if was_down:
        unit.record(ChannelResumed(account_id=account.id, mailbox_id=account.mailbox_id))
    unit.wake()


def _check(wanted: MailboxProperties) -> None:
    problems = []
    if not wanted.name.strip():
        problems.append(Problem(field="name", message=_("Give the mailbox a name.")))
    elif len(wanted.name) > LONGEST_NAME:
        problems.append(Problem(field="name", message=_("Use at most 80 characters.")))
    if not 0 <= wanted.undo_seconds <= LONGEST_UNDO_S:
        text = _("Choose between 0 and 30 seconds.")
        problems.append(Problem(field="undo_seconds", message=text))
    if not 0 <= wanted.raw_days <= LONGEST_RAW_DAYS:
        text = _("Choose between 0 and 36500 days.")
        problems.append(Problem(field="raw_days", message=text))
    if wanted.sends_acknowledgement and not wanted.acknowledgement_text.strip():
        text = _("Write what the acknowledgement says, or switch it off.")
        problems.append(Problem(field="acknowledgement_text", message=text))
    problems += [
        Problem(field=field, message=_("This text is too long."))
        for field in ("signature", "acknowledgement_text")
        if len(getattr(wanted, field)) > LONGEST_TEXT
    ]
    if problems:
        raise Invalid(problems)


def _refuse_taken(session: Session, name: str, *, but: int = 0) -> None:
    taken = select(Mailbox.id).where(Mailbox.name == name.strip(), Mailbox.id != but)
    if session.execute(taken).first() is not None:
        message = _("Another mailbox has this name already.")
        raise Invalid([Problem(field="name", message=message)])


def _shown(session: Session, row: Mailbox) -> dict[str, object]:
    """Return what the audit log keeps of a mailbox."""
    view = view_of(session, row)
    return {
        "name": row.name,
        "signature": row.signature,
        "acknowledgement": row.sends_acknowledgement,
        "acknowledgement_text": row.acknowledgement_text,
        "undo_seconds": row.undo_seconds,
        "raw_days": row.raw_days,
        "teams": list(view.team_names),
    }


def _get(session: Session, mailbox_id: int) -> Mailbox:
    row = session.get(Mailbox, mailbox_id)
    if row is None or row.archived_at is not None:
        raise NotFound(_("There is no such mailbox."))
    return row


def _account(session: Session, account_id: int) -> ChannelAccount:
    account = session.get(ChannelAccount, account_id)
    if account is None:
        raise NotFound(_("There is no such connection."))
    return account
