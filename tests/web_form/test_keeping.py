"""What the plugin keeps: for an hour, for a customer to ask for, and gone when it is told to go."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from time_machine import travel

from deskcore import clock
from deskcore.domain.kinds import CustomerId
from deskcore.models import PluginFile
from deskcore.plugin.active import plugins
from deskcore.plugin.parts import CustomerRef
from deskcore.services.unit import reading, unit_of_work
from plugins.web_form import kept, privacy
from plugins.web_form.tables import KEPT, SENT
from tests.web.conftest import Visitor
from tests.web_form.conftest import Writer, work_off
from tests.web_form.test_sending import count, photo


def page_key() -> str:
    with reading() as session:
        return session.scalars(select(KEPT.c.page_key)).first() or ""


def test_kept_files_go_after_an_hour_but_for_those_that_others_keep(writer: Writer) -> None:
    writer.open()
    writer.send({"f-subject": "", "f-files": photo()})
    first = page_key()
    assert [file.filename for file in kept.of_page(first)] == ["cup.png"]
    with travel(clock.now() + timedelta(minutes=50), tick=False):
        other = Writer(writer.client)
        other.open()
        other.send({"f-subject": "", "f-files": photo()})
    assert (count(KEPT), count(PluginFile)) == (2, 1)
    with travel(clock.now() + timedelta(minutes=70), tick=False):
        assert kept.of_page(first) == ()
        kept.forget_old()
        assert (count(KEPT), count(PluginFile)) == (1, 1)
    with travel(clock.now() + timedelta(hours=3), tick=False):
        kept.forget_old()
    assert (count(KEPT), count(PluginFile)) == (0, 0)


def test_too_many_or_too_large_files_are_told_and_the_rest_stays(writer: Writer) -> None:
    writer.open()
    many = [photo() for _ in range(11)]
    answer = writer.send({"f-files": many})
    assert answer.status_code == 422
    assert "Add at most 10 files at once." in answer.text
    assert "Your files could not be kept" in answer.text
    assert "It came in two." in answer.text
    assert count(KEPT) == 0


def test_what_somebody_sent_is_told_and_forgotten_with_them(owner: Visitor, writer: Writer) -> None:
    writer.open()
    writer.send()
    work_off()
    jana = CustomerRef(id=CustomerId(1), name="Jana", addresses=("JANA@example.cz",))
    other = CustomerRef(id=CustomerId(2), name="Olga", addresses=("olga@example.cz",))
    told = privacy.tell(jana)
    assert told is not None
    assert [set(each) for each in told.data] == [{"ticket", "from", "at"}]  # type: ignore[attr-defined]  # a list of ours
    assert privacy.tell(other) is None
    with unit_of_work() as unit:
        assert privacy.forget(unit.session, other) == 0
        assert privacy.forget(unit.session, jana) == 1
    assert count(SENT) == 0
    assert "web_form.sent" in {
        owned.item.name for owned in plugins().registry.privacy_handlers.all()
    }
