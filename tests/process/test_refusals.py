"""What cannot start says so in one line, with a code a supervisor understands."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.process.conftest import StartDesk
from tests.process.desks import PATIENCE_S, Desk


def ended(desk: Desk) -> tuple[int, list[str]]:
    """Return exit code and what was said on standard error."""
    code = desk.process.wait(timeout=PATIENCE_S)
    assert "Traceback" not in desk.errors
    return code, desk.errors.splitlines()


def test_a_bad_setting_is_named(start_desk: StartDesk) -> None:
    code, said = ended(start_desk(web_threads="none", is_installed=True))
    assert code == os.EX_CONFIG
    assert len(said) == 1
    assert "web_threads" in said[0]


def test_a_misspelt_key_in_the_file_is_named(start_desk: StartDesk, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "config.toml").write_text('hots = "127.0.0.1"\n', encoding="utf-8")
    code, said = ended(start_desk())
    assert code == os.EX_CONFIG
    assert len(said) == 1
    assert "hots" in said[0]


def test_a_secret_that_is_too_short_is_refused(start_desk: StartDesk, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "secret.key").write_text("secret\n", encoding="ascii")
    code, said = ended(start_desk())
    assert code == os.EX_CONFIG
    assert len(said) == 1


def test_a_secret_of_other_bytes_is_refused(start_desk: StartDesk, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "secret.key").write_bytes(bytes(range(160, 255)))
    code, said = ended(start_desk())
    assert code == os.EX_CONFIG
    assert len(said) == 1
    assert "secret.key" in said[0]


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "oracle://here/desk",
        "postgresql://here/desk",
        "postgresql+psycopg://me:secret@here:port/desk",
    ],
)
def test_what_is_no_address_of_a_database_is_refused(start_desk: StartDesk, url: str) -> None:
    code, said = ended(start_desk(database_url=url))
    assert code == os.EX_CONFIG
    assert len(said) == 1
    assert "database_url" in said[0]
    assert "secret" not in said[0]


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(
    start_desk: StartDesk, tmp_path: Path
) -> None:
    file, content = tmp_path / "photo.db", b"This is no database. " * 200
    file.write_bytes(content)
    code, said = ended(start_desk(database_url=f"sqlite:///{file}"))
    assert code == os.EX_UNAVAILABLE
    assert len(said) == 1
    assert "not a database" in said[0]
    assert file.read_bytes() == content


def test_a_port_in_use_is_named(start_desk: StartDesk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, said = ended(start_desk(port=str(port)))
    assert code == os.EX_UNAVAILABLE
    assert len(said) == 1
    assert str(port) in said[0]


def test_a_newer_schema_is_left_as_it_is(start_desk: StartDesk, sqlite_url: str) -> None:
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version_core SET version_num = '9999'"))
    code, said = ended(start_desk(database_url=sqlite_url))
    assert code == os.EX_DATAERR
    assert len(said) == 1
    assert "newer" in said[0]
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT version_num FROM alembic_version_core"))
    engine.dispose()
    assert found == "9999"


def test_a_database_that_is_away_is_named_without_its_password(start_desk: StartDesk) -> None:
    url = "postgresql+psycopg://desk:verysecret@127.0.0.1:9/desk"
    code, said = ended(start_desk(database_url=url))
    assert code == os.EX_UNAVAILABLE
    assert len(said) == 1
    assert "verysecret" not in said[0]
