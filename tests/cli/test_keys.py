"""Secrets at rest move to a new key, all of them, and the old key is then good for nothing."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.extensions import db
from deskcore.models import ChannelAccount, SecondFactor, User
from deskcore.services import own_factor, second_factor, secrets
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.cli.conftest import Run


def test_a_new_key_covers_every_secret(desk: Run, tmp_path: Path, database_url: str) -> None:
    file = tmp_path / "instance" / "encryption.key"
    app = create_app(load_config(instance=tmp_path / "instance", database_url=database_url))
    with app.app_context():
        person, mailbox = factories.a_user("agent"), factories.a_mailbox()
        with unit_of_work() as unit:
            seed = second_factor.new_seed()
            unit.session.add(
                SecondFactor(user_id=person.id, seed=second_factor.sealed(seed), since=unit.now)
            )
            account = unit.session.scalars(select(ChannelAccount)).one()
            assert account.mailbox_id == mailbox
            account.secrets = secrets.encrypt({"password": "marker"})
        old = file.read_text().split()
        assert desk("rotate-key").code == 0
        assert file.read_text().split()[1:] == old
        done = desk("rotate-key", "--drop-old")
        assert (done.code, "1 older keys are gone" in done.out) == (0, True)
        assert len(file.read_text().split()) == 1
        assert not set(file.read_text().split()) & set(old)
        with reading() as session:
            assert second_factor.opened(session.scalars(select(SecondFactor.seed)).one()) == seed
            stored = session.scalars(select(ChannelAccount.secrets)).one()
        assert secrets.decrypt(stored) == {"password": "marker"}
        db.engine.dispose()


def test_a_key_that_does_not_fit_changes_nothing(
    desk: Run, tmp_path: Path, database_url: str
) -> None:
    app = create_app(load_config(instance=tmp_path / "instance", database_url=database_url))
    with app.app_context():
        factories.a_mailbox()
        with unit_of_work() as unit:
            account = unit.session.scalars(select(ChannelAccount)).one()
            account.secrets = secrets.encrypt({"password": "marker"})
        (tmp_path / "instance" / "encryption.key").unlink()
        done = desk("rotate-key")
        assert done.code == 78
        assert "do not fit" in done.err
        db.engine.dispose()


def test_a_lost_second_factor_is_reset_on_the_server(
    desk: Run, tmp_path: Path, database_url: str
) -> None:
    app = create_app(load_config(instance=tmp_path / "instance", database_url=database_url))
    with app.app_context():
        owner = factories.a_user("owner")
        with unit_of_work() as unit:
            seed = second_factor.sealed(second_factor.new_seed())
            unit.session.add(SecondFactor(user_id=owner.id, seed=seed, since=unit.now))
            address = unit.session.execute(select(User.email)).scalar_one()
        assert own_factor.factor_view(owner).since is not None
        assert "is reset" in desk("user", "reset-second-factor", address).out
        assert own_factor.factor_view(owner).since is None
        assert "nothing was changed" in desk("user", "reset-second-factor", address).out
        db.engine.dispose()
