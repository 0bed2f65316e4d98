"""The routes as the app has them, what each asks of its caller, and how its address is filled in.

Nothing here lists addresses: a new route fails until its right stands in ``RIGHTS`` and its
arguments, query and form are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from flask import Flask
from werkzeug.routing import Rule

from deskcore.web.guards import access_of
from tests.matrix.forms import FORMS
from tests.matrix.world import Thing, World

Which = Literal["own", "foreign", "missing"]

# What each route asks, said a second time: a route declared with another right fails.
RIGHTS = {
    "anybody": """asset looks.sheet looks.logo health.alive health.ready auth.sign_in auth.sign_in_submit auth.forgot
        auth.forgot_submit auth.invitation auth.accept_invitation auth.ask_for_invitation
        auth.reset auth.reset_submit auth.change_language setup.code setup.enter_code setup.owner
        setup.create_owner second_factor.code second_factor.enter_code second_factor.first_set_up
        second_factor.finish_first_set_up incoming.push incoming.app_push
        rescue.show rescue.use_key help.home help.robots
        follow_up.show follow_up.answer follow_up.solve follow_up.reopen follow_up.body
        follow_up.file web_form_public.loader web_form_public.show web_form_public.send
        web_form_public.receipt cross_sell_links.show cross_sell_links.press
        cross_sell_links.no_more requests.ask requests.send requests.arrive requests.enter
        requests.mine""",
    "signed in": """auth.sign_out seeing.stop me.show me.change me.password me.change_password
        me.browsers
        me.end_session me.end_other_sessions second_factor.show second_factor.begin
        second_factor.set_up second_factor.finish_set_up second_factor.turn_off
        second_factor.renew_codes""",
    "ticket.read": """inbox.home inbox.view live.poll search.search tickets.show tickets.seen
        messages.body files.download customers.show customers.company outbox.show
        careful.ticket careful.customer careful.parcel forgetful.ticket forgetful.count
        forgetful.tidy forgetful.drawer forgetful.line forgetful.on forgetful.on_plainly""",
    "ticket.reply": """new_ticket.show new_ticket.start new_ticket.save_draft new_ticket.discard
        replies.undo replies.retry replies.set_aside replies.mark_sent links.show links.make
        links.end saved_replies.index saved_replies.show saved_replies_picker.pick
        saved_replies_picker.options saved_replies_picker.insert cross_sell_card.card
        cross_sell_card.seen cross_sell_card.insert cross_sell_card.dismiss cross_sell_card.taken
        cross_sell_card.not_taken cross_sell_card.customer cross_sell_card.wishes
        cross_sell_results.codes cross_sell_results.hand_in""",
    "ticket.note": """replies.reply replies.open_tool replies.save_draft replies.discard_draft replies.remove_file
        careful.look forgetful.drop""",
    "ticket.change": """tickets.assign tickets.change_status tickets.change_tags
        tickets.change_spam tickets.edit tickets.save messages.load_images messages.fetch_files""",
    "ticket.delete": "tickets.delete tickets.restore",
    "customer.change": """customers.edit customers.save customers.edit_company
        customers.save_company""",
    "customer.erase": "privacy.show privacy.export privacy.erase",
    "attention.handle": """attention.show attention.source attention.raw attention.retry
        attention.discard messages.raw""",
    "mailbox.manage": """mailboxes.index mailboxes.show mailboxes.change mailboxes.pause
        mailboxes.resume mailboxes.import_older connections.choose connections.new
        connections.start_test connections.test connections.keep connections.edit
        connections.start_change""",
    "people.manage": """people.index people.invite people.send_invitation people.show
        people.change_role people.change_teams people.deactivate people.reactivate
        people.renew_invitation people.make_reset_link people.reset_second_factor
        people.end_sessions teams.index teams.create teams.show
        teams.change teams.delete outbox.set_aside roles.index roles.change seeing.start""",
    "spam.sender.ban": "spam.index spam.new spam.create spam.lift spam.ban_writer",
    "saved_replies.reply.manage": """saved_replies.new saved_replies.create saved_replies.edit
        saved_replies.change saved_replies.delete""",
    "web_form.form.manage": """web_form.index web_form.create web_form.show web_form.edit
        web_form.change web_form.delete web_form.preview web_form.try_out web_form_fields.add
        web_form_fields.edit web_form_fields.change web_form_fields.move web_form_fields.ask
        web_form_fields.delete web_form_embed.show web_form_embed.code""",
    "catalogue.product.read": """catalogue.index catalogue.show catalogue.picture
        catalogue_places.index catalogue_card.show catalogue_imports.export""",
    "catalogue.stock.count": "catalogue.count",
    "catalogue.product.change": """catalogue.new catalogue.create catalogue.edit catalogue.change
        catalogue.delete catalogue_places.create catalogue_places.edit catalogue_places.change
        catalogue_places.move_up catalogue_places.delete""",
    "catalogue.product.import": """catalogue_imports.index catalogue_imports.bring
        catalogue_imports.show catalogue_imports.progress catalogue_imports.choose
        catalogue_imports.start catalogue_imports.stop catalogue_imports.go_on
        catalogue_imports.forget catalogue_imports.report""",
    "reviews.review.read": "reviews.index reviews.show reviews.beside reviews.card reviews.at_a_glance",
    "reviews.answer.draft": "reviews.draft reviews.take_back reviews.paste reviews.take_in",
    "reviews.answer.deputize": "reviews.approve reviews.give_back reviews.approvals",
    "reviews.answer.publish": "reviews.ready reviews.publish reviews.refused",
    "reviews.site.manage": """reviews_set_up.all_sites reviews_set_up.all_texts
        reviews_set_up.new_text reviews_set_up.create_text reviews_set_up.edit_text
        reviews_set_up.change_text reviews_set_up.delete_text reviews_set_up.asked
        reviews_set_up.asking_page reviews_set_up.opt_out""",
    "stock_notes.stock.see": """stock_notes.show stock_notes.customer stock_notes_board.show
        stock_notes_board.waiting stock_notes_board.demand stock_notes_tell.progress
        stock_notes_lists.index stock_notes_lists.show""",
    "stock_notes.stock.note": """stock_notes.note stock_notes.remove_note stock_notes.wait
        stock_notes.refuse stock_notes.withdraw stock_notes_board.move stock_notes_board.expect
        stock_notes_board.remove stock_notes_board.watch stock_notes_lists.tick
        stock_notes_lists.untick""",
    "stock_notes.customers.tell": """stock_notes_tell.ask stock_notes_tell.look
        stock_notes_tell.confirm stock_notes_tell.stop stock_notes_tell.resume""",
    "stock_notes.lists.manage": """stock_notes_lists.new stock_notes_lists.create
        stock_notes_lists.edit stock_notes_lists.change stock_notes_lists.delete""",
    "cross_sell.offer.manage": """cross_sell.index cross_sell.new cross_sell.create cross_sell.edit
        cross_sell.change cross_sell.switch cross_sell.delete cross_sell.attempt
        cross_sell_results.index cross_sell_results.behind""",
    "careful.drawer.open": "careful.drawer",
    "plugins.manage": """plugins.index plugins.show plugins.activate plugins.resume
        plugins.upgrade plugins.deactivate plugins.pause plugins.ask_uninstall plugins.uninstall
        plugins.change_settings spam.settings spam.change reviews_set_up.settings
        reviews_set_up.change""",
    "desk.manage": """themes.index themes.show themes.check themes.activate
        admin.home admin.site finding_settings.find admin.settings admin.change_settings public_settings.show
        public_settings.change first_steps.hide
        first_steps.add_sample first_steps.remove_sample customize.show customize.save customize.publish
        customize.discard customize.go_back customize.draft_sheet""",
    "audit.read": "audit.index audit.export",
    "owner.manage": """admin.change_compulsory rescue.switch_off rescue.switch_on
        rescue.start_safe_mode rescue.end_safe_mode rescue.restart rescue.report rescue.leave""",
}
RIGHT_OF = {endpoint: right for right, names in RIGHTS.items() for endpoint in names.split()}

# Which things an argument names, by what stands before it in the address.
ARGUMENTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("static", "digest"): ("digest",),
    ("static", "name"): ("asset",),
    ("v", "view"): ("view",),
    ("tickets", "number"): ("ticket", "other ticket"),
    ("t", "number"): ("ticket", "other ticket"),
    ("r", "key"): ("customer key",),
    ("requests", "key"): ("mailed key",),
    ("for", "number"): ("ticket", "other ticket"),
    ("for", "reply_id"): ("shared reply",),
    ("saved_replies", "reply_id"): ("saved reply",),
    ("web_form", "form_id"): ("web form",),
    ("web_form", "slug"): ("open web form",),
    ("fields", "field_id"): ("web form field",),
    ("sent", "key"): ("sent web form",),
    ("catalogue", "product_id"): ("product",),
    ("places", "place_id"): ("place",),
    ("imports", "import_id"): ("import columns",),
    ("reviews", "number"): ("review",),
    ("beside", "number"): ("review",),
    ("card", "customer_id"): ("customer",),
    ("asking", "customer_id"): ("customer",),
    ("texts", "text_id"): ("review text",),
    ("card", "number"): ("ticket", "other ticket"),
    ("notes", "note_id"): ("stock note",),
    ("waits", "wait_id"): ("stock wait",),
    ("restock", "card_id"): ("stock card",),
    ("runs", "run_id"): ("going run", "stopped run"),
    ("lists", "list_id"): ("shop list",),
    ("items", "item_id"): ("shop item",),
    ("offers", "offer_id"): ("offer",),
    ("for", "offer_id"): ("made offer",),
    ("taken", "chance_id"): ("taken chance",),
    ("results", "figure"): ("figure",),
    ("cross_sell", "token"): ("offer link",),
    ("messages", "message_id"): ("html message",),
    ("files", "public_id"): ("file", "note file", "draft file", "remote image"),
    ("deliveries", "delivery_id"): ("failed delivery",),
    ("outbox", "delivery_id"): ("own failed delivery",),
    ("attention", "item_id"): ("failed item", "held item", "other item"),
    ("customers", "customer_id"): ("customer",),
    ("companies", "company_id"): ("company",),
    ("mailboxes", "mailbox_id"): ("mailbox",),
    ("connections", "account_id"): ("account",),
    ("tests", "public_id"): ("tried connection",),
    ("people", "user_id"): ("user",),
    ("teams", "team_id"): ("team",),
    ("sessions", "session_id"): ("session",),
    ("plugins", "slug"): ("active plugin",),
    ("themes", "slug"): ("theme",),
    ("bans", "ban_id"): ("ban",),
    ("invite", "token"): ("invite",),
    ("reset", "token"): ("reset",),
    ("look", "digest"): ("digest",),
    ("look", "surface"): ("surface",),
    ("logo", "digest"): ("logo",),
    ("draft", "surface"): ("surface",),
    ("revisions", "revision_id"): ("look",),
    ("in", "channel"): ("pushed channel",),
    ("in", "key"): ("hook key",),
}
# Routes that want a thing in a certain state.
IN_STATE = {
    "cross_sell.delete": "unused offer",
    "plugins.activate": "inactive plugin",
    "plugins.ask_uninstall": "inactive plugin",
    "plugins.uninstall": "inactive plugin",
    "plugins.resume": "paused plugin",
    "rescue.switch_on": "paused plugin",
    "plugins.upgrade": "outgrown plugin",
    "catalogue_places.move_up": "lower place",
    "catalogue_imports.start": "import checked",
    "catalogue_imports.progress": "import running",
    "catalogue_imports.stop": "import running",
    "catalogue_imports.go_on": "import stopped",
    "reviews.approve": "overdue review",
    "reviews.give_back": "overdue review",
    "reviews.publish": "approved review",
    "reviews.take_back": "approved review",
    "reviews.ready": "fresh review",
    "reviews.refused": "published review",
    "tickets.restore": "deleted_at",
    "tickets.edit": "ticket",
    "messages.raw": "mail message",
    "replies.undo": "queued delivery",
    "replies.mark_sent": "unsure delivery",
    "replies.remove_file": "draft file",
    "people.reactivate": "deactivated",
    "people.renew_invitation": "invited",
    "incoming.app_push": "channel of an app",
    "follow_up.reopen": "solved customer key",
    "stock_notes_tell.resume": "stopped run",
    "stock_notes_lists.untick": "ticked item",
}
# A right address of another release's files is answered all the same.
TAKES_ANY = {("asset", "digest"), ("looks.sheet", "digest")}
MISSING = {"int": "999999999", "": "nothing-is-here-under-this-name", "path": "nothing.css"}
_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One address to ask for as somebody: ``names`` stand for the object in it."""

    endpoint: str
    method: str
    role: str
    which: Which
    path: str
    names: tuple[str, ...] = ()
    is_first: bool = True


