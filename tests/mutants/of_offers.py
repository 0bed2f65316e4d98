"""Guards of the plugin that offers what fits."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_SUGGESTING = "tests/cross_sell/test_suggesting.py"

MUTANTS = (
    Mutant(
        name="an offer is made on a complaint",
        path="plugins/cross_sell/manners.py",
        guard="    if is_complaint(said, settings):\n",
        instead="    if not said:\n",
        test=_SUGGESTING,
    ),
    Mutant(
        name="an offer is made after a low rating",
        path="plugins/cross_sell/manners.py",
        guard="    if any(has_low_rating(each.fields, settings) for each in recent):\n",
        instead="    if not recent:\n",
        test=_SUGGESTING,
    ),
    Mutant(
        name="what is not in stock is offered",
        path="plugins/cross_sell/matching.py",
        guard="product.key in spoken_of or product.key in found or not is_there",
        instead="product.key in spoken_of or product.key in found",
        test=_SUGGESTING,
    ),
    Mutant(
        name="a customer who wants no offers gets some",
        path="plugins/cross_sell/suggesting.py",
        guard="    if past.opted_out_at is not None:\n",
        instead="    if not past:\n",
        test=_SUGGESTING,
    ),
    Mutant(
        name="the same is offered twice to a customer",
        path="plugins/cross_sell/suggesting.py",
        guard="        return not past.rests(offer.id, product.key, ticket.id, since=since)\n",
        instead="        return bool(offer or product)\n",
        test=_SUGGESTING,
    ),
    Mutant(
        name="the link of an offer leads where it is told",
        path="plugins/cross_sell/checking.py",
        guard='    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not has_blank\n',
        instead="    return bool(parts) or has_blank\n",
        test="tests/cross_sell/test_offers.py",
    ),
    Mutant(
        name="a difference is told from too little data",
        path="plugins/cross_sell/statistics.py",
        guard="    return min(expected) >= FEWEST_EXPECTED\n",
        instead="    return bool(expected)\n",
        test="plugins/cross_sell/tests/test_statistics.py",
    ),
    Mutant(
        name="customers of both shares are compared",
        path="plugins/cross_sell/results.py",
        guard="        .having(func.max(in_control) == func.min(in_control))\n",
        instead="",
        test="tests/cross_sell/test_results.py",
    ),
    Mutant(
        name="a copied link tells what another customer did with an offer",
        path="plugins/cross_sell/remarks.py",
        guard=".where(CHANCES.c.token.in_(tokens), theirs)",
        instead=".where(CHANCES.c.token.in_(tokens))",
        test="tests/cross_sell/test_remarks.py",
    ),
)
