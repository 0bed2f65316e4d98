"""Guards of plugin authors' work: nothing of theirs is lost, and no level is given for nothing."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="a folder that is there is written over",
        path="deskcore/authoring/scaffold.py",
        guard="    if folder.exists() or folder.is_symlink():",
        instead="    if folder == Path():",
        test="tests/authors/test_new.py::test_what_is_there_is_never_written_over",
    ),
    Mutant(
        name="a version that was packed becomes another one",
        path="deskcore/authoring/packing.py",
        guard="        if path.read_bytes() != content:",
        instead="        if not content:",
        test="tests/authors/test_pack.py::test_a_version_that_was_packed_is_never_another_one",
    ),
    Mutant(
        name="a pack tells who packed it, and when",
        path="deskcore/authoring/packing.py",
        guard="            entry = zipfile.ZipInfo(inside.as_posix(), _ALWAYS)",
        instead="            entry = zipfile.ZipInfo.from_file(path, inside.as_posix())",
        test="tests/authors/test_pack.py::test_the_same_folder_gives_the_same_bytes_whatever_lies_beside_it",
    ),
    Mutant(
        name="a level has gaps below it",
        path="deskcore/authoring/judging.py",
        guard="            if level in gaps:\n                break\n",
        instead="            if level in gaps:\n                continue\n",
        test="tests/authors/test_check.py::test_the_level_is_the_highest_without_a_gap",
    ),
    Mutant(
        name="a plugin may lean on what is the desk's own",
        path="deskcore/authoring/static.py",
        guard="    if module not in _PUBLIC:\n        return False\n",
        instead="    if module not in _PUBLIC:\n        return True\n",
        test="tests/authors/test_check.py::test_a_sin_breaks_its_standard_and_no_other",
    ),
    Mutant(
        name="a plugin may leave tables behind",
        path="deskcore/authoring/round_trip.py",
        guard="    for name in sorted(after.schema.keys() - before.schema.keys()):",
        instead="    for name in sorted(before.schema.keys() - before.schema.keys()):",
        test="tests/authors/test_check.py::test_a_table_that_stays_is_named",
    ),
    Mutant(
        name="a migration that fails keeps what it did first",
        path="deskcore/plugin/migrations.py",
        guard="                _migrate(connection, scripts, component, target, up=up)\n",
        instead="                try:\n"
        "                    _migrate(connection, scripts, component, target, up=up)\n"
        "                except BaseException:\n"
        "                    connection.get_transaction().commit()\n"
        "                    raise\n",
        test="tests/authors/test_fifteen_minutes.py::test_a_version_whose_migration_fails_is_refused_and_the_data_of_the_first_is_intact",
    ),
)
