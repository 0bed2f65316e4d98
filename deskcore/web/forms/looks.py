"""The form of the desk's looks."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import FileField, RadioField, SelectField, StringField, TextAreaField

from deskcore.domain.appearance import PRESETS, Appearance
from deskcore.i18n import LANGUAGES
from deskcore.web.forms.base import DeskForm, text_of
from deskcore.web.numbers import whole

PRESET_NAMES = {
    "pine": _("Pine"),
    "petrol": _("Petrol"),
    "cobalt": _("Cobalt"),
    "aubergine": _("Aubergine"),
    "brick": _("Brick"),
    "graphite": _("Graphite"),
}
ACCENT_NAMES = {"theme": _("As the theme"), "own": _("Our own")}
CORNER_NAMES = {
    "": _("As the theme"),
    "sharp": _("Sharp"),
    "soft": _("Soft"),
    "round": _("Round"),
}
FONT_NAMES = {
    "": _("As the theme"),
    "system": _("The device’s own"),
    "humanist": _("Humanist"),
    "geometric": _("Geometric"),
    "rounded": _("Rounded"),
    "serif": _("Old serif"),
    "book": _("Book serif"),
    "slab": _("Slab serif"),
    "mono": _("Typewriter"),
}
DENSITY_NAMES = {
    "comfortable": _("Comfortable"),
    "cosy": _("Cosy"),
    "compact": _("Compact"),
}
SCHEME_NAMES = {"auto": _("As the device"), "light": _("Light"), "dark": _("Dark")}
CONTRAST_NAMES = {"normal": _("Normal"), "more": _("More")}
_WRONG_NUMBER = -1


def _named(names: Mapping[str, object]) -> dict[str, str]:
    """Return choices in the reader's language."""
    return {key: str(name) for key, name in names.items()}


class LookForm(DeskForm):
    """Everything an owner chooses of the looks; texts stand in one field for each language."""

    logo = FileField(
        _("Logo"),
        description=_(
            "PNG, JPEG, WebP or SVG, at most 150 kB. It stands at the top of public pages."
        ),
    )
    accent = RadioField(
        _("Accent colour"),
        choices=lambda: _named(ACCENT_NAMES),
        default="theme",
    )
    hue = StringField(_("Hue"))
    strength = StringField(_("Strength"))
    corner = SelectField(_("Corners"), choices=lambda: _named(CORNER_NAMES), validate_choice=False)
    font = SelectField(
        _("Font"),
        choices=lambda: _named(FONT_NAMES),
        description=_("Readers have these already, so no page waits for one."),
        validate_choice=False,
    )
    contrast = SelectField(
        _("Contrast"),
        choices=lambda: _named(CONTRAST_NAMES),
        description=_("Whoever asks their device for more contrast gets it anyhow."),
        validate_choice=False,
    )
    scheme = SelectField(
        _("Light or dark"),
        choices=lambda: _named(SCHEME_NAMES),
        description=_("For public pages. Agents choose theirs under “Your account”."),
        validate_choice=False,
    )
    density = SelectField(
        _("Density"),
        choices=lambda: _named(DENSITY_NAMES),
        description=_("For public pages. Agents choose theirs under “Your account”."),
        validate_choice=False,
    )
    css = TextAreaField(
        _("Own CSS"),
        description=_("For public pages only. It cannot fetch pictures, fonts or other files."),
        render_kw={"rows": 6, "spellcheck": "false", "dir": "ltr", "class": "code"},
    )


for _code, _language in LANGUAGES.items():
    setattr(
        LookForm,
        f"header_{_code}",
        StringField(_("Line at the top, in %(language)s", language=_language)),
    )
    setattr(
        LookForm,
        f"footer_{_code}",
        TextAreaField(_("Text at the foot, in %(language)s", language=_language)),
    )


def filled_form(appearance: Appearance) -> LookForm:
    """Make the form as it stands for these choices, whatever was sent."""
    values: dict[str, object] = {
        "accent": "own" if appearance.has_accent else "theme",
        "hue": appearance.hue,
        "strength": appearance.strength,
        "corner": appearance.corner,
        "font": appearance.font,
        "contrast": appearance.contrast,
        "scheme": appearance.scheme,
        "density": appearance.density,
        "css": appearance.css,
        **{f"header_{code}": text for code, text in appearance.header.items()},
        **{f"footer_{code}": text for code, text in appearance.footer.items()},
    }
    return LookForm(formdata=None, **values)


def wished(form: LookForm) -> Appearance:
    """Return the choices that were sent; a preset that was pressed is one of them."""
    preset = {each.key: each for each in PRESETS}.get(request.form.get("preset", ""))
    hue = request.form.get("hue", _WRONG_NUMBER, type=whole)
    strength = request.form.get("strength", _WRONG_NUMBER, type=whole)
    return Appearance(
        has_accent=bool(preset) or text_of(form.accent) == "own",
        hue=preset.hue if preset else hue,
        strength=preset.strength if preset else strength,
        corner=text_of(form.corner),
        font=text_of(form.font),
        contrast=text_of(form.contrast),
        scheme=text_of(form.scheme),
        density=text_of(form.density),
        header=_texts("header"),
        footer=_texts("footer"),
        css=text_of(form.css).replace("\r\n", "\n").strip(),
    )


def _texts(place: str) -> Mapping[str, str]:
    sent = {code: request.form.get(f"{place}_{code}", "") for code in LANGUAGES}
    tidy = {code: text.replace("\r\n", "\n").strip() for code, text in sent.items()}
    return {code: text for code, text in tidy.items() if text}
