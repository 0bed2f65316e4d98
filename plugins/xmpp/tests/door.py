"""A port on this machine at which others knock: each is met in a thread, and all can be cut off."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from typing import Self

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER without waiting: the other side sees a reset


class Door:
    """Open it as a context manager; subclasses say how somebody is met, and how all are cut off."""

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._door.getsockname()[1])

    def meet(self, line: socket.socket) -> None:
        """Serve somebody who came, in a thread of their own."""
        raise NotImplementedError

    def drop(self) -> None:
        """Cut everybody off."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._door = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_ended: object) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.drop()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self.meet, args=(line,), daemon=True).start()


def reset(line: socket.socket) -> None:
    """Break a line without a word."""
    with suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    with suppress(OSError):
        line.shutdown(socket.SHUT_RD)
    line.close()
