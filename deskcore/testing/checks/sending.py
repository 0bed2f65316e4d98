"""What goes out: once, as long as the platform says, and the truth about what became of it."""

from __future__ import annotations

from datetime import timedelta

from deskcore.domain.messages import DeliveryReport
from deskcore.plugin.channel import Refused, SignInFailed, TryLater, Unsure
from deskcore.plugin.faults import PluginFailed
from deskcore.testing.case import Case, Sending
from deskcore.testing.checks.registry import check, expect, reports, sample, starts
from deskcore.testing.contract import Trouble

_LEAST, _MOST = timedelta(seconds=20), timedelta(seconds=45)  # 40 s are named; clocks round
_SOME_WORDS = 8


@check(
    "K30",
    "bronze",
    "The desk stops while it sends: what is sent afterwards is another message than before.",
)
def renders_the_same_twice(case: Case) -> None:
    """Render is pure and deterministic."""
    first = case.channel().render(case.outbound())
    second = case.channel().render(case.outbound())
    expect(first, "Nothing is to be sent.")
    expect(
        first == second,
        f"The same message gave {[each.content[:300] for each in first]}, "
        f"then {[each.content[:300] for each in second]}.",
    )


@check(
    "K31",
    "bronze",
    "Every try that has lost its answer is another message on the customer's telephone.",
)
def sends_a_key_once(case: Case) -> None:
    """A message sent again with its key arrives once, where that is claimed."""
    if not case.contract.kind.can.same_key_is_safe:
        return
    parts = len(case.send().payloads)
    case.send()
    expect(case.there.messages == parts, f"It was sent twice, and {case.there.messages} arrived.")
    case.send(key="key-2")
    arrived = case.there.messages
    expect(arrived == 2 * parts, f"Two different messages were sent, and {arrived} arrived.")


@check(
    "K32",
    "bronze",
    "The line breaks at the wrong moment: the customer gets it twice, or never, and nobody knows.",
)
def tells_when_it_may_have_been_sent(case: Case) -> None:
    """Core is told before the message leaves, and the truth when the answer is lost."""
    sending = case.send()
    expect(sending.committed, "committing() was never called.")
    expect(
        not any(sending.committed),
        "committing() was called when the message was there already: call it before.",
    )
    before = case.there.messages
    if not case.there.plan("lost"):
        return
    is_safe = case.contract.kind.can.same_key_is_safe
    error = _failure(case, key="key-lost")
    if is_safe:
        is_told = isinstance(error, Unsure | TryLater | Sending)
        expect(is_told, f"A lost answer became {error!r}.")
        case.send(key="key-lost")
        arrived = case.there.messages - before
        expect(arrived == 1, f"Sent again with its key, it arrived {arrived} times.")
    else:
        expect(isinstance(error, Unsure), f"A lost answer became {error!r}: raise Unsure.")


@check(
    "K33",
    "bronze",
    "The platform counts every try: it closes the shop's account for hours, or for good.",
)
def waits_as_long_as_it_is_told(case: Case) -> None:
    """Asked for patience, it passes the time on and does not ask again."""
    for trouble in ("busy", "busy_date"):
        before, asked = case.there.messages, case.there.asked
        if not case.there.plan(trouble):
            continue
        error = _failure(case, key=trouble)
        expect(
            isinstance(error, TryLater) and not isinstance(error, Unsure),
            f"Asked for patience, it said {error!r}: raise TryLater.",
        )
        expect(case.there.messages == before, "It went on sending at once.")
        tried = case.there.asked - asked
        expect(tried <= 1, f"It tried {tried} times: core does that.")
        after = error.after if isinstance(error, TryLater) else None
        names_it = getattr(case.there, "names_patience", True)
        expect(
            not names_it or (after is not None and _LEAST <= after <= _MOST),
            f"Forty seconds were asked for ({trouble}), {after} were passed on.",
        )


@check(
    "K34",
    "bronze",
    "A night's trouble at the platform loses answers, or one refused answer is tried for five days.",
)
def tells_failures_apart(case: Case) -> None:
    """Trouble that passes, refusals and wrong credentials are three things."""
    for trouble, kinds, advice in _FAILURES:
        if not case.there.plan(trouble):
            continue
        asked = case.there.asked
        error = _failure(case, key=trouble)
        expect(isinstance(error, kinds), f"{trouble}: it said {error!r}; {advice}")
        said = str(error)
        expect(len(said) >= _SOME_WORDS, f"{trouble}: nobody understands {said!r}.")
        tried = case.there.asked - asked
        expect(tried <= 1, f"{trouble}: it tried {tried} times: core does that.")


@check("K36", "silver", "An answer is read, and the desk says that it bounced.", need=reports)
def understands_reports(case: Case) -> None:
    """Reports have a status that is claimed, and harm nothing when they come twice."""
    claimed = case.contract.kind.can.reports
    content = sample(case, "report")
    found = [entry for entry in case.parse(content) if isinstance(entry, DeliveryReport)]
    expect(found, "A sample of a report gave none.")
    for entry in found:
        expect(entry.status in claimed, f"{entry.status!r} is not claimed ({sorted(claimed)}).")
        expect(entry.references or entry.tokens, "A report does not say what it is about.")
    case.desk.file([case.raw(content)])
    case.desk.file([case.raw(content)])
    expect(case.desk.unfiled() == [], f"Reports wait for a person: {case.desk.unfiled()}.")


@check(
    "K40", "silver", "An agent writes first, as the desk offers, and it never leaves.", need=starts
)
def starts_conversations(case: Case) -> None:
    """A message that answers nothing goes out."""
    result = case.send("Your order has arrived.").result
    expect(result is not None, "Nothing was sent.")
    expect(case.there.messages >= 1, "It did not arrive.")
    states = {part.status for part in result.parts.values()} if result else set()
    expect(states == {"accepted"}, f"It arrived, and the channel says {sorted(states)}.")


_PASSING = (TryLater, Unsure)
_FAILURES: tuple[tuple[Trouble, tuple[type[Exception], ...], str], ...] = (
    ("error", _PASSING, "raise TryLater for trouble of the server's own."),
    ("reset", _PASSING, "raise TryLater or Unsure for a line that broke."),
    ("half", _PASSING, "raise TryLater or Unsure for half an answer."),
    ("nonsense", _PASSING, "raise TryLater or Unsure for an answer that is not its own."),
    ("refused", (Refused,), "raise Refused for a message that will never go."),
    ("denied", (SignInFailed,), "raise SignInFailed for credentials that are refused."),
)


def _failure(case: Case, *, key: str) -> Exception | Sending:
    """Send, and return what was raised; what was said when nothing was."""
    try:
        return case.send(key=key)
    except PluginFailed as failed:
        cause = failed.__cause__
        return cause if isinstance(cause, Exception) else failed
    except Exception as error:  # noqa: BLE001  what was raised is what is looked at
        return error
