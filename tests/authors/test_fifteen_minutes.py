"""A channel in fifteen minutes: the whole way of an author, outside the desk's tree, by its commands.

``acme`` is what the author writes: it is laid over the folder of ``desk new``, uses public names
only, and its code is what the guide shows.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from deskcore.testing import FarSide
from tests.authors.acme.tests.network import SECRET, TOKEN, AcmeNetwork, batch, signed
from tests.authors.outside import Author
from tests.authors.running import OwnPython, Shop, Stopwatch, a_shop
from tests.process.crashing import DeskFolder
from tests.process.desks import wait_until

HERE = Path(__file__).parent
WRITTEN = HERE / "acme"
PAGE = "/admin/plugins/acme"
FAULTS_TO_PAUSE = 5
FAILING_MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "acme_0002", "acme_0001"
branch_labels = depends_on = None


def upgrade():
    op.add_column("plg_acme_message", sa.Column("mood", sa.Text))
    op.execute("DELETE FROM plg_acme_message")
    op.drop_table("plg_acme_mood")


def downgrade():
    op.drop_column("plg_acme_message", "mood")
"""

pytestmark = pytest.mark.timeout(900)


def fill_in(author: Author) -> Path:
    """Write what the folder of ``desk new`` is missing: what makes it Acme's."""
    folder = author.folder / "acme"
    litter = shutil.ignore_patterns("__pycache__")
    shutil.copytree(WRITTEN, folder, dirs_exist_ok=True, ignore=litter)
    return folder


def a_version(folder: Path, version: str, *, file: str = "", old: str = "", new: str = "") -> None:
    """Make another version of the plugin: with *old* in *file* replaced by *new*."""
    for name in ("plugin.toml", "pyproject.toml"):
        lines = (folder / name).read_text().splitlines()
        changed = [
            f'version = "{version}"' if line.startswith("version") else line for line in lines
        ]
        (folder / name).write_text("\n".join(changed) + "\n")
    changelog = (folder / "CHANGELOG.md").read_text()
    (folder / "CHANGELOG.md").write_text(f"{changelog}\n## {version}\n\n- Another one.\n")
    if file:
        content = (folder / file).read_text()
        assert old in content
        (folder / file).write_text(content.replace(old, new))


def a_push(name: str, body: str, **more: str) -> tuple[bytes, dict[str, str]]:
    """Make a push of Acme's, with what proves it."""
    event = json.loads((WRITTEN / "tests" / "samples" / "message.json").read_text())
    request = signed(batch([json.dumps({**event, "id": name, "body": body, **more}).encode()]))
    return request.body, dict(request.headers)


@contextmanager
def a_desk(tmp_path: Path, url: str) -> Iterator[tuple[Shop, OwnPython]]:
    """Run a desk that knows nothing of Acme."""
    python = OwnPython.made_in(tmp_path / "python")
    folder = DeskFolder(instance=tmp_path / "instance", database_url=url)
    with a_shop(folder, python) as shop:
        yield shop, python


def begin(shop: Shop, network: FarSide) -> str:
    """Activate and configure the plugin over HTTP; returns where the network is to push."""
    assert "Reads tickets and what was written in them" in shop.page(PAGE)
    assert "acme is active." in shop.switch("activate")
    return shop.connect(dict(network.settings), token=TOKEN, secret=SECRET)


def fail_on_purpose(shop: Shop, python: OwnPython, folder: Path, ticket: str) -> None:
    """Have the plugin raise beside every ticket: the desk works on, and its page says why."""
    a_version(
        folder, "0.1.1", file="counting.py", old="    if not number:", new="    if number.purpose:"
    )
    python.pip_install(folder)
    assert "acme is upgraded." in shop.switch("upgrade")
    shown = shop.page(ticket)
    assert "Where is my order?" in shown
    assert "2 messages" not in shown
    told = shop.until(PAGE, lambda page: "has no attribute" in page)
    assert "counting.py" in told
    for _again in range(FAULTS_TO_PAUSE - 1):
        shop.page(ticket)
    shop.until(PAGE, lambda page: "Try again" in page)
    assert "Where is my order?" in shop.page(ticket)


def mend(shop: Shop, python: OwnPython, folder: Path, ticket: str) -> None:
    """Put the mistake right, and have it work again."""
    a_version(
        folder, "0.1.2", file="counting.py", old="    if number.purpose:", new="    if not number:"
    )
    python.pip_install(folder)
    assert "acme works again." in shop.switch("resume")
    shop.until(ticket, lambda page: "2 messages" in page)


