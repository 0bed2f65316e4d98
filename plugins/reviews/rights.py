"""What people may do with reviews, by the names of rights; to answer, that of tickets as well."""

from __future__ import annotations

from deskcore.api import N_, Permission

SLUG = "reviews"
READ, DRAFT, APPROVE, DEPUTY, PUBLISH, SET_UP = (
    "reviews.review.read",
    "reviews.answer.draft",
    "reviews.answer.approve",
    "reviews.answer.deputize",
    "reviews.answer.publish",
    "reviews.site.manage",
)
# Reviews stand on the web, but their authors' addresses and our drafts do not.
PERMISSIONS = [
    Permission(name=READ, label=N_("Read reviews"), roles=("owner", "admin", "agent", "viewer")),
    Permission(name=DRAFT, label=N_("Draft answers to reviews"), roles=("owner", "admin", "agent")),
    Permission(name=APPROVE, label=N_("Approve answers to reviews"), roles=("owner", "admin")),
    Permission(
        name=DEPUTY,
        label=N_("Approve answers to reviews that waited too long"),
        roles=("owner", "admin", "agent"),
    ),
    Permission(
        name=PUBLISH, label=N_("Publish answers to reviews"), roles=("owner", "admin", "agent")
    ),
    Permission(
        name=SET_UP,
        label=N_("Set up reviews: templates, follow-ups, asking for them"),
        roles=("owner", "admin"),
    ),
]
