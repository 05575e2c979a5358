"""What a configuration may hold, as a JSON Schema: all that is read is checked by it.

`analyze config-schema` prints it; the command line and the language server check by the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from numpyro_lint.config import near
from numpyro_lint.diagnostic import Category, Severity

Json = dict[str, Any]

_TRUTH: Json = {"type": "boolean", "title": "true or false"}
_RULES: Json = {
    "type": "array",
    "title": "a list of rules, categories or ALL",
    "items": {"$ref": "#/$defs/rules"},
}
_LEVEL: Json = {"$ref": "#/$defs/level"}
_PATTERNS: Json = {
    "type": "array",
    "title": "a list of patterns of paths",
    "items": {"type": "string", "title": "a pattern of paths"},
}
_MODEL: Json = {
    "type": "object",
    "title": "a table with args",
    "properties": {
        "args": {
            "type": "object",
            "title": "a table of Python expressions as text",
            "additionalProperties": {"type": "string", "title": "a Python expression as text"},
        }
    },
    "required": ["args"],
    "additionalProperties": False,
}


def _table(title: str, keys: Json, values: Json) -> Json:
    return {
        "type": "object",
        "title": title,
        "propertyNames": keys,
        "additionalProperties": values,
    }


# Each setting with its default, where it has one that can be written down, and what it is for.
_SETTINGS: dict[str, tuple[Json, Any, str]] = {
    "select": (_RULES, ["ALL"], "the rules to run"),
    "extend-select": (_RULES, [], "rules to run besides those; names of hints turn these on"),
    "ignore": (_RULES, [], "rules not to run; a rule's own name outdoes its category, that ALL"),
    "per-file-ignores": (
        _table("a table of patterns of paths", {"type": "string"}, _RULES),
        {},
        "rules not to run in some files: lists by patterns of paths from this file's folder",
    ),
    "severity": (
        _table("a table of severities", {"$ref": "#/$defs/rule-or-category"}, _LEVEL),
        {},
        "severities of your own, by rule or category",
    ),
    "pedantic": (_TRUTH, False, "show hints as well"),
    "min-severity": (_LEVEL, None, "show nothing below; info, or hint where pedantic"),
    "fail-on": (_LEVEL, "warning", "exit with 1 from this severity on"),
    "exclude": (_PATTERNS, [], "files and folders to leave out"),
    "python": (
        {"type": "string", "title": "the path of an interpreter", "minLength": 1},
        None,
        "the interpreter that runs the trace",
    ),
    "platform": (
        {
            "type": "string",
            "title": "a platform of JAX, as cpu, cuda, tpu",
            "pattern": "^[a-z]+(,[a-z]+)*$",
        },
        "cpu",
        "what the trace computes on",
    ),
    "seed": (
        {
            "type": "integer",
            "title": "a whole number from 0 to 2**32 - 1",
            "minimum": 0,
            "maximum": 2**32 - 1,
        },
        0,
        "the seed of the trace",
    ),
    "timeout": (
        {
            "type": "number",
            "title": "a number of seconds above 0, a day at the most",
            "exclusiveMinimum": 0,
            "maximum": 86400,
        },
        20,
        "seconds for each model, for its trace and again for its values",
    ),
    "baseline": (
        {"type": "string", "title": "the path of a file", "minLength": 1},
        None,
        "the known findings, which `analyze` holds (not an editor): `--write-baseline` writes it",
    ),
    "models": (
        _table(
            "a table of models",
            {"type": "string", "pattern": ".:.", "title": "written as path.py:model"},
            _MODEL,
        ),
        {},
        "arguments to trace models with, by path.py:model",
    ),
}


@cache
def schema() -> Json:
    """The schema of a configuration: of numpyro-lint.toml, or of the table in pyproject.toml."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "the configuration of numpyro-lint",
        **_table_of_settings(),
        "$defs": _definitions(),
    }


def _table_of_settings() -> Json:
    return {
        "type": "object",
        "properties": {
            key: {**kind, "description": said, **({} if default is None else {"default": default})}
            for key, (kind, default, said) in _SETTINGS.items()
        },
        "additionalProperties": False,
    }


@cache
def _definitions() -> Json:
    # A run that names no rule asks for its interpreter before the rules are imported.
    from numpyro_lint.rules import all_rules

    rules, categories = list(all_rules()), [each.value for each in Category]
    return {
        "rules": {"title": "a rule, a category or ALL", "enum": ["ALL", *categories, *rules]},
        "rule-or-category": {"title": "a rule or a category", "enum": [*categories, *rules]},
        "level": {
            "title": f"one of {', '.join(each.label for each in reversed(Severity))}",
            "enum": [each.label for each in reversed(Severity)],
        },
    }


def problem_of(key: str, value: object, called: str) -> str | None:
    """What is wrong with the value of a setting, by what the user calls it; None if nothing."""
    return next(_problems(value, _SETTINGS[key][0], called), None)


def problem(settings: Mapping[str, object]) -> str | None:
    """What is wrong with a whole configuration; None if nothing."""
    return next(_problems(settings, _table_of_settings(), ""), None)


def _problems(value: Any, rule: Json, path: str, of: str = "") -> Iterator[str]:
    if "$ref" in rule:
        rule = _definitions()[rule["$ref"].rpartition("/")[2]]
    if not all(_TESTS[word](value, rule[word]) for word in _TESTS if word in rule):
        hint = near(value, rule.get("enum", ()))
        yield f"{of}'{path}' must be {rule['title']}, not {_shown(value)}{hint}"
        return
    if isinstance(value, list):
        for each in value:
            yield from _problems(each, rule["items"], path, "each of ")
    elif isinstance(value, Mapping):
        yield from _in_table(value, rule, path)


def _in_table(table: Mapping[str, Any], rule: Json, path: str) -> Iterator[str]:
    known = rule.get("properties", {})
    for key in rule.get("required", ()):
        if key not in table:
            yield f"'{path}' must have '{key}', {known[key]['title']}"
    for key, value in table.items():
        inner = f"{path}.{key}" if path else key
        if key in known:
            yield from _problems(value, known[key], inner)
        elif rule["additionalProperties"] is False:
            yield f"unknown key '{inner}'{near(key, known)}"
        else:
            yield from _problems(key, rule.get("propertyNames", {}), inner, "the key ")
            yield from _problems(value, rule["additionalProperties"], inner)


def _is_of_type(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])


_TYPES: dict[str, Any] = {
    "boolean": bool,
    "string": str,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": Mapping,
}
# The words of JSON Schema that are used here; each also refuses what it cannot compare.
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "type": _is_of_type,
    "enum": lambda value, known: value in known,
    "minimum": lambda value, least: _is_of_type(value, "number") and value >= least,
    "exclusiveMinimum": lambda value, least: _is_of_type(value, "number") and value > least,
    "maximum": lambda value, most: _is_of_type(value, "number") and value <= most,
    "minLength": lambda value, least: len(value) >= least,
    "pattern": lambda value, pattern: re.search(pattern, value) is not None,
}


def _shown(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else repr(value)
