"""The other commands: what they print, and how they fail."""

from __future__ import annotations

import os
import re
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from deskcore.models import Ticket, User
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.cli.conftest import Run


def an_owner() -> None:
    owner = factories.a_user("owner")
    with unit_of_work() as unit:
        unit.session.get_one(User, owner.id).password_hash = "set"


def test_help_names_every_command(desk: Run) -> None:
    done = desk("--help")
    assert done.code == 0
    for name in (
        "run",
        "dev",
        "web",
        "worker",
        "db",
        "user",
        "rescue-key",
        "new",
        "channel",
        "rotate-key",
        "trace",
        "mail-in",
        "demo",
        "doctor",
        "backup",
        "restore",
    ):
        assert f"  {name} " in done.out


def test_a_mistyped_command_is_one_sentence(desk: Run) -> None:
    done = desk("rum")
    assert done.code == 2
    assert "No such command 'rum'" in done.err


def test_the_database_can_be_looked_at_and_is_complete(desk: Run) -> None:
    current = desk("db", "current")
    assert current.code == 0
    assert current.out.startswith("core_")
    assert desk("db", "check").code == 0
    assert desk("db", "upgrade").code == 0


def test_an_old_database_is_refused_with_the_cure(desk: Run, tmp_path: Path) -> None:
    done = desk("user", "list", DESK_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}")
    assert done.code == os.EX_UNAVAILABLE
    assert "desk db upgrade" in done.err


def test_a_person_is_invited_listed_and_shut_out(desk: Run, app: Flask) -> None:
    an_owner()
    done = desk("user", "add", "anna@shop.example", "--name", "Anna")
    assert done.code == 0, done.err
    assert "/invite/" in done.out
    assert "anna@shop.example" in desk("user", "list").out
    assert desk("user", "deactivate", "Anna@shop.example").code == 0
    with reading() as session:
        anna = session.scalars(select(User).where(User.email == "anna@shop.example")).one()
    assert anna.deactivated_at is not None


def test_an_unknown_person_is_named(desk: Run) -> None:
    done = desk("user", "reset-password", "nobody@shop.example")
    assert done.code == 1
    assert done.err.strip() == "Nobody here has the address nobody@shop.example."


def test_a_role_that_does_not_exist_is_refused(desk: Run) -> None:
    assert desk("user", "add", "a@shop.example", "--role", "king").code == 2


def test_the_sample_shop_comes_and_goes(desk: Run, app: Flask) -> None:
    done = desk("demo")
    assert done.code == 0, done.err
    with reading() as session:
        assert session.scalar(select(func.count(Ticket.id))) == 60
    assert desk("demo", "--remove").code == 0
    with reading() as session:
        assert session.scalar(select(func.count(Ticket.id))) == 0


def test_many_tickets_are_made_with_their_number(desk: Run, app: Flask) -> None:
    done = desk("demo", "--tickets", "120")
    assert "120 sample tickets" in done.out
    with reading() as session:
        assert session.scalar(select(func.count(Ticket.id))) == 120


def test_the_doctor_misses_the_worker(desk: Run) -> None:
    done = desk("doctor")
    assert done.code == 1
    assert "ok   schema" in done.out
    assert "BAD  worker" in done.out


def test_the_doctor_shows_no_password(desk: Run) -> None:
    url = "postgresql+psycopg://desk:verysecret@127.0.0.1:9/desk"
    done = desk("doctor", DESK_DATABASE_URL=url)
    assert done.code == 1
    assert "verysecret" not in done.out + done.err


def test_a_rescue_key_is_printed_also_when_the_database_is_away(desk: Run, tmp_path: Path) -> None:
    away = desk("rescue-key", DESK_DATABASE_URL=f"sqlite:///{tmp_path}/nowhere/desk.db")
    assert away.code == 0, away.err
    assert re.search(r"Key: +(\w{5}-){4}\w{5}\n", away.out)
    assert "/rescue\n" in away.out
    done = desk("rescue-key")
    assert "works once, within 30 minutes" in done.out
    assert done.out.split("Key:")[1].split()[0] not in away.out
