"""Settings as typed frozen classes; forms, storage and docs are made from the declaration.

::

    class EmailSettings(PluginSettings):
        imap_host: str = setting("IMAP server", help="For example imap.example.com")
        imap_port: int = setting("Port", default=993, min=1, max=65535)
        password: Secret = setting("Password")

A field without a default is required. Reading and writing live in ``stored.py``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass
from datetime import timedelta
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
    overload,
)

from deskcore.errors import Problem
from deskcore.plugin.secret import Secret

if TYPE_CHECKING:  # channels have settings, so these import this module
    from deskcore.plugin.channel import HealthCheck
    from deskcore.plugin.net import Net

Kind = Literal["text", "whole", "switch", "number", "duration", "choice", "secret"]
Value = str | int | bool | float | timedelta | Secret
Bound = int | float | timedelta | None

_METADATA_KEY = "deskcore.setting"
_KIND_BY_TYPE: dict[type, Kind] = {
    str: "text",
    int: "whole",
    bool: "switch",
    float: "number",
    timedelta: "duration",
    Secret: "secret",
}
_EMPTY_BY_KIND: dict[Kind, Value] = {
    "text": "",
    "whole": 0,
    "switch": False,
    "number": 0.0,
    "duration": timedelta(0),
    "secret": Secret(),
}

_T = TypeVar("_T", bound=Value)


@dataclass(frozen=True, kw_only=True)
class _Declared:
    """What ``setting()`` was told, until the class knows the field's name and type."""

    label: str
    help: str
    min: Bound
    max: Bound
    choices: Mapping[str, str] | None
    multiline: bool
    advanced: bool


@dataclass(frozen=True, kw_only=True)
class SettingField:
    """One setting as forms, storage and docs need it.

    ``min`` and ``max`` bound the value, for text its length. ``choices`` are (value, label).
    ``default`` is an empty value of the right type when the field is required. ``advanced``
    fields stay folded away until somebody asks for them.
    """

    name: str
    label: str
    help: str
    kind: Kind
    default: Value
    required: bool
    min: Bound = None
    max: Bound = None
    choices: tuple[tuple[str, str], ...] = ()
    multiline: bool = False
    advanced: bool = False

    @property
    def secret(self) -> bool:
        """Whether the value must never be shown again."""
        return self.kind == "secret"


@overload
def setting(
    label: str,
    *,
    default: _T,
    help: str = ...,
    min: Bound = ...,
    max: Bound = ...,
    choices: Mapping[str, str] | None = ...,
    multiline: bool = ...,
    advanced: bool = ...,
) -> _T: ...
@overload
def setting(
    label: str,
    *,
    help: str = ...,
    min: Bound = ...,
    max: Bound = ...,
    choices: Mapping[str, str] | None = ...,
    multiline: bool = ...,
    advanced: bool = ...,
) -> Any: ...  # noqa: ANN401  # stands for the annotated type, as dataclasses.field does
def setting(  # noqa: PLR0913  one keyword for each thing an author may say
    label: str,
    *,
    default: object = MISSING,
    help: str = "",
    min: Bound = None,
    max: Bound = None,
    choices: Mapping[str, str] | None = None,
    multiline: bool = False,
    advanced: bool = False,
) -> object:
    """Declare one setting in a ``PluginSettings`` class; required unless it has a *default*.

    *choices* maps values to labels, for a field of type ``Literal`` or ``str``. *advanced* folds
    the field away: most people never need it.
    """
    declared = _Declared(
        label=label,
        help=help,
        min=min,
        max=max,
        choices=choices,
        multiline=multiline,
        advanced=advanced,
    )
    return dataclasses.field(default=default, metadata={_METADATA_KEY: declared})


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(setting,))
class PluginSettings:
    """Base of every settings class: frozen, built with keyword arguments."""

    __setting_fields__: tuple[SettingField, ...] = ()

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, kw_only=True)(cls)
        hints = get_type_hints(cls)
        cls.__setting_fields__ = tuple(
            _describe(cls, field, hints[field.name])
            for field in dataclasses.fields(cls)  # type: ignore[arg-type]  # made just above
        )

    @classmethod
    def suggest(cls, address: str) -> Mapping[str, Value]:
        """Guess values from the address a new account is for; what is typed always wins."""
        return {}

    def problems(self) -> Iterable[Problem]:
        """Say what is wrong between fields; single fields are checked by their declaration."""
        return ()

    def check(self, net: Net) -> Iterable[HealthCheck]:
        """Try them before they are kept: sign in, look; called in the worker, outside transactions.

        A line that is not ``ok`` keeps them from being stored; its ``name`` is that of the field to
        blame, or anything else. ``TryLater`` and the like are such lines, too. For the settings of
        ``desk_settings`` only: those of a channel are tried by the channel.
        """
        return ()

    @classmethod
    def can_be_checked(cls) -> bool:
        """Whether the class has a ``check`` of its own."""
        return cls.check is not PluginSettings.check


def fields(settings: type[PluginSettings] | PluginSettings) -> tuple[SettingField, ...]:
    """List the settings of a class in the order they were declared."""
    return settings.__setting_fields__


def _describe(cls: type, field: dataclasses.Field[Any], hint: object) -> SettingField:
    declared = field.metadata.get(_METADATA_KEY)
    if not isinstance(declared, _Declared):
        raise TypeError(f"{cls.__name__}.{field.name} must be declared with setting(...)")
    choices = _choices(hint, declared.choices)
    kind = "choice" if choices else _KIND_BY_TYPE.get(hint) if isinstance(hint, type) else None
    if kind is None:
        raise TypeError(f"{cls.__name__}.{field.name}: settings cannot have the type {hint!r}")
    required = field.default is MISSING
    default: Value = choices[0][0] if choices else _EMPTY_BY_KIND[kind]
    if field.default is not MISSING:
        default = field.default
    return SettingField(
        name=field.name,
        label=declared.label,
        help=declared.help,
        kind=kind,
        default=default,
        required=required,
        min=declared.min,
        max=declared.max,
        choices=choices,
        multiline=declared.multiline,
        advanced=declared.advanced,
    )


def _choices(hint: object, labels: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    """Pair values with labels; a ``Literal`` without labels shows its values."""
    if get_origin(hint) is Literal:
        values = [str(value) for value in get_args(hint)]
    else:
        values = list(labels or ())
    return tuple((value, (labels or {}).get(value, value)) for value in values)
