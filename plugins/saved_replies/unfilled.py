"""An answer in which a placeholder still stands does not leave the desk."""

from __future__ import annotations

from deskcore.api import Problem, _, placeholders_in
from deskcore.api.data import placeholders
from plugins.saved_replies.replies import all_placeholders


def problems(text: str) -> list[Problem]:
    """Object to placeholders that are the desk's, or were put in with a saved reply.

    Braces of somebody else's, as in an answer about templates of a web shop, are left alone.
    """
    names = placeholders_in(text)
    known = {each.name for each in placeholders()} if names else set()
    if not known.issuperset(names):
        known |= all_placeholders()
    left = [f"{{{{{name}}}}}" for name in names if name in known]
    if not left:
        return []
    message = _(
        "Nothing was sent; your text is kept. Replace what still stands in braces: %(names)s.",
        names=", ".join(left),
    )
    return [Problem(field="body", message=message)]
