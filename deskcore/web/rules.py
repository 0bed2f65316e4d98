"""Routes whose builders of addresses are made at first use.

Werkzeug compiles two functions for every route when it is registered: a tenth of a second of each
start for what a process may never ask for.
"""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.routing import Rule


class LazyRule(Rule):
    """A route that compiles how its address is built when the first is; Flask makes them of it."""

    def _compile_builder(
        self,
        append_unknown: bool = True,  # noqa: FBT001, FBT002  as Werkzeug declares and calls it
    ) -> Callable[..., tuple[str, str]]:
        name = "_build_unknown" if append_unknown else "_build"
        compile_builder = super()._compile_builder

        def build(rule: Rule, /, **values: object) -> tuple[str, str]:
            compiled = compile_builder(append_unknown).__get__(rule)
            setattr(rule, name, compiled)
            built: tuple[str, str] = compiled(**values)
            return built

        return build