def rules(app: Flask) -> list[tuple[Rule, str]]:
    """Return every rule with every method that people use."""
    found = [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return sorted(found, key=lambda pair: (pair[0].rule, pair[1]))


def unknown(app: Flask) -> list[str]:
    """Say which routes the matrix does not know enough of to ask for them."""
    found = []
    for rule, method in rules(app):
        if rule.endpoint not in RIGHT_OF:
            found.append(f"{rule.endpoint}: which right does it need? (RIGHTS)")
        if method != "GET" and rule.endpoint not in FORMS:
            found.append(f"{rule.endpoint}: what does its form hold? (FORMS)")
        for name, (before, kind) in arguments(rule).items():
            if (before, name) not in ARGUMENTS or kind not in MISSING:
                found.append(f"{rule}: what is <{kind}:{name}> after {before}/? (ARGUMENTS)")
    return found


def declared_right(app: Flask, endpoint: str) -> str:
    """Return what a route declares, in the words of ``RIGHTS``."""
    declared = access_of(app.view_functions[endpoint])
    if declared is None or declared.kind == "public":
        return "anybody"
    return declared.permission or "signed in"


def arguments(rule: Rule) -> dict[str, tuple[str, str]]:
    """Return the arguments of a rule: name to what stands before it, and its converter."""
    return {name: (before, kind or "") for before, kind, name in _arguments(rule)}


def cells(world: World, rule: Rule, method: str, role: str) -> Iterator[Cell]:
    """Yield the addresses of a rule for *role*: each thing of theirs, foreign ones, none."""
    found = arguments(rule)
    if not found:
        yield Cell(endpoint=rule.endpoint, method=method, role=role, which="own", path=rule.rule)
        return
    first = _things(world, rule, role)
    for which in ("own", "foreign"):
        for number, values in enumerate(_filled(first, is_open=which == "own")):
            if number and method == "POST":
                break
            yield _cell(rule, method, role, which, values, is_first=not number)
    for name, (_before, kind) in found.items():
        if (rule.endpoint, name) not in TAKES_ANY:
            values = {key: str(things[0][0].key) for key, things in first.items()}
            values[name] = MISSING[kind]
            yield _cell(rule, method, role, "missing", values, is_first=True)


def _things(world: World, rule: Rule, role: str) -> dict[str, list[tuple[Thing, bool]]]:
    """Return the things each argument may name, and whether *role* may reach each of them."""
    found = {}
    for name, (before, _kind) in arguments(rule).items():
        kinds = ARGUMENTS[(before, name)]
        if rule.endpoint in IN_STATE:
            kinds = (IN_STATE[rule.endpoint],)
        things = [thing for kind in kinds for thing in world.things[kind]]
        found[name] = [(thing, role in thing.readers) for thing in things]
    return found


def _filled(
    things: dict[str, list[tuple[Thing, bool]]], *, is_open: bool
) -> Iterator[dict[str, str]]:
    """Yield values for all arguments: the first varies, the others name their first thing."""
    name, *others = things
    for thing, may_see in things[name]:
        if may_see == is_open:
            yield {name: str(thing.key)} | {key: str(things[key][0][0].key) for key in others}


def _cell(
    rule: Rule, method: str, role: str, which: Which, values: dict[str, str], *, is_first: bool
) -> Cell:
    return Cell(
        endpoint=rule.endpoint,
        method=method,
        role=role,
        which=which,
        path=_PLACE.sub(lambda match: values[match[1]], rule.rule),
        names=tuple(values.values()),
        is_first=is_first,
    )


def _arguments(rule: Rule) -> list[tuple[str, str, str]]:
    """Return (segment before, converter, name) of each argument."""
    found, before = [], ""
    for segment in rule.rule.split("/"):
        match = _PLACE.fullmatch(segment)
        if match:
            kind = segment[1:].partition(":")[0] if ":" in segment else ""
            found.append((before, kind, match[1]))
        else:
            before = segment
    return found
