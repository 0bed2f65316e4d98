"""The card of first steps: what is there ticks itself off, and the card can be put away."""

from __future__ import annotations

import pytest
from flask import Flask

from deskcore.domain.appearance import Appearance
from deskcore.domain.people import Actor
from deskcore.services import appearance
from deskcore.services.first_steps import first_steps, hide_first_steps
from deskcore.services.public_settings import PublicSettings, change_public_settings
from tests.factories import a_mailbox, a_user

pytestmark = pytest.mark.usefixtures("app")


def done(actor: Actor) -> set[str]:
    return {step.key for step in first_steps(actor) if step.is_done}


def test_steps_are_done_when_what_they_ask_for_is_there(app: Flask) -> None:
    owner = a_user("owner")
    assert [step.key for step in first_steps(owner)] == [
        "mailbox", "answer", "invite", "look", "public",
    ]  # fmt: skip
    assert done(owner) == set()
    version = appearance.draft(owner).version
    appearance.publish(
        owner, appearance.save_draft(owner, version, Appearance(corner="round")).version
    )
    assert done(owner) == {"look"}
    mailbox_id = a_mailbox("Podpora")
    change_public_settings(owner, PublicSettings(mailbox_ids=(mailbox_id,)))
    a_user("agent")
    assert done(owner) == {"mailbox", "look", "public", "invite"}


def test_only_those_who_run_the_desk_see_them_until_they_are_put_away(app: Flask) -> None:
    owner, agent = a_user("owner"), a_user("agent")
    assert not first_steps(agent)
    hide_first_steps(owner)
    assert not first_steps(owner)
