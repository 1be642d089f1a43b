"""In which language a visitor gets the page."""

from __future__ import annotations

from bot.words.render import REFERENCE, languages


def page_language(asked: str, accepted: str) -> str:
    """The language of the page: the one ``asked`` for in its address, else the browser's first one that we have.

    ``accepted`` is the header Accept-Language, as "de-AT,de;q=0.9,en;q=0.8" (RFC 9110, section 12.5.4).
    """
    wanted = [(2.0, asked)]
    for entry in accepted.split(","):
        name, *parameters = entry.split(";")
        wanted.append((_weight(parameters), name))
    for weight, name in sorted(wanted, key=lambda one: -one[0]):
        code = name.strip().lower().split("-")[0]
        if weight > 0 and code in languages():
            return code
    return REFERENCE


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
