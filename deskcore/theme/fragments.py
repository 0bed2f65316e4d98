"""Renders single blocks of a template with everything the whole page would have had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jinja2 import Environment
from jinja2.runtime import Context
from markupsafe import Markup


class Blocks:
    """The blocks of one page, ready to be rendered one by one.

    Runs the chain of ``extends`` up to the first output, so ``super()``, inherited blocks and
    imports at the top of a template work as in the whole page.
    """

    def __init__(self, env: Environment, template: str, values: Mapping[str, object]) -> None:
        loaded = env.get_template(template)
        self._env = env
        self._context: Context = loaded.new_context(dict(values))
        # Line breaks around a template's first comment come before its {% extends %}.
        for piece in loaded.root_render_func(self._context):
            if piece.strip():
                break

    def __contains__(self, name: str) -> bool:
        return name in self._context.blocks

    def render(self, name: str) -> Markup:
        """Render one block; raises LookupError when the page has none of that name."""
        try:
            block = self._context.blocks[name][0]
        except KeyError:
            known = ", ".join(sorted(self._context.blocks))
            raise LookupError(f"No block '{name}' in this page; it has: {known}.") from None
        return Markup(self._env.concat(block(self._context)))  # noqa: S704 (already escaped)

    def region(self, element_id: str) -> Markup:
        """Render the block that holds the element of this id, wrapper included.

        ``main`` is block ``main_region`` of the shell, ``ticket-head`` block ``ticket_head``.
        """
        return self.render(self.region_block(element_id))

    def region_block(self, element_id: str) -> str:
        """Name the block that holds the element of this id."""
        name = element_id.replace("-", "_")
        return f"{name}_region" if f"{name}_region" in self else name


def first_region(blocks: Blocks, wanted: Sequence[str]) -> str:
    """Choose the first id of *wanted* that the page has a block for; the last one otherwise."""
    return next((name for name in wanted if blocks.region_block(name) in blocks), wanted[-1])
