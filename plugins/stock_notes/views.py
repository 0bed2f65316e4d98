"""The pages of the plugin, each area in a file of its own."""

from __future__ import annotations

from flask import Blueprint

from plugins.stock_notes import board_views, card_views, list_views, tell_views


def blueprints() -> list[Blueprint]:
    """Return the card, the board, tellings and lists."""
    areas = (card_views, board_views, tell_views, list_views)
    return [area.blueprint for area in areas]
