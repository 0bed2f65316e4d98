"""Every page, card and board of the shelf: where it is, and which part of it the docs show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

Look = Literal["dark", "phone"]
DARK: Look = "dark"
PHONE: Look = "phone"

# What the seven answer to GET without a page of their own, each with the reason.
NO_PAGES = {
    "catalogue.picture": "the bytes of a picture",
    "catalogue_imports.export": "a table to download",
    "catalogue_imports.progress": "a part of the page of an import",
    "catalogue_imports.report": "a table to download",
    "web_form_embed.code": "the bytes of a picture",
    "web_form_public.loader": "a script",
}


@dataclass(frozen=True)
class Screen:
    """A page whose path holds names of ``TeaShop.keys``; what *opens* it is pressed first.

    The docs show it, or the *part* of it that is named, wide and light, and in the other looks. One
    without a path is on a shop's own site, and drawn by itself.
    """

    name: str
    shows: str
    path: str
    part: str = ""
    opens: str = ""
    also: tuple[Look, ...] = ()


def screens(keys: Mapping[str, int | str]) -> list[tuple[str, Screen]]:
    """Return all screens of the shop, each with its plugin."""
    return [
        (plugin, replace(screen, path=screen.path.format_map(keys)))
        for plugin, several in SCREENS.items()
        for screen in several
        if screen.path
    ]


def picture_of(plugin: str, screen: Screen, look: str) -> str:
    """Return how a picture is called."""
    return f"{plugin.replace('_', '-')}-{screen.name}-{look}.webp"


# The page for admins that tells of each plugin.
PAGE_OF = {
    "catalogue": "catalogue",
    "cross_sell": "offers",
    "reviews": "reviews",
    "stock_notes": "stock-notes",
    "telegram": "telegram",
    "web_form": "web-forms",
    "xmpp": "xmpp",
}


SCREENS: Mapping[str, tuple[Screen, ...]] = {
    "catalogue": (
        Screen("products", "Products with price and stock", "/p/catalogue/", also=(DARK, PHONE)),
        Screen(
            "search",
            "What is out of stock",
            "/p/catalogue/?stock=out",
        ),
        Screen(
            "product",
            "A product, its stock in each place, and what it fits",
            "/p/catalogue/{T-SENCHA}",
            also=(PHONE,),
        ),
        Screen("edit", "Changing a product", "/p/catalogue/{T-ASSAM}/edit"),
        Screen("new", "A new product", "/p/catalogue/new"),
        Screen("places", "Places", "/p/catalogue/places"),
        Screen("place", "Changing a place", "/p/catalogue/places/1"),
        Screen("imports", "Files that were brought", "/p/catalogue/imports"),
        Screen(
            "columns",
            "What the columns of a file mean",
            "/p/catalogue/imports/{import columns}",
            also=(PHONE,),
        ),
        Screen(
            "looked-through",
            "A file that was looked through: what would become of it",
            "/p/catalogue/imports/{import checked}",
        ),
        Screen(
            "stopped", "An import that somebody stopped", "/p/catalogue/imports/{import stopped}"
        ),
        Screen("taken", "A file that was taken", "/p/catalogue/imports/{import done}"),
        Screen("card", "The box beside a ticket", "/t/{ticket tea}", part="#panel-catalogue-1"),
    ),
    "cross_sell": (
        Screen("offers", "Offers", "/p/cross_sell/", also=(DARK, PHONE)),
        Screen("edit", "Changing an offer", "/p/cross_sell/offers/1/edit"),
        Screen("new", "A new offer", "/p/cross_sell/offers/new"),
        Screen(
            "try", "Which tickets of the last days would have seen it", "/p/cross_sell/offers/1/try"
        ),
        Screen("results", "What came of offers", "/p/cross_sell/results", also=(PHONE,)),
        Screen("behind", "The list behind a figure", "/p/cross_sell/results/taken"),
        Screen("codes", "Noting codes that were handed in", "/p/cross_sell/codes"),
        Screen("handed-in", "Codes that were handed in", "/p/cross_sell/results/handed_in"),
        Screen("card", "The box beside a ticket", "/t/{ticket tea}", part="#panel-cross_sell-1"),
        Screen(
            "withheld",
            "Nothing is offered to who complains",
            "/t/{ticket complaint}",
            part="#panel-cross_sell-1",
        ),
        Screen(
            "tool",
            "The same from the composer",
            "/t/{ticket tea}",
            part="#dialog",
            opens="#composertool-cross_sell-1",
        ),
        Screen(
            "remark",
            "Under an answer: which offer it holds, and how far that got",
            "/t/{ticket offered}",
            part="#thread",
        ),
        Screen(
            "customer-page", "What a customer sees behind the link", "{offer link}", also=(PHONE,)
        ),
    ),
    "reviews": (
        Screen("list", "Reviews, newest first", "/p/reviews/", also=(DARK, PHONE)),
        Screen("new", "A new review, and its answer", "/p/reviews/{review new}", also=(PHONE,)),
        Screen("changed", "A review that its author changed", "/p/reviews/{review changed}"),
        Screen("asked", "An answer that waits for approval", "/p/reviews/{review asked}"),
        Screen(
            "approved",
            "An approved answer for a site that takes none from outside",
            "/p/reviews/{review approved}",
        ),
        Screen(
            "returned", "An answer that was returned with a comment", "/p/reviews/{review returned}"
        ),
        Screen("published", "An answer that is published", "/p/reviews/{review published}"),
        Screen("approvals", "What waits for approval", "/p/reviews/approvals", also=(PHONE,)),
        Screen("paste", "A review that is pasted in", "/p/reviews/paste"),
        Screen("sites", "Sites and their rules", "/p/reviews/sites"),
        Screen("texts", "Texts to begin with, by stars and language", "/p/reviews/texts"),
        Screen("text", "Changing a text", "/p/reviews/texts/1"),
        Screen("text-new", "A new text", "/p/reviews/texts/new"),
        Screen("settings", "Settings", "/p/reviews/settings"),
        Screen(
            "draws", "Who came into question to be asked, and what was drawn", "/p/reviews/asked"
        ),
        Screen("opt-out", "One customer’s wish", "/p/reviews/asking/1"),
        Screen(
            "ticket",
            "The box beside the ticket of a review",
            "/t/{review new}",
            part="#panel-reviews-1",
        ),
        Screen(
            "card", "The box of a customer’s reviews", "/t/{ticket tea}", part="#panel-reviews-1"
        ),
        Screen("rows", "Stars in a list of tickets", "/search?q=stars:4"),
        Screen(
            "glance",
            "Figures on the administration’s first page",
            "/admin",
            part="#widget-reviews-1",
        ),
    ),
    "stock_notes": (
        Screen("board", "The restock board", "/p/stock_notes/restock", also=(DARK, PHONE)),
        Screen(
            "waiting", "Who waits for something", "/p/stock_notes/restock/{card T-SENCHA}/waiting"
        ),
        Screen(
            "tell",
            "The text of a telling, and what the first of each language would read",
            "/p/stock_notes/restock/{card T-SENCHA}/tell",
            also=(PHONE,),
        ),
        Screen("progress", "A telling that was stopped", "/p/stock_notes/runs/{run}"),
        Screen("demand", "What is asked for and not there", "/p/stock_notes/demand"),
        Screen("lists", "Today’s lists", "/p/stock_notes/lists", also=(PHONE,)),
        Screen("list", "A list on the days gone by", "/p/stock_notes/lists/1"),
        Screen("list-form", "Changing a list", "/p/stock_notes/lists/1/edit"),
        Screen("list-new", "A new list", "/p/stock_notes/lists/new"),
        Screen(
            "card",
            "The box “Is it in?” beside a ticket",
            "/t/{ticket tea}",
            part="#panel-stock_notes-1",
        ),
        Screen(
            "customer",
            "What a customer waits for, on their page",
            "/customers/1",
            part="#panel-stock_notes-1",
        ),
    ),
    "telegram": (
        Screen(
            "connect", "Connecting a bot", "/admin/mailboxes/new?channel=telegram", also=(PHONE,)
        ),
        Screen("mailbox", "The mailbox of a bot", "/admin/mailboxes/{bot}"),
        Screen("ticket", "A chat with an album", "/t/{ticket bot}", also=(PHONE,)),
    ),
    "web_form": (
        Screen("list", "Web forms", "/p/web_form/"),
        Screen("builder", "The builder", "/p/web_form/1?field={order field}", also=(DARK, PHONE)),
        Screen("field", "One field, without scripts", "/p/web_form/1/fields/1"),
        Screen(
            "remove-field", "Deleting a field that has answers", "/p/web_form/1/fields/1/delete"
        ),
        Screen("settings", "Texts and settings", "/p/web_form/1/settings"),
        Screen("use", "Link, code for the counter, and script", "/p/web_form/1/embed"),
        Screen("preview", "The form as the builder shows it", "/p/web_form/1/preview"),
        Screen("page", "The form as customers see it", "/c/web_form/contact", also=(DARK, PHONE)),
        Screen("site", "The form on a shop’s own site", ""),
        Screen("sent", "The receipt", "{receipt}", also=(PHONE,)),
    ),
    "xmpp": (
        Screen(
            "connect", "Connecting a server", "/admin/mailboxes/new?channel=xmpp", also=(PHONE,)
        ),
        Screen("mailbox", "The mailbox of a component", "/admin/mailboxes/{chat}"),
        Screen("ticket", "A chat", "/t/{ticket chat}", also=(PHONE,)),
    ),
}
