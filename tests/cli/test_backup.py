"""A desk in one file: made while the desk works, brought back elsewhere, refused when damaged."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import func, select

from deskcore.app import create_app
from deskcore.cli.backup_manifest import NAME, Manifest
from deskcore.config import load_config
from deskcore.domain.kinds import DeliveryState, Direction
from deskcore.domain.messages import InboundFile
from deskcore.domain.people import SYSTEM
from deskcore.extensions import db
from deskcore.models import Blob, Delivery, Message, OneTimeToken, Ticket, UserSession
from deskcore.services import files, search_query, secrets, sessions, site_health, tokens
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.cli.conftest import Run

PICTURE = b"\x89PNG pretend picture"


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> dict[str, str]:
    """Give the environment of another, empty place for a desk of the same kind."""
    place = tmp_path / "elsewhere"
    if database_url.startswith("sqlite"):
        return {
            "DESK_INSTANCE": str(place),
            "DESK_DATABASE_URL": f"sqlite:///{place / 'desk.db'}",
        }
    url = request.getfixturevalue("empty_pg_url")
    return {"DESK_INSTANCE": str(place), "DESK_DATABASE_URL": url}


@contextmanager
def opened(place: dict[str, str]) -> Iterator[None]:
    """Look into a desk at another place."""
    config = load_config(
        instance=Path(place["DESK_INSTANCE"]), database_url=place["DESK_DATABASE_URL"]
    )
    with create_app(config).app_context():
        try:
            yield
        finally:
            db.engine.dispose()


def a_shop() -> int:
    """Make a ticket with a file, and a stored password; returns the ticket's number."""
    number = factories.a_ticket(factories.a_mailbox(), text="Konvička přišla rozbitá.")
    with unit_of_work() as unit:
        message_id = unit.session.scalars(select(Message.id)).first()
        picture = InboundFile(filename="foto.png", content_type="image/png", content=PICTURE)
        files.attach(unit, picture, message_id=message_id)
    return number


def waiting_answer(number: int) -> None:
    """Let an answer wait to be sent."""
    agent = factories.a_user()
    factories.a_message(
        number,
        "Pošleme novou.",
        direction=Direction.OUT,
        author=agent,
        delivery=DeliveryState.QUEUED,
    )


def read_entry(archive: tarfile.TarFile, name: str) -> bytes:
    content = archive.extractfile(name)
    assert content is not None
    return content.read()


def counts() -> tuple[int, ...]:
    with reading() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Ticket, Message, Delivery)
        )


def test_a_desk_comes_back_at_another_place(
    desk: Run, app: Flask, tmp_path: Path, elsewhere: dict[str, str]
) -> None:
    number = a_shop()
    secret = secrets.encrypt({"password": "tajné"})
    before, file = counts(), tmp_path / "one.tar.gz"
    made = desk("backup", str(file))
    assert made.code == 0, made.err
    assert "A backup was made in the last seven days." in {
        found.title for found in site_health.findings(SYSTEM)
    }
    assert file.stat().st_mode & 0o077 == 0
    back = desk("restore", str(file), **elsewhere)
    assert back.code == 0, back.err
    assert "1 tickets, 1 messages and 1 files" in back.out
    with opened(elsewhere):
        assert counts() == before
        with reading() as session:
            [digest] = session.scalars(select(Blob.digest))
        assert files.read(digest) == PICTURE
        assert secrets.decrypt(secret) == {"password": "tajné"}
        owner = factories.a_user("owner")
        [hit] = search_query.find(owner, "rozbita konvicka").rows
        assert hit.number == number


def test_a_backup_under_load_is_of_one_moment(
    desk: Run, app: Flask, tmp_path: Path, elsewhere: dict[str, str]
) -> None:
    mailbox, stop = factories.a_mailbox(), Event()

    def write(writer: int) -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            with app.app_context():
                factories.a_ticket(mailbox, subject=f"{writer}-{turn}")
                with unit_of_work() as unit:
                    message_id = unit.session.scalars(
                        select(Message.id).order_by(Message.id.desc())
                    ).first()
                    content = f"{writer} {turn}".encode()
                    file = InboundFile(filename="a.txt", content_type="text/plain", content=content)
                    files.attach(unit, file, message_id=message_id)

    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(write, number) for number in range(2)]
        made = desk("backup", str(tmp_path / "busy.tar.gz"))
        stop.set()
        for writer in writers:
            writer.result()
    assert made.code == 0, made.err
    back = desk("restore", str(tmp_path / "busy.tar.gz"), **elsewhere)
    assert back.code == 0, back.err
    assert "ok   stored files" in desk("doctor", "--data", "--no-mail", **elsewhere).out
    with opened(elsewhere):
        tickets, messages, _ = counts()
    assert messages <= tickets <= messages + 2


