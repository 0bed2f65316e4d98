"""Taking raw items in: bytes on disk, then rows, then (and only then) the source is told.

``store`` is what the poller, the webhook door and ``desk mail-in`` call. Filing happens later, in
a job; an item that cannot be filed waits where a person sees it, and stops nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from itertools import groupby

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.exc import OperationalError

from deskcore.domain.kinds import InboundState, JobState
from deskcore.domain.messages import (
    DeliveryReport,
    Ignored,
    Inbound,
    InboundChange,
    InboundMessage,
)
from deskcore.errors import Conflict, DeskError
from deskcore.extensions import config
from deskcore.failpoints import failpoint
from deskcore.i18n import N_, _
from deskcore.models import ChannelAccount, InboundItem, Job
from deskcore.plugin.channel import RawItem
from deskcore.services import (
    changes,
    channels,
    files,
    filing,
    notice_returns,
    page_answers,
    reports,
)
from deskcore.services.jobs import job
from deskcore.services.rows import put
from deskcore.services.unit import Unit, reading, unit_of_work

_UNFILED = frozenset({InboundState.STORED, InboundState.FAILED})
# What one transaction files on SQLite: its commit waits for the disk, agents' answers wait for it.
# On PostgreSQL commits share that wait, and two long transactions could meet in a deadlock.
_TOGETHER = 10
_TOGETHER_BYTES = 8 * 1024 * 1024
_GIVEN_UP_AFTER = timedelta(minutes=10)
Entry = filing.Judged | DeliveryReport | InboundChange | Ignored


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What became of a batch: ids of new rows, and how many items were there already."""

    new_ids: tuple[int, ...]
    known: int


def store(
    account_id: int,
    items: Sequence[RawItem],
    *,
    fence: int | None = None,
    is_history: bool = False,
) -> Stored:
    """Store a batch durably; when this returns, the source may be told.

    Idempotent: an item known by its external id is left as it is. *fence* is the lease's number;
    raises Conflict when somebody else serves the account by now, and Unavailable when the disk
    cannot take the bytes: nothing is stored then, and the source still has it.
    """
    digests = files.write_all([item.content for item in items])
    failpoint("inbound.written")
    with unit_of_work() as unit:
        account = unit.session.get_one(ChannelAccount, account_id, with_for_update=True)
        if fence is not None and account.fence != fence:
            message = _("Another worker serves this account now.")
            raise Conflict(message)
        new_ids = _insert(unit, account, items, digests, is_history=is_history)
        if new_ids:
            unit.enqueue(
                "inbound.file",
                {"item_ids": new_ids},
                order_key=_order_key(account_id, is_history=is_history),
            )
            if not is_history:
                account.last_received_at, account.refused_count = unit.now, 0
        cursor = items[-1].cursor if items else None
        if cursor is not None:
            if is_history:
                account.backlog_cursor = cursor
                account.backlog_count += len(new_ids)
            else:
                account.cursor = cursor
    failpoint("inbound.stored")
    return Stored(new_ids=tuple(new_ids), known=len(items) - len(new_ids))


@job("inbound.file")
def file_items(item_ids: Sequence[int]) -> None:
    """Turn stored items into what people see, one after another, some of them in one transaction.

    Whatever fails is kept for a person and stops no other.
    """
    with reading() as session:
        rows = session.execute(
            select(InboundItem, ChannelAccount)
            .join(ChannelAccount, ChannelAccount.id == InboundItem.account_id)
            .where(_to_file(item_ids))
            .order_by(InboundItem.account_id, InboundItem.id)
        ).all()
    for account, found in groupby(rows, lambda row: row.ChannelAccount):
        for group in _groups([row.InboundItem for row in found]):
            _file_together(account, _parsed(account, group))


