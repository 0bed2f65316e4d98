"""What tests of plugins may use: a far side that fails as told, and contracts to pass.

Never imported by a desk that serves: it stands beside the command line, above everything.
"""

from deskcore.testing.contract import FarSide, Sign, Trouble
from deskcore.testing.contracts import channel_contract
from deskcore.testing.simulator import (
    Fault,
    Reply,
    Request,
    Simulator,
    reply_json,
    says,
    too_many,
)
from deskcore.testing.suggesters import suggester_contract

__all__ = [
    "FarSide",
    "Fault",
    "Reply",
    "Request",
    "Sign",
    "Simulator",
    "Trouble",
    "channel_contract",
    "reply_json",
    "says",
    "suggester_contract",
    "too_many",
]
