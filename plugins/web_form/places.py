"""Where web forms stand in the desk, and who may build them."""

from __future__ import annotations

from deskcore.api import N_, Permission
from deskcore.plugin import Asset, Link, TicketField

SLUG = "web_form"
MANAGE = Permission(
    name="web_form.form.manage", label=N_("Build web forms"), roles=("owner", "admin")
)
PAGE = Link(label=N_("Web forms"), url="/p/web_form/", permission=MANAGE.name, icon="file-text")
ASSETS = (
    Asset(name="form.css"),
    Asset(name="form.js"),
    Asset(name="builder.css"),
    Asset(name="builder.js"),
)
# Which form a ticket came by; what was answered there are fields of the form's owner.
FORM_FIELD = TicketField(name="web_form.form", label=N_("Web form"), order=10)
