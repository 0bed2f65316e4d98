"""The five ways to call plugins."""

from __future__ import annotations

import textwrap
from types import ModuleType

import pytest

from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.guard import Guard
from deskcore.plugin.manager import DeskPluginManager
from deskcore.plugin.page_parts import Panel
from tests.plugin.recording import KeptFaults
from tests.plugin.values import INBOUND, TICKET, USER

HEAD = """
from dataclasses import replace
from deskcore.api import Verdict
from deskcore.plugin import Judgement, Link, Panel, Reason, hookimpl
"""


def module(name: str, code: str) -> ModuleType:
    made = ModuleType(name)
    exec(HEAD + textwrap.dedent(code), vars(made))  # noqa: S102  # a plugin, written in the test
    return made


@pytest.fixture
def kept() -> KeptFaults:
    return KeptFaults()


@pytest.fixture
def manager(kept: KeptFaults) -> DeskPluginManager:
    return DeskPluginManager(Guard(sink=kept))


def register(manager: DeskPluginManager, slug: str, code: str) -> list[str]:
    return manager.register(slug, module(slug, code))


def panels(title: str, order: int = 100) -> str:
    return f"""
    @hookimpl
    def desk_ticket_panels():
        return [Panel(title="{title}", body="", order={order})]
    """


def titles(manager: DeskPluginManager) -> list[str]:
    found = manager.collect("desk_ticket_panels", Panel, ticket=TICKET, user=USER)
    return [owned.item.title for owned in found]


def test_collect_orders_by_order_then_slug_whatever_came_first(manager: DeskPluginManager) -> None:
    register(manager, "zoo", panels("Z"))
    register(manager, "tea", panels("T"))
    register(manager, "coffee", panels("C", 5))
    assert titles(manager) == ["C", "T", "Z"]


@pytest.mark.parametrize("answer", ["'text'", "[1]", "{}", "1/0", "__import__('sys').exit()"])
def test_one_bad_plugin_costs_only_its_own_part(
    manager: DeskPluginManager, kept: KeptFaults, answer: str
) -> None:
    register(manager, "tea", panels("T"))
    register(manager, "bad", f"@hookimpl\ndef desk_ticket_panels(ticket): return {answer}")
    register(manager, "coffee", panels("C"))
    assert titles(manager) == ["C", "T"]
    assert [fault.slug for fault in kept.faults] == ["bad"]


def test_no_answer_is_no_items(manager: DeskPluginManager, kept: KeptFaults) -> None:
    register(manager, "tea", "@hookimpl\ndef desk_ticket_panels(): pass")
    assert titles(manager) == []
    assert kept.faults == []


def test_plugins_get_only_the_arguments_they_ask_for(manager: DeskPluginManager) -> None:
    code = "@hookimpl\ndef desk_ticket_panels(user): return [Panel(title=user.name, body='')]"
    register(manager, "tea", code)
    assert titles(manager) == ["Ann"]


def test_first_takes_the_first_answer_and_passes_over_faults(manager: DeskPluginManager) -> None:
    register(manager, "a", "@hookimpl\ndef desk_inbound_verdict(): 1/0")
    register(manager, "b", "@hookimpl\ndef desk_inbound_verdict(): return None")
    register(manager, "c", "@hookimpl\ndef desk_inbound_verdict(): return 'held'")
    register(manager, "d", "@hookimpl\ndef desk_inbound_verdict(): return 'later'")
    found = manager.first("desk_inbound_verdict", str, message=INBOUND)
    assert found is not None
    assert (found.slug, found.item) == ("c", "held")


def append(text: str, mark: str = "") -> str:
    return f"""
    @hookimpl{mark}
    def desk_inbound_prepare(message):
        return replace(message, text=message.text + "{text}")
    """


def prepared(manager: DeskPluginManager) -> str:
    return manager.chain("desk_inbound_prepare", INBOUND, argument="message").text


def test_chain_hands_each_plugin_what_the_one_before_made(manager: DeskPluginManager) -> None:
    register(manager, "b", append(" B"))
    register(manager, "a", append(" A"))
    assert prepared(manager) == "Where is it? A B"


def test_a_plugin_may_ask_to_be_first_or_last(manager: DeskPluginManager) -> None:
    register(manager, "a", append(" A", "(trylast=True)"))
    register(manager, "b", append(" B"))
    register(manager, "c", append(" C", "(tryfirst=True)"))
    assert prepared(manager) == "Where is it? C B A"


@pytest.mark.parametrize("answer", ["None", "'text'", "1/0"])
def test_a_failing_link_of_the_chain_changes_nothing(
    manager: DeskPluginManager, kept: KeptFaults, answer: str
) -> None:
    register(manager, "a", append(" A"))
    register(manager, "b", f"@hookimpl\ndef desk_inbound_prepare(message): return {answer}")
    register(manager, "c", append(" C"))
    assert prepared(manager) == "Where is it? A C"
    assert [fault.slug for fault in kept.faults] == ["b"]


def test_one_asks_one_plugin_and_tells_of_its_fault(manager: DeskPluginManager) -> None:
    register(manager, "tea", panels("T"))
    register(manager, "bad", "@hookimpl\ndef desk_ticket_panels(): 1/0")
    arguments = {"ticket": TICKET, "user": USER}
    (panel,) = manager.one("tea", "desk_ticket_panels", Panel, **arguments)
    assert panel.title == "T"
    assert manager.one("absent", "desk_ticket_panels", Panel, **arguments) == []
    with pytest.raises(PluginFailed):
        manager.one("bad", "desk_ticket_panels", Panel, **arguments)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("@hookimpl\ndef desk_ticket_panel(): pass", "Did you mean 'desk_ticket_panels'?"),
        ("@hookimpl\ndef desk_commands(ticket): pass", "desk_commands has no argument 'ticket'"),
        ("@hookimpl\ndef desk_ticket_panels(usr): pass", "Did you mean 'user'?"),
        ("@hookimpl(wrapper=True)\ndef desk_commands(): yield", "hook wrapper"),
        ("@hookimpl\nasync def desk_commands(): pass", "async"),
        ("@hookimpl\ndef desk_ticket_panels(): yield", "return a list"),
    ],
)
def test_wrong_hooks_are_told_and_the_plugin_is_left_out_whole(
    manager: DeskPluginManager, code: str, told: str
) -> None:
    good = "\n@hookimpl\ndef desk_inbound_verdict(): return 'seen'\n"
    (objection,) = register(manager, "bad", code + good)
    assert told in objection
    assert manager.slugs() == []
    assert manager.first("desk_inbound_verdict", str, message=INBOUND) is None


def test_a_plugin_that_is_taken_out_is_not_asked_any_more(manager: DeskPluginManager) -> None:
    register(manager, "tea", panels("T"))
    manager.unregister("tea")
    manager.unregister("tea")
    assert titles(manager) == []
