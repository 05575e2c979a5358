"""What an editor decides: initialization options, and the section `numpyroLint` of its settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from numpyro_lint.config import ConfigError
from numpyro_lint.config_schema import schema
from numpyro_lint.configuration import checked

_TRACE = ("on", "manual", "off")


@dataclass(frozen=True, slots=True)
class Options:
    """The editor's settings. `project` are those that a configuration may hold too, as fields of
    `Settings`: what is not there is left to the project's configuration.

    `debounce` is in seconds; `trace` is `on`, `manual` or `off`.
    """

    project: Mapping[str, Any] = field(default_factory=dict)
    python: str | None = None
    trace: str = "on"
    debounce: float = 0.1
    config: str | None = None


def with_settings(options: Options, settings: object) -> tuple[Options, list[str]]:
    """`options` with an editor's settings over them, and what of these could not be used."""
    if not isinstance(settings, Mapping):
        return options, [] if settings is None else ["the settings are not an object"]
    problems: list[str] = []
    project = dict(options.project)
    values: dict[str, Any] = {}
    for key, value in settings.items():
        try:
            if (name := _configured(key)) is not None:
                project.update(_of_project(key, name, value))
            else:
                values.update(_read(key, value))
        except ConfigError as error:
            problems.append(f"in the settings {error}")
    project = {name: value for name, value in project.items() if value is not None}
    return replace(options, project=project, **values), problems


def _configured(key: str) -> str | None:
    """The name in a configuration of a setting of the editor, where it has one."""
    name = re.sub(r"[A-Z]", lambda match: f"-{match[0].lower()}", key)
    return name if name in schema()["properties"] and name != "python" else None


def _of_project(key: str, name: str, value: object) -> Iterator[tuple[str, object]]:
    """The field of a setting, None where it is left to the project. Raises ConfigError."""
    field_name = name.replace("-", "_")
    if value is None or (name == "pedantic" and value is False):
        yield field_name, None
    else:
        yield field_name, checked(name, value, key)


def _read(key: str, value: object) -> Iterator[tuple[str, object]]:
    """The fields of a setting that editors alone have; none for what is not the server's.

    Raises ConfigError.
    """
    wrong = f"'{key}' must be"
    if value is None and key in ("trace", "debounceMs"):
        name = key.removesuffix("Ms")
        yield name, getattr(Options(), name)
    elif key in ("python", "config"):
        if value is not None and not isinstance(value, str):
            raise ConfigError(f"{wrong} a path")
        yield key, value or None
    elif key == "trace":
        if value not in _TRACE:
            raise ConfigError(f"{wrong} one of {', '.join(_TRACE)}")
        yield key, value
    elif key == "debounceMs":
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise ConfigError(f"{wrong} a number of milliseconds")
        yield "debounce", value / 1000
