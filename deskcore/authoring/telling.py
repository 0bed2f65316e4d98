"""A judgement, as text for its author, as JSON for programs, as JUnit for CI."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from xml.etree import ElementTree as ET

from deskcore.authoring.judging import Finding, Judgement


def as_text(judgement: Judgement) -> str:
    """Say the level, what is missing and what that leads to, and what was left out."""
    lines = [summary(judgement)]
    for each in judgement.missing:
        about = f", {each.about}" if each.about else ""
        lines += ["", f"{each.id} ({each.level}{about}): {each.title}."]
        lines.append(f"  What is wrong: {each.why}")
        if each.where:
            lines.append(f"  Where: {each.where}")
        lines.append(f"  In production: {each.danger}")
    if judgement.excused:
        lines += ["", "Left out by quality.toml:"]
        lines += [f"  {each.id}: {each.why}" for each in judgement.excused]
    return "\n".join(lines) + "\n"


def as_json(judgement: Judgement) -> str:
    """Give everything that was looked at."""
    content = {
        "plugin": judgement.slug,
        "version": judgement.version,
        "level": judgement.level,
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


def _id(finding: Finding) -> str:
    return finding.id


FORMATS: Mapping[str, Callable[[Judgement], str]] = {
    "text": as_text,
    "json": as_json,
    "junit": as_junit,
}
