"""The tables of the store. A change here needs a migration in `migrations/versions`."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

runs = Table(
    "runs",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("suite", String(200), nullable=False),
    Column("started", String(40), nullable=False),  # ISO 8601 with offset, as it was on the machine that ran it
    Column("voice", String(200), nullable=False),
    Column("judge", String(200), nullable=False),
    Column("facts", Text, nullable=False),  # RunFile as JSON, without the plan
    Column("planned", Integer, nullable=False),
    Column("verdict", String(20)),  # passed, failed, inconclusive; empty while the run goes on
    Column("stopped", Text),  # why it was stopped before its end
)

talks = Table(
    "talks",
    metadata,
    Column("run", String(200), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("id", String(400), primary_key=True),
    Column("position", Integer, nullable=False),  # in the plan, from 0
    Column("planned", Text, nullable=False),  # Planned as JSON
    Column("status", String(10), nullable=False),  # planned, done, or failed for technical reasons
    Column("attempts", Integer, nullable=False),
    Column("borrower", String(200), nullable=False),
    Column("agent", String(400), nullable=False),
    Column("language", String(10)),
    Column("ending", String(20)),
    Column("respect", Float),
    Column("clarity", Float),
    Column("total", Float),
    Column("breaches", Integer),
    Column("critical", Integer),
    Column("calls", Integer),
    Column("prompt_tokens", Integer),
    Column("completion_tokens", Integer),
    Column("talk", Text),  # Case as JSON, once it was played
    Index("ix_talks_run_position", "run", "position"),
    Index("ix_talks_run_status", "run", "status"),
)

practices = Table(
    "practices",
    metadata,
    Column("learner", String(200), primary_key=True),
    Column("id", String(400), primary_key=True),
    Column("began", Float, nullable=False),  # seconds since 1970, so that times of several places sort
    Column("active", Float, nullable=False),  # the same for the last change
    Column("started", String(40), nullable=False),  # ISO 8601 with offset, as it was where the call was made
    Column("changed", String(40), nullable=False),
    Column("borrower", String(200), nullable=False),
    Column("language", String(10), nullable=False),
    Column("jurisdiction", String(10), nullable=False),
    Column("resistance", Float, nullable=False),
    Column("financial_stress", Float, nullable=False),
    Column("ending", String(20), nullable=False),
    Column("turns", Integer, nullable=False),
    Column("judged", Boolean, nullable=False),  # the call is over and has a score
    Column("respect", Float),
    Column("clarity", Float),
    Column("total", Float),
    Column("breaches", Integer),
    Column("critical", Integer),
    Column("parent", String(400), nullable=False),  # empty for a first try
    Column("assignment", String(200), nullable=False),  # empty for none
    Column("record", Text, nullable=False),  # PracticeRecord as JSON
    Index("ix_practices_learner_began", "learner", "began"),
    Index("ix_practices_assignment", "assignment"),
)

slips = Table(
    "slips",
    metadata,
    Column("learner", String(200), primary_key=True),
    Column("practice", String(400), primary_key=True),
    Column("position", Integer, primary_key=True),  # among the practice's breaches, from 0
    Column("began", Float, nullable=False),  # of the practice
    Column("started", String(40), nullable=False),
    Column("language", String(10), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("rule", String(200), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("citation", Text, nullable=False),
    Column("quote", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("better", Text, nullable=False),  # what to say instead; empty when nothing better is known
    ForeignKeyConstraint(
        ["learner", "practice"],
        ["practices.learner", "practices.id"],
        name="fk_slips_practice",
        ondelete="CASCADE",
    ),
    Index("ix_slips_learner_rule", "learner", "rule"),
)

assignments = Table(
    "assignments",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("made", Float, nullable=False),  # seconds since 1970
    Column("due", String(10)),  # a day, ISO 8601; empty for no end
    Column("facts", Text, nullable=False),  # Assignment as JSON
    Index("ix_assignments_made", "made"),
)
