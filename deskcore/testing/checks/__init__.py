"""Every check of the kit; importing the package registers them."""

from deskcore.testing.checks import content, life, people, pushing, receiving, sending
from deskcore.testing.checks.registry import CHECKS, Check
from deskcore.testing.rules import LEVELS, Level

__all__ = [
    "CHECKS",
    "LEVELS",
    "Check",
    "Level",
    "content",
    "life",
    "people",
    "pushing",
    "receiving",
    "sending",
]