def show_given_up() -> int:
    """Put items whose filing was given up in front of a person; returns how many there were."""
    with unit_of_work() as unit:
        alive = set(
            unit.session.scalars(
                select(Job.order_key).where(
                    Job.name == "inbound.file", Job.state != JobState.FAILED
                )
            )
        )
        stuck = [
            item
            for item in unit.session.scalars(
                select(InboundItem).where(
                    InboundItem.state == InboundState.STORED,
                    InboundItem.stored_at < unit.now - _GIVEN_UP_AFTER,
                )
            )
            if _order_key(item.account_id, is_history=item.is_history) not in alive
        ]
        for item in stuck:
            item.state, item.reason = InboundState.FAILED, N_("The desk gave up filing it.")
    return len(stuck)


def _order_key(account_id: int, *, is_history: bool) -> str:
    return f"inbound:{account_id}{':history' if is_history else ''}"


def _groups(items: Sequence[InboundItem]) -> Iterator[list[InboundItem]]:
    """Part items into what one transaction files."""
    most = _TOGETHER if config().is_sqlite else 1
    group: list[InboundItem] = []
    for item in items:
        if len(group) >= most or (group and _size([*group, item]) > _TOGETHER_BYTES):
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def _size(items: Sequence[InboundItem]) -> int:
    return sum(item.size for item in items)


def _parsed(account: ChannelAccount, items: Sequence[InboundItem]) -> dict[int, list[Entry]]:
    """Say what items mean, with their files on disk before a transaction has to wait for them."""
    parsed: dict[int, list[Entry]] = {}
    for item in items:
        try:
            parsed[item.id] = _entries(_meaning(account, item))
        except OperationalError:
            raise  # the database, not the mail: the job comes again
        except Exception as error:
            _keep_for_a_person(item.id, error)
    failpoint("inbound.parsed")
    return parsed


def _meaning(account: ChannelAccount, item: InboundItem) -> list[Inbound]:
    raw = raw_of(item)
    return (
        page_answers.parse(raw) if page_answers.is_one(item.meta) else channels.parse(account, raw)
    )


def _entries(parsed: Sequence[Inbound]) -> list[Entry]:
    entries: list[Entry] = [
        filing.judge(entry) if isinstance(entry, InboundMessage) else entry for entry in parsed
    ]
    messages = [entry.message for entry in entries if isinstance(entry, filing.Judged)]
    files.write_all([file.content for message in messages for file in message.files])
    return entries


def _file_together(account: ChannelAccount, parsed: dict[int, list[Entry]]) -> None:
    """File items in one transaction; a death before its commit repeats them from the start.

    One that cannot be filed takes nothing from the others: they are filed again without it.
    """
    while parsed:
        filing_now = 0
        try:
            with unit_of_work() as unit:
                here = unit.session.get_one(ChannelAccount, account.id)
                locked = select(InboundItem).where(_to_file(parsed)).with_for_update()
                items = {item.id: item for item in unit.session.scalars(locked)}
                for filing_now, entries in parsed.items():
                    if filing_now in items:  # else filed by somebody else meanwhile
                        _file_all(unit, here, items[filing_now], entries)
                        unit.session.flush()  # so that what is wrong with an item shows here
        except OperationalError:
            raise  # as above
        except Exception as error:
            if not filing_now:
                raise  # nothing was filed yet: not the fault of a mail
            _keep_for_a_person(filing_now, error)
            del parsed[filing_now]
        else:
            break
    failpoint("inbound.filed")


def _to_file(item_ids: Iterable[int]) -> ColumnElement[bool]:
    return and_(InboundItem.id.in_(item_ids), InboundItem.state.in_(_UNFILED))


