"""What each form of the desk holds when it is filled in well, so that a POST really does its work.

What is grave asks for the password once more; the browsers of the matrix have just typed it
(``proven.py``), so that a form for nobody's thing has nothing to write down. A name that is missing here and changes something nevertheless fails the test of extra fields.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pyotp

from deskcore import clock
from tests.matrix.world import PEOPLE, World
from tests.web.conftest import PASSWORD

Form = dict[str, object]
NO_SEED = "A" * 32
NEW_PASSWORD = "ein ganz anderes langes wort"
CONNECTION: Form = {
    "imap_host": "imap.example", "imap_port": "993", "imap_security": "tls", "imap_user": "u",
    "password": "some long password", "folders": "INBOX", "start": "now", "check_every": "1 min",
    "after_import": "leave", "move_to": "", "smtp_host": "smtp.example", "smtp_port": "465",
    "smtp_security": "tls", "smtp_sign_in": "y", "smtp_user": "", "smtp_password": "",
    "sender_name": "", "reply_tokens": "y", "verify": "y",
}  # fmt: skip
ANSWER: Form = {
    "mode": "note", "then": "stay", "body": "As written in the matrix", "to": "", "cc": "",
    "status": "waiting_customer", "form_key": "", "seen_upto": "0", "version": "0",
}  # fmt: skip
SAVED: Form = {
    "name": "Written", "text_en": "Hello {{customer.name}}", "text_ru": "", "text_cs": "",
    "tags": "x", "after": "solved", "team_ids": ".team", "version": "",
}  # fmt: skip
REVIEW_TEXT: Form = {
    "name": "Glad", "least": "4", "most": "5", "language": "", "words": "Thank you!",
}  # fmt: skip

WEB_FORM: Form = {"f-email": "jana@example.cz", "f-subject": "Cup", "f-message": "It broke"}
LOOK: Form = {
    "version": ".look", "accent": "own", "hue": "32", "strength": "56", "corner": "sharp",
    "font": "book", "contrast": "more", "scheme": "dark", "density": "cosy", "css": "p { order: 1 }",
    "header_en": "Above", "header_ru": "", "header_cs": "", "footer_en": "Below", "footer_ru": "",
    "footer_cs": "", "then": "",
}  # fmt: skip

PRODUCT: Form = {
    "name": "Written", "sku": "W-1", "price": "12.50", "currency": "EUR", "barcode": "1", "category": "x",
    "tags": "x", "group": "G", "fits": "F", "url": "https://shop.example/", "summary": "x", "is_sold": "y",
    "picture": "", "takes_picture_away": "", "version": "",
}  # fmt: skip
SHOP_LIST: Form = {
    "name": "Written", "kind": "closing", "place": "", "days": "1", "items": "Lights",
    "version": "1",
}  # fmt: skip
TOLD: Form = {"count": ".waiting", "text_en": "Back", "text_ru": "Back", "text_cs": "Back"}

OFFER: Form = {
    "name": "Written", "what": "product", "value": "DES-1", "fits": "KET-17", "customer_tag": "x",
    "starts_on": "2026-01-01", "ends_on": "2099-12-31", "season_from": "11-15", "season_to": "01-31",
    "stock_needed": "2", "code": "MATRIX", "url": "https://tools.example/x", "is_on": "y",
    "text_en": "Take it", "text_ru": "", "text_cs": "", "terms_en": "One each", "terms_ru": "",
    "terms_cs": "", "version": "",
}  # fmt: skip
# By route; what begins with a dot is filled in by ``filled``.
FORMS: dict[str, Form] = {
    "admin.change_compulsory": {"roles": "viewer"},
    "admin.change_settings": {
        "name": "Renamed", "time_zone": "UTC", "language": "en", "own_mail_from": "0",
    },
    "attention.discard": {},
    "attention.retry": {},
    "audit.export": {"who": "", "what": "plugin", "about": "", "since": "", "until": ""},
    "auth.accept_invitation": {"name": "Ivo", "password": NEW_PASSWORD},
    "auth.ask_for_invitation": {},
    "auth.change_language": {"language": "cs", "next": "/"},
    "auth.forgot_submit": {"email": "nobody@shop.example"},
    "auth.reset_submit": {"password": NEW_PASSWORD},
    "auth.sign_in_submit": {"email": ".email", "password": PASSWORD, "remember": "y", "next": "/"},
    "auth.sign_out": {},
    "careful.look": {},
    "catalogue.change": {**PRODUCT, "version": "1"},
    "catalogue.count": {
        "place_1": "5", "place_1_back": "2027-01-31", "place_1_shown": "3", "place_1_shown_back": "",
    },
    "catalogue.create": PRODUCT,
    "catalogue.delete": {},
    "catalogue_imports.bring": {"file": ".csv"},
    "catalogue_imports.choose": {
        "encoding": "utf-8", "delimiter": ",", "decimal_sign": "", "currency": "EUR",
        "column_0": "sku", "column_1": "name", "column_2": "",
    },
    "catalogue_imports.forget": {},
    "catalogue_imports.go_on": {},
    "catalogue_imports.start": {},
    "catalogue_imports.stop": {},
    "catalogue_places.change": {"name": "Renamed", "note": "x"},
    "catalogue_places.create": {"name": "New", "note": "x"},
    "catalogue_places.delete": {},
    "catalogue_places.move_up": {},
    "connections.keep": {"name": "Kept", "team_ids": ".team", "first": ""},
    "connections.start_change": {**CONNECTION, "first": ""},
    "connections.start_test": {
        **CONNECTION, "channel": "email", "address": "new@shop.example", "test": "", "first": "",
    },
    "customize.discard": {"version": ".look"},
    "customize.go_back": {},
    "customize.publish": LOOK,
    "customize.save": LOOK,
    "cross_sell.change": {**OFFER, "version": "1"},
    "cross_sell.create": OFFER,
    "cross_sell.delete": {},
    "cross_sell.switch": {"on": "0"},
    "cross_sell_card.dismiss": {"reason": "declined", "at": "card"},
    "cross_sell_card.insert": {},
    "cross_sell_card.not_taken": {"at": "card"},
    "cross_sell_card.seen": {},
    "cross_sell_card.taken": {"offer": "2", "code": "", "at": "card"},
    "cross_sell_card.wishes": {"wants": "0", "ticket": "0"},
    "cross_sell_links.no_more": {},
    "cross_sell_links.press": {},
    "cross_sell_results.hand_in": {"code": "CLEAN10", "amount": "3"},
    "customers.save": {"name": "Renamed", "company": "", "notes": "Changed"},
    "customers.save_company": {"name": "Renamed", "notes": "Changed"},
    "first_steps.add_sample": {},
    "first_steps.hide": {},
    "first_steps.remove_sample": {},
    "forgetful.drop": {},
    "follow_up.answer": {"text": "Thank you", "form_key": "written-in-the-matrix"},
    "follow_up.reopen": {},
    "follow_up.solve": {},
    "incoming.app_push": {"text": "not signed"},
    "incoming.push": {"text": "not signed"},
    "links.end": {},
    "links.make": {},
    "mailboxes.change": {
        "name": "Renamed", "signature": "", "sends_acknowledgement": "y",
        "acknowledgement_subject": "Here", "acknowledgement_text": "It came", "team_ids": ".team",
        "undo_seconds": "7", "raw_days": "30",
    },
    "mailboxes.import_older": {},
    "mailboxes.pause": {},
    "messages.fetch_files": {},
    "messages.load_images": {},
    "mailboxes.resume": {},
    "me.change": {
        "name": "Renamed", "language": "cs", "time_zone": "Europe/Prague", "theme": "dark",
        "density": "compact", "has_shortcuts": "y",
    },
    "me.change_password": {"old": PASSWORD, "new": NEW_PASSWORD},
    "me.end_other_sessions": {},
    "me.end_session": {},
    "new_ticket.discard": {},
    "new_ticket.save_draft": {
        "body": "Written", "to": "", "cc": "", "subject": "S", "mailbox": ".mailbox",
        "version": "0",
    },
    "new_ticket.start": {
        "body": "Written", "to": "new@customer.example", "cc": "", "subject": "S",
        "mailbox": ".mailbox", "then": "", "form_key": "", "version": "0",
    },
    "outbox.set_aside": {"back": "outbox"},
    "people.change_role": {"role": "viewer"},
    "people.change_teams": {"team_ids": ".team"},
    "people.deactivate": {},
    "people.end_sessions": {},
    "people.make_reset_link": {},
    "people.reactivate": {},
    "people.renew_invitation": {},
    "people.reset_second_factor": {},
    "people.send_invitation": {
        "email": "new@staff.example", "name": "New", "role": "agent", "team_ids": ".team",
    },
    "public_settings.change": {
        "is_on": "y", "names": "first", "has_link_in_mails": "y", "mailbox_ids": ".mailbox",
        **{f"day_{day}": "9-17" for day in range(7)},
    },
    "replies.discard_draft": ANSWER,
    "replies.mark_sent": {"number": "0", "back": ""},
    "replies.remove_file": {"number": "0"},
    "replies.open_tool": {**ANSWER, "tool": ".tool"},
    "replies.reply": ANSWER,
    "replies.retry": {"number": "0", "back": ""},
    "replies.save_draft": ANSWER,
    "replies.set_aside": {"number": "0", "back": ""},
    "replies.undo": {},
    "privacy.erase": {},
    "privacy.export": {},
    "requests.enter": {},
    "requests.send": {"email": "nobody@customer.example"},
    "roles.change": {"right": "spam.sender.ban", "spam.sender.ban": "agent"},
    "seeing.start": {},
    "seeing.stop": {},
    "rescue.end_safe_mode": {},
    "rescue.leave": {},
    "rescue.report": {},
    "rescue.restart": {},
    "rescue.start_safe_mode": {},
    "rescue.switch_off": {},
    "rescue.switch_on": {},
    "rescue.use_key": {"key": "ABCDE-ABCDE-ABCDE-ABCDE-ABCDE"},
    "second_factor.begin": {},
    "second_factor.enter_code": {"code": ".code", "next": "/"},
    "second_factor.finish_first_set_up": {"code": ".code", "next": "/"},
    "second_factor.finish_set_up": {"code": ".code"},
    "second_factor.renew_codes": {},
    "second_factor.turn_off": {},
    "setup.create_owner": {
        "name": "Eve", "email": "eve@shop.example", "password": NEW_PASSWORD, "shop_name": "S",
        "shop_time_zone": "UTC", "shop_language": "en",
    },
    "setup.enter_code": {"code": "x"},
    "plugins.activate": {},
    "plugins.change_settings": {
        "files_spam": "y", "spam_from": "91", "warns": "y", "warn_from": "81",
        "lessons_needed": "21",
    },
    "plugins.deactivate": {},
    "plugins.pause": {},
    "plugins.resume": {},
    "plugins.uninstall": {"slug": "leaf"},
    "plugins.upgrade": {},
    "saved_replies.change": {**SAVED, "version": "1"},
    "saved_replies.create": SAVED,
    "saved_replies.delete": {},
    "saved_replies_picker.insert": {},
    "web_form.change": {
        "name": "Write", "slug": "write", "is_on": "y", "mailbox_id": "0", "team_id": "0",
        "tags": "x", "languages": "en", "title_en": "Write", "sites": "https://a.example",
        "version": "1",
    },
    "web_form.create": {"name": "Returns"},
    "web_form.delete": {},
    "web_form.try_out": WEB_FORM,
    "web_form_fields.add": {"kind": "text", "label": "Colour"},
    "web_form_fields.change": {"label_en": "Number", "help_en": "x", "is_required": "y"},
    "web_form_fields.delete": {},
    "web_form_fields.move": {"place": "0"},
    "web_form_public.send": {**WEB_FORM, "page": ".form page", "altcha": ".form work"},
    "reviews.approve": {"version": "1"},
    "reviews.draft": {"words": "Thank you", "version": "0", "do": "save"},
    "reviews.give_back": {"version": "1", "comment": "Mend it"},
    "reviews.publish": {},
    "reviews.ready": {"words": "Thank you", "version": "0"},
    "reviews.refused": {"told": "No links"},
    "reviews.take_back": {},
    "reviews.take_in": {
        "site": ".site", "stars": "3", "author": "Olga", "email": "", "title": "", "text": "Fine",
        "product": "", "link": "https://shop.example/r/1", "date": "",
    },
    "reviews_set_up.change": {
        "low_stars": "1", "follow_up_mailbox": "0", "ask_share": "0", "ask_after_days": "1",
        "ask_again_days": "100", "ask_link": "", "ask_text_en": "x", "ask_text_ru": "x",
        "ask_text_cs": "x",
    },
    "reviews_set_up.change_text": {**REVIEW_TEXT, "version": "1"},
    "reviews_set_up.create_text": {**REVIEW_TEXT, "version": ""},
    "reviews_set_up.delete_text": {},
    "reviews_set_up.opt_out": {},
    "stock_notes.note": {"product": "T-1", "body": "Noted in the matrix", "place": ""},
    "stock_notes.remove_note": {"number": ""},
    "stock_notes.wait": {
        "product": "T-2", "words": "", "place": "", "amount": "1", "until": "",
    },
    "stock_notes.refuse": {"wants_none": "1"},
    "stock_notes.withdraw": {"back": ""},
    "stock_notes_board.move": {"lane": "ordered", "version": "1", "expected": ""},
    "stock_notes_board.expect": {"expected": "2030-01-01", "version": "1", "lane": ""},
    "stock_notes_board.remove": {},
    "stock_notes_board.watch": {"product": "T-3"},
    "stock_notes_tell.look": TOLD,
    "stock_notes_tell.confirm": TOLD,
    "stock_notes_tell.stop": {},
    "stock_notes_tell.resume": {},
    "stock_notes_lists.tick": {},
    "stock_notes_lists.untick": {},
    "stock_notes_lists.create": SHOP_LIST,
    "stock_notes_lists.change": SHOP_LIST,
    "stock_notes_lists.delete": {},
    "themes.activate": {},
    "themes.check": {},
    "spam.change": {
        "files_spam": "1", "spam_from": "99", "warns": "1", "warn_from": "70",
        "lessons_needed": "50",
    },
    "spam.create": {"who": "pest@annoying.example", "reason": "Insults"},
    "spam.ban_writer": {},
    "spam.lift": {},
    "teams.change": {"name": "Renamed", "member_ids": ".user"},
    "teams.create": {"name": "New"},
    "teams.delete": {},
    "tickets.assign": {"user": ""},
    "tickets.change_spam": {"is_spam": "1"},
    "tickets.change_status": {"status": "solved"},
    "tickets.change_tags": {"tag": "x", "remove": "y", "add": "z"},
    "tickets.delete": {},
    "tickets.restore": {},
    "tickets.save": {"subject": "Renamed", "mailbox": ".mailbox"},
    "tickets.seen": {"message": "2"},
}  # fmt: skip
# Boxes that mean something by being there, whatever they hold; left out of a good form.
BOXES = {"replies.reply": {"send_anyway"}}


def filled(world: World, endpoint: str, role: str) -> Form:
    """Return the form of a route as *role* would fill it in."""
    side = "b" if role == "agent_b" else "a"
    values: dict[object, Callable[[], object]] = {
        ".code": lambda: pyotp.TOTP(world.seeds.get(role, NO_SEED)).at(clock.now()),
        ".csv": lambda: (BytesIO(b"SKU,Name\nW-2,Written\n"), "written.csv"),
        ".email": lambda: world.emails[role if role in PEOPLE else "viewer"],
        ".form page": lambda: world.words["web form page"],
        ".form work": lambda: world.words["web form work"],
        ".look": lambda: str(world.ids["look draft"]),
        ".mailbox": lambda: str(world.ids[f"mailbox {side}"]),
        ".site": lambda: str(world.ids[f"review site {side}"]),
        ".team": lambda: [str(world.ids["team a"])],
        ".tool": lambda: f"/p/saved_replies/for/{_ticket(world, role)}",
        ".waiting": lambda: str(sum(role in each.readers for each in world.things["stock wait"])),
        ".user": lambda: [str(world.user_ids["agent_none"])],
    }
    found = FORMS[endpoint]
    return {name: values[word]() if word in values else word for name, word in found.items()}


def _ticket(world: World, role: str) -> object:
    """Return the ticket of theirs that is asked for first."""
    return next((each.key for each in world.things["ticket"] if role in each.readers), 0)
