"""Explanation methods, and what they share. A new method is one new file here: the registry finds it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from explainers.errors import ExplainerError

if TYPE_CHECKING:
    from explainers.base import Explainer


@cache
def all_explainers() -> Mapping[str, Explainer]:
    """Every method by its id, in the order of the ids. Imports the whole folder; a failing import is an error."""
    from explainers.base import Explainer

    found: dict[str, Explainer] = {}
    for entry in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{entry.name}")
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, Explainer) and thing.__module__ == module.__name__:
                if thing is Explainer:
                    continue
                if thing.id in found:
                    raise ExplainerError(f"Two methods have the id {thing.id!r}; each needs its own.")
                found[thing.id] = thing()
    return MappingProxyType(dict(sorted(found.items())))


def explainer(method: str) -> Explainer:
    """The method with the id ``method``; raises ExplainerError where there is none."""
    known = all_explainers()
    if method not in known:
        raise ExplainerError(f"There is no method {method!r}; there are {', '.join(known)}.")
    return known[method]
