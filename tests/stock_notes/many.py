"""``python -m tests.stock_notes.many [2000]``: telling many, while the worker is killed, and the ledger.

A real worker tells them through a real SMTP conversation; the sink writes down what it took. The worker is
killed by SIGKILL at a third and at two thirds, the telling is stopped once and goes on. Then every customer
is counted at the sink: exactly once each, and nobody who refused.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, insert, select

from deskcore.models import Delivery, Job, Mailbox, Ticket
from deskcore.services.unit import reading, unit_of_work
from plugins.stock_notes import runs, telling
from plugins.stock_notes.tables import REFUSALS, WAITS
from tests import factories
from tests.databases import copied_postgresql, copy_sqlite
from tests.faults.stage import Stage
from tests.servers import postgresql, rundir
from tests.servers.postgresql import PostgreSQL
from tests.stock_notes import counter
from tests.stock_notes.waiting import SENCHA, TEXTS

REFUSE_EVERY = 20  # of the customers, so many say that they want no news
LANGUAGES = ("en", "ru", "cs")


@dataclass(frozen=True, kw_only=True)
class Account:
    """What the sink and the desk say in the end; ``wrong`` is empty when every promise held."""

    customers: int
    refused: int
    told: int
    taken: int
    unsure: int
    kills: int
    seconds: float
    wrong: tuple[str, ...]


def prepare(folder: Path) -> dict[str, str]:
    """Drop the plugin that offers into a desk; returns what its processes have to be told."""
    (folder / "instance").mkdir(parents=True, exist_ok=True)
    counter.install(folder / "instance")
    return {"DESK_PLUGINS": json.dumps(["email", counter.SLUG, counter.OFFERS])}


def tell_many(stage: Stage, count: int, *, undo_s: int = 0, kills: int = 2) -> Account:
    """Have *count* wait, tell them with kills and a stop on the way, and count at the sink."""
    began = time.monotonic()
    place = stage.a_mailbox()
    with unit_of_work() as unit:
        unit.session.get_one(Mailbox, place.mailbox_id).undo_seconds = undo_s
    refused = _wait(stage, place.mailbox_id, count)
    meant = count - len(refused)
    run_id = runs.confirm(stage.agent, SENCHA, TEXTS, expected=meant)
    killed = 0
    for part in range(1, kills + 1):
        desk = stage.start("worker")
        _until_told(stage, run_id, meant * part // (kills + 1))
        os.killpg(desk.process.pid, signal.SIGKILL)
        killed += 1
        if part == 1:
            _stop_and_go_on(stage, run_id)
    stage.start("worker")
    # A killed worker's few are nobody's for as long as its lease runs.
    stage.until(lambda: runs.one(run_id).state == "done", "the telling is done", 600.0)
    stage.until(_is_quiet, "every answer has left", 1800.0)
    return _account(stage, meant, refused, killed, time.monotonic() - began)


def _wait(stage: Stage, mailbox_id: int, count: int) -> list[str]:
    """Put customers on the list; returns the addresses of those who want no news."""
    refused = []
    for number in range(count):
        address = f"c{number}@customer.test"
        customer = factories.a_customer(f"Customer {number}", address)
        # The subject is how the sink knows whose answer it is.
        ticket = factories.a_ticket(mailbox_id, subject=f"answer-{number}-", customer=customer)
        with unit_of_work(stage.agent) as unit:
            values = {
                "customer_id": customer[0],
                "product": SENCHA,
                "place": "",
                "amount": 1,
                "language": LANGUAGES[number % len(LANGUAGES)],
                "ticket_id": _id_of(ticket),
                "state": "waiting",
                "reason": "",
                "at": unit.now,
                "by_name": "Eva",
            }
            unit.session.execute(insert(WAITS).values(values))
            if number % REFUSE_EVERY == 0:
                no_news = {"customer_id": customer[0], "at": unit.now, "by_name": "Eva"}
                unit.session.execute(insert(REFUSALS).values(no_news))
                refused.append(address)
    return refused


def _id_of(number: int) -> int:
    with reading() as session:
        return session.scalars(select(Ticket.id).where(Ticket.number == number)).one()


def _until_told(stage: Stage, run_id: int, count: int) -> None:
    stage.until(lambda: runs.progress(run_id).told >= count, f"{count} are told", 600.0)


def _stop_and_go_on(stage: Stage, run_id: int) -> None:
    """Stop it while nobody works, have a worker find nothing to do, and go on."""
    runs.stop(stage.agent, run_id)
    told = runs.progress(run_id).told
    telling.tell(run_id=run_id)
    if runs.progress(run_id).told != told:
        stage.note("a telling that was stopped went on")
    runs.resume(stage.agent, run_id)


def _is_quiet() -> bool:
    with reading() as session:
        states = ("queued", "sending")
        waits = select(func.count()).where(Delivery.state.in_(states))
        jobs = select(func.count()).where(Job.name == "delivery.send")
        return not session.scalar(waits) and not session.scalar(jobs)


def _account(stage: Stage, meant: int, refused: list[str], kills: int, seconds: float) -> Account:
    taken = Counter(one.recipients[0] for one in stage.ledger.taken)
    with reading() as session:
        told = session.scalar(select(func.count()).where(WAITS.c.state == "told")) or 0
        unsure = session.scalar(select(func.count()).where(Delivery.state == "unsure")) or 0
        deliveries = session.scalar(select(func.count()).select_from(Delivery)) or 0
    wrong = list(stage.notes)
    if twice := [address for address, times in taken.items() if times > 1]:
        wrong.append(f"told twice: {', '.join(twice[:5])}")
    if disturbed := set(refused) & set(taken):
        wrong.append(f"told though they refused: {', '.join(sorted(disturbed)[:5])}")
    if told != meant or deliveries != meant:
        wrong.append(f"{told} marked as told, {deliveries} answers, for {meant} customers")
    # What was in the middle of a conversation when its process died is shown to people as unsure.
    if not meant - unsure <= len(taken) <= meant:
        wrong.append(f"{len(taken)} of {meant} arrived, {unsure} unsure")
    return Account(
        customers=meant + len(refused),
        refused=len(refused),
        told=told,
        taken=len(taken),
        unsure=unsure,
        kills=kills,
        seconds=seconds,
        wrong=tuple(wrong),
    )


def main(arguments: list[str]) -> int:
    """Tell them, print the account; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.stock_notes.many", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=2000)
    parser.add_argument("--undo", type=int, default=10, help="seconds an answer can be taken back")
    parser.add_argument("--database", default="sqlite", choices=("sqlite", "postgresql"))
    asked = parser.parse_args(arguments)
    run = rundir.create()
    try:
        with tempfile.TemporaryDirectory(prefix="desk-many-") as name:
            folder = Path(name)
            if asked.database == "sqlite":
                found = _told(folder, copy_sqlite(folder / "desk.db"), asked)
            else:
                server = rundir.shared("postgresql", PostgreSQL, postgresql.start)
                with copied_postgresql(server) as url:
                    found = _told(folder, url, asked)
    finally:
        rundir.stop_all(run)
        rundir.remove(run)
    sys.stdout.write(f"{asked.database}: {found}\n")
    return 1 if found.wrong else 0


def _told(folder: Path, url: str, asked: argparse.Namespace) -> Account:
    os.environ.update(prepare(folder))
    with Stage(folder, url, seed=7, moments=1) as stage:
        return tell_many(stage, asked.count, undo_s=asked.undo)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
