"""Runs and their talks."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("suite", sa.String(200), nullable=False),
        sa.Column("started", sa.String(40), nullable=False),
        sa.Column("voice", sa.String(200), nullable=False),
        sa.Column("judge", sa.String(200), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(20)),
        sa.Column("stopped", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_table(
        "talks",
        sa.Column("run", sa.String(200), nullable=False),
        sa.Column("id", sa.String(400), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Text(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("borrower", sa.String(200), nullable=False),
        sa.Column("agent", sa.String(400), nullable=False),
        sa.Column("language", sa.String(10)),
        sa.Column("ending", sa.String(20)),
        sa.Column("respect", sa.Float()),
        sa.Column("clarity", sa.Float()),
        sa.Column("total", sa.Float()),
        sa.Column("breaches", sa.Integer()),
        sa.Column("critical", sa.Integer()),
        sa.Column("calls", sa.Integer()),
        sa.Column("prompt_tokens", sa.Integer()),
        sa.Column("completion_tokens", sa.Integer()),
        sa.Column("talk", sa.Text()),
        sa.PrimaryKeyConstraint("run", "id", name="pk_talks"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_talks_run", ondelete="CASCADE"),
    )
    op.create_index("ix_talks_run_position", "talks", ["run", "position"])
    op.create_index("ix_talks_run_status", "talks", ["run", "status"])


def downgrade() -> None:
    op.drop_table("talks")
    op.drop_table("runs")
