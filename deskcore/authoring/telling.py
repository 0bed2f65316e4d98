"""A judgement, as text for its author, as JSON for programs, as JUnit for CI."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from xml.etree import ElementTree as ET

from deskcore.authoring.judging import Finding, Judgement


def as_text(judgement: Judgement) -> str:
    """Say the level, what is missing and what that leads to, what was left out, and who was asked."""
    lines = [summary(judgement)]
    for each in judgement.missing:
        about = f", {each.about}" if each.about else ""
        lines += ["", f"{each.id} ({each.level}{about}): {each.title}."]
        lines.append(f"  What is wrong: {each.why}")
        if each.where:
            lines.append(f"  Where: {each.where}")
        lines.append(f"  In production: {each.danger}")
    lines += _by_reason("Left out by quality.toml:", judgement.excused)
    lines += _by_reason("Of no concern to it:", judgement.unconcerned)
    if judgement.unrun:
        lines += ["", "Tests that were not run:"]
        lines += [f"  {_counted(number)}: {why}" for why, number in judgement.unrun.items()]
    lines += ["", f"Real servers: {_servers(judgement)}"]
    return "\n".join(lines) + "\n"


def as_json(judgement: Judgement) -> str:
    """Give everything that was looked at."""
    content = {
        "plugin": judgement.slug,
        "version": judgement.version,
        "level": judgement.level,
        "real_servers": dict(judgement.servers),
        "tests_not_run": dict(judgement.unrun),
        "checks": [asdict(each) for each in judgement.findings],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def as_junit(judgement: Judgement) -> str:
    """Give one test for each finding; what is left out is a skipped one."""
    suite = ET.Element("testsuite", name=f"{judgement.slug} {judgement.version}")
    for each in judgement.findings:
        name = " ".join(part for part in (each.id, each.about, each.title) if part)
        test = ET.SubElement(suite, "testcase", classname=each.level, name=name)
        if each.outcome == "failed":
            failure = ET.SubElement(test, "failure", message=each.why)
            failure.text = f"{each.where}\n{each.danger}".strip()
        elif each.outcome != "passed":
            ET.SubElement(test, "skipped", message=each.why)
    suite.set("tests", str(len(judgement.findings)))
    suite.set("failures", str(len(judgement.missing)))
    return ET.tostring(suite, encoding="unicode") + "\n"


def summary(judgement: Judgement) -> str:
    """Say it in one line: ``acme 1.2: silver - 47 passed, 3 skipped with reasons, K55 missing``."""
    passed = sum(each.outcome == "passed" for each in judgement.findings)
    failed = len(judgement.missing)
    skipped = len(judgement.findings) - passed - failed
    line = f"{judgement.slug} {judgement.version}: {judgement.level or 'no level'}"
    line += f" - {passed} passed, {skipped} skipped with reasons"
    names = " ".join(dict.fromkeys(map(_id, judgement.missing)))
    return f"{line}, {names} missing" if names else line


def _by_reason(title: str, findings: Iterable[Finding]) -> Iterator[str]:
    """List what was left out, each reason once with all that it is given for."""
    reasons: dict[str, dict[str, None]] = {}
    for each in findings:
        reasons.setdefault(each.why, {})[each.id] = None
    if reasons:
        yield from ("", title)
    for why, names in reasons.items():
        yield f"  {', '.join(names)}: {why}"


def _servers(judgement: Judgement) -> str:
    told = (f"{name} ({_counted(number)})" for name, number in judgement.servers.items())
    return ", ".join(told) or "none; its tests speak to servers of their own making, or to nobody"


def _counted(number: int) -> str:
    return f"{number} test" if number == 1 else f"{number} tests"


def _id(finding: Finding) -> str:
    return finding.id


FORMATS: Mapping[str, Callable[[Judgement], str]] = {
    "text": as_text,
    "json": as_json,
    "junit": as_junit,
}
