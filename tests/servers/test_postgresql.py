"""The database server gives each test a database of its own, quickly."""

from __future__ import annotations

import psycopg
import pytest

from tests.servers.postgresql import PostgreSQL


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"))


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_database_holds_nothing_of_the_test_before(empty_pg_url: str, time: str) -> None:
    with connect(empty_pg_url) as connection:
        connection.execute("CREATE TABLE once (id int)")
        assert connection.execute("SELECT count(*) FROM once").fetchone() == (0,)


def test_a_template_is_filled_once_and_copied(postgresql: PostgreSQL) -> None:
    fillings = []

    def fill(url: str) -> None:
        fillings.append(url)
        with connect(url) as connection:
            connection.execute("CREATE TABLE greeting AS SELECT 'Привет' AS text")

    for _ in range(2):
        name = postgresql.create(template=postgresql.template("greeting", fill))
        with connect(postgresql.url(name)) as connection:
            assert connection.execute("SELECT text FROM greeting").fetchone() == ("Привет",)
        postgresql.drop(name)
    assert len(fillings) == 1
