"""Guards of web forms: against robots, doubles, other sites, and losing what somebody wrote."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        name="a web form asks for no work",
        path="plugins/web_form/proof.py",
        guard='    if not is_worked and (page.stage != "checked" or page.digest != digest):',
        instead="    if not page:",
        test="tests/web_form/test_robots.py",
    ),
    Mutant(
        name="work for one page is good for another",
        path="plugins/web_form/proof.py",
        guard='    if not isinstance(salt, str) or not salt.startswith(f"{page.key}?"):',
        instead="    if not isinstance(salt, str):",
        test="tests/web_form/test_robots.py",
    ),
    Mutant(
        name="whoever runs no scripts sends as much as they like",
        path="plugins/web_form/public_views.py",
        guard='    if not within_limit(f"{SLUG} {name}", most=most, within=_HOUR):',
        instead="    if most < 0:",
        test="tests/web_form/test_robots.py",
    ),
    Mutant(
        name="a web form that is sent twice is two tickets",
        path="deskcore/services/page_tickets.py",
        guard="external_id=_name(slug, written.key), number=number",
        instead='external_id=_name(slug, f"{written.key}{number}"), number=number',
        test="tests/web_form/test_sending.py",
    ),
    Mutant(
        name="every site may show a web form",
        path="deskcore/web/security.py",
        guard='framed_by = " ".join(("frame-ancestors \'self\'", *g.get("desk_framed_by", ())))',
        instead='framed_by = "frame-ancestors *"',
        test="tests/web_form/test_embedding.py",
    ),
    Mutant(
        name="a web form lists what is no site",
        path="plugins/web_form/building.py",
        guard="    strange = [site for site in wanted.sites if not _SITE.fullmatch(site)]",
        instead="    strange: list[str] = []",
        test="tests/web_form/test_embedding.py",
    ),
    Mutant(
        name="a page of a plugin is open while the pages for customers are closed",
        path="deskcore/web/public_pages.py",
        guard="        refuse_closed()\n",
        instead="",
        test="tests/web_form/test_embedding.py",
    ),
    Mutant(
        name="a web form in doubt is among all others",
        path="plugins/web_form/verdict.py",
        guard="    if doubt not in _REASONS:",
        instead="    if doubt or not doubt:",
        test="tests/web_form/test_sending.py",
    ),
    Mutant(
        name="files are lost with an error elsewhere in a web form",
        path="plugins/web_form/posted.py",
        guard="    if page_key:\n",
        instead="    if not page_key:\n",
        test="tests/web_form/test_sending.py",
    ),
)
