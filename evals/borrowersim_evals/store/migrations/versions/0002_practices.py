"""Practices of people, what went wrong in them, and assignments."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practices",
        sa.Column("learner", sa.String(200), nullable=False),
        sa.Column("id", sa.String(400), nullable=False),
        sa.Column("began", sa.Float(), nullable=False),
        sa.Column("active", sa.Float(), nullable=False),
        sa.Column("started", sa.String(40), nullable=False),
        sa.Column("changed", sa.String(40), nullable=False),
        sa.Column("borrower", sa.String(200), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("jurisdiction", sa.String(10), nullable=False),
        sa.Column("resistance", sa.Float(), nullable=False),
        sa.Column("financial_stress", sa.Float(), nullable=False),
        sa.Column("ending", sa.String(20), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("judged", sa.Boolean(), nullable=False),
        sa.Column("respect", sa.Float()),
        sa.Column("clarity", sa.Float()),
        sa.Column("total", sa.Float()),
        sa.Column("breaches", sa.Integer()),
        sa.Column("critical", sa.Integer()),
        sa.Column("parent", sa.String(400), nullable=False),
        sa.Column("assignment", sa.String(200), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("learner", "id", name="pk_practices"),
    )
    op.create_index("ix_practices_learner_began", "practices", ["learner", "began"])
    op.create_index("ix_practices_assignment", "practices", ["assignment"])
    op.create_table(
        "slips",
        sa.Column("learner", sa.String(200), nullable=False),
        sa.Column("practice", sa.String(400), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("began", sa.Float(), nullable=False),
        sa.Column("started", sa.String(40), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(200), nullable=False),
        sa.Column("severity", sa.String(10), nullable=False),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("better", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("learner", "practice", "position", name="pk_slips"),
        sa.ForeignKeyConstraint(
            ["learner", "practice"],
            ["practices.learner", "practices.id"],
            name="fk_slips_practice",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_slips_learner_rule", "slips", ["learner", "rule"])
    op.create_table(
        "assignments",
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("made", sa.Float(), nullable=False),
        sa.Column("due", sa.String(10)),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assignments"),
    )
    op.create_index("ix_assignments_made", "assignments", ["made"])


def downgrade() -> None:
    op.drop_table("assignments")
    op.drop_table("slips")
    op.drop_table("practices")
