"""Whatever a plugin does while it is switched, the desk is as before or says what it did."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.broken.test_loading import HERE, LEFT_OUT
from tests.plugin.switched import Switched

DEATHS = {
    "dies_at_import": "ended itself with code 9 while it was imported",
    "hangs_at_import": "did not come back within 20 seconds",
}


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Switched:
    return Switched.at(tmp_path / "instance", database_url)


@pytest.mark.parametrize("slug", ["raises_at_import", "takes_email", "bad_manifest", *DEATHS])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_loaded_is_not_activated_and_nothing_has_changed(
    desk: Switched, slug: str
) -> None:
    desk.drop(HERE / slug, slug=slug)
    before = desk.counts()
    outcome = desk.order("activate", slug)
    assert not outcome.is_done
    assert (DEATHS.get(slug) or LEFT_OUT[slug][1]) in f"{outcome.reason}\n{outcome.details}"
    assert desk.counts() | {"plugin_fault": 0} == before
    assert desk.remembered(slug) is None


def test_desk_activate_that_fails_takes_the_activation_back(desk: Switched) -> None:
    slug = "fails_at_activation"
    desk.drop(HERE / slug, slug=slug)
    before = desk.schema()
    outcome = desk.order("activate", slug)
    assert not outcome.is_done
    assert "half of it is done" in outcome.reason
    assert desk.remembered(slug) is None
    assert desk.schema().keys() - before.keys() <= {f"alembic_version_{slug}"}


def test_desk_deactivate_that_dies_is_named_and_the_plugin_is_inactive(desk: Switched) -> None:
    slug = "dies_when_leaving"
    desk.drop(HERE / slug, slug=slug)
    assert desk.order("activate", slug).is_done
    outcome = desk.order("deactivate", slug)
    assert outcome.is_done
    assert "ended itself with code 9 in desk_deactivate" in outcome.remark
    state = desk.remembered(slug)
    assert state is not None
    assert state[0] == "inactive"


def test_uninstalling_runs_nothing_of_a_plugin_that_dies(desk: Switched) -> None:
    slug = "dies_when_leaving"
    desk.drop(HERE / slug, slug=slug)
    assert desk.order("activate", slug).is_done
    assert desk.order("deactivate", slug).is_done
    outcome = desk.order("uninstall", slug)
    assert (outcome.is_done, outcome.remark) == (True, "")
    assert desk.remembered(slug) is None
