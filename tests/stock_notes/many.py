"""``python -m tests.stock_notes.many [2000]``: telling many, while the worker is killed, and the ledger.

A real worker tells them the way they asked: by mail through a real SMTP conversation, and every fifth
through a server that plays Telegram's; both write down what they took. The worker is killed by SIGKILL at a
third and at two thirds, the telling is stopped once and goes on. Then every customer is counted in both
ledgers: exactly once each, over their own way, and nobody who refused.
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

from sqlalchemy import func, select, update

from deskcore.models import Delivery, Job, Mailbox
from deskcore.services.unit import reading, unit_of_work
from plugins.stock_notes import runs, telling
from plugins.stock_notes.tables import WAITS
from plugins.telegram.tests.bot_api import BotApi
from tests.databases import copied_postgresql, copy_sqlite
from tests.faults.stage import Stage
from tests.servers import postgresql, rundir
from tests.servers.postgresql import PostgreSQL
from tests.stock_notes import counter
from tests.stock_notes.askers import by_chat, by_mail, is_chat, number_of, put_on_the_list
from tests.stock_notes.waiting import SENCHA, TEXTS
from tests.telegram import desk as telegram


@dataclass(frozen=True, kw_only=True)
class Account:
    """What the sink and the desk say in the end; ``wrong`` is empty when every promise held."""

    customers: int
    refused: int
    told: int
    mails: int
    chats: int
    unsure: int
    kills: int
    seconds: float
    wrong: tuple[str, ...]


def prepare(folder: Path) -> dict[str, str]:
    """Drop the plugin that offers into a desk; returns what its processes have to be told."""
    (folder / "instance").mkdir(parents=True, exist_ok=True)
    counter.install(folder / "instance")
    return {"DESK_PLUGINS": json.dumps(["email", "telegram", counter.SLUG, counter.OFFERS])}


def tell_many(stage: Stage, count: int, *, undo_s: int = 0, kills: int = 2) -> Account:
    """Have *count* wait, tell them with kills and a stop on the way, and count what arrived."""
    with BotApi() as bot:
        return _tell_many(stage, bot, count, undo_s, kills)


def _tell_many(stage: Stage, bot: BotApi, count: int, undo_s: int, kills: int) -> Account:
    began = time.monotonic()
    place, account_id = stage.a_mailbox(), telegram.an_account(bot)
    asked = [*by_mail(place.mailbox_id, count), *by_chat(bot, account_id, count)]
    with unit_of_work() as unit:
        unit.session.execute(update(Mailbox).values(undo_seconds=undo_s))
    refused = put_on_the_list(stage.agent, asked)
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
    taken = Counter(one.recipients[0] for one in stage.ledger.taken)
    taken.update(str(one.chat) for one in bot.sent)
    return _account(stage, meant, refused, taken, killed, time.monotonic() - began)


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


def _account(
    stage: Stage, meant: int, refused: list[str], taken: Counter[str], kills: int, seconds: float
) -> Account:
    with reading() as session:
        told = session.scalar(select(func.count()).where(WAITS.c.state == "told")) or 0
        unsure = session.scalar(select(func.count()).where(Delivery.state == "unsure")) or 0
        deliveries = session.scalar(select(func.count()).select_from(Delivery)) or 0
    wrong = list(stage.notes)
    if twice := [address for address, times in taken.items() if times > 1]:
        wrong.append(f"told twice: {', '.join(twice[:5])}")
    if disturbed := set(refused) & set(taken):
        wrong.append(f"told though they refused: {', '.join(sorted(disturbed)[:5])}")
    if others := {name for name in taken if is_chat(number_of(name)) == ("@" in name)}:
        wrong.append(f"told by another way: {', '.join(sorted(others)[:5])}")
    if told != meant or deliveries != meant:
        wrong.append(f"{told} marked as told, {deliveries} answers, for {meant} customers")
    # What was in the middle of a conversation when its process died is shown to people as unsure.
    if not meant - unsure <= len(taken) <= meant:
        wrong.append(f"{len(taken)} of {meant} arrived, {unsure} unsure")
    return Account(
        customers=meant + len(refused),
        refused=len(refused),
        told=told,
        mails=sum("@" in name for name in taken),
        chats=sum("@" not in name for name in taken),
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
