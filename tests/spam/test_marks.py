"""Marks of mail servers before subjects: judged here anew, and never shown to customers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from deskcore.models import InboundItem, Ticket
from deskcore.services.unit import reading
from plugins.spam import desk_inbound_prepare
from tests.spam.mails import Shop
from tests.spam.test_tokens import message


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("*****SPAM***** Where is my kettle?", "Where is my kettle?"),
        ("[SPAM] Re: Чайник", "Re: Чайник"),
        ("{Spam?} [spam?]  Kde je konvička?", "Kde je konvička?"),
        ("[Possible Spam] Kettle", "Kettle"),
        ("Spam with eggs", "Spam with eggs"),
        ("Re: [SPAM] Kettle", "Re: [SPAM] Kettle"),
        ("[SPAM] ", "[SPAM] "),
        ("", ""),
    ],
)
def test_desk_inbound_prepare_leaves_what_the_writer_wrote(marked: str, plain: str) -> None:
    told = replace(message("Hello"), subject=marked)
    assert desk_inbound_prepare(told).subject == plain


def test_a_marked_mail_is_filed_under_its_own_subject_and_kept_as_it_came(shop: Shop) -> None:
    shop.receive("Hello", subject="***SPAM*** Kettle")
    with reading() as session:
        assert session.scalars(select(Ticket.subject)).one() == "Kettle"
        assert session.scalars(select(InboundItem.state)).one() == "filed"
