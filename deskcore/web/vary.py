"""Says what an answer depends on, for whatever keeps answers between us and the browser."""

from __future__ import annotations

from flask import Response


def vary_on(response: Response, *names: str) -> None:
    """Add request headers to ``Vary``; the library's set is parsed and written for each of them."""
    there = response.headers.get("Vary", "")
    known = {name.strip().lower() for name in there.split(",")}
    added = [name for name in names if name.lower() not in known]
    if added:
        response.headers["Vary"] = ", ".join([there, *added] if there else added)
