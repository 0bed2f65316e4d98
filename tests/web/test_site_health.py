"""The page that says what is wrong with the desk, as its owner reads it."""

from __future__ import annotations

import re
from datetime import timedelta

import time_machine

from deskcore import clock
from deskcore.domain.kinds import AccountState, PluginState
from deskcore.domain.people import SYSTEM
from deskcore.models import ChannelAccount
from deskcore.plugin.faults import fault_of
from deskcore.services import health, plugin_faults, plugin_records, site_health
from deskcore.services.unit import unit_of_work
from tests import factories
from tests.web.conftest import Visitor

HEALTH = "/admin/health"


def group(page: str, level: str) -> str:
    """Return the part of the page that holds findings of one level; empty when there are none."""
    found = re.search(rf'<section[^>]*id="health-{level}".*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def test_a_new_desk_is_told_what_it_should_improve(owner: Visitor) -> None:
    page = owner.get(HEALTH).text
    improve = group(page, "warn")
    assert "no backup in the last seven days" in improve
    assert "desk backup" in improve
    assert "cannot write to its people" in improve
    assert "signs in with a password alone" in improve
    assert "The database answers." in group(page, "ok")


def test_a_backup_is_good_for_seven_days(owner: Visitor) -> None:
    site_health.note_backup()
    assert "A backup was made" in group(owner.get(HEALTH).text, "ok")
    with time_machine.travel(clock.now() + timedelta(days=8)):
        findings = site_health.findings(SYSTEM)
    assert [found.level for found in findings if "backup" in found.title] == ["warn"]


def test_what_stops_mail_is_critical_and_leads_to_where_it_is_mended(owner: Visitor) -> None:
    health.note_worker()
    mailbox = factories.a_mailbox(address="help@desk.test")
    with unit_of_work() as unit:
        row = unit.session.query(ChannelAccount).filter_by(mailbox_id=mailbox).one()
        row.state, row.problem = AccountState.SIGN_IN_FAILED, "The password is wrong."
    critical = group(owner.get(HEALTH).text, "bad")
    assert "The password is wrong." in critical
    assert 'href="/admin/mailboxes"' in critical


def test_a_plugin_in_trouble_is_named_with_its_reason_and_a_way_to_it(owner: Visitor) -> None:
    with unit_of_work() as unit:
        plugin_records.keep(unit, "spam", PluginState.PAUSED, reason="Paused by Olga.")
    critical = group(owner.get(HEALTH).text, "bad")
    assert "Paused by Olga." in critical
    assert 'href="/admin/plugins/spam"' in critical


def test_what_a_plugin_failed_at_is_news_for_a_day(owner: Visitor) -> None:
    faults = plugin_faults.StoredFaults()
    faults.record(fault_of("spam", "desk_inbound_verdict", ValueError("odd mail")))
    faults.flush()
    assert "failed at 1 thing since yesterday" in group(owner.get(HEALTH).text, "warn")
    with time_machine.travel(clock.now() + timedelta(days=2)):
        findings = site_health.findings(SYSTEM)
    assert not [found for found in findings if "yesterday" in found.title]


def test_what_is_given_to_helpers_names_versions_and_nobody(owner: Visitor) -> None:
    factories.a_mailbox(address="help@desk.test")
    page = owner.get(HEALTH).text
    found = re.search(r'<pre[^>]*id="about-text"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert found
    assert "Deskcore" in found[1]
    assert "spam 0.1.0 active" in found[1]
    assert "@" not in found[1]
    assert "help" not in found[1].casefold()
