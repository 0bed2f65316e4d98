"""What authors do with a folder: ``desk plugins check``, ``plugins pack``, ``channel feed``.

What works behind them needs pytest, which a desk that serves does not have: it is imported late.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import BinaryIO, Literal

import click

from deskcore.errors import Unavailable
from deskcore.plugin.discovery import bundled_folder

_FOLDER = click.argument(
    "path", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="PATH"
)


@click.command()
@click.argument("path", type=click.Path(path_type=Path), metavar="PATH")
@click.option(
    "--level",
    type=click.Choice(["bronze", "silver", "gold"]),
    default="bronze",
    help="The exit code is 1 below it; bronze by default.",
)
@click.option(
    "--format",
    "how",
    type=click.Choice(["text", "json", "junit"]),
    default="text",
    help="For people, programs or CI.",
)
@click.option(
    "--tests",
    type=click.Path(exists=True, path_type=Path),
    help="Where its tests are, when not in its folder.",
)
def check(
    path: Path, level: Literal["bronze", "silver", "gold"], how: str, tests: Path | None
) -> None:
    """Compute how good a plugin is, and say what is missing.

    PATH is its folder, or the slug of one that comes with the desk.
    """
    _require_pytest()
    from deskcore.authoring import judging, telling  # noqa: PLC0415  see the module's docstring
    from deskcore.authoring.folder import plugin_folder  # noqa: PLC0415  as above

    judgement = judging.judge(plugin_folder(_folder_of(path)), tests)
    click.echo(telling.FORMATS[how](judgement), nl=False)
    if not judgement.reaches(level):
        raise SystemExit(1)


@click.command()
@_FOLDER
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    help="Where the file is written; here by default.",
)
def pack(path: Path, into: Path) -> None:
    """Pack a plugin into one file, the same whoever packs it."""
    from deskcore.authoring import packing  # noqa: PLC0415  most commands do not need it
    from deskcore.authoring.folder import plugin_folder  # noqa: PLC0415  as above

    packed = packing.pack(plugin_folder(path), into)
    click.echo(f"{packed.path}: {packed.files} files")
    click.echo(f"sha256 {packed.sha256}")
    click.echo("What an owner agrees to:")
    for words in packed.permissions:
        click.echo(f"  {words}")


def _folder_of(path: Path) -> Path:
    """Return the folder at *path*, else that of the desk's own plugin of this name."""
    own = bundled_folder() / path
    return own if not path.exists() and len(path.parts) == 1 and own.is_dir() else path


def _require_pytest() -> None:
    if importlib.util.find_spec("pytest") is None:
        raise Unavailable(
            "This needs pytest, which is not installed here: pip install 'deskcore[test]', "
            "or pytest alone. Nothing was looked at."
        )


@click.group()
def channel() -> None:
    """Try a channel out while you write it."""


@channel.command()
@_FOLDER
@click.argument("sample", type=click.File("rb"))
@click.option("--to", default="", metavar="ADDRESS", help="The account's own address.")
@click.option("--push", is_flag=True, help="SAMPLE is the body of a whole push, not one item.")
@click.option("--reply", default="Good day, it is on its way.", help="What an agent answers.")
def feed(path: Path, sample: BinaryIO, to: str, *, push: bool, reply: str) -> None:
    """Show what ticket a recorded item makes, and how an answer would leave; nothing is sent."""
    _require_pytest()
    from deskcore.authoring import feeding  # noqa: PLC0415  see the module's docstring
    from deskcore.authoring.folder import plugin_folder  # noqa: PLC0415  as above
    from deskcore.plugin.channel import ChannelFailure  # noqa: PLC0415  as above
    from deskcore.plugin.faults import PluginFailed  # noqa: PLC0415  as above

    contract = feeding.contract_of(plugin_folder(path))
    try:
        for line in feeding.feed(contract, sample.read(), account=to, is_push=push, reply=reply):
            click.echo(line)
    except ChannelFailure as failure:
        click.echo(f"The channel says {type(failure).__name__}: {failure}", err=True)
        raise SystemExit(1) from failure
    except PluginFailed as failed:
        click.echo(failed.fault.traceback, err=True)
        click.echo(f"{failed}. The desk would go on without this item.", err=True)
        raise SystemExit(1) from failed
