"""What each role may do, in words; which of it people decide: the rights that plugins bring.

The desk's own rights are fixed. A plugin's hold for the roles it says until somebody decides; every
decision is stored for all roles, and kept while the plugin is away.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from deskcore.domain.people import OWNER, ROLES, Actor, Permission
from deskcore.models import Role, RoleGrant
from deskcore.plugin.active import plugins
from deskcore.services import access
from deskcore.services.access import require
from deskcore.services.unit import Unit, reading, unit_of_work


@dataclass(frozen=True, kw_only=True)
class Right:
    """One right and the roles that have it; a plugin's, named by its *slug*, can be changed."""

    name: str
    label: str
    roles: frozenset[str]
    slug: str = ""


def rights(actor: Actor) -> list[Right]:
    """List all rights: the desk's own, then those of active plugins, by plugin."""
    require(actor, "people.manage")
    with reading() as session:
        decided = _decided(session)
    own = [
        Right(name=right.name, label=right.label, roles=frozenset(right.roles))
        for right in access.PERMISSIONS.values()
    ]
    brought = sorted(plugins().registry.permissions.all(), key=lambda owned: owned.slug)
    return own + [
        Right(
            name=owned.item.name,
            label=owned.item.label,
            roles=_holders(owned.item, decided),
            slug=owned.slug,
        )
        for owned in brought
    ]


def rights_of(slug: str) -> list[Right]:
    """List the rights that an active plugin brought, with who has them now."""
    with reading() as session:
        decided = _decided(session)
    return [
        Right(
            name=owned.item.name,
            label=owned.item.label,
            roles=_holders(owned.item, decided),
            slug=slug,
        )
        for owned in plugins().registry.permissions.all()
        if owned.slug == slug
    ]


def decide(actor: Actor, wanted: Mapping[str, Collection[str]]) -> int:
    """Give rights of plugins to these roles and no others; returns how many changed.

    Owners have all of them. Rights that no active plugin declares are left as they are.
    """
    require(actor, "people.manage")
    changed = 0
    with unit_of_work(actor) as unit:
        decided = _decided(unit.session)
        for owned in plugins().registry.permissions.all():
            right = owned.item
            if right.name not in wanted:
                continue
            before = _holders(right, decided)
            after = {OWNER} | (set(wanted[right.name]) & set(ROLES))
            if after != before:
                _store(unit, right.name, after)
                unit.audit("role.rights", right.name, before=_said(before), after=_said(after))
                changed += 1
    return changed


def _holders(right: Permission, decided: Mapping[str, set[str]]) -> frozenset[str]:
    return frozenset(decided.get(right.name, right.roles)) | {OWNER}


def _decided(session: Session) -> dict[str, set[str]]:
    rows = session.execute(
        select(RoleGrant.permission, Role.key).join(Role, Role.id == RoleGrant.role_id)
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row.permission, set()).add(row.key)
    return found


def _store(unit: Unit, name: str, roles: Collection[str]) -> None:
    ids = {row.key: row.id for row in unit.session.execute(select(Role.key, Role.id))}
    builtin = [ids[key] for key in ROLES]
    old = delete(RoleGrant).where(RoleGrant.permission == name, RoleGrant.role_id.in_(builtin))
    unit.session.execute(old)
    unit.session.add_all(RoleGrant(role_id=ids[key], permission=name) for key in sorted(roles))


def _said(roles: Collection[str]) -> dict[str, object]:
    return {"roles": [role for role in ROLES if role in roles]}
