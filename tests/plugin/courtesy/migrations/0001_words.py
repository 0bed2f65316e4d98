"""The farewell and the sign."""

import sqlalchemy as sa
from alembic import op

revision = "courtesy_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plg_courtesy_words",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("words", sa.String(400), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_plg_courtesy_words"),
    )


def downgrade() -> None:
    op.drop_table("plg_courtesy_words")
