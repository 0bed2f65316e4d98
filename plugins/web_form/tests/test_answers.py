"""Answers are judged field by field, and read as a message; no database is asked."""

from __future__ import annotations

from datetime import date

import pytest

from plugins.web_form import wording
from plugins.web_form.answers import Answers, GivenFile, problems, shown, tidied
from plugins.web_form.shapes import Choice, Condition, Field, Form, Kind

TOPIC = Field(
    key="topic",
    kind="choice",
    is_required=True,
    label={"en": "Topic", "cs": "Téma"},
    choices=(
        Choice(value="Return", texts={"cs": "Vrácení"}),
        Choice(value="Question", texts={"cs": "Dotaz"}),
    ),
)
ORDER = Field(
    key="order_number", kind="text", is_required=True, when=Condition(key="topic", value="Return")
)
REASON = Field(key="reason", kind="long", when=Condition(key="order_number", value="x"))
EMAIL = Field(key="email", kind="email", is_required=True)
FORM = Form(
    slug="contact", name="Contact", languages=("en", "cs"), fields=(TOPIC, ORDER, REASON, EMAIL)
)


def given(**values: str) -> Answers:
    return tidied(FORM, Answers(values={key: (text,) for key, text in values.items()}))


def test_a_field_is_shown_and_needed_when_its_condition_holds() -> None:
    returned = given(topic="Return", email="a@b.cz")
    assert [each.key for each in shown(FORM, returned)] == ["topic", "order_number", "email"]
    assert [each.field for each in problems(FORM, returned, "en")] == ["f-order_number"]
    asked = given(topic="Question", order_number="7", email="a@b.cz")
    assert "order_number" not in asked.values
    assert problems(FORM, asked, "en") == []
    # What depends on a field that is not shown is not shown either, whatever was posted.
    assert "reason" not in given(topic="Question", order_number="x", reason="!").values


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("email", "jana@example.cz", "jana@"),
        ("phone", "+420 (601) 234-567", "call me"),
        ("number", "12,5", "twelve"),
        ("number", "1 200", "1e9"),
        ("date", "2026-02-28", "2026-02-30"),
        ("date", "2026-12-01", "20261201"),
        ("text", "x" * 500, "x" * 501),
        ("long", "x" * 20_000, "x" * 20_001),
    ],
)
def test_each_kind_knows_right_from_wrong(kind: Kind, right: str, wrong: str) -> None:
    form = Form(slug="f", name="F", fields=(Field(key="it", kind=kind),))
    for text, count in ((right, 0), (wrong, 1), ("", 0)):
        answers = tidied(form, Answers(values={"it": (text,)}))
        assert len(problems(form, answers, "en")) == count, text


def test_a_choice_that_is_not_offered_is_no_answer() -> None:
    assert [each.field for each in problems(FORM, given(topic="Bribe", email="a@b.cz"), "en")] == [
        "f-topic"
    ]


def test_a_ticket_keeps_answers_as_what_they_are() -> None:
    fields = (
        Field(key="count", kind="number", label={"en": "How many"}),
        Field(key="bought", kind="date"),
        Field(key="colours", kind="choices", choices=(Choice(value="Red"), Choice(value="Blue"))),
        Field(key="news", kind="consent", label={"en": "Write to me"}),
    )
    form = Form(slug="f", name="Gifts", fields=fields)
    values = {"count": ("1 200,5",), "bought": ("2026-11-02",), "colours": ("Red", "Blue")}
    answers = tidied(form, Answers(values={**values, "news": ("yes",)}))
    kept = {each.field.name: each.value for each in wording.ticket_fields(form, answers)}
    assert kept == {
        "web_form.form": "Gifts",
        "web_form.count": 1200.5,
        "web_form.bought": date(2026, 11, 2),
        "web_form.colours": "Red, Blue",
        "web_form.news": "yes",
    }
    said = wording.message(form, answers, "en")
    assert said.startswith(
        "How many: 1 200,5\nbought: 2026-11-02\ncolours: Red, Blue\nWrite to me: yes"
    )


def test_a_message_is_in_the_words_of_its_writer_and_fields_in_the_shops() -> None:
    answers = given(topic="Return", order_number="7", email="a@b.cz")
    assert "Téma: Vrácení" in wording.message(FORM, answers, "cs")
    fields = {each.field.label: each.value for each in wording.ticket_fields(FORM, answers)}
    assert fields["Topic"] == "Return"


def test_other_words_or_another_file_are_another_message() -> None:
    first = given(topic="Question", email="a@b.cz")
    photo = GivenFile(field="files", filename="a.png", content=b"1")
    other = Answers(values=first.values, files=(photo,))
    kept = Answers(values=first.values, files=(GivenFile(**{**vars(photo), "kept_id": 3}),))
    assert first.digest() == given(topic="Question", email="a@b.cz").digest()
    assert len({first.digest(), other.digest()}) == 2
    assert other.digest() == kept.digest()
