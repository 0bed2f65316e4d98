"""What each cell must answer: from the right of its route, who asks, and whose the object is."""

from __future__ import annotations

from tests.matrix.routes import RIGHT_OF
from tests.matrix.survey import Seen
from tests.matrix.world import PEOPLE, STRANGERS, VISITORS, may

SIGN_IN, SIGN_IN_PART, REFUSED, NOTHING = 303, 401, 403, 404
SHOWN, DONE, UNCHANGED, NOT_TAKEN, UNSIGNED = 200, 303, 204, 422, 401
FAILED = 500

# Forms whose answer is a page or a word, and pages that lead on.
OWN = {
    "inbox.home": DONE,
    "careful.parcel": DONE,
    # What a plugin may not do ends in an error page, and in its list of faults.
    "forgetful.count": FAILED,
    "forgetful.tidy": FAILED,
    "forgetful.drawer": FAILED,
    "forgetful.line": FAILED,
    "forgetful.on": FAILED,
    "forgetful.on_plainly": FAILED,
    "requests.mine": DONE,  # nobody of them has come by a mailed link
    "people.send_invitation": SHOWN,
    "people.renew_invitation": SHOWN,
    "people.make_reset_link": SHOWN,
    "new_ticket.save_draft": SHOWN,
    "privacy.export": SHOWN,
    "second_factor.finish_set_up": SHOWN,
    "second_factor.renew_codes": SHOWN,
    "replies.save_draft": SHOWN,
    "audit.export": SHOWN,
    "rescue.report": SHOWN,
    "themes.check": SHOWN,
    "stock_notes_tell.look": SHOWN,
    "cross_sell_card.seen": UNCHANGED,
    "cross_sell_links.press": SHOWN,
    "cross_sell_links.no_more": SHOWN,
    "rescue.use_key": NOT_TAKEN,
    "web_form.try_out": SHOWN,
}
# What is sent there tells an app's address nothing of whose it is.
NAMES_NO_ACCOUNT = "incoming.app_push"
# Forms that say the same whatever they name: "it is ended", "if it was an invitation, …".
SILENT = {"me.end_session": DONE, "auth.ask_for_invitation": DONE}

SPECIAL = {(role, "auth.sign_in"): DONE for role in PEOPLE} | {
    # There is no mailbox to write from.
    ("agent_none", "new_ticket.start"): NOT_TAKEN,
    # No site of theirs gets reviews pasted in.
    ("agent_none", "reviews.take_in"): NOT_TAKEN,
    # Whoever waits does so in tickets that they may not see.
    ("agent_none", "stock_notes_tell.confirm"): NOT_TAKEN,
    ("at_set_up", "second_factor.finish_first_set_up"): SHOWN,
    # What is taken back was taken by a customer of the other mailbox.
    ("agent_b", "cross_sell_card.not_taken"): NOTHING,
}
# The steps of sign-in: whoever does not owe them is sent to its beginning.
SPECIAL |= {(role, "second_factor.code"): DONE for role in VISITORS if role != "at_code"}
SPECIAL |= {(role, "second_factor.first_set_up"): DONE for role in VISITORS if role != "at_set_up"}


def expected(seen: Seen) -> int:
    """Return the status that a request of the matrix must be answered with."""
    cell = seen.cell
    if cell.endpoint.startswith("setup."):
        return NOTHING  # the desk is set up, for everybody and for good
    if cell.endpoint.startswith("incoming."):  # whoever asks: the signature alone counts
        is_proved = "token=" in cell.path
        is_nobodys = cell.which != "own" or cell.endpoint == NAMES_NO_ACCOUNT
        return SHOWN if is_proved else NOTHING if is_nobodys else UNSIGNED
    if not may(cell.role, RIGHT_OF[cell.endpoint]):
        is_stranger = cell.role in STRANGERS
        return (SIGN_IN_PART if seen.is_partial else SIGN_IN) if is_stranger else REFUSED
    # News are parts of a page; whoever wants all of it opens the page. Where htmx is sent is a header.
    if (cell.endpoint, seen.is_partial) in {
        ("live.poll", False),
        ("careful.parcel", True),
        ("requests.mine", True),
    }:
        return UNCHANGED
    if cell.which != "own":
        return SILENT.get(cell.endpoint, NOTHING)
    special = SPECIAL.get((cell.role, cell.endpoint)) or OWN.get(cell.endpoint)
    return special or (SHOWN if cell.method == "GET" else DONE)
