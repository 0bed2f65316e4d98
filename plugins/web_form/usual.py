"""The fields that a new form has, so that it can be used at once; its words are the plugin's own."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.web_form.shapes import EMAIL, MESSAGE, NAME, SUBJECT, Kind


@dataclass(frozen=True, kw_only=True)
class _Usual:
    key: str
    kind: Kind
    is_required: bool = False


# The fewest that an answer needs; the order number helps whoever has one, and stops nobody else.
_FIELDS = (
    _Usual(key=NAME, kind="text"),
    _Usual(key=EMAIL, kind="email", is_required=True),
    _Usual(key=SUBJECT, kind="text", is_required=True),
    _Usual(key="order_number", kind="text"),
    _Usual(key=MESSAGE, kind="long", is_required=True),
    _Usual(key="files", kind="file"),
)


def rows(form_id: int) -> list[dict[str, object]]:
    """Return them as rows of a form."""
    return [
        {
            "form_id": form_id,
            "key": each.key,
            "kind": each.kind,
            "position": position,
            "is_required": each.is_required,
            "texts": {},
            "choices": [],
            "accepts": "any",
            "when_key": "",
            "when_value": "",
        }
        for position, each in enumerate(_FIELDS)
    ]
