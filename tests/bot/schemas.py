"""Checks replies against their schema; of the pictures in them, which are nearly all of it, whole rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from bot.schema import reply_schema

_items = Draft202012Validator.VALIDATORS["items"]


def _quick_items(validator: Any, items: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """Rows of plain numbers that may stand there have no fault; everything else is looked at as ever."""
    if not (isinstance(instance, list) and _plain(items, instance)):
        yield from _items(validator, items, instance, schema)


def _plain(items: Any, instance: list) -> bool:
    if items == {"enum": [0, 1]}:  # a mask
        return all(type(one) is int and one in (0, 1) for one in instance)
    if isinstance(items, dict) and items.get("type") == "number" and items.keys() <= {"type", "minimum", "maximum"}:
        low, high = items.get("minimum", float("-inf")), items.get("maximum", float("inf"))
        return all(type(one) in (int, float) and low <= one <= high for one in instance)
    return False


QuickValidator = extend(Draft202012Validator, {"items": _quick_items})


@cache
def _validator() -> Draft202012Validator:
    return QuickValidator(reply_schema())


def check_reply(reply: dict) -> None:
    """Raises ``jsonschema.ValidationError``."""
    _validator().validate(reply)
