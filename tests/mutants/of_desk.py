"""Guards of processes and plugins: nobody takes the desk down."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="a piece of a page is kept for readers of every language",
        path="deskcore/theme/kept.py",
        guard="key = (template, page_language(), *values.values())",
        instead="key = (template, *values.values())",
        test="tests/theme/test_kept.py",
    ),
    Mutant(
        name="a page goes on reading what was before its own change",
        path="deskcore/services/unit.py",
        guard="shared.rollback()  # whoever reads on must see what was written",
        instead="pass",
        test="tests/services/test_unit.py",
    ),
    Mutant(
        name="a plugin's sys.exit() gets out of its hook",
        path="deskcore/plugin/guard.py",
        guard="except (Exception, SystemExit) as error:",
        instead="except Exception as error:",
        test="tests/plugin/test_guard.py",
    ),
    Mutant(
        name="a changed role leaves the sessions of before",
        path="deskcore/services/users.py",
        guard='        _keep_an_owner(unit.session, field="role")\n        end_sessions(unit, user.id)',
        instead='        _keep_an_owner(unit.session, field="role")',
        test="tests/web/test_confirming.py",
    ),
    Mutant(
        name="agents read a report that may quote a link",
        path="deskcore/services/attention.py",
        guard="if not actor.is_admin:",
        instead="if not actor.role:",
        test="tests/services/test_notices.py",
    ),
    Mutant(
        name="a plugin reaches the private network",
        path="deskcore/plugin/net.py",
        guard="            self._check_address(host, address)\n",
        instead="            pass\n",
        test="tests/plugin/test_net.py",
    ),
    Mutant(
        name="a page hook reaches the network",
        path="deskcore/plugin/net.py",
        guard="        self._require_open()\n",
        instead="",
        test="tests/plugin/test_net.py",
    ),
    Mutant(
        name="a plugin's answer of the wrong type is used",
        path="deskcore/plugin/manager.py",
        guard="    if not isinstance(item, kind):",
        instead="    if item is None:",
        test="tests/plugin/test_manager.py",
    ),
    Mutant(
        name="a child told to stop at its fork lives on",
        path="deskcore/serve.py",
        guard="        signal.pthread_sigmask(signal.SIG_BLOCK, HEEDED)\n",
        instead="",
        test="tests/process/test_stopping.py::test_a_child_told_to_stop_while_it_is_born_does_not_live_on",
    ),
    Mutant(
        name="a desk that prepares cannot be stopped",
        path="deskcore/serve.py",
        guard="                os.kill(pid, signal.SIGTERM)\n",
        instead="                pass\n",
        test="tests/process/test_stopping.py::test_a_desk_that_waits_for_its_database_can_be_stopped",
    ),
    Mutant(
        name="preparing that was told to stop is taken for a failure",
        path="deskcore/serve.py",
        guard="        if code == -signal.SIGTERM:",
        instead="        if False:",
        test="tests/process/test_stopping.py::test_a_desk_that_waits_for_its_database_can_be_stopped",
    ),
    Mutant(
        name="a worker sleeps on when another thread has the signal",
        path="deskcore/signals.py",
        guard="    signal.set_wakeup_fd(writing)\n    for number in numbers:\n        signal.signal(number, _nothing)\n",
        instead="    for number in numbers:\n        signal.signal(number, lambda heard, _: os.write(writing, bytes([heard])))\n",
        test="tests/process/test_stopping.py::test_a_worker_ends_whichever_thread_the_signal_wakes_and_whatever_a_plugin_left_running",
    ),
    Mutant(
        name="a plugin's thread keeps a child from ending",
        path="deskcore/serve.py",
        guard="            _leave()\n",
        instead="            raise SystemExit(os.EX_OK)\n",
        test="tests/process/test_stopping.py::test_a_worker_ends_whichever_thread_the_signal_wakes_and_whatever_a_plugin_left_running",
    ),
    Mutant(
        name="a child that does not stop outlives its parent",
        path="deskcore/serve.py",
        guard="    os.kill(os.getpid(), signal.SIGKILL)\n",
        instead="",
        test="tests/process/test_stopping.py::test_a_child_that_does_not_stop_is_killed_when_its_parent_is_gone",
    ),
    Mutant(
        name="text with NUL reaches the database",
        path="deskcore/db.py",
        guard="    return statement, _storable(parameters)",
        instead="    return statement, parameters",
        test="tests/test_db.py",
    ),
)