def test_what_waited_may_have_been_sent_since(
    desk: Run, app: Flask, tmp_path: Path, elsewhere: dict[str, str]
) -> None:
    waiting_answer(a_shop())
    desk("backup", str(tmp_path / "one.tar.gz"))
    back = desk("restore", str(tmp_path / "one.tar.gz"), **elsewhere)
    assert "1 answers were waiting" in back.out
    with opened(elsewhere), reading() as session:
        assert list(session.scalars(select(Delivery.state))) == ["unsure"]


def test_what_waited_goes_out_when_the_desk_only_moved(
    desk: Run, app: Flask, tmp_path: Path, elsewhere: dict[str, str]
) -> None:
    waiting_answer(a_shop())
    desk("backup", str(tmp_path / "one.tar.gz"))
    desk("restore", "--moved", str(tmp_path / "one.tar.gz"), **elsewhere)
    with opened(elsewhere), reading() as session:
        assert list(session.scalars(select(Delivery.state))) == ["queued"]


def test_nobody_is_signed_in_after_a_restore(
    desk: Run, app: Flask, tmp_path: Path, elsewhere: dict[str, str]
) -> None:
    person = factories.a_user()
    with unit_of_work() as unit:
        sessions.begin_session(unit, person.id, address="", user_agent="")
        tokens.issue(unit, "reset", user_id=person.id)
    assert desk("backup", str(tmp_path / "one.tar.gz")).code == 0
    assert desk("restore", str(tmp_path / "one.tar.gz"), **elsewhere).code == 0
    with opened(elsewhere), reading() as session:
        assert list(session.scalars(select(UserSession))) == []
        assert list(session.scalars(select(OneTimeToken))) == []


def test_a_desk_is_never_written_over(desk: Run, app: Flask, tmp_path: Path) -> None:
    a_shop()
    desk("backup", str(tmp_path / "one.tar.gz"))
    back = desk("restore", str(tmp_path / "one.tar.gz"))
    assert back.code != 0
    assert "already" in back.err
    assert counts()[0] == 1


def test_a_backup_can_be_read_through(desk: Run, app: Flask, tmp_path: Path) -> None:
    a_shop()
    desk("backup", str(tmp_path / "one.tar.gz"))
    done = desk("restore", "--check", str(tmp_path / "one.tar.gz"))
    assert done.code == 0
    assert "The backup is whole" in done.out


def test_a_missing_file_is_said_and_the_rest_is_kept(
    desk: Run, app: Flask, tmp_path: Path, elsewhere: dict[str, str]
) -> None:
    a_shop()
    with reading() as session:
        [digest] = session.scalars(select(Blob.digest))
    files.path_of(digest).unlink()
    made = desk("backup", str(tmp_path / "one.tar.gz"))
    assert made.code == 1
    assert digest in made.err
    assert desk("restore", str(tmp_path / "one.tar.gz"), **elsewhere).code == 0
    assert f"{digest} is missing" in desk("doctor", "--data", "--no-mail", **elsewhere).out


def test_a_file_that_cannot_be_written_leaves_nothing_half(
    desk: Run, app: Flask, tmp_path: Path
) -> None:
    made = desk("backup", str(tmp_path / "no" / "such" / "folder.tar.gz"))
    assert made.code == os.EX_UNAVAILABLE
    assert "No backup was made" in made.err
    assert desk("backup", str(tmp_path)).code == os.EX_UNAVAILABLE
    assert list(tmp_path.glob("*.part")) == []


