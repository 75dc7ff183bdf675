"""Cache a pure function of a frozen object by which object it is: to hash a whole talk costs as much as to read it."""

from collections.abc import Callable
from functools import lru_cache, update_wrapper
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
Found = TypeVar("Found")


class Same(Generic[Thing]):
    """A key that is equal only to a key of the very same object."""

    __slots__ = ("it",)

    def __init__(self, it: Thing) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.it is self.it


def for_each_object(most: int) -> Callable[[Callable[[Thing], Found]], Callable[[Thing], Found]]:
    """Remember what a function returned for the last `most` objects; nobody may change what it returns."""

    def decorate(function: Callable[[Thing], Found]) -> Callable[[Thing], Found]:
        @lru_cache(maxsize=most)
        def found(key: Same[Thing]) -> Found:
            return function(key.it)

        def remembered(thing: Thing) -> Found:
            return found(Same(thing))

        return update_wrapper(remembered, function)

    return decorate
