"""Which pages link the style sheet of the worn theme: customers' pages, and those of the work."""

from __future__ import annotations

from functools import partial
from typing import Literal

from flask import Flask, request
from markupsafe import Markup

from deskcore.theme.sheets import SERVED, SHEETS
from deskcore.theme.wearing import Wardrobe
from deskcore.web.assets import WORKSPACE, Assets

# Pages where agents work. Sign-in, set-up, administration, plugins and rescue are the core's alone:
# whatever a theme does, there is a way to take it off.
AGENT_AREAS = WORKSPACE | {"outbox", "attention"}
_LINK = Markup('<link rel="stylesheet" href="{}">')


def init_dressing(app: Flask) -> None:
    """Give templates ``theme_sheet(surface)``, a link or nothing."""
    wardrobe: Wardrobe = app.extensions["desk_themes"]
    assets: Assets = app.extensions["desk_assets"]
    app.jinja_env.globals["theme_sheet"] = partial(_link, wardrobe, assets)


def _link(wardrobe: Wardrobe, assets: Assets, surface: Literal["public", "agent"]) -> Markup:
    name = f"{SERVED}/{SHEETS[surface]}"
    is_dressed = surface == "public" or request.blueprint in AGENT_AREAS
    if not (wardrobe.is_worn and is_dressed and assets.has(name)):
        return Markup()
    return _LINK.format(assets.url(name))
