"""Knowing a mail again when it comes by another way: its digest without the trace of its travel."""

from __future__ import annotations

from hashlib import sha256

# What relays and mailboxes add on top (RFC 5321, 4.4; RFC 5322, 3.6.7), different on each way.
_TRACE = (
    b"received:",
    b"return-path:",
    b"delivered-to:",
    b"x-original-to:",
    b"x-delivered-to:",
    b"envelope-to:",
    b"x-envelope-to:",
    b"x-received:",
)


def mail_fingerprint(content: bytes) -> str:
    """Return the digest of a mail less its leading trace headers, in hexadecimal.

    Only headers that stand before the first other one are left out: what the sender wrote, in
    whatever order, always counts. Line ends may differ.
    """
    lines = content.replace(b"\r\n", b"\n").split(b"\n")
    start = 0
    while start < len(lines) and lines[start].lower().startswith(_TRACE):
        start += 1
        while start < len(lines) and lines[start][:1] in {b" ", b"\t"}:
            start += 1
    return sha256(b"\n".join(lines[start:])).hexdigest()
