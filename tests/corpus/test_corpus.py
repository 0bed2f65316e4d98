"""The practice corpus, where it lies beside the checkout: every level-1 and security case passes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from deskcore.models import ChannelAccount
from deskcore.services.unit import reading
from tests import factories
from tests.corpus.adapter import outcome, write


def test_every_case_of_the_corpus_that_must_pass_does(
    app: Flask, tmp_path: Path, corpus: Path
) -> None:
    mailbox_id = factories.a_mailbox(address="support@desk.invalid")
    with reading() as session:
        account_id = session.scalars(
            select(ChannelAccount.id).where(ChannelAccount.mailbox_id == mailbox_id)
        ).one()
    cases = [json.loads(line) for line in (corpus / "cases.jsonl").read_text().splitlines() if line]
    names = dict.fromkeys(case["file"] for case in cases)
    results, report = tmp_path / "results.jsonl", tmp_path / "report.json"
    write([outcome(account_id, corpus / name, name) for name in names], results)
    scorer = [
        sys.executable,
        str(corpus / "score.py"),
        "--results",
        str(results),
        "--json",
        str(report),
    ]
    printed = subprocess.run(scorer, check=True, capture_output=True, text=True).stdout
    table = json.loads(report.read_text())["table"]
    level_1, security = table["TOTAL/1"], table["security/0"]
    assert level_1[0] == level_1[1], printed
    assert security[0] == security[1], printed
