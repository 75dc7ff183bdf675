"""Keys of agents under test: named in a file as `${NAME}`, read from the environment, hidden in every message."""

import re
from collections.abc import Mapping

from borrowersim.errors import UsageError

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SECRET_NAMES = re.compile(r"authorization|cookie|key|token|secret|password", re.IGNORECASE)
HIDDEN = "[hidden]"


def variables(headers: Mapping[str, str]) -> list[str]:
    """Return the names of the environment variables that headers refer to."""
    return sorted({name for value in headers.values() for name in _VARIABLE.findall(value)})


def with_secrets(headers: Mapping[str, str], env: Mapping[str, str], source: str) -> dict[str, str]:
    """Return the headers with their `${NAME}` filled in; raise UsageError when one is not set."""
    for name in variables(headers):
        if not env.get(name):
            raise UsageError(f"{source} needs the environment variable {name}; set it to the key, and try again")
    return {header: _VARIABLE.sub(lambda found: env[found[1]], value) for header, value in headers.items()}


def keys_in(headers: Mapping[str, str], env: Mapping[str, str]) -> tuple[str, ...]:
    """Return every value that no message may show: of the variables, and of headers that hold keys; longest first."""
    filled = {header: _VARIABLE.sub(lambda found: env.get(found[1], ""), text) for header, text in headers.items()}
    spoken = {env[name] for name in variables(headers) if env.get(name)}
    literal = {part for header, text in filled.items() if is_secret(header) for part in (text, text.split(" ")[-1])}
    return tuple(sorted((key for key in spoken | literal if key), key=len, reverse=True))


def is_secret(header: str) -> bool:
    """Say whether a header of this name holds a key."""
    return bool(_SECRET_NAMES.search(header))


def masked(header: str, value: str) -> str:
    """Return a header's value as it may be shown: references to the environment stay, keys do not."""
    return HIDDEN if is_secret(header) and not _VARIABLE.search(value) else value
