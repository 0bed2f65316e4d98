"""Marks that outlive a process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from deskcore.plugin.marks import SLOTS, Marks, is_abandoned, read_marks


def test_a_mark_says_which_plugin_a_thread_is_inside_of(tmp_path: Path) -> None:
    marks = Marks(tmp_path)
    outer = marks.enter("email", "wait", "channel")
    inner = marks.enter("tea", "desk_ticket_panels", "hook")
    assert [(mark.slug, mark.place, mark.doing) for mark in read_marks(marks.path)] == [
        ("email", "wait", "channel"),
        ("tea", "desk_ticket_panels", "hook"),
    ]
    marks.leave(inner)
    assert [mark.slug for mark in read_marks(marks.path)] == ["email"]
    marks.leave(outer)
    assert read_marks(marks.path) == []
    marks.close()
    assert not marks.path.exists()


def test_many_threads_may_be_inside_at_once_and_more_than_fit_go_unmarked(tmp_path: Path) -> None:
    marks = Marks(tmp_path)
    slots = [marks.enter("tea", f"place {number}", "hook") for number in range(SLOTS + 5)]
    assert len(read_marks(marks.path)) == SLOTS
    for slot in slots:
        marks.leave(slot)
    assert read_marks(marks.path) == []
    marks.close()


def test_threads_do_not_disturb_one_another(tmp_path: Path) -> None:
    marks = Marks(tmp_path)

    def work() -> None:
        for _ in range(2000):
            marks.leave(marks.enter("tea", "desk_ticket_panels", "hook"))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_marks(marks.path) == []
    marks.close()


DIES = """
import os, sys
from pathlib import Path
from deskcore.plugin.marks import Marks
marks = Marks(Path(sys.argv[1]))
marks.enter("tea", "desk_ticket_panels", "hook")
sys.argv[2] == "suddenly" and os._exit(1)
"""


def run_dying(folder: Path, how: str) -> None:
    subprocess.run([sys.executable, "-c", DIES, str(folder), how], check=False)


def test_a_mark_outlives_a_sudden_death_and_is_known_to_be_abandoned(tmp_path: Path) -> None:
    run_dying(tmp_path, "suddenly")
    (path,) = tmp_path.glob("*.mark")
    assert is_abandoned(path)
    assert [mark.slug for mark in read_marks(path)] == ["tea"]


def test_an_orderly_exit_leaves_no_mark(tmp_path: Path) -> None:
    run_dying(tmp_path, "orderly")
    assert list(tmp_path.glob("*.mark")) == []


def test_marks_of_a_living_process_are_not_abandoned(tmp_path: Path) -> None:
    marks = Marks(tmp_path)
    assert not is_abandoned(marks.path)
    marks.close()


def test_a_forked_child_does_not_touch_its_parents_marks(tmp_path: Path) -> None:
    marks = Marks(tmp_path)
    slot = marks.enter("tea", "import", "import")
    pid = os.fork()
    if pid == 0:
        marks.enter("coffee", "import", "import")
        marks.leave(slot)
        marks.close()
        os._exit(0)
    os.waitpid(pid, 0)
    assert [mark.slug for mark in read_marks(marks.path)] == ["tea"]
    assert not is_abandoned(marks.path)
    marks.close()


def test_damaged_marks_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "1.mark"
    path.write_bytes(b"\xff\xfe|hook|tea" + b"9|hook|tea|half written" + b"\0" * 300)
    assert read_marks(path) == []
