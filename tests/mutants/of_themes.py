"""Guards of themes and looks: whatever they do, pages are there and legible."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="a theme that fails is what the visitor gets",
        path="deskcore/theme/wearing.py",
        guard="            html = draw(self.app.jinja_env)  # when this fails, the theme is not to blame",
        instead="            raise",
        test="tests/themes/test_broken.py",
    ),
    Mutant(
        name="a theme fails for ever",
        path="deskcore/services/theme_records.py",
        guard="FAILURES_ALLOWED = 3",
        instead="FAILURES_ALLOWED = 3_000",
        test="tests/themes/test_broken.py",
    ),
    Mutant(
        name="a theme makes a page without an end",
        path="deskcore/theme/loader.py",
        guard="            if room < 0 or len(made) > MOST_PIECES:",
        instead="            if False:",
        test="tests/themes/test_broken.py",
    ),
    Mutant(
        name="a theme dresses the administration",
        path="deskcore/theme/loader.py",
        guard='(r"(?:plugins/[a-z][a-z0-9_]+/)?(?:public|mail)/[\\w/-]+\\.(?:html|txt)")',
        instead='(r".+")',
        test="tests/themes/test_layers.py",
    ),
    Mutant(
        name="safe mode wears a theme",
        path="deskcore/theme/wearing.py",
        guard="    elif is_safe_mode(config.instance, configured=config.safe_mode):",
        instead="    elif False:",
        test="tests/themes/test_layers.py",
    ),
    Mutant(
        name="a theme lays a sheet over the Send button",
        path="deskcore/authoring/theme_check/seen.py",
        guard="pointer-events: auto !important",
        instead="",
        test="tests/themes/test_check.py",
    ),
    Mutant(
        name="a theme whose check finds an error is worn",
        path="deskcore/services/theme_life.py",
        guard="    if not theme_checks.errors(findings):",
        instead="    if True:",
        test="tests/web/test_themes.py",
    ),
    Mutant(
        name="a theme's sheet fetches from elsewhere",
        path="deskcore/theme/sheets.py",
        guard="        elif (address := _address(node)) and not is_own(address):",
        instead="        elif False:",
        test="tests/themes/test_sheets.py",
    ),
    Mutant(
        name="a theme's sheet dresses the administration",
        path="deskcore/web/dressing.py",
        guard='surface == "public" or request.blueprint in AGENT_AREAS',
        instead="True",
        test="tests/themes/test_sheets.py",
    ),
)
