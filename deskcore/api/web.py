"""What the pages of a plugin are made of: rights, forms, answers."""

from deskcore.plugin.forms import form_for, form_values, from_form
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web.forms.base import DeskForm, submit, text_of, translate
from deskcore.web.guards import needs
from deskcore.web.htmx import redirect
from deskcore.web.identity import current_actor
from deskcore.web.numbers import whole
from deskcore.web.plugin_parts import fragment

__all__ = [
    "DeskForm",
    "current_actor",
    "form_for",
    "form_values",
    "fragment",
    "from_form",
    "needs",
    "page",
    "redirect",
    "submit",
    "text_of",
    "toast",
    "translate",
    "whole",
]
