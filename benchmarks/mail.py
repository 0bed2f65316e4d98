"""Mail coming in over IMAP: the whole desk beside a bare loop, and what the desk weighs meanwhile.

The bare loop does what nobody can leave out: fetch, write and force to disk, commit a row, parse.
Both read the same mails from the same Dovecot.
"""

from __future__ import annotations

import email
import email.policy
import imaplib
import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, process_time, sleep

from benchmarks.data import DeskData, Facts
from benchmarks.results import Result
from benchmarks.serving import cpu_s_of, running, tree
from benchmarks.stories import furnished_stories
from deskcore import clock
from deskcore.config import load_config
from deskcore.prepare import upgrade_database
from tests.process.crashing import DeskFolder, connect
from tests.process.desks import Desk
from tests.servers import dovecot as dovecot_server
from tests.servers import postfix as postfix_server
from tests.servers import rundir
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

NAMES = ("intake", "memory")
SHARE = 0.25  # of the bare loop's rate
MAILS = 5_000  # a rate, not how soon the first of a few is there
TURNS = 5
MAILBOXES = 3
MAX_IDLE_MB = 130.0
MAX_GROWTH = 1.1
SETTLE_S = 8.0
REST_S = 75.0  # a parent rests when its children have lived for a minute
PATIENCE_S = 1200.0


def measure(folder: Path, wanted: list[str], *, mails: int = MAILS) -> Iterator[Result]:
    """Measure the rows named on a fresh desk with three mailboxes, beside nothing else."""
    with (
        _servers() as (imap, smtp),
        _connected(folder, imap, smtp) as data,
        running(data, PYTHONPATH=_as_users_have_it()) as desk,
    ):
        sleep(REST_S)
        idle = pss_mb(desk)
        if "memory" in wanted:
            yield Result(name="memory", unit="MB PSS, idle", figure=idle, most=MAX_IDLE_MB)
        weights: list[float] = []
        yield from _intake(imap, data, desk, mails, lambda: weights.append(pss_mb(desk)))
        if "memory" in wanted:
            yield Result(
                name="memory-after",
                unit=f"× after the first {mails // TURNS} of {mails} mails",
                figure=weights[-1] / weights[0],
                most=MAX_GROWTH,
                more={"idle_mb": idle, "first_mb": weights[0], "last_mb": weights[-1]},
            )


def _as_users_have_it() -> str:
    """Give the path of modules with which a desk finds only what is installed for its users."""
    before = os.environ.get("PYTHONPATH")
    here = str(Path(__file__).with_name("as_users_have_it"))
    return os.pathsep.join([here, before] if before else [here])


def made_mails(count: int) -> list[bytes]:
    """Write customers' mails, 30 % of them HTML with a quote, 10 % with a file."""
    made: list[bytes] = []
    rng = random.Random(7)
    for story in furnished_stories(count, clock.now()):
        said = next(each for each in reversed(story.said) if each.kind == "customer")
        mail = EmailMessage(policy=email.policy.SMTP)
        mail["From"] = f"{story.writer.name} <{story.writer.address}>"
        mail["To"] = "support@desk.test"
        mail["Subject"] = story.subject
        mail["Date"] = said.at
        mail["Message-ID"] = f"<{rng.getrandbits(64):x}@bulk.example>"
        mail.set_content(f"{said.text}\n\n{said.quoted}")
        if said.html:
            mail.add_alternative(said.html, subtype="html")
        for file in said.files:
            mail.add_attachment(
                file.content, maintype="application", subtype="pdf", filename=file.filename
            )
        made.append(mail.as_bytes())
    return made


def pss_mb(desk: Desk) -> float:
    """Return what the process tree weighs, shared pages counted once."""
    total_kb = 0
    for pid in tree(desk.process.pid):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                total_kb += int(line.split()[1])
    return total_kb / 1024


@contextmanager
def _servers() -> Iterator[tuple[Dovecot, Postfix]]:
    run = rundir.create()
    try:
        imap = rundir.shared("dovecot", Dovecot, dovecot_server.start)
        smtp = rundir.shared("postfix", Postfix, lambda folder: postfix_server.start(folder, imap))
        yield imap, smtp
    finally:
        rundir.stop_all(run)
        rundir.remove(run)


