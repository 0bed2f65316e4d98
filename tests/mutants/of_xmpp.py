"""Guards of the channel that holds its line, and of what the desk does for all such networks."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_HELD, _STANZAS = "tests/xmpp/test_held.py", "plugins/xmpp/tests/test_stanzas.py"

MUTANTS = (
    Mutant(
        name="answers look for the line in another process only",
        path="deskcore/services/channels.py",
        guard="    if account.lease_until is not None and not account.failures:\n",
        instead="    if account.lease_until is None:\n",
        test=_HELD,
    ),
    Mutant(
        name="what may still be undone is hurried",
        path="deskcore/services/outgoing.py",
        guard="        Delivery.tries > 0,",
        instead="        Delivery.tries >= 0,",
        test=_HELD,
    ),
    Mutant(
        name="what was heard last is thrown away when the desk stops",
        path="deskcore/fetching.py",
        guard="                    if self.stop.is_set() and not isinstance(heard, RawItem):\n",
        instead="                    if self.stop.is_set():\n",
        test=_HELD,
    ),
    Mutant(
        name="every plugin reaches everybody",
        path="deskcore/plugin/loaded.py",
        guard="            hosts=None if ANYWHERE in manifest.network else frozenset(hosts),\n",
        instead="            hosts=None,\n",
        test=_HELD,
    ),
    Mutant(
        name="files of strangers are fetched from the house",
        path="plugins/xmpp/uploads.py",
        guard="        door = net if own and at.startswith(own) else net.public()\n",
        instead="        door = net\n",
        test=_HELD,
    ),
    Mutant(
        name="a stream may bring a document type",
        path="plugins/xmpp/elements.py",
        guard="        self._parser.StartDoctypeDeclHandler = self._forbidden\n",
        instead="        self._parser.StartDoctypeDeclHandler = None\n",
        test=_STANZAS,
    ),
    Mutant(
        name="messages without an id are taken for one",
        path="plugins/xmpp/events.py",
        guard="    if not _id_of(stanza):\n",
        instead='    if _id_of(stanza) == "-":\n',
        test=_STANZAS,
    ),
)
