"""Guards of the pages that customers see: a key opens its request and nothing else."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

SERVICE = "tests/services/test_follow_up.py"
LETTERS = "tests/services/test_letters.py"
LINKS = "tests/services/test_request_links.py"
PAGES = "tests/web/public/test_request.py"

MUTANTS = (
    Mutant(
        name="a customer reads what was not meant for customers",
        path="deskcore/services/follow_up.py",
        guard="            Message.audience == Audience.CUSTOMER,",
        instead="            Message.audience != '',",
        test=SERVICE,
    ),
    Mutant(
        name="a customer reads what others on the ticket wrote",
        path="deskcore/services/follow_up.py",
        guard="            row.author_identity_id in ids",
        instead="            True",
        test=SERVICE,
    ),
    Mutant(
        name="a customer reads what an agent wrote to somebody else",
        path="deskcore/services/follow_up.py",
        guard="    return bool(to & addresses)",
        instead="    return True",
        test=SERVICE,
    ),
    Mutant(
        name="a customer reads an answer that can still be taken back",
        path="deskcore/services/follow_up.py",
        guard="        exists().where(of_message, Delivery.state.in_(SAID)),",
        instead="        exists().where(of_message),",
        test=SERVICE,
    ),
    Mutant(
        name="a link that was ended opens its request",
        path="deskcore/services/public_links.py",
        guard="            PublicLink.purpose == purpose,\n            PublicLink.ended_at.is_(None),",
        instead="            PublicLink.purpose == purpose,",
        test=SERVICE,
    ),
    Mutant(
        name="a link opens whatever else begins with its key",
        path="deskcore/services/public_links.py",
        guard="            PublicLink.digest == digest_of(key),",
        instead="            PublicLink.digest >= digest_of(key),",
        test=SERVICE,
    ),
    Mutant(
        name="a key of one kind opens what another kind does",
        path="deskcore/services/public_links.py",
        guard="            PublicLink.purpose == purpose,\n            PublicLink.ended_at.is_(None),",
        instead="            PublicLink.ended_at.is_(None),",
        test=LINKS,
    ),
    Mutant(
        name="a link opens a deleted request",
        path="deskcore/services/follow_up.py",
        guard="            Ticket.deleted_at.is_(None),",
        instead="            True,",
        test=SERVICE,
    ),
    Mutant(
        name="a link hands out files of other tickets",
        path="deskcore/services/follow_up.py",
        guard="                Attachment.public_id == public_id, Attachment.message_id.in_(ids)",
        instead="                Attachment.public_id == public_id",
        test=SERVICE,
    ),
    Mutant(
        name="an answer on a page goes to whatever ticket its words name",
        path="deskcore/services/filing.py",
        guard="    place = page_answers.find_place(unit.session, item) or threading.find_place(",
        instead="    place = threading.find_place(",
        test=SERVICE,
    ),
    Mutant(
        name="whoever is copied is mailed the link to the request",
        path="deskcore/services/mailed_links.py",
        guard="len(recipients) != 1",
        instead="not recipients",
        test=LETTERS,
    ),
    Mutant(
        name="a mailed link to one's requests is good for ever",
        path="deskcore/services/request_links.py",
        guard="        link.ended_at = unit.now",
        instead="        pass",
        test=LINKS,
    ),
    Mutant(
        name="strangers fill a customer's mailbox",
        path="deskcore/services/request_links.py",
        guard="    return identity if (sent or 0) < PER_HOUR else None",
        instead="    return identity",
        test=LINKS,
    ),
    Mutant(
        name="pages with a key in their address tell it to other sites",
        path="deskcore/web/security.py",
        guard='        response.headers["Referrer-Policy"] = "no-referrer"',
        instead="        pass",
        test=PAGES,
    ),
    Mutant(
        name="agents are named on pages whatever the owner chose",
        path="deskcore/web/follow_up_words.py",
        guard='    if names == "shop" or not name.strip():',
        instead="    if not name.strip():",
        test=PAGES,
    ),
    Mutant(
        name="a theme takes the words out of a mail",
        path="deskcore/theme/letters.py",
        guard='        raise LostWords("It leaves out what the mail says.")',
        instead="        return",
        test="tests/themes/test_letters.py",
    ),
)
