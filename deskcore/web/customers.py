"""Customers and companies: what is known of them, and changing it."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from deskcore.errors import Invalid
from deskcore.services import access, customer_page, customers, plugin_places, privacy
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.forms.base import UNPROCESSABLE
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor
from deskcore.web.plugin_parts import panels

blueprint = Blueprint("customers", __name__)

# Rows outside a list: no ticket is shown beside them, no view is kept in their links.
ALONE: dict[str, object] = {"current": 0, "query": ""}


@blueprint.get("/customers/<int:customer_id>")
@needs("ticket.read")
def show(customer_id: int) -> Response:
    """Show a customer with their tickets."""
    actor = current_actor()
    customer = customer_page.read(actor, customer_id)
    context = {
        "customer": customer,
        "panels": panels(
            plugin_places.customer_panels(actor, customer), place="desk_customer_panels"
        ),
        "links": plugin_places.customer_links(actor, customer_id),
        "may_erase": access.can(actor, privacy.RIGHT),
    }
    return page("customers/show.html", context)


@blueprint.get("/customers/<int:customer_id>/edit")
@needs("customer.change")
def edit(customer_id: int) -> Response:
    """Show the form for a customer."""
    return _customer_form(customer_id)


@blueprint.post("/customers/<int:customer_id>/edit")
@needs("customer.change")
def save(customer_id: int) -> Response:
    """Change what the desk knows of a customer."""
    form = request.form
    try:
        customers.update_customer(
            current_actor(),
            customer_id,
            name=form.get("name", ""),
            company=form.get("company", ""),
            notes=form.get("notes", ""),
        )
    except Invalid as error:
        return _customer_form(customer_id, error)
    toast(_("Saved."))
    return htmx.redirect(url_for("customers.show", customer_id=customer_id))


@blueprint.get("/companies/<int:company_id>")
@needs("ticket.read")
def company(company_id: int) -> Response:
    """Show a company with its people and their tickets."""
    found = customer_page.company(current_actor(), company_id)
    return page("customers/company.html", {"company": found, **ALONE})


@blueprint.get("/companies/<int:company_id>/edit")
@needs("customer.change")
def edit_company(company_id: int) -> Response:
    """Show the form for a company."""
    return _company_form(company_id)


@blueprint.post("/companies/<int:company_id>/edit")
@needs("customer.change")
def save_company(company_id: int) -> Response:
    """Change a company's name and notes."""
    customer_page.company(current_actor(), company_id)
    name, notes = request.form.get("name", ""), request.form.get("notes", "")
    try:
        customers.update_company(current_actor(), company_id, name=name, notes=notes)
    except Invalid as error:
        return _company_form(company_id, error)
    toast(_("Saved."))
    return htmx.redirect(url_for("customers.company", company_id=company_id))


def _customer_form(customer_id: int, error: Invalid | None = None) -> Response:
    context = {
        "customer": customer_page.read(current_actor(), customer_id),
        "problems": error.problems if error else (),
        "typed": request.form,
    }
    return page("customers/edit.html", context, status=UNPROCESSABLE if error else 200)


def _company_form(company_id: int, error: Invalid | None = None) -> Response:
    context = {
        "company": customer_page.company(current_actor(), company_id),
        "problems": error.problems if error else (),
        "typed": request.form,
    }
    return page("customers/edit_company.html", context, status=UNPROCESSABLE if error else 200)
