"""People who work at the desk: users, teams, roles, sessions and one-time tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deskcore.db import Base, BigId


class Role(Base):
    """A set of rights under a name; the four built-in ones cannot be removed."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    is_builtin: Mapped[bool] = mapped_column(default=False)


class RoleGrant(Base):
    """One right that a role has; grants of an inactive plugin stay."""

    __tablename__ = "role_grant"

    role_id: Mapped[int] = mapped_column(
        ForeignKey("role.id", ondelete="CASCADE"), primary_key=True
    )
    permission: Mapped[str] = mapped_column(String(120), primary_key=True)


class User(Base):
    """Somebody who signs in. ``email`` is canonical; an invited user has no password yet."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(255), default="")
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"))
    locale: Mapped[str] = mapped_column(String(16), default="")
    time_zone: Mapped[str] = mapped_column(String(64), default="")
    theme: Mapped[str] = mapped_column(String(8), default="auto")
    density: Mapped[str] = mapped_column(String(16), default="comfortable")
    has_shortcuts: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]


class Team(Base):
    """People who share work; mailboxes are opened to teams."""

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    created_at: Mapped[datetime]


class TeamMember(Base):
    """One user in one team."""

    __tablename__ = "team_member"

    team_id: Mapped[int] = mapped_column(
        ForeignKey("team.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    __table_args__ = (Index(None, "user_id"),)


class UserSession(Base):
    """One signed-in browser; the cookie holds a random id of which only the digest is here.

    While it ``awaits`` a code, or the set-up of a second factor, nobody is signed in by it.
    ``seed`` is the encrypted one that this browser is setting up.
    """

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    user_agent: Mapped[str] = mapped_column(String(255), default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    awaits: Mapped[str] = mapped_column(String(10), default="")
    wrong_codes: Mapped[int] = mapped_column(default=0)
    seed: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    confirmed_at: Mapped[datetime | None]


class SecondFactor(Base):
    """The app that shows somebody's codes: its encrypted seed, and which code was used last."""

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    seed: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    since: Mapped[datetime]


class RecoveryCode(Base):
    """A code for the day the phone is lost: as a digest that needs the seed, good for one use."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("user_id", "digest"),)


class OneTimeToken(Base):
    """An invitation, a password reset or the set-up code: hashed, one purpose, one use."""

    __tablename__ = "one_time_token"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """One failed sign-in, counted by account and by network to slow guessing down."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(320))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    __table_args__ = (Index(None, "email", "at"), Index(None, "address", "at"))


class DeskSetting(Base):
    """One value of the desk itself (its name, zone, language), as JSON under a key."""

    __tablename__ = "desk_setting"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class FormKey(Base):
    """A one-use key of a form that was accepted, with where its answer led: stops double sends."""

    __tablename__ = "form_key"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    result: Mapped[str] = mapped_column(String(255), default="")
    at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (UniqueConstraint("user_id", "key"),)
