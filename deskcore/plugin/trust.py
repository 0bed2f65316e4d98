"""Which certificates are trusted: contexts for TLS, made once for each plugin and purpose.

Reading the machine's authorities takes 20 ms and 0.8 MB, and a mailbox connects again and again. A
context belongs to one plugin, so that what that plugin sets on it meets nobody else.
"""

from __future__ import annotations

import ssl
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock

_MAKING = Lock()


def context_for(user: str, *, verify: bool) -> ssl.SSLContext:
    """Return the context of *user*; a new one when the machine's authorities were changed."""
    make = _strict if verify else _lenient
    with _MAKING:  # mailboxes connect at the same moment when the desk starts
        return make(user, _changed_ns())


@lru_cache(maxsize=100)
def _strict(_user: str, _of_ns: int) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@lru_cache(maxsize=100)
def _lenient(_user: str, _of_ns: int) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _changed_ns() -> int:
    """Return when the file of authorities was written; those in a folder are read as they are met."""
    where = ssl.get_default_verify_paths().cafile
    with suppress(OSError):
        return Path(where).stat().st_mtime_ns if where else 0
    return 0
