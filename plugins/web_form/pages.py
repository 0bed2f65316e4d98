"""The pages of the plugin: the builder for colleagues, the forms for customers."""

from __future__ import annotations

from flask import Blueprint

from plugins.web_form.embed_views import blueprint as embedding
from plugins.web_form.field_views import blueprint as fields
from plugins.web_form.public_views import blueprint as public
from plugins.web_form.views import blueprint as builder


def blueprints() -> list[Blueprint]:
    """Return them."""
    return [builder, fields, embedding, public]
