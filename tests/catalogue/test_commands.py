"""Products from and into files, by commands of the server."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from tests.catalogue.shelf import a_product, an_admin
from tests.cli.conftest import Run, desk

__all__ = ["desk"]
ON = {"DESK_PLUGINS": '["email", "catalogue"]'}
FILE = "SKU,Name,Price,Currency\nK-1,Kettle,12.50,EUR\nK-2,Cup,much,EUR\n"


def test_desk_commands_take_a_file_tell_bad_rows_and_hand_all_out(
    app: Flask, desk: Run, tmp_path: Path
) -> None:
    a_product(an_admin(), "K-9", "Old pot")
    file, out = tmp_path / "shop.csv", tmp_path / "all.csv"
    file.write_text(FILE)
    looked = desk("x", "catalogue", "import", "--look", str(file), **ON)
    assert (looked.code, looked.out) == (1, "new 1, changed 0, as they were 0\n")
    assert looked.err.startswith("row 3: ")
    assert "Rows that could not be taken: 1." in looked.err
    assert "Kettle" not in desk("x", "catalogue", "export", "-", **ON).out
    assert desk("x", "catalogue", "import", str(file), **ON).code == 1
    file.write_text("".join(FILE.splitlines(keepends=True)[:2]))
    again = desk("x", "catalogue", "import", str(file), **ON)
    assert (again.code, again.out) == (0, "new 0, changed 0, as they were 1\n")
    assert desk("x", "catalogue", "export", str(out), **ON).code == 0
    handed_out = out.read_text(encoding="utf-8-sig")
    assert "Old pot" in handed_out
    assert "12.50" in handed_out


def test_desk_commands_refuse_a_file_that_is_none(app: Flask, desk: Run, tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.touch()
    refused = desk("x", "catalogue", "import", str(file), **ON)
    assert refused.code == 1
    assert "The file is empty." in refused.err
    file.write_text("a,b\n1,2\n")
    assert "which column is the SKU" in desk("x", "catalogue", "import", str(file), **ON).err
