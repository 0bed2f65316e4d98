"""Who wrote, and to which conversation it belongs."""

from __future__ import annotations

from deskcore.domain.messages import InboundMessage
from deskcore.testing.case import Case
from deskcore.testing.checks.registry import check, expect, sample


@check(
    "K16",
    "bronze",
    "Every answer of a customer opens a new ticket, or strangers read one another's.",
)
def keeps_conversations_together(case: Case) -> None:
    """An answer joins its ticket, another conversation does not."""
    for name in ("message", "reply", "other_person"):
        case.desk.file([case.raw(sample(case, name))])
    where = [said.ticket for said in case.desk.said()]
    expect(len(where) == 3, f"Three messages came, {len(where)} were filed.")  # noqa: PLR2004  as said
    expect(where[0] == where[1], "The answer opened a ticket of its own.")
    expect(where[0] != where[2], "Somebody else's message joined the ticket.")


@check("K17", "bronze", "A customer answers a week later: nobody knows any more what about.")
def finds_solved_tickets(case: Case) -> None:
    """An answer to an old message finds its ticket after that was solved."""
    case.desk.file([case.raw(sample(case, "message"))])
    case.desk.solve_all()
    case.desk.file([case.raw(sample(case, "reply"))])
    where = {said.ticket for said in case.desk.said()}
    expect(len(where) == 1, "The answer did not find the solved ticket.")


@check(
    "K18",
    "bronze",
    "A customer changes their shown name and is a new one, or gets what another one was told.",
)
def knows_people_by_their_id(case: Case) -> None:
    """People are known by an id of the network's, never by their name."""
    message, renamed = sample(case, "message"), sample(case, "renamed")
    before, after = _author(case, message), _author(case, renamed)
    expect(before.sender.value, "The message has no sender.")
    expect(
        before.sender.value == after.sender.value,
        f"{before.sender.value!r} became {after.sender.value!r} by another shown name.",
    )
    expect(before.sender.name != after.sender.name, "The sample “renamed” has the same name.")
    shown = message.decode("utf-8", "replace").casefold()
    expect(
        before.sender.value.casefold() in shown,
        f"{before.sender.value!r} does not stand in what came: it was made up.",
    )
    case.desk.file([case.raw(message)])
    case.desk.file([case.raw(renamed)])
    customers = case.desk.customers()
    expect(customers == 1, f"One person is {customers} customers.")


def _author(case: Case, content: bytes) -> InboundMessage:
    found = case.messages(content)
    if not found:
        raise AssertionError("A sample of a message gave none.")
    return found[0]
