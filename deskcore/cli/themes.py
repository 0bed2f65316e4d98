"""``desk themes``: see, check and choose themes from the server, also while no page looks right."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from deskcore.cli.setting_up import configured, open_desk
from deskcore.domain.people import SYSTEM
from deskcore.errors import Conflict
from deskcore.services import theme_checks, theme_life
from deskcore.services.theme_checks import ThemeFinding
from deskcore.theme import shelf


@click.group()
def themes() -> None:
    """See, check and choose themes."""


@themes.command(name="list")
def list_themes() -> None:
    """List every theme with its state, and why."""
    with open_desk(configured()):
        for line in shelf.theme_lines(SYSTEM):
            version = line.found.manifest.version if line.found.manifest else "-"
            click.echo(f"{line.found.slug:<20} {version:<10} {line.state:<13} {line.found.name}")
            if line.reason:
                click.echo(f"{'':<20} {line.reason}")


@themes.command()
@click.argument("slug")
def activate(slug: str) -> None:
    """Have the desk wear a theme, unless its check finds an error."""
    with open_desk(configured()):
        line = shelf.theme_line(SYSTEM, slug)
        if line.found.problem:
            raise Conflict(line.found.problem)
        findings = theme_life.activate(SYSTEM, slug, line.found.folder)
    _tell(findings)
    if theme_checks.errors(findings):
        raise Conflict(f"{slug} was not activated, and nothing was changed.")
    click.echo(f"{slug} is worn. A desk that runs goes on with it in a moment.")


@themes.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--format",
    "how",
    type=click.Choice(["text", "json"]),
    default="text",
    help="For people or programs.",
)
def check(path: Path, how: str) -> None:
    """Look through the theme in PATH; the exit code is 1 when it cannot be worn."""
    from deskcore.authoring import theme_check  # noqa: PLC0415  most commands do not need it

    findings = theme_check.check_theme(path, beside=configured().instance)
    if how == "json":
        click.echo(json.dumps([asdict(each) for each in findings], indent=1, ensure_ascii=False))
    else:
        _tell(findings)
        click.echo(_verdict(findings))
    if theme_checks.errors(findings):
        raise SystemExit(1)


def _tell(findings: Sequence[ThemeFinding]) -> None:
    for finding in findings:
        click.echo(f"{finding.level}: {finding.where}: {finding.text}")


def _verdict(findings: Sequence[ThemeFinding]) -> str:
    count = len(theme_checks.errors(findings))
    if not count:
        return "It can be worn."
    return f"It cannot be worn: {count} {'error' if count == 1 else 'errors'}."
