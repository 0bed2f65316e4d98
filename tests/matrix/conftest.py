"""One furnished desk for each kind of database, asked once by everybody for everything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.databases import copied_postgresql, copy_sqlite
from tests.matrix.survey import Survey
from tests.matrix.surveying import opened
from tests.servers.postgresql import PostgreSQL

# All tests of a kind share one desk, so they must share one worker.
BOTH = [
    pytest.param("sqlite", marks=pytest.mark.xdist_group("matrix-sqlite")),
    pytest.param(
        "postgresql", marks=[pytest.mark.postgresql, pytest.mark.xdist_group("matrix-postgresql")]
    ),
]


@pytest.fixture(scope="package", params=BOTH)
def survey(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Survey]:
    """Give the furnished desk with the answers to every page and form."""
    folder = tmp_path_factory.mktemp("matrix")
    if request.param == "sqlite":
        with opened(folder, copy_sqlite(folder / "desk.db")) as found:
            yield found
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    with copied_postgresql(server) as url, opened(folder, url) as found:
        yield found
