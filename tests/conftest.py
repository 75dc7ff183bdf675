"""No test touches the network; loopback and local files are fine."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import URL, create_engine, make_url, text


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves this machine."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address}")
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the keys and settings of the person who runs the tests out of them."""
    for name in (
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "BORROWERSIM_MODEL",
        "BORROWERSIM_PASSWORD",
        "BORROWERSIM_AGENT_KEY",
        "BORROWERSIM_RULES",
        "BORROWERSIM_STORE",
        "BORROWERSIM_LEARNERS",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the URL of an empty store: a file, and a schema of its own in the PostgreSQL database that is given."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'runs.sqlite'}"
        return
    url, schema = _test_database(), f"test_{uuid4().hex}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield url.update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


def _test_database() -> URL:
    if not (given := os.environ.get("BORROWERSIM_TEST_POSTGRES")):
        pytest.skip("BORROWERSIM_TEST_POSTGRES names no database")
    return make_url(given).set(drivername="postgresql+psycopg")
