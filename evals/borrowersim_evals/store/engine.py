"""Open the database of a URL and bring its tables up to date."""

import sqlite3
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from borrowersim.errors import BorrowerSimError, UsageError

SCRIPTS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 30
"""How long a writer of SQLite waits for another process that writes."""


def engine_of(url: str) -> Engine:
    """Return the engine of a store's URL, its tables at the newest revision.

    Raises UsageError for a URL that cannot be one or a driver that is missing, BorrowerSimError
    when the database does not answer.
    """
    parsed = _checked(url)
    if parsed.get_backend_name() == "sqlite":
        _make_folder(parsed)
    try:
        engine = create_engine(parsed, pool_pre_ping=parsed.get_backend_name() != "sqlite")
        if parsed.get_backend_name() == "sqlite":
            event.listen(engine, "connect", _sqlite_settings)
        migrate(engine)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise BorrowerSimError(f"the store {without_password(url)} cannot be used: {_why(error)}") from None
    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest revision; raise UsageError when they are newer than this program."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    head = script.get_current_head()
    with engine.begin() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        if current == head:
            return
        if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
            raise UsageError("the store was written by a newer version of borrowersim; update this one")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def without_password(url: str) -> str:
    """Return a URL as it may be shown and stored."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "(not a URL)"


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UsageError(
            "the store's URL is none; it looks like sqlite:///runs.sqlite or postgresql://user:password@host/database"
        ) from None
    backend = parsed.get_backend_name()
    if backend in ("postgres", "postgresql"):
        if find_spec("psycopg") is None:
            raise UsageError("a PostgreSQL store needs its driver: pip install 'borrowersim[postgres]'")
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise UsageError(f"no store of the kind {backend!r}; use sqlite:///FILE or postgresql://...")
    return parsed


def _make_folder(url: URL) -> None:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def _sqlite_settings(connection: Any, _: Any) -> None:
    """Let readers and one writer work side by side; a kill loses nothing, a power cut at most the last talks."""
    cursor = connection.cursor()
    for setting in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _why(error: Exception) -> str:
    """Return the database's own words on one line; they hold no password."""
    if isinstance(error, NoSuchModuleError):
        return "its kind of database is not known"
    origin = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return " ".join(str(origin).split())[:300]
