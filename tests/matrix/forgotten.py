"""What the forgetful plugin forgets, where, and how the desk says it."""

from __future__ import annotations

# What is forgotten: the page, and the words in which the fault names it.
FORGOTTEN = {
    "that one only looks": (
        "/p/forgetful/count",
        "GET /p/forgetful/count (forgetful.count) changes something",
    ),
    "that a session is for reading": (
        "/p/forgetful/tidy",
        "GET /p/forgetful/tidy (forgetful.tidy) changes something",
    ),
    "whose settings they are": (
        "/p/forgetful/drawer",
        "The plugin 'forgetful' asked for the settings of 'careful'",
    ),
    "whose network it is": (
        "/p/forgetful/line",
        "The plugin 'forgetful' asked for the network of 'careful'",
    ),
    "where it sends people": (
        "/p/forgetful/on?to=https%3A%2F%2Fevil.example",
        "The view forgetful.on sends people to 'https://evil.example'",
    ),
    "how browsers read a path": (
        "/p/forgetful/on?to=%2F%5Cevil.example",
        "The view forgetful.on sends people to '/",
    ),
    "that others redirect, too": (
        "/p/forgetful/on/plainly?to=%2F%2Fevil.example",
        "The view forgetful.on_plainly sends people to '//evil.example'",
    ),
}
