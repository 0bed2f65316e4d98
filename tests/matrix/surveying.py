"""Opens a furnished desk with everybody before it and asks the whole matrix."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deskcore.app import create_app
from deskcore.config import Config, load_config
from deskcore.domain.kinds import PluginState
from deskcore.domain.people import SYSTEM
from deskcore.extensions import db
from deskcore.models import PluginRecord
from deskcore.plugin.discovery import NAMESPACE
from deskcore.plugin.strikes import Strikes
from deskcore.services.unit import unit_of_work
from deskcore.services.webhooks import Refusals
from tests.channels import accounts
from tests.matrix.furnish import furnish
from tests.matrix.proven import leave_a_code, prove
from tests.matrix.routes import unknown
from tests.matrix.rows import Store
from tests.matrix.survey import Survey
from tests.matrix.visiting import arrive
from tests.matrix.world import EVERYBODY, VISITORS


class _Lenient(Strikes):
    """Counts no faults, or a plugin that fails at everything would soon be asked for nothing."""

    def fault(self, key: Hashable) -> bool:
        return False


# Nobody is slowed down here, or the order of questions would decide about answers.
MOST_ANSWERS = 100_000
HERE = Path(__file__).parent
SAMPLES = ("careful", "forgetful")
# Plugins that the desk comes with and that somebody has to switch on; and a shop that offers ask.
BUNDLED = ("catalogue", "cross_sell", "reviews", "stock_notes", "web_form")
SHOP = "tool_shop"


@contextmanager
def opened(folder: Path, database_url: str) -> Iterator[Survey]:
    """Furnish the desk at *database_url* and survey it."""
    accounts.install(folder / "instance")
    config = load_config(instance=folder / "instance", database_url=database_url)
    for slug in SAMPLES:
        install(folder / "instance", slug)
    install(folder / "instance", SHOP, HERE.parent / "cross_sell")
    activate(config, "1.0", "chat", *SAMPLES)
    activate(config, "0.1.0", SHOP, *BUNDLED)
    app = create_app(config)
    strange = unknown(app)
    app.extensions["desk_plugins"].guard._strikes = _Lenient()
    app.extensions["desk_refusals"] = Refusals(free=MOST_ANSWERS)
    if strange:
        raise LookupError("\n".join(strange))
    with app.app_context():
        world = furnish()
        assets = app.extensions["desk_assets"]
        world.put("digest", assets.digest, EVERYBODY)
        world.put("asset", "desk.css", EVERYBODY)
        world.put("view", "open", EVERYBODY)
        world.put("surface", "public", EVERYBODY)
        engine = db.engine
        leave_a_code(world)
    visitors = {role: arrive(app, world, role) for role in VISITORS}
    with app.app_context():
        prove(world)
    store = Store(engine=engine, pristine=folder / "pristine.db")
    found = Survey(
        app=app,
        world=world,
        store=store,
        visitors=visitors,
        is_thorough=engine.dialect.name == "sqlite",
    )
    found.begin()
    found.look_around()
    found.press_everything()
    yield found
    store.close()
    engine.dispose()


def install(instance: Path, slug: str, home: Path = HERE) -> None:
    """Drop one of the sample plugins into a desk's folder."""
    for name in [name for name in sys.modules if name.startswith(f"{NAMESPACE}.{slug}")]:
        del sys.modules[name]  # an earlier test's folder had it too
    shutil.copytree(home / slug, instance / "plugins" / slug)


def activate(config: Config, version: str, *slugs: str) -> None:
    """Have plugins that were dropped in run, as if somebody had switched them on."""
    app = create_app(config, has_pages=False)
    with app.app_context():
        engine = db.engine
        with unit_of_work(SYSTEM) as unit:
            unit.session.add_all(
                PluginRecord(
                    slug=slug, version=version, state=PluginState.ACTIVE, changed_at=unit.now
                )
                for slug in slugs
            )
    engine.dispose()  # after the context, whose end writes the faults of plugins