def converse(shop: Shop, network: AcmeNetwork, hook: str) -> str:
    """Let a customer write twice and be answered; returns the ticket's page."""
    shop.pushed(hook, *a_push("m1", "Where is my order?"))
    ticket = shop.ticket()
    shop.until(ticket, lambda page: "1 message<" in page)
    shop.pushed(hook, *a_push("m2", "It is green."))
    shop.until(ticket, lambda page: "2 messages<" in page and "It is green." in page)
    shop.reply(ticket, "It has left.")
    wait_until(lambda: network.messages, "the answer leaves", lambda: shop.desk.errors[-3000:])
    [said] = network.sent.values()
    assert isinstance(said, dict)
    assert (said["room"], said["to"], said["body"]) == ("r1", "ann", "It has left.")
    return ticket


def test_a_channel_is_begun_written_installed_used_broken_mended_judged_and_packed(
    author: Author, sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_desk(tmp_path, sqlite_url) as (shop, python), AcmeNetwork() as network:
        watch = Stopwatch()
        author.desk("new", "channel", "acme", "--mode", "push", "--sign", "hmac-sha256")
        assert "acme 0.1.0: gold - " in author.pytest("acme")
        watch.step("desk new channel acme, and its tests")
        folder = fill_in(author)
        assert "acme 0.1.0: gold - " in author.pytest("acme")
        watch.step("filled in, and its tests")
        python.pip_install(folder)
        watch.step("pip install into a running desk")
        hook = begin(shop, network)
        watch.step("activated, configured, tested, connected")
        ticket = converse(shop, network, hook)
        watch.step("a customer writes, and is answered")
        fed = author.desk("channel", "feed", "acme", "acme/tests/samples/message.json")
        assert "file: ticket 1001 of Ann, open" in fed
        assert network.messages == 1
        watch.step("desk channel feed")
        fail_on_purpose(shop, python, folder, ticket)
        watch.step("an exception on purpose, until it is paused")
        mend(shop, python, folder, ticket)
        watch.step("mended, resumed")
        judged = author.desk("plugins", "check", "acme", "--level", "gold")
        assert judged.startswith("acme 0.1.2: gold - ")
        watch.step("desk plugins check --level gold")
        packed = author.desk("plugins", "pack", "acme")
        assert "sha256 " in packed
        assert (author.folder / "acme-0.1.2.zip").is_file()
        watch.step("desk plugins pack")
    with capsys.disabled():
        print(watch)  # noqa: T201  the time is what this test is asked for


def test_a_version_whose_migration_fails_is_refused_and_the_data_of_the_first_is_intact(
    author: Author, database_url: str, tmp_path: Path
) -> None:
    with a_desk(tmp_path, database_url) as (shop, python), AcmeNetwork() as network:
        author.desk("new", "channel", "acme")
        folder = fill_in(author)
        python.pip_install(folder)
        hook = begin(shop, network)
        ticket = converse(shop, network, hook)
        before = kept(shop)
        first = tmp_path / "first" / "acme"
        shutil.copytree(folder, first)
        (folder / "migrations" / "0002_mood.py").write_text(FAILING_MIGRATION)
        a_version(folder, "0.2.0")
        python.pip_install(folder)
        refused = shop.switch("upgrade", status=422)
        assert "It could not be upgraded, and its data is as it was." in refused
        assert kept(shop) == before
        assert "Where is my order?" in shop.page(ticket)
        python.pip_install(first)
        assert "acme works again." in shop.switch("resume")
        shop.until(ticket, lambda page: "2 messages<" in page)
        shop.pushed(hook, *a_push("m3", "Thank you."))
        shop.until(ticket, lambda page: "3 messages<" in page)


def kept(shop: Shop) -> tuple[list[tuple[object, ...]], list[str], str]:
    """Return what the plugin's table holds, its columns, and the revision it is of."""
    with shop.folder.opened():
        from deskcore.extensions import db  # noqa: PLC0415  of the desk that was just opened

        with db.engine.connect() as connection:
            found = connection.execute(text("SELECT * FROM plg_acme_message ORDER BY message_id"))
            columns = list(found.keys())
            rows = [tuple(row) for row in found]
            revision = connection.execute(text("SELECT version_num FROM alembic_version_acme"))
            return rows, columns, str(revision.scalar_one())
