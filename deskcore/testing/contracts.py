"""``channel_contract``: one line gives a channel all the tests of the kit."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from deskcore.plugin.channel import Channel, Payload
from deskcore.testing.checks import Check
from deskcore.testing.contract import Contract, FarSide, Sign, folder_of
from deskcore.testing.report import concerning, examine, explained, left_out

PROPERTY = "channel_contract"
REAL_SERVER = "real_server"


def channel_contract(  # noqa: PLR0913  one keyword for each thing an author may say
    kind: type[Channel],
    *,
    settings: Mapping[str, object],
    samples: str | os.PathLike[str],
    far_side: Callable[[], AbstractContextManager[FarSide]] | str | None = None,
    sign: Sign | None = None,
    batch: Callable[[list[bytes]], bytes] | None = None,
    write: Callable[[str], bytes] | None = None,
    text_of: Callable[[Payload], str] | None = None,
    recipient: str = "u1",
    address: str = "shop",
    folder: str | os.PathLike[str] | None = None,
) -> type:
    """Return a class of tests for a channel; the name it is given must begin with ``Test``.

    *settings* are good ones; secrets may be plain text. *samples* is a folder of recorded items, in
    the plugin's folder or seen from here, named by sort (``message``, ``reply``, ``other_person``,
    ``renamed``, ``echo``, ``report``, ``edit``, ``delete``, ``reaction``, ``test``, ``unknown``).
    *far_side* makes the network, or names a fixture that gives one (a real server, whose name and
    version it tells as ``server``); *sign* and *batch* make pushes; *write* makes an item that says a text, where samples are no JSON;
    *text_of* finds the words in what is sent. *folder* is the plugin's, beside the class by default.
    """
    home = Path(folder) if folder else folder_of(kind)
    contract = Contract(
        kind=kind,
        settings=settings,
        samples=home / samples if (home / samples).is_dir() else Path(samples),
        folder=home,
        far_side=None if isinstance(far_side, str) else far_side,
        sign=sign,
        batch=batch,
        write=write,
        recipient=recipient,
        address=address,
        **({"text_of": text_of} if text_of else {}),
    )
    tests = {f"test_{each.id}_{each.body.__name__}": _test(each) for each in concerning(contract)}
    fixture = far_side if isinstance(far_side, str) else ""
    return type(f"Contract_{kind.slug}", (), {"contract": contract, "fixture": fixture, **tests})


def _test(check: Check) -> Callable[..., None]:
    def test(self: object, request: pytest.FixtureRequest) -> None:
        contract: Contract = self.contract  # type: ignore[attr-defined]  # given with the class
        if self.fixture:  # type: ignore[attr-defined]  # as above
            there = request.getfixturevalue(self.fixture)  # type: ignore[attr-defined]  # as above
            contract = replace(contract, far_side=lambda: nullcontext(there))
            if server := getattr(there, "server", ""):
                request.node.user_properties.append((REAL_SERVER, server))
        result = examine(check, contract)
        results = [result, *left_out(contract)]
        told = [contract.title, [(each.id, each.outcome, each.why) for each in results]]
        request.node.user_properties.append((PROPERTY, told))
        if result.outcome == "failed":
            pytest.fail(explained(check, result), pytrace=False)

    test.__doc__ = f"{check.title}."
    return test
