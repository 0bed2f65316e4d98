"""What an owner copies into a page of their site: pure text, each word of it escaped."""

from __future__ import annotations

from markupsafe import Markup


def frame(url: str, *, language: str, title: str) -> str:
    """Return the form in a frame of fixed height: without any script."""
    return str(
        Markup(
            '<iframe src="{url}?frame=1&amp;lang={language}" title="{title}" width="100%" '
            'height="1100" loading="lazy"></iframe>'
        ).format(url=url, language=language, title=title)
    )


def script(desk: str, slug: str, url: str, *, language: str, title: str) -> str:
    """Return the script that puts the form there as high as it is; without scripts, its frame."""
    loader = Markup(
        '<script src="{desk}/c/web_form/embed.js" data-form="{slug}" data-lang="{language}" '
        'data-title="{title}" async></script>'
    ).format(desk=desk, slug=slug, language=language, title=title)
    return f"{loader}\n<noscript>{frame(url, language=language, title=title)}</noscript>"
