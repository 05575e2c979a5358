"""What an editor decides: initialization options, and the section `numpyroLint` of its settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

_TRACE = ("on", "manual", "off")


@dataclass(frozen=True, slots=True)
class Options:
    """The editor's settings; None leaves a matter to the project's configuration.

    `debounce` is in seconds; `trace` is `on`, `manual` or `off`.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    pedantic: bool = False
    python: str | None = None
    trace: str = "on"
    debounce: float = 0.1
    config: str | None = None


def with_settings(options: Options, settings: object) -> tuple[Options, list[str]]:
    """`options` with an editor's settings over them, and what of these could not be used."""
    if not isinstance(settings, Mapping):
        return options, [] if settings is None else ["the settings are not an object"]
    problems: list[str] = []
    values: dict[str, Any] = {}
    for key, value in settings.items():
        try:
            values.update(_read(key, value))
        except ValueError as error:
            problems.append(f"the setting '{key}' {error}")
    return replace(options, **values), problems


def _read(key: str, value: object) -> Iterator[tuple[str, object]]:
    """The fields that a setting gives; none for what is not the server's. Raises ValueError."""
    if key in ("select", "ignore"):
        if value is not None and not _is_names(value):
            raise ValueError("must be a list of names")
        yield key, None if value is None else tuple(value)  # type: ignore[arg-type]
    elif key in ("python", "config"):
        if value is not None and not isinstance(value, str):
            raise ValueError("must be a path")
        yield key, value or None
    elif key == "pedantic":
        if not isinstance(value, bool):
            raise ValueError("must be true or false")
        yield key, value
    elif key == "trace":
        if value not in _TRACE:
            raise ValueError(f"must be one of {', '.join(_TRACE)}")
        yield key, value
    elif key == "debounceMs":
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise ValueError("must be a number of milliseconds")
        yield "debounce", value / 1000


def _is_names(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)
