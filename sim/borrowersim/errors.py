"""Every error that borrowersim raises on purpose.

BorrowerSimError
├── UsageError        the caller can mend it: a bad seed, an unknown name, a missing key
├── ModelError        a model service failed or answered nonsense, after retries
│   ├── ServiceDown   it could not be reached, or kept failing
│   └── BadAnswer     it answered, but not in the form that was asked for
├── DownloadError     a model file could not be fetched, or is not the file it should be
└── AgentError        the agent under test failed: ends its talk, not the suite
"""

from collections.abc import Iterator
from contextlib import contextmanager


class BorrowerSimError(Exception):
    """Root of the tree; its message tells a person what to do next."""


class UsageError(BorrowerSimError):
    """The caller can mend it: a bad seed, an unknown name, a missing key."""


class ModelError(BorrowerSimError):
    """A model service failed or answered nonsense, after retries."""


class ServiceDown(ModelError):
    """The service could not be reached, or kept failing."""


class BadAnswer(ModelError):
    """The service answered, but not in the form that was asked for."""


class DownloadError(BorrowerSimError):
    """A model file could not be fetched, or is not the file it should be."""


class AgentError(BorrowerSimError):
    """The agent under test failed; this ends its talk, not the suite."""


@contextmanager
def one_error() -> Iterator[None]:
    """Take our errors out of a task group's group: raise the first, since one message is what a person can act on.

    A bug among them is raised as it is, in its group.
    """
    try:
        yield
    except BaseExceptionGroup as group:
        ours, others = group.split(BorrowerSimError)
        if others is not None or ours is None:
            raise
        raise _first_of(ours) from None


def _first_of(group: BaseExceptionGroup[BorrowerSimError]) -> BorrowerSimError:
    first = group.exceptions[0]
    return _first_of(first) if isinstance(first, BaseExceptionGroup) else first
