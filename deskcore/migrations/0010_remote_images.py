"""Remote pictures of messages: how many there are, what came of loading them, which they are."""

import re

import sqlalchemy as sa
from alembic import op

from deskcore.db import BigId, UTCDateTime

revision = "core_0010"
down_revision = "core_0009"
branch_labels = None
depends_on = None

BATCH = 500
message = sa.table(
    "message", sa.column("id", BigId), sa.column("html", sa.Text), sa.column("remote_images")
)
attachment = sa.table("attachment", sa.column("is_remote", sa.Boolean))
_COMMENT = re.compile(r"<!--(?:[^-]|-(?!->))*(?:-->|\Z)")
_NAMED = re.compile(
    r"""(?i)<img\s(?:[^<>"']|"[^"<]*"|'[^'<]*')*?(?<=[\s"'])src\s*=\s*["']?\s*(?:https?:|//)"""
)


def upgrade() -> None:
    """Make the columns, and count the pictures of the mail that is here; none is fetched."""
    with op.batch_alter_table("message") as table:
        table.add_column(
            sa.Column("remote_images", sa.Integer(), nullable=False, server_default="0")
        )
        table.add_column(sa.Column("images_asked_at", UTCDateTime(), nullable=True))
        table.add_column(sa.Column("image_load", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("attachment") as table:
        table.add_column(
            sa.Column("is_remote", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    last = 0
    while last >= 0:
        last = _count_some(after=last)


def _count_some(*, after: int) -> int:
    """Count in the next messages; returns the last of them, -1 when there are no more."""
    connection = op.get_bind()
    some = (
        sa.select(message.c.id, message.c.html)
        .where(message.c.id > after, message.c.html.is_not(None))
        .order_by(message.c.id)
        .limit(BATCH)
    )
    rows = connection.execute(some).all()
    for row in rows:
        if count := len(_NAMED.findall(_COMMENT.sub("", row.html))):
            change = sa.update(message).where(message.c.id == row.id)
            connection.execute(change.values(remote_images=count))
    return rows[-1].id if rows else -1


def downgrade() -> None:
    """Drop the pictures; their bytes are nobody's then, and the sweep takes them."""
    op.execute(sa.delete(attachment).where(attachment.c.is_remote.is_(True)))
    with op.batch_alter_table("attachment") as table:
        table.drop_column("is_remote")
    with op.batch_alter_table("message") as table:
        table.drop_column("image_load")
        table.drop_column("images_asked_at")
        table.drop_column("remote_images")
