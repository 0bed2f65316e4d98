"""What a setting is when nobody has changed it: told beside it, and set back by one button.

The button is of a form of its own that holds nothing but the name of the field, so that Enter in
another field does not press it and what is half typed elsewhere is not stored with it.
"""

from __future__ import annotations

from datetime import timedelta

from flask import has_request_context, request
from flask_babel import gettext as _
from wtforms import BooleanField, Field, Form, SelectField

from deskcore.errors import NotFound
from deskcore.plugin.forms import spoken_duration

SET_BACK = "set_back"


def is_setting_back() -> bool:
    """Whether the request asks for one field's default, and brings no values."""
    return has_request_context() and SET_BACK in request.form


def set_back(form: Form) -> None:
    """Give the field that was named its default; raises NotFound when it has none."""
    name = request.form[SET_BACK]
    if name not in form or not _has_default(form[name]):
        raise NotFound(_("This setting has no default."))
    form[name].data = form[name].default


def default_words(field: Field) -> str:
    """Say the default of a field that differs from it; empty when it does not, or has none."""
    if not _has_default(field) or str(field.data) == str(field.default):
        return ""
    if isinstance(field, BooleanField):
        return _("on") if field.default else _("off")
    if isinstance(field, SelectField):
        choices = {str(choice[0]): str(choice[1]) for choice in field.iter_choices()}
        return choices.get(str(field.default), str(field.default))
    if isinstance(field.default, timedelta):
        return spoken_duration(field.default)
    return str(field.default)


def _has_default(field: Field) -> bool:
    """Whether there is something to go back to: an empty text says nothing."""
    return field.default is not None and field.default != ""
