"""What a form takes, by the view it goes to, so that one bad value is refused for itself alone.

Everything not named here is sent as the page gave it.
"""

from __future__ import annotations

from tests.hostile.visiting import OWNER_EMAIL, PASSWORD

# How the furnished desk tries a connection; its servers are never asked, no worker runs here.
CONNECTION = {
    "imap_port": "993", "imap_security": "tls", "smtp_host": "127.0.0.1", "smtp_port": "465",
    "smtp_security": "tls", "smtp_sign_in": "y", "verify": "y", "start": "unread", "folders": "INBOX",
    "after_import": "leave", "check_every": "1 min",
}  # fmt: skip
_SERVERS = {**CONNECTION, "password": "x", "imap_host": "127.0.0.1"}
# A key would take the second of two forms for the first, sent twice.
_LETTER = {"body": "teapot", "to": "jana@example.cz", "form_key": ""}

VALID: dict[str, dict[str, str]] = {
    "auth.sign_in_submit": {"email": OWNER_EMAIL, "password": PASSWORD},
    "auth.forgot_submit": {"email": OWNER_EMAIL},
    "auth.accept_invitation": {"name": "Ivan", "password": PASSWORD},
    "auth.reset_submit": {"password": PASSWORD},
    "me.change_password": {"old": PASSWORD, "new": f"{PASSWORD} 2"},
    "connections.start_test": {**_SERVERS, "address": "new@shop.example", "test": ""},
    "connections.start_change": _SERVERS,
    "connections.keep": {"name": "Shop"},
    "replies.reply": {**_LETTER, "mode": "reply"},
    "replies.save_draft": {**_LETTER, "mode": "reply"},
    "new_ticket.start": {**_LETTER, "subject": "teapot", "mailbox": "1"},
    "new_ticket.save_draft": {**_LETTER, "subject": "teapot", "mailbox": "1"},
    "people.send_invitation": {"email": "jan@shop.example", "name": "Jan", "role": "agent"},
    "catalogue.create": {"name": "Pot", "sku": "POT-1", "currency": "EUR", "is_sold": "y"},
    "catalogue_places.create": {"name": "Store"},
    "teams.create": {"name": "Second"},
    "spam.create": {"who": "mole@annoying.example", "reason": "Insults"},
    "tickets.change_status": {"status": "pending"},
}
