"""The desk's own form: tokens are checked for every request already, problems come from services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Field, SelectField

from deskcore.errors import DeskError, Invalid
from deskcore.services.throttle import TooManyTries
from deskcore.web.forms.defaults import is_setting_back, set_back

Result = TypeVar("Result")

UNPROCESSABLE, TOO_MANY = 422, 429


class DeskForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Base of every form; ``status`` is that of the page when the form was refused.

    ``wait_s`` is how long to wait after too many tries.
    """

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # flask-wtf has no types
        # web/csrf.py checks every unsafe request; a second token per form would only go stale.
        csrf = False

        def wrap_formdata(self, form: FlaskForm, formdata: object) -> object:
            """Leave the stored values where one of them is set back."""
            return None if form.is_set_back else super().wrap_formdata(form, formdata)

    status = UNPROCESSABLE
    wait_s = 0

    @property
    def is_set_back(self) -> bool:
        """Whether the request only names a setting that is to have its default again."""
        return False

    def refuse(self, error: DeskError) -> None:
        """Put a service's words where they belong: at their field, else above the form."""
        if not isinstance(error, Invalid):
            self.form_errors.append(str(error))
            if isinstance(error, TooManyTries):
                self.status, self.wait_s = TOO_MANY, error.wait_s
            return
        for problem in error.problems:
            if problem.field in self._fields:
                self[problem.field].errors = [*self[problem.field].errors, str(problem.message)]
            else:
                self.form_errors.append(str(problem.message))


class SettingsForm(DeskForm):
    """Stored settings: one of them can be set back to its default by itself."""

    @property
    def is_set_back(self) -> bool:
        """Whether the request brings no values but the name of one."""
        return is_setting_back()


def text_of(field: Field) -> str:
    """Return what was typed into a text field, empty when nothing was sent."""
    return str(field.data or "")


def translate(form: DeskForm) -> None:
    """Translate what a settings class says in English."""
    for field in form:
        field.label.text = gettext(str(field.label.text))
        field.description = gettext(str(field.description)) if field.description else ""
        has_value = isinstance(field, SelectField) or field.default not in {None, ""}
        if has_value or (field.render_kw or {}).get("placeholder"):
            field.flags.optional = False  # something is chosen or stored: "optional" would mislead
        if isinstance(field, SelectField):
            field.choices = {choice[0]: gettext(str(choice[1])) for choice in field.iter_choices()}


@dataclass(frozen=True, kw_only=True)
class Accepted(Generic[Result]):
    """A form that was accepted, with what the service returned."""

    result: Result


def submit(form: DeskForm, call: Callable[[], Result]) -> Accepted[Result] | None:
    """Check *form*, then let *call* do its work; None when either refuses, words on the form."""
    if form.is_set_back:
        set_back(form)
    elif not form.validate():
        return None
    try:
        return Accepted(result=call())
    except (Invalid, TooManyTries) as error:
        form.refuse(error)
        return None
