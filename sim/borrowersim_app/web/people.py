"""Who is it: who may come in to the page, as whom, and what they may see."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import anyio

from borrowersim.errors import UsageError
from borrowersim_app.learners import ALONE, Learner, Role, RollFile, clean_name, hash_of, matches

Auth = Callable[[str, str], Awaitable[bool]]
TRIES_AT_ONCE = 2
"""Passwords that are checked side by side; each takes 32 MiB and a core."""


@dataclass(frozen=True)
class Person:
    """Somebody at the page."""

    name: str
    role: Role

    @property
    def coaches(self) -> bool:
        return self.role is Role.COACH


class Asked(Protocol):
    """What of a request matters here; gr.Request has it."""

    @property
    def username(self) -> str | None: ...


class People:
    """Everybody who may use the page: by a roll of names, by one password for all, or one alone on this machine."""

    def __init__(self, roll: RollFile | None = None, password: str | None = None) -> None:
        self._roll = roll
        self._password = password
        self._stranger = hash_of(secrets.token_urlsafe(16)) if roll else ""
        self._trying: anyio.CapacityLimiter | None = None

    @property
    def auth(self) -> Auth | None:
        """Return what gr.Blocks.launch(auth=...) takes; None when nobody is asked."""
        return self._let_in if self._roll or self._password else None

    @property
    def alone(self) -> bool:
        return self.auth is None

    def who(self, request: Asked | None) -> Person:
        """Return who is at the page; raise UsageError when they were taken out of the roll meanwhile."""
        if self.alone:
            return Person(ALONE, Role.LEARNER)
        name = request.username if request else None
        if not name:
            raise UsageError("nobody is signed in; load the page again")
        if self._roll is None:
            return Person(clean_name(name).casefold(), Role.LEARNER)
        found = self._roll.read().find(name)
        if found is None:
            raise UsageError(f"{name!r} may no longer use this page; ask your coach")
        return Person(found.name, found.role)

    def names(self) -> list[str]:
        """Return the learners on the roll; empty when there is none."""
        roll = self._roll.read().learners if self._roll else ()
        return [learner.name for learner in roll if learner.role is Role.LEARNER]

    async def _let_in(self, name: str, given: str) -> bool:
        if self._roll is None:
            return _fits_name(name) and secrets.compare_digest(given.encode(), (self._password or "").encode())
        found = self._roll.read().find(name)
        return await self._right(found, given)

    async def _right(self, found: Learner | None, given: str) -> bool:
        """Check a password; for a name that nobody has as well, so that the time does not tell names."""
        if self._trying is None:
            self._trying = anyio.CapacityLimiter(TRIES_AT_ONCE)
        check = partial(matches, given, found.password if found else self._stranger)
        right = await anyio.to_thread.run_sync(check, limiter=self._trying)
        return right and found is not None


def _fits_name(name: str) -> bool:
    try:
        clean_name(name)
    except UsageError:
        return False
    return True


def launched_with(roll: RollFile | None, password: str | None, *, everywhere: bool) -> People:
    """Return the people of a page; raise UsageError when others could come in without a password."""
    if roll is not None:
        if not roll.read().learners:
            raise UsageError(f"{roll.path} names nobody; add the first with `borrowersim learners add NAME`")
        return People(roll)
    if everywhere and not password:
        raise UsageError(
            "others on the network could come in; set BORROWERSIM_PASSWORD, or name learners with "
            "`borrowersim learners add NAME`"
        )
    return People(password=password)
