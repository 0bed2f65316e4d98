"""What every desk starts with: four roles, four statuses, the first ticket number."""

import sqlalchemy as sa
from alembic import op

revision = "core_0006"
down_revision = "core_0005"
branch_labels = None
depends_on = None

ROLES = ("owner", "admin", "agent", "viewer")
STATUSES = (
    ("open", "open"),
    ("waiting_customer", "waiting_customer"),
    ("waiting_others", "waiting_others"),
    ("solved", "solved"),
)
FIRST_NUMBER = 1000

role = sa.table("role", sa.column("key"), sa.column("name"), sa.column("is_builtin"))
status = sa.table(
    "status",
    sa.column("key"),
    sa.column("label"),
    sa.column("labels", sa.JSON()),
    sa.column("category"),
    sa.column("position"),
    sa.column("is_builtin"),
)
sequence = sa.table("ticket_sequence", sa.column("id"), sa.column("last_number"))
plugin_set = sa.table("plugin_set", sa.column("id"), sa.column("generation"))


def upgrade() -> None:
    """Insert the rows."""
    op.bulk_insert(role, [{"key": key, "name": "", "is_builtin": True} for key in ROLES])
    op.bulk_insert(
        status,
        [
            {
                "key": key,
                "label": "",
                "labels": {},
                "category": category,
                "position": position,
                "is_builtin": True,
            }
            for position, (key, category) in enumerate(STATUSES)
        ],
    )
    op.bulk_insert(sequence, [{"id": 1, "last_number": FIRST_NUMBER}])
    op.bulk_insert(plugin_set, [{"id": 1, "generation": 1}])


def downgrade() -> None:
    """Remove the rows; the tables go with the revisions before."""
    for table in (plugin_set, sequence, status, role):
        op.execute(sa.delete(table))