def _insert(
    unit: Unit,
    account: ChannelAccount,
    items: Sequence[RawItem],
    digests: Sequence[str],
    *,
    is_history: bool,
) -> list[int]:
    hashes = [_hash(item) for item in items]
    rows = unit.session.execute(
        select(InboundItem.external_id, InboundItem.content_hash, InboundItem.meta).where(
            InboundItem.account_id == account.id,
            InboundItem.external_id.in_([item.external_id for item in items]),
        )
    )
    known = {row.external_id: (row.content_hash, row.meta) for row in rows}
    stored = unit.session.execute(
        select(InboundItem.content_hash, InboundItem.id).where(
            InboundItem.account_id == account.id,
            InboundItem.content_hash.in_(hashes),
            InboundItem.state != InboundState.DUPLICATE,
        )
    )
    originals = {row.content_hash: row.id for row in stored}
    sizes = {digest: len(item.content) for item, digest in zip(items, digests, strict=True)}
    files.refer_all(unit.session, sizes, unit.now)
    new: list[int] = []
    for item, digest, content_hash in zip(items, digests, hashes, strict=True):
        row = _row(unit, account, item, content_hash)
        if item.external_id in known:
            if content_hash in originals or not _is_another(item, content_hash, known):
                continue
            row.external_id = f"{item.external_id}#{content_hash}"[:255]
        known[item.external_id] = (content_hash, item.meta)
        row.is_history = is_history
        row.digest = digest
        if (original := originals.get(content_hash)) is not None:
            row.state, row.duplicate_of_id = InboundState.DUPLICATE, original
        put(unit.session, row)
        if original is None:
            originals[content_hash] = row.id
            new.append(row.id)
    return new


def _is_another(
    item: RawItem, content_hash: str, known: Mapping[str, tuple[str, Mapping[str, object]]]
) -> bool:
    """Whether a source gave the name of an item it no longer has to another one.

    Other bytes alone prove nothing: some servers write a mail anew each time it is fetched.
    """
    stored_hash, stored_meta = known[item.external_id]
    arrived, stored_arrived = item.meta.get("internal_date"), stored_meta.get("internal_date")
    return stored_hash != content_hash and bool(arrived and stored_arrived != arrived)


def _row(unit: Unit, account: ChannelAccount, item: RawItem, content_hash: str) -> InboundItem:
    return InboundItem(
        account_id=account.id,
        external_id=item.external_id[:255],
        content_hash=content_hash,
        size=len(item.content),
        meta=dict(item.meta),
        state=InboundState.STORED,
        received_at=item.received_at,
        stored_at=unit.now,
    )


def _file_all(
    unit: Unit, account: ChannelAccount, item: InboundItem, entries: Sequence[Entry]
) -> None:
    item.filed_at, item.reason = unit.now, ""
    reasons = []
    for entry in entries:
        match entry:
            case filing.Judged():
                if not notice_returns.take_in(unit, item, entry.message):
                    filing.file_message(unit, account, item, entry)
            case DeliveryReport():
                reports.apply(unit, account, item, entry)
            case InboundChange():
                changes.apply(unit, account, item, entry)
            case Ignored():
                reasons.append(entry.reason)
    if item.state in _UNFILED:
        item.state = InboundState.IGNORED
        item.reason = item.reason or "; ".join(reasons) or "nothing for a person in it"


def _keep_for_a_person(item_id: int, error: Exception) -> None:
    with unit_of_work() as unit:
        tries = InboundItem.tries + 1
        reason = str(error) if isinstance(error, DeskError) else type(error).__name__
        unit.session.execute(
            update(InboundItem)
            .where(InboundItem.id == item_id)
            .values(state=InboundState.FAILED, tries=tries, reason=reason[:1000])
        )


def _hash(item: RawItem) -> str:
    """Return what an item is known by beside its id.

    Only a channel whose source gives things new names (a mail server) gives fingerprints: two
    people may say "ok" in the same bytes.
    """
    whole = f"{item.external_id}\n".encode() + item.content
    return item.meta.get("fingerprint") or sha256(whole).hexdigest()


def raw_of(item: InboundItem) -> RawItem:
    """Return a stored item as it was received; raises NotFound when its bytes were purged."""
    return RawItem(
        external_id=item.external_id,
        cursor=None,
        received_at=item.received_at,
        content=files.read(item.digest) if item.digest else b"",
        meta={key: str(value) for key, value in item.meta.items()},
    )
