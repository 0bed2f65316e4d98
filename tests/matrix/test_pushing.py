"""The door of networks: who asks is of no account, what is signed is."""

from __future__ import annotations

import pytest

from tests.channels.accounts import lines, said, signed
from tests.matrix.survey import Survey

# The first test waits for all answers; a busy machine takes its time.
pytestmark = pytest.mark.timeout(600)


def test_a_signed_push_is_taken_whoever_sends_it_and_no_other_is(survey: Survey) -> None:
    pushes = list(survey.of(method="POST", which="own", endpoint="incoming.push"))
    pushes += survey.of(method="POST", which="own", endpoint="incoming.app_push")
    assert {seen.cell.endpoint for seen in pushes} == {"incoming.push", "incoming.app_push"}
    body = lines(said("Signed"))
    for seen in pushes:
        for headers in (signed(body), signed(body, "guessed"), {}):
            answer = survey.app.test_client().post(
                seen.cell.path, data=body, headers={**headers, "X-Account": "app_chat"}
            )
            said_to = (seen.cell.path, headers, answer.get_data(as_text=True))
            changed = {change.table for change in survey.note()}
            survey.bring_back()
            is_signed = headers == signed(body)
            assert answer.status_code == (202 if is_signed else 401), said_to
            assert ("inbound_item" in changed) == is_signed
            assert "Set-Cookie" not in answer.headers
