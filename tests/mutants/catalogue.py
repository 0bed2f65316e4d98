"""The guards that promises rest on, how each is taken out, and the test that must notice."""

from __future__ import annotations

from tests.mutants import (
    of_authors,
    of_desk,
    of_forms,
    of_kinds,
    of_looks,
    of_mail,
    of_networks,
    of_offers,
    of_people,
    of_public,
    of_shelf,
    of_stock,
    of_telegram,
    of_themes,
    of_xmpp,
)
from tests.mutants.mutant import Mutant

__all__ = ["MUTANTS", "Mutant"]

MUTANTS = (
    *of_authors.MUTANTS,
    *of_desk.MUTANTS,
    *of_forms.MUTANTS,
    *of_kinds.MUTANTS,
    *of_looks.MUTANTS,
    *of_mail.MUTANTS,
    *of_networks.MUTANTS,
    *of_offers.MUTANTS,
    *of_people.MUTANTS,
    *of_public.MUTANTS,
    *of_shelf.MUTANTS,
    *of_stock.MUTANTS,
    *of_telegram.MUTANTS,
    *of_themes.MUTANTS,
    *of_xmpp.MUTANTS,
)
