"""The store of runs: SQLite by default, PostgreSQL by URL."""