class TestDamaged:
    """Backups that were changed on the way, on SQLite, where reading them is the desk's own."""

    @pytest.fixture
    def database_url(self, sqlite_url: str) -> str:
        return sqlite_url

    @pytest.fixture
    def file(self, desk: Run, app: Flask, tmp_path: Path) -> Path:
        a_shop()
        desk("backup", str(tmp_path / "one.tar.gz"))
        return tmp_path / "one.tar.gz"

    def refused(self, desk: Run, file: Path, elsewhere: dict[str, str]) -> str:
        """Try to bring the file back; returns what was said. Nothing may be left of it."""
        back = desk("restore", str(file), **elsewhere)
        assert back.code != 0
        place = Path(elsewhere["DESK_INSTANCE"])
        assert not (place / "desk.db").exists()
        assert not (place / "restore.part").exists()
        return back.err

    def changed(self, file: Path, change: dict[str, bytes]) -> Path:
        """Write the backup anew with entries changed or added."""
        with tarfile.open(file) as archive:
            entries = {entry.name: read_entry(archive, entry.name) for entry in archive}
        entries |= change
        target = file.with_name("changed.tar.gz")
        with tarfile.open(target, "w:gz") as archive:
            for name, content in entries.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
        return target

    def test_half_a_backup(self, desk: Run, file: Path, elsewhere: dict[str, str]) -> None:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        assert "cannot be read to its end" in self.refused(desk, file, elsewhere)

    @pytest.mark.parametrize(
        "content",
        [b"", b"no archive", gzip.compress(b"no tar", mtime=0)],
        ids=["empty", "text", "no tar"],
    )
    def test_something_else(
        self, desk: Run, file: Path, elsewhere: dict[str, str], content: bytes
    ) -> None:
        file.write_bytes(content)
        self.refused(desk, file, elsewhere)

    @pytest.mark.parametrize(
        "name",
        ["../outside", "/etc/outside", "files/../../outside", "instance/../outside", "other"],
    )
    def test_an_entry_that_does_not_belong(
        self, desk: Run, file: Path, elsewhere: dict[str, str], name: str, tmp_path: Path
    ) -> None:
        said = self.refused(desk, self.changed(file, {name: b"x"}), elsewhere)
        assert "not the desk's" in said
        assert list(tmp_path.rglob("outside")) == []

    def test_a_changed_file(self, desk: Run, file: Path, elsewhere: dict[str, str]) -> None:
        name = f"files/{'0' * 64}"
        assert "damaged" in self.refused(desk, self.changed(file, {name: b"x"}), elsewhere)

    def test_a_changed_database(self, desk: Run, file: Path, elsewhere: dict[str, str]) -> None:
        with tarfile.open(file) as archive:
            content = bytearray(read_entry(archive, "database"))
        content[5000:60000] = b"\x00" * 55000
        changed = self.changed(file, {"database": bytes(content)})
        assert "damaged" in self.refused(desk, changed, elsewhere)

    def test_rows_that_are_missing(self, desk: Run, file: Path, elsewhere: dict[str, str]) -> None:
        changed = self.changed(file, {NAME: self.manifest(file, tables={"ticket": 7})})
        assert "not whole" in self.refused(desk, changed, elsewhere)

    def test_a_newer_desk(self, desk: Run, file: Path, elsewhere: dict[str, str]) -> None:
        changed = self.changed(file, {NAME: self.manifest(file, revision="core_9999")})
        assert "newer" in self.refused(desk, changed, elsewhere)

    def test_another_kind_of_database(
        self, desk: Run, file: Path, elsewhere: dict[str, str]
    ) -> None:
        changed = self.changed(file, {NAME: self.manifest(file, kind="postgresql")})
        assert "postgresql" in self.refused(desk, changed, elsewhere)

    def manifest(self, file: Path, **values: object) -> bytes:
        with tarfile.open(file) as archive:
            manifest = Manifest.from_bytes(read_entry(archive, NAME))
        return Manifest(**{**vars(manifest), **values}).to_bytes()

    def test_a_plain_copy_of_a_working_desk_is_found_out(
        self, desk: Run, app: Flask, tmp_path: Path
    ) -> None:
        # A copy takes the files one after the other; a desk at work changes both meanwhile.
        mailbox, source = factories.a_mailbox(), tmp_path / "instance"
        database = Path(db.engine.url.database or "")
        copy = tmp_path / "copy"
        shutil.copytree(source, copy)
        half = database.stat().st_size // 2
        with database.open("rb") as reading_it, (copy / "desk.db").open("wb") as writing:
            writing.write(reading_it.read(half))
            for _ in range(40):
                factories.a_ticket(mailbox, text="Slovo " * 2000)
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copyfileobj(reading_it, writing)
        place = {
            "DESK_INSTANCE": str(copy),
            "DESK_DATABASE_URL": f"sqlite:///{copy / 'desk.db'}",
        }
        told = desk("doctor", "--data", "--no-mail", **place)
        assert told.code == 1
        assert "BAD  database file" in told.out
