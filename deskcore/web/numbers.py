"""Numbers in addresses and forms: a stranger may write any, a database holds 63 bits."""

from __future__ import annotations

import re

from flask import Flask
from werkzeug.routing import IntegerConverter

_WHOLE = re.compile(r"\s{0,9}([0-9]{1,18})\s{0,9}")


def whole(text: object) -> int:
    """Read a number that can be a row's; for ``request.form.get(name, type=whole)`` and fields.

    Raises ValueError for everything else, so that a form's default is taken.
    """
    found = _WHOLE.fullmatch(str(text))
    if found is None:
        raise ValueError
    return int(found[1])


class RowNumber(IntegerConverter):
    """``<int:…>`` of every route: what cannot be a row's number is no address of ours."""

    regex = "[0-9]{1,18}"


def init_addresses(app: Flask) -> None:
    """Take addresses only as the desk writes them; call before routes are registered."""
    app.url_map.converters = {**app.url_map.converters, "int": RowNumber}
    # Joined slashes would be answered by a redirect to whatever host the request claims.
    app.url_map.merge_slashes = False
