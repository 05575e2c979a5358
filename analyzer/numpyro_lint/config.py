"""`[tool.numpyro-lint]`: what a project decides, as frozen `Settings`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from numpyro_lint.diagnostic import Severity


class ConfigError(Exception):
    """A configuration that cannot be used; the message says file, key and the near name."""


@dataclass(frozen=True, slots=True)
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


_KEYS = {each.name for each in fields(Settings)}


def find(start: Path) -> Path | None:
    """The configuration file that holds for a folder: the nearest one at or above it."""
    for folder in (start, *start.parents):
        own = folder / "numpyro-lint.toml"
        if own.is_file():
            return own
        project = folder / "pyproject.toml"
        if project.is_file() and "numpyro-lint" in _read(project).get("tool", {}):
            return project
    return None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error


def load(path: Path) -> Settings:
    """The settings of a file. Raises ConfigError."""
    data = _read(path)
    if path.name == "pyproject.toml":
        data = data.get("tool", {}).get("numpyro-lint", {})
    values: dict[str, Any] = {}
    for key, value in data.items():
        name = key.replace("-", "_")
        if name not in _KEYS:
            near = get_close_matches(name, _KEYS, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            raise ConfigError(f"{path}: unknown key '{key}'{hint}")
        values[name] = _checked(path, key, name, value)
    return Settings(**values)


def _checked(path: Path, key: str, name: str, value: Any) -> Any:
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
    if not isinstance(value, expected):
        raise ConfigError(f"{path}: '{key}' must be of type {expected.__name__}")
    return value


def _models(path: Path, value: Any) -> dict[str, dict[str, str]]:
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


def severity(name: str) -> Severity:
    """A severity by its name. Raises ConfigError."""
    try:
        return Severity[name.upper()]
    except KeyError:
        known = ", ".join(level.label for level in Severity)
        raise ConfigError(f"unknown severity '{name}': one of {known}") from None
