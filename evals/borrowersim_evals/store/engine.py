"""Open the database of a URL and bring its tables up to date."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from time import sleep
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from borrowersim.errors import BorrowerSimError, UsageError

SCRIPTS = Path(__file__).parent / "migrations"
SECRET = ("password", "sslpassword")
"""Parts of a URL's query that are not shown."""
MIGRATING = 0x626F_7273
"""Number of PostgreSQL's lock that one process holds while it makes the tables."""
BUSY_SECONDS = 30
"""How long a writer of SQLite waits for another process that writes."""
GLANCE = 0.05
"""Seconds between two tries of what SQLite does not wait for."""


def engine_of(url: str) -> Engine:
    """Return the engine of a store's URL, its tables at the newest revision.

    Raises UsageError for a URL that cannot be one or a driver that is missing, BorrowerSimError
    when the database does not answer.
    """
    parsed = _checked(url)
    if parsed.get_backend_name() == "sqlite":
        _make_folder(parsed)
        engine = create_engine(parsed)
        event.listen(engine, "connect", _sqlite_settings)
    else:
        engine = create_engine(parsed, pool_pre_ping=True)
    try:
        with troubles_told(url):
            migrate(engine)
    except BorrowerSimError:
        engine.dispose()
        raise
    return engine


@contextmanager
def troubles_told(url: str) -> Iterator[None]:
    """Turn what a database says when it fails into a BorrowerSimError that names the store and no password."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise BorrowerSimError(f"the store {without_password(url)} cannot be used: {_why(error)}") from None


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest revision; raise UsageError when they are newer than this program."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    head = script.get_current_head()
    with engine.connect() as connection:
        if _revision(connection) == head:
            return
    with _alone(engine) as connection:
        current = _revision(connection)
        if current == head:  # another process was quicker
            return
        if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
            raise UsageError("the store was written by a newer version of borrowersim; update this one")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction that no other process is in: two runs may find an empty database at the same moment."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("BEGIN IMMEDIATE"))  # Python's driver begins at the first change, not before
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATING})
        yield connection


def without_password(url: str) -> str:
    """Return a URL as it may be shown and stored."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return "(not a URL)"
    hidden = {name: "***" for name in SECRET if name in parsed.query}
    return parsed.update_query_dict(hidden).render_as_string(hide_password=True).replace("%2A%2A%2A", "***")


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
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
        folder = Path(url.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"the store's folder {folder} cannot be made: {error.strerror}; choose another") from None


def _sqlite_settings(connection: Any, _: Any) -> None:
    """Let readers and one writer work side by side; a kill loses nothing, a power cut at most the last talks."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    _write_ahead(cursor)
    for setting in ("synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Keep a log beside the file; SQLite does not wait for another process that switches to it, so this does."""
    for left in reversed(range(int(BUSY_SECONDS / GLANCE))):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or not left:
                raise
        sleep(GLANCE)


def _why(error: Exception) -> str:
    """Return the database's own words on one line; they hold no password."""
    if isinstance(error, NoSuchModuleError):
        return "its kind of database is not known"
    origin = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return " ".join(str(origin).split())[:300]
