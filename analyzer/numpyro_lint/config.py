"""`[tool.numpyro-lint]`: what a project decides, as frozen `Settings`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from numpyro_lint.diagnostic import Severity
from numpyro_lint.record import field, names_of, record


class ConfigError(Exception):
    """A configuration that cannot be used; the message says file, key and the near name."""


@record
class Settings:
    """Everything that the user decides. `models` maps `path.py:model` to its arguments."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    pedantic: bool = False
    python: str | None = None
    timeout: float = 20.0
    seed: int = 0
    models: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


_KEYS = names_of(Settings)


def find(start: str) -> str | None:
    """The configuration file that holds for a folder: the nearest one at or above it."""
    folder = os.path.abspath(start)
    while True:
        own = os.path.join(folder, "numpyro-lint.toml")
        if os.path.isfile(own):
            return own
        project = os.path.join(folder, "pyproject.toml")
        if os.path.isfile(project) and _concerns_us(project):
            return project
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def _concerns_us(project: str) -> bool:
    """Whether a pyproject.toml configures this tool; most do not, and need no TOML reader."""
    with open(project, "rb") as file:
        if b"numpyro-lint" not in file.read():
            return False
    return "numpyro-lint" in _table(project, _read(project), "tool")


def _read(path: str) -> dict[str, Any]:
    import tomllib

    try:
        with open(path, "rb") as file:
            return tomllib.load(file)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error


def _table(path: str, data: dict[str, Any], key: str) -> dict[str, Any]:
    """A table of a TOML file, empty where there is none."""
    table = data.get(key, {})
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: '{key}' must be a table")
    return table


def near(name: str, known: Iterable[str]) -> str:
    """`; did you mean '...'?` where a known name is close, else nothing."""
    from difflib import get_close_matches

    found = get_close_matches(name, known, n=1)
    return f"; did you mean '{found[0]}'?" if found else ""


def load(path: str) -> Settings:
    """The settings of a file. Raises ConfigError."""
    data = _read(path)
    if os.path.basename(path) == "pyproject.toml":
        data = _table(path, _table(path, data, "tool"), "numpyro-lint")
    values: dict[str, Any] = {}
    for key, value in data.items():
        name = key.replace("-", "_")
        if name not in _KEYS:
            raise ConfigError(f"{path}: unknown key '{key}'{near(name, _KEYS)}")
        values[name] = _checked(path, key, name, value)
    return Settings(**values)


def _checked(path: str, key: str, name: str, value: Any) -> Any:
    default = getattr(Settings(), name)
    if name == "models":
        return _models(path, value)
    expected = str if default is None else type(default)
    if isinstance(default, tuple):
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise ConfigError(f"{path}: '{key}' must be a list of names")
    if expected is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
        raise ConfigError(f"{path}: '{key}' must be of type {expected.__name__}")
    return value


def _models(path: str, value: Any) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    if not isinstance(value, dict):
        raise ConfigError(f"{path}: 'models' must be a table")
    for model, table in value.items():
        args = table.get("args") if isinstance(table, dict) else None
        if not isinstance(args, dict) or not all(isinstance(v, str) for v in args.values()):
            raise ConfigError(
                f"{path}: models.{model} must have args, a table of Python expressions as text"
            )
        found[model] = args
    return found


def checked(settings: Settings) -> Settings:
    """Settings whose numbers can be used. Raises ConfigError."""
    if not 0 < settings.timeout < float("inf"):
        raise ConfigError(f"timeout must be a number of seconds above 0, not {settings.timeout}")
    if not 0 <= settings.seed < 2**32:
        raise ConfigError(f"seed must be from 0 to 2**32 - 1, not {settings.seed}")
    return settings


def severity(name: str) -> Severity:
    """A severity by its name. Raises ConfigError."""
    try:
        return Severity[name.upper()]
    except KeyError:
        known = ", ".join(level.label for level in Severity)
        raise ConfigError(f"unknown severity '{name}': one of {known}") from None
