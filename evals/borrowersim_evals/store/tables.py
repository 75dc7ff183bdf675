"""The tables of the store. A change here needs a migration in `migrations/versions`."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

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
