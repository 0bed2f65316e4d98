"""A desk with the tea shop's plugin, for every test of this folder."""

from __future__ import annotations

from tests.plugin.tea import config, desk

__all__ = ["config", "desk"]
