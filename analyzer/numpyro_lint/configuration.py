"""`[tool.numpyro-lint]` in pyproject.toml, and numpyro-lint.toml: found, checked, read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from numpyro_lint.config import ConfigError, Settings
from numpyro_lint.diagnostic import Severity


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


def load(path: str) -> Settings:
    """The settings of a file. Raises ConfigError, or OSError where it cannot be read."""
    from numpyro_lint.config_schema import problem

    data = _read(path)
    if os.path.basename(path) == "pyproject.toml":
        data = _table(path, _table(path, data, "tool"), "numpyro-lint")
    wrong = problem(data)
    if wrong:
        raise ConfigError(f"{path}: {wrong}")
    root = os.path.dirname(os.path.abspath(path))
    fields = fields_of(data)
    for key in {"python", "baseline"} & fields.keys():
        fields[key] = os.path.join(root, os.path.expanduser(fields[key]))
    return Settings(**fields, root=root)


def fields_of(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings that were found right as the fields of `Settings`."""
    return {key.replace("-", "_"): _field(key, value) for key, value in settings.items()}


def _field(key: str, value: Any) -> Any:
    if key in ("min-severity", "fail-on"):
        return severity(value)
    if key == "severity":
        return {name: severity(level) for name, level in value.items()}
    if key == "models":
        return {name: dict(table["args"]) for name, table in value.items()}
    if key == "per-file-ignores":
        return {pattern: tuple(names) for pattern, names in value.items()}
    return tuple(value) if isinstance(value, list) else value


def checked(key: str, value: Any, called: str) -> Any:
    """The value of a setting as a field; messages call it as the user does. Raises ConfigError."""
    from numpyro_lint.config_schema import problem_of

    wrong = problem_of(key, value, called)
    if wrong:
        raise ConfigError(wrong)
    return _field(key, value)


def severity(name: str) -> Severity:
    """A severity by its name."""
    return Severity[name.upper()]
