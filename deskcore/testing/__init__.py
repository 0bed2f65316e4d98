"""What tests of plugins may use: a far side that fails as told, and contracts to pass."""

from deskcore.testing.simulator import (
    Fault,
    Reply,
    Request,
    Simulator,
    reply_json,
    says,
    too_many,
)

__all__ = ["Fault", "Reply", "Request", "Simulator", "reply_json", "says", "too_many"]
