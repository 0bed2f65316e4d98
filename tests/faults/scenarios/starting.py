"""Fault 48: a desk that cannot start says why in one line, ends with a code, and harms nothing."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import text

from deskcore.extensions import db
from tests.faults.catalogue import fault
from tests.faults.peace import all_in
from tests.faults.stage import Stage
from tests.process.desks import DESK


@dataclass(frozen=True, kw_only=True)
class _Vain:
    """One way of starting in vain: what is changed on disk, what is told, which code it ends with."""

    name: str
    code: int
    told: Callable[[Stage], dict[str, str]] = lambda _stage: {}
    changed: Callable[[Stage], Iterator[None]] | None = None


@fault(48, "crash loop: bad setting, missing key, foreign schema")
def starts_in_vain(stage: Stage) -> None:
    """Start with each: one line beside the log's own, an exit code, no mail touched."""
    place = stage.a_mailbox("delete")
    codes: dict[int, set[str]] = {}
    ways = [*_WAYS]
    stage.rng.shuffle(ways)
    for moment in range(stage.moments):
        way = ways[moment % len(ways)]
        stage.questions(place, stage.rng.randint(1, 3))
        waiting = len(place.box.waiting())
        passed = len(place.server.troubles.passed)
        with contextmanager(way.changed)(stage) if way.changed else _nothing():
            command = stage.rng.choice(["worker", "web", "run"])
            code, line = _said(stage, command, way.told(stage))
        assert code == way.code, (way.name, code, line)
        codes.setdefault(code, set()).add(way.name)
        assert len(place.box.waiting()) == waiting
        assert len(place.server.troubles.passed) == passed
        all_in(stage)
    told = (f"{code} for {', '.join(sorted(names))}" for code, names in sorted(codes.items()))
    stage.note("one line each and an exit code: " + "; ".join(told))


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def _foreign_schema(_stage: Stage) -> Iterator[None]:
    with db.engine.begin() as connection:
        version = connection.scalar(text("SELECT version_num FROM alembic_version_core"))
        connection.execute(text("UPDATE alembic_version_core SET version_num = '9999'"))
    yield
    with db.engine.begin() as connection:
        put_back = text("UPDATE alembic_version_core SET version_num = :version")
        connection.execute(put_back, {"version": version})


def _with_key(content: bytes) -> Callable[[Stage], Iterator[None]]:
    def change(stage: Stage) -> Iterator[None]:
        key = stage.instance / "secret.key"
        kept = key.read_bytes()
        key.write_bytes(content)
        yield
        key.write_bytes(kept)

    return change


def _with_settings(content: str) -> Callable[[Stage], Iterator[None]]:
    def change(stage: Stage) -> Iterator[None]:
        file = stage.instance / "config.toml"
        file.write_text(content)
        yield
        file.unlink()

    return change


def _no_database(stage: Stage) -> dict[str, str]:
    file = stage.folder / "no.db"
    file.write_bytes(b"This is no database. " + stage.rng.randbytes(4000))
    return {"DESK_DATABASE_URL": f"sqlite:///{file}"}


def _told(name: str, value: str) -> Callable[[Stage], dict[str, str]]:
    return lambda _stage: {name: value}


_URL = "DESK_DATABASE_URL"
_WAYS = (
    _Vain(name="a foreign schema", code=os.EX_DATAERR, changed=_foreign_schema),
    _Vain(name="a short key", code=os.EX_CONFIG, changed=_with_key(b"short\n")),
    _Vain(
        name="a key of other bytes", code=os.EX_CONFIG, changed=_with_key(bytes(range(160, 255)))
    ),
    _Vain(name="a wrong number", code=os.EX_CONFIG, told=_told("DESK_WORKER_THREADS", "many")),
    _Vain(name="an unknown key", code=os.EX_CONFIG, changed=_with_settings("colour = 'red'\n")),
    _Vain(name="a file that is no TOML", code=os.EX_CONFIG, changed=_with_settings("port = = 1\n")),
    _Vain(name="no URL", code=os.EX_CONFIG, told=_told(_URL, "nonsense")),
    _Vain(name="an unknown database", code=os.EX_CONFIG, told=_told(_URL, "oracle://here/desk")),
    _Vain(
        name="no such folder",
        code=os.EX_UNAVAILABLE,
        told=_told(_URL, "sqlite:////no/such/folder/desk.db"),
    ),
    _Vain(
        name="no server",
        code=os.EX_UNAVAILABLE,
        told=_told(_URL, "postgresql+psycopg://desk@127.0.0.1:1/desk"),
    ),
    _Vain(name="a file that is no database", code=os.EX_UNAVAILABLE, told=_no_database),
)


def _said(stage: Stage, command: str, changed: dict[str, str]) -> tuple[int, str]:
    ended = subprocess.run(
        [DESK, command],
        env={**stage.environment, "DESK_PORT": "0", **changed},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    lines = [line for line in ended.stderr.splitlines() if not line.startswith("{")]
    assert ended.returncode != 0
    assert len(lines) == 1, lines
    return ended.returncode, lines[0]
