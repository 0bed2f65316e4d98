"""What the parent of a quiet desk becomes: a program that waits for a signal and turns back.

It is run by its path and imports nothing of the desk, so that it weighs a few megabytes. The
children stay its children, and files stay open, through both changes of program. Arguments: the
command that turns it back, then ``--`` and the process ids of the children.

Signals come blocked. One that wakes it is sent to itself again, still blocked: it waits for the
program that comes next, which heeds it as if it had been there.
"""

import os
import signal
import sys

HEEDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGCHLD)


def main() -> None:
    """Wait, pass on an order to stop at once, and become the parent again."""
    # Ignored by default, and some systems throw away what would be ignored.
    signal.signal(signal.SIGCHLD, lambda *_: None)
    ends = sys.argv.index("--")
    number = signal.sigwait(HEEDED)
    if number in (signal.SIGTERM, signal.SIGINT):
        for pid in map(int, sys.argv[ends + 1 :]):
            os.kill(pid, signal.SIGTERM)  # not yet reaped, so nobody else has its number
    os.kill(os.getpid(), number)
    os.execv(sys.argv[1], sys.argv[1:ends])  # noqa: S606  the desk's own program, no shell


main()