@contextmanager
def _connected(folder: Path, imap: Dovecot, smtp: Postfix) -> Iterator[DeskData]:
    instance = folder / "mail-desk"
    shutil.rmtree(instance, ignore_errors=True)
    config = load_config(instance=instance)
    upgrade_database(config)
    desk = DeskFolder(instance=instance, database_url=config.database)
    for number in range(MAILBOXES):
        connect(desk, imap, smtp, address(number))
    try:
        yield DeskData(
            instance=instance,
            database_url="",
            facts=Facts(tickets=0, messages=0, ten_messages=0),
        )
    finally:
        shutil.rmtree(instance, ignore_errors=True)


def address(number: int) -> str:
    """Name one of the mailboxes."""
    return f"bench{number}@desk.test"


@dataclass(frozen=True, kw_only=True)
class _Took:
    """What taking in one batch took."""

    wall_s: float
    cpu_s: float


def _intake(
    imap: Dovecot, data: DeskData, desk: Desk, count: int, weigh: Callable[[], None]
) -> Iterator[Result]:
    """Let both take the mails in turns; *weigh* is called after each, when all is quiet."""
    mails = made_mails(count)
    parts = [mails[at::TURNS] for at in range(TURNS)]
    ours: list[_Took] = []
    bare: list[_Took] = []
    for turn, part in enumerate(parts):
        bare.append(_bare_loop(imap, data.instance / "bare", f"bare{turn}@desk.test", part))
        ours.append(_desk_takes(imap, data, desk, part))
        sleep(SETTLE_S)
        weigh()
    rates = [len(part) / took.wall_s for part, took in zip(parts, ours, strict=True)]
    limits = [len(part) / took.wall_s for part, took in zip(parts, bare, strict=True)]
    shares = [took.cpu_s / other.cpu_s for took, other in zip(bare, ours, strict=True)]
    by_clock = [rate / limit for rate, limit in zip(rates, limits, strict=True)]
    yield Result(
        name="intake",
        unit="of the bare rate",
        figure=median(by_clock),
        least=SHARE,
        spread=(min(by_clock), max(by_clock)),
        more={
            "mails_per_s": median(rates),
            "bare_mails_per_s": median(limits),
            "share_by_cpu": median(shares),
            "cpu_ms_per_mail": median(took.cpu_s for took in ours) * 1000 / len(parts[0]),
        },
    )


def _desk_takes(imap: Dovecot, data: DeskData, desk: Desk, mails: list[bytes]) -> _Took:
    """Deliver to all mailboxes in turn; over when every mail is a message of a ticket."""
    with sqlite3.connect(f"file:{data.instance / 'desk.db'}?mode=ro", uri=True) as database:
        expected = _messages(database) + len(mails)
        used = sum(map(cpu_s_of, tree(desk.process.pid)))
        began = monotonic()
        for number in range(MAILBOXES):
            imap.mailbox(address(number)).deliver(mails[number::MAILBOXES])
        while _messages(database) < expected:
            assert monotonic() - began < PATIENCE_S, "the mails did not arrive"
            sleep(0.02)
        wall_s = monotonic() - began
    # A parser that ended meanwhile takes its time with it: the figure is a little low then.
    return _Took(wall_s=wall_s, cpu_s=sum(map(cpu_s_of, tree(desk.process.pid))) - used)


def _messages(database: sqlite3.Connection) -> int:
    found: int = database.execute("SELECT count(*) FROM message").fetchone()[0]
    return found


def _bare_loop(imap: Dovecot, folder: Path, name: str, mails: list[bytes]) -> _Took:
    folder.mkdir(exist_ok=True)
    database = sqlite3.connect(folder / "bare.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute(
        "CREATE TABLE IF NOT EXISTS mail (id INTEGER PRIMARY KEY, subject TEXT, body TEXT)"
    )
    imap.mailbox(name).deliver(mails)
    began, used = perf_counter(), process_time()
    with imaplib.IMAP4(imap.host, imap.port) as client:
        client.login(name, imap.password)
        client.select("INBOX", readonly=True)
        for number in range(1, len(mails) + 1):
            _take_one(client, number, folder / f"{name}-{number}", database)
    took = _Took(wall_s=perf_counter() - began, cpu_s=process_time() - used)
    database.close()
    return took


def _take_one(client: imaplib.IMAP4, number: int, path: Path, database: sqlite3.Connection) -> None:
    _, answer = client.fetch(str(number), "(BODY.PEEK[])")
    assert isinstance(answer[0], tuple)
    raw = answer[0][1]
    with path.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    body = mail.get_body(preferencelist=("plain", "html"))
    text = body.get_content() if body is not None else ""
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO mail (subject, body) VALUES (?, ?)", (mail["Subject"], text))
    database.execute("COMMIT")
