"""A property that is computed once, without keeping others waiting."""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeVar

Value = TypeVar("Value")


class once(cached_property[Value]):
    """As ``cached_property``, without the lock that it has in Python 3.11, which all objects of a class share.

    With that lock a visitor's runs would wait until those of another are done. Two threads that ask one object at
    the same moment both compute, and get what the first of them has found.
    """

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """The value that ``instance`` keeps, computed where there is none yet."""
        if instance is None or self.attrname is None:
            return self
        values = vars(instance)
        if self.attrname not in values:
            return values.setdefault(self.attrname, self.func(instance))
        return values[self.attrname]
