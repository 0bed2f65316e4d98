"""The second factor itself: seeds, the codes an app makes of them (RFC 6238), recovery codes.

Seeds are encrypted with the desk's keys. A recovery code is kept as a digest that needs the seed,
so a copy of the database alone gives neither away.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets as random
from collections.abc import Collection
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from deskcore.domain.people import ROLES
from deskcore.errors import Invalid, Problem
from deskcore.i18n import _
from deskcore.models import DeskSetting, RecoveryCode, Role, SecondFactor, User
from deskcore.services import secrets
from deskcore.services.unit import Unit

STEP_S = 30
SKEW_STEPS = 1  # a clock may be half a minute off, and people type slowly
RECOVERY_CODES = 10
# Without vowels, which would make words, and letters that are taken for digits.
_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
_HALF = 5  # twice that: 47 bits, of which a stranger may try ten an hour
_ROLES_KEY = "second_factor.roles"
_SEED = "seed"


def new_seed() -> str:
    """Return a fresh seed of 160 bits, in the letters that people can type into an app."""
    return pyotp.random_base32()


def sealed(seed: str) -> bytes:
    """Encrypt a seed for the database."""
    return secrets.encrypt({_SEED: seed})


def opened(stored: bytes) -> str:
    """Read a stored seed; empty when there is none."""
    return secrets.decrypt(stored).get(_SEED, "")


def step_of(seed: str, typed: str, now: datetime) -> int | None:
    """Return the time step whose code was typed, looking one step back and ahead."""
    present = int(now.timestamp()) // STEP_S
    totp = pyotp.TOTP(seed, interval=STEP_S)
    for step in range(present - SKEW_STEPS, present + SKEW_STEPS + 1):
        if hmac.compare_digest(totp.generate_otp(step), typed):
            return step
    return None


def plain(typed: str) -> str:
    """Write a code as it is compared: without the gaps and in the case it was shown in."""
    return "".join(ch for ch in typed.casefold() if ch.isascii() and ch.isalnum())


def is_code(unit: Unit, user_id: int, typed: str) -> bool:
    """Whether *typed* is a good code of a user, of the app or for recovery; uses it up.

    The row itself decides who was first, so one code sent twice at a moment works once.
    """
    factor = unit.session.get(SecondFactor, user_id)
    typed = plain(typed)
    if factor is None or not typed:
        return False
    seed = opened(factor.seed)
    step = step_of(seed, typed, unit.now)
    if step is None:
        return _use_recovery(unit, user_id, _digest(seed, typed))
    newer = (
        update(SecondFactor)
        .where(SecondFactor.user_id == user_id, SecondFactor.last_step < step)
        .values(last_step=step)
        .returning(SecondFactor.user_id)
    )
    return unit.session.execute(newer).first() is not None


def keep(unit: Unit, user_id: int, seed: str, typed: str) -> list[str]:
    """Make *seed* a user's second factor once its first code is right; returns recovery codes.

    An earlier factor and its recovery codes end with that. Raises Invalid for a wrong code.
    """
    step = step_of(seed, plain(typed), unit.now) if seed else None
    if step is None:
        raise Invalid([Problem(field="code", message=wrong_code())])
    remove(unit, user_id)
    row = SecondFactor(user_id=user_id, seed=sealed(seed), last_step=step, since=unit.now)
    unit.session.add(row)
    return _new_codes(unit, user_id, seed)


def renew_codes(unit: Unit, user_id: int) -> list[str]:
    """Replace the recovery codes of a user who has a second factor."""
    factor = unit.session.get_one(SecondFactor, user_id)
    unit.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    return _new_codes(unit, user_id, opened(factor.seed))


def remove(unit: Unit, user_id: int) -> bool:
    """Forget a user's second factor; tells whether there was one."""
    unit.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    gone = delete(SecondFactor).where(SecondFactor.user_id == user_id)
    return unit.session.execute(gone.returning(SecondFactor.user_id)).first() is not None


def codes_left(session: Session, user_id: int) -> int:
    """Count the recovery codes that were not used yet."""
    unused = RecoveryCode.used_at.is_(None)
    statement = select(func.count()).where(RecoveryCode.user_id == user_id, unused)
    return session.scalar(statement) or 0


def has_one(session: Session, user_id: int) -> bool:
    """Whether a user has a second factor."""
    return session.get(SecondFactor, user_id) is not None


def asked_of(session: Session, user: User) -> str:
    """Say what a user must show after the password: a ``code``, a ``set_up``, or nothing more."""
    if has_one(session, user.id):
        return "code"
    role = session.get_one(Role, user.role_id).key
    return "set_up" if role in compulsory_roles(session) else ""


def compulsory_roles(session: Session) -> tuple[str, ...]:
    """Return the roles that do not come in without a second factor."""
    row = session.get(DeskSetting, _ROLES_KEY)
    return tuple(json.loads(row.value)) if row else ()


def store_compulsory_roles(unit: Unit, roles: Collection[str]) -> None:
    """Write which roles need one, with an audit line when that changes."""
    before, after = compulsory_roles(unit.session), tuple(key for key in ROLES if key in roles)
    if before != after:
        unit.session.merge(DeskSetting(key=_ROLES_KEY, value=json.dumps(after)))
        unit.audit("second_factor.roles", before={"roles": before}, after={"roles": after})


def users_without(session: Session, roles: Collection[str]) -> list[int]:
    """Return who has one of these roles and no second factor."""
    having = select(SecondFactor.user_id)
    statement = (
        select(User.id)
        .join(Role, Role.id == User.role_id)
        .where(Role.key.in_(roles), User.id.not_in(having))
    )
    return list(session.scalars(statement))


def wrong_code() -> str:
    """Say that a code was wrong, and what is mostly the reason."""
    return _(
        "This code is not right, or was used already. A new one comes every 30 seconds; "
        "the clock of your phone must set itself."
    )


def _new_codes(unit: Unit, user_id: int, seed: str) -> list[str]:
    letters = [
        "".join(random.choice(_ALPHABET) for _ in range(2 * _HALF)) for _ in range(RECOVERY_CODES)
    ]
    unit.session.add_all(
        RecoveryCode(user_id=user_id, digest=_digest(seed, code)) for code in letters
    )
    return [f"{code[:_HALF]}-{code[_HALF:]}" for code in letters]


def _use_recovery(unit: Unit, user_id: int, digest: str) -> bool:
    used = (
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.digest == digest,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=unit.now)
        .returning(RecoveryCode.id)
    )
    is_good = unit.session.execute(used).first() is not None
    if is_good:
        unit.audit("second_factor.recovery", unit.session.get_one(User, user_id).email)
    return is_good


def _digest(seed: str, code: str) -> str:
    return hmac.new(seed.encode(), code.encode(), hashlib.sha256).hexdigest()
