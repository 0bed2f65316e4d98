"""Guards of the looks: what a stranger's theme and an owner's own CSS can do, and who sees a draft."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

TOKENS = "tests/services/test_theme_tokens.py"
OWN_CSS = "tests/services/test_own_css.py"
PAGE = "tests/web/looks/test_customize.py"
MUTANTS = (
    Mutant(
        name="a theme's colour reaches the sheet as it was written",
        path="deskcore/services/theme_tokens.py",
        guard="    return to_hex(colour)",
        instead="    return str(value)",
        test=TOKENS,
    ),
    Mutant(
        name="a theme's colour may be anything",
        path="deskcore/services/theme_tokens.py",
        guard="        raise ValueError(message) from None",
        instead="        return str(value)",
        test=TOKENS,
    ),
    Mutant(
        name="a theme's font may be any text",
        path="deskcore/services/theme_tokens.py",
        guard="    if not isinstance(value, str) or value not in FONTS:",
        instead="    if isinstance(value, str) and value not in FONTS:\n        return value\n    if not isinstance(value, str):",
        test=TOKENS,
    ),
    Mutant(
        name="a token that the desk does not know is taken",
        path="deskcore/services/theme_tokens.py",
        guard='        raise ValueError(_("The desk has no such token."))',
        instead="        return str(value)",
        test=TOKENS,
    ),
    Mutant(
        name="a length has no bounds",
        path="deskcore/services/theme_tokens.py",
        guard="    if not rule.least <= number <= rule.most:",
        instead="    if number != number:",
        test=TOKENS,
    ),
    Mutant(
        name="own CSS fetches from elsewhere",
        path="deskcore/services/own_css.py",
        guard='node.type == "url" or (node.type == "function" and node.lower_name in _FETCHING)',
        instead='node.type == "url"',
        test=OWN_CSS,
    ),
    Mutant(
        name="own CSS is looked at on the outside only",
        path="deskcore/services/own_css.py",
        guard='("prelude", "content", "arguments")',
        instead='("prelude",)',
        test=OWN_CSS,
    ),
    Mutant(
        name="own CSS imports",
        path="deskcore/services/own_css.py",
        guard="            if name not in _ALLOWED_RULES:",
        instead='            if name == "charset":',
        test=OWN_CSS,
    ),
    Mutant(
        name="own CSS goes out as it was typed, open brackets and all",
        path="deskcore/services/own_css.py",
        guard="    written: str = tinycss2.serialize(_rules(text))",
        instead="    written: str = text",
        test=OWN_CSS,
    ),
    Mutant(
        name="own CSS dresses agents' pages",
        path="deskcore/theme/looks.py",
        guard="    if surface == PUBLIC and appearance.css:",
        instead="    if appearance.css:",
        test=PAGE,
    ),
    Mutant(
        name="anybody sees the draft",
        path="deskcore/web/looks.py",
        guard="            and (user := signed_in_user()) is not None\n            and access.can(user.actor, appearance.PERMISSION)",
        instead="            and ((user := signed_in_user()) is None or bool(user))",
        test=PAGE,
    ),
    Mutant(
        name="the second of two people writes over the first",
        path="deskcore/services/appearance.py",
        guard="    if row.version != version:",
        instead="    if row.version < version:",
        test=PAGE,
    ),
    Mutant(
        name="an SVG keeps what points elsewhere",
        path="deskcore/services/logos.py",
        guard="            if _INSIDE.fullmatch(str(value)):",
        instead="            if value:",
        test="tests/services/test_logos.py",
    ),
    Mutant(
        name="an SVG keeps every attribute",
        path="deskcore/services/logos.py",
        guard="        elif str(name) in _ATTRIBUTES and _is_harmless(str(value)):",
        instead="        elif _is_harmless(str(value)):",
        test="tests/services/test_logos.py",
    ),
    Mutant(
        name="any stored file is handed out as a logo",
        path="deskcore/services/appearance.py",
        guard="    if not digest or content is None:",
        instead="    if content is None:\n        return files.read(digest), 'image/png'\n    if not digest:",
        test=PAGE,
    ),
)
