"""Guards of the bot's channel, and of what the desk does for all such networks."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_IN, _OUT = "tests/telegram/test_incoming.py", "tests/telegram/test_outgoing.py"

MUTANTS = (
    Mutant(
        name="a part that has arrived is sent again with the rest",
        path="deskcore/services/sending.py",
        guard="        if _SENT not in row.meta\n",
        instead="        if row.meta is not None\n",
        test=_OUT,
    ),
    Mutant(
        name="nobody waits for a turn",
        path="deskcore/services/sending.py",
        guard="        if wait_s:\n",
        instead="        if wait_s is None:\n",
        test=_OUT,
    ),
    Mutant(
        name="every picture of an album is a message",
        path="deskcore/services/filing.py",
        guard="    if (whole := gathering.join(unit, account, item, message)) is not None:\n",
        instead="    if (whole := None) is not None:\n",
        test=_IN,
    ),
    Mutant(
        name="an answer of Telegram's that was lost is taken for none",
        path="plugins/telegram/channel.py",
        guard="        except AnswerLost as failure:\n",
        instead="        except ZeroDivisionError as failure:\n",
        test=_OUT,
    ),
    Mutant(
        name="Telegram is told of updates before they are stored",
        path="plugins/telegram/incoming.py",
        guard="        self._stored = cursor\n",
        instead='        self._stored = "799999999"\n',
        test=_IN,
    ),
    Mutant(
        name="anybody pushes to a bot",
        path="plugins/telegram/incoming.py",
        guard="        if not self.own.token or not hmac.compare_digest(given.encode(), right.encode()):\n",
        instead="        if not self.own.token:\n",
        test="tests/web/test_telegram.py",
    ),
)
