"""Pages while the database does not answer: a page in words, for people who were signed in too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from deskcore.extensions import db
from tests.web.conftest import Visitor


@pytest.fixture
def away(owner: Visitor) -> Iterator[None]:
    """Let every statement fail as it does when nobody listens any more."""

    def fail(*_details: object) -> None:
        raise OperationalError("", {}, Exception("server closed the connection"))

    engine = db.engine
    event.listen(engine, "before_cursor_execute", fail)
    yield
    event.remove(engine, "before_cursor_execute", fail)


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize(
    "path", ["/", "/v/unassigned", "/me", "/sign-in", "/t/1", "/help", "/requests"]
)
def test_a_page_says_that_the_desk_is_busy(owner: Visitor, path: str) -> None:
    answer = owner.get(path, headers={"Accept-Language": "cs"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "</html>" in answer.text
    assert 'lang="cs"' in answer.text


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("path", ["/help", "/requests", "/r/0123456789abcdefghijkl"])
def test_a_customer_is_told_so_in_their_words(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert 'data-surface="public"' in answer.text
    assert "We will be back in a moment" in answer.text
