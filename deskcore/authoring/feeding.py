"""One recorded item on its way through a channel, on a desk that is thrown away afterwards.

What is done is what the desk does: verify, unpack, parse, file. The answer goes to the far side of
the plugin's tests, never to a platform.
"""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from sqlalchemy import select

from deskcore.authoring.folder import TESTS, PluginFolder
from deskcore.domain.messages import DeliveryReport, Ignored, Inbound, InboundChange, InboundMessage
from deskcore.errors import NotFound
from deskcore.models import Message, Ticket
from deskcore.plugin.channel import Polled, Pushed, RawItem
from deskcore.plugin.discovery import NAMESPACE, bundled_folder, open_namespace
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.guarded import GuardedChannel
from deskcore.services.unit import reading
from deskcore.testing.case import Case, a_case
from deskcore.testing.contract import Contract

_MOST_SHOWN = 2000


def contract_of(folder: PluginFolder) -> Contract:
    """Find what the plugin's tests say of its channel; raises NotFound.

    Whatever the tests raise while they are imported comes out: it is for their author.
    """
    open_namespace(bundled_folder(), folder.path.parent)
    for path in sorted((folder.path / TESTS).glob("test_*.py")):
        module = importlib.import_module(f"{NAMESPACE}.{folder.path.name}.{TESTS}.{path.stem}")
        for each in vars(module).values():
            contract = getattr(each, "contract", None)
            if isinstance(contract, Contract):
                return contract
    raise NotFound(
        f"No channel_contract was found in {folder.path / TESTS}: it says with which settings "
        "the channel is tried. Nothing was fed."
    )


def feed(
    contract: Contract, content: bytes, *, account: str = "", is_push: bool = False, reply: str
) -> Iterator[str]:
    """Say step by step what becomes of an item, or of a whole push; raises PluginFailed.

    ``ChannelFailure`` comes out, too: it is an answer of the channel, ``Rejected`` among them.
    """
    if account:
        contract = replace(contract, address=account)
    with (
        tempfile.TemporaryDirectory(prefix="desk-feed-") as made,
        a_case(contract, Path(made)) as case,
    ):
        channel = case.guarded()
        items: list[RawItem] = []
        yield from _brought(case, channel, content, items, is_push=is_push)
        said: list[InboundMessage] = []
        for item in items:
            for entry in channel.parse(item):
                yield f"parse: {_meaning(entry)}"
                said += [entry] if isinstance(entry, InboundMessage) else []
        case.desk.file(items)
        if case.desk.faults.seen:
            raise PluginFailed(case.desk.faults.seen[0])
        yield from _tickets()
        if said and not said[0].is_own:
            case.conversation = channel.thread_keys(said[0]).conversation or ""
            yield from _answered(case, said[0].sender.value, reply)


def _brought(
    case: Case, channel: GuardedChannel, content: bytes, items: list[RawItem], *, is_push: bool
) -> Iterator[str]:
    """Bring the item in by the channel's own way."""
    kind, contract = case.contract.kind, case.contract
    if issubclass(kind, Pushed) and contract.sign and (contract.batch or is_push):
        body = content if is_push else case.push_body(content)
        request = contract.sign(body)
        channel.verify(request)
        yield "verify: the push is authentic"
        push = channel.unpack(request)
        items += push.items
        answer = f"{push.answer.status} {push.answer.body[:60]!r}"
        yield f"unpack: {_counted(push.items)}, answered {answer}"
    elif case.far is not None and channel.is_listening:
        case.far.offer(content)
        heard = (each for each in channel.listen(None) if isinstance(each, RawItem))
        items += islice(heard, 1)
        channel.close()
        yield f"listen: {_counted(items)}"
    elif case.far is not None and issubclass(kind, Polled):
        case.far.offer(content)
        items += channel.receive(None)
        yield f"receive: {_counted(items)}"
    else:
        items.append(case.raw(content))


def _counted(items: Sequence[RawItem]) -> str:
    return "1 item" if len(items) == 1 else f"{len(items)} items"


def _meaning(entry: Inbound) -> str:
    if isinstance(entry, InboundMessage):
        who = f"{entry.sender.name} ({entry.sender.value})" if entry.sender.name else "somebody"
        return f"a message {entry.external_id!r} from {who}: {entry.visible!r}"
    if isinstance(entry, InboundChange):
        return f"{entry.kind} of the message {entry.target!r}: {entry.content!r}"
    if isinstance(entry, DeliveryReport):
        return f"a report, {entry.status}, of {', '.join(entry.references)}"
    assert isinstance(entry, Ignored)  # noqa: S101  there is no other kind
    return f"ignored: {entry.reason}"


def _tickets() -> Iterator[str]:
    """Show what agents would see."""
    with reading() as session:
        tickets = session.scalars(select(Ticket).order_by(Ticket.number)).all()
        if not tickets:
            yield "file: no ticket"
        for ticket in tickets:
            yield f"file: ticket {ticket.number} of {ticket.customer_name}, {ticket.category}"
            if ticket.subject:
                yield f"  {ticket.subject}"
            asked = select(Message).where(Message.ticket_id == ticket.id).order_by(Message.id)
            for message in session.scalars(asked):
                yield f"  {message.direction}: {message.visible}"


def _answered(case: Case, who: str, reply: str) -> Iterator[str]:
    """Have the answer made, and taken by the far side when the tests have one."""
    case.contract = replace(case.contract, recipient=who)
    if case.far is None:
        payloads = case.guarded().render(case.outbound(reply))
        taken = "An answer would leave like this; the tests have no far side to take it:"
    else:
        before = case.far.messages
        payloads = case.send(reply).payloads
        caught = case.far.messages - before
        taken = f"An answer left like this; the far side of the tests has {caught} of it:"
    yield taken
    for payload in payloads:
        yield f"  {payload.content[:_MOST_SHOWN].decode('utf-8', 'replace')}"
