"""What the pages of a plugin are made of: rights, forms, answers."""

from deskcore.plugin.forms import form_for, form_values, from_form
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web.forms.base import DeskForm, submit, text_of, translate
from deskcore.web.guards import needs
from deskcore.web.htmx import redirect
from deskcore.web.identity import current_actor
from deskcore.web.links import absolute
from deskcore.web.numbers import whole
from deskcore.web.plugin_parts import fragment
from deskcore.web.public_pages import (
    frame_by,
    public,
    public_page,
    script_for_others,
    within_limit,
)
from deskcore.web.public_pages import is_open as customers_may_come

__all__ = [
    "DeskForm",
    "absolute",
    "current_actor",
    "customers_may_come",
    "form_for",
    "form_values",
    "fragment",
    "frame_by",
    "from_form",
    "needs",
    "page",
    "public",
    "public_page",
    "redirect",
    "script_for_others",
    "submit",
    "text_of",
    "toast",
    "translate",
    "whole",
    "within_limit",
]
