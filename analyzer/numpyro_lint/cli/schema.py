"""The JSON Schema of `--output-format json`, version 1 (JSON Schema 2020-12)."""

from __future__ import annotations

from typing import Any

from numpyro_lint.diagnostic import Applicability, Category, Origin, Severity

Json = dict[str, Any]
_TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_LINE: Json = {"type": "integer", "minimum": 1}
_TRUTH: Json = {"type": "boolean"}
_NAMES: Json = {"type": "array", "items": _TEXT}
_SHAPE: Json = {"type": ["array", "null"], "items": _COUNT}
_CELL: Json = {"type": ["integer", "null"], "minimum": 0}
_MAYBE_TEXT: Json = {"type": ["string", "null"]}
_MAYBE_TRUTH: Json = {"type": ["boolean", "null"]}
_SITE_TYPES = (
    "sample param plate deterministic factor mutable subsample prng_key control_flow".split()
)
_STATUSES = "latent observed optional deterministic param plate other".split()
_VALUE_FROM = "prior obs condition substitute do replay lift reparam init".split()
_PLACE = {
    "line": _LINE,
    "column": _LINE,
    "end_line": _LINE,
    "end_column": _LINE,
    "cell": _CELL,
}


def _object(properties: Json, **optional: Json) -> Json:
    """An object with exactly these properties, and perhaps the optional ones."""
    return {
        "type": "object",
        "properties": properties | optional,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(name: str) -> Json:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}


def _maybe(name: str) -> Json:
    return {"anyOf": [{"$ref": f"#/$defs/{name}"}, {"type": "null"}]}


def _one_of(values: list[str], nullable: bool = False) -> Json:
    return {"enum": [*values, None] if nullable else values}


def _unplaced(place: Json) -> Json:
    """A place that may be missing: what stands in no file of the user's."""
    return {key: {**value, "type": ["integer", "null"]} for key, value in place.items()}


def schema() -> Json:
    """The schema of a whole report."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "numpyro-lint report, version 1",
        **_object(
            {
                "version": {"const": 1},
                "tool": _object({"name": {"const": "numpyro-lint"}, "version": _TEXT}),
                "files": _list("file"),
                "diagnostics": _list("diagnostic"),
                "summary": {"$ref": "#/$defs/summary"},
            },
            # With --statistics and --shard alone.
            statistics={"type": "array", "items": {"$ref": "#/$defs/count"}},
            shard={"$ref": "#/$defs/shard"},
        ),
        "$defs": {
            "file": _object(
                {
                    "path": _TEXT,
                    "kind": _one_of(["python", "notebook"]),
                    "models": _list("model"),
                    "stacks": _list("stack"),
                }
            ),
            "model": _model(),
            "site": _site(),
            "trace": _trace(),
            "traced": _traced(),
            "stack": _stack(),
            "effect": _effect(),
            "diagnostic": _diagnostic(),
            "fix": _fix(),
            "summary": _summary(),
            "count": _count(),
            "shard": _shard(),
        },
    }


def _model() -> Json:
    return _object(
        {
            "name": _TEXT,
            "qualname": _TEXT,
            "role": _one_of(["model", "guide", "helper"]),
            "line": _LINE,
            "column": _LINE,
            "end_line": _LINE,
            "cell": _CELL,
            "sites": _list("site"),
            "trace": _maybe("trace"),
        }
    )


def _site() -> Json:
    return _object(
        {
            "path": _TEXT,
            "name": _MAYBE_TEXT,
            "pattern": _TRUTH,
            "type": _one_of(_SITE_TYPES),
            "distribution": _MAYBE_TEXT,
            "status": _one_of(_STATUSES),
            "plates": _NAMES,
            "scope": _NAMES,
            "conditional": _TRUTH,
            "repeats": _TRUTH,
            "function": _MAYBE_TEXT,
            **_PLACE,
        }
    )


def _trace() -> Json:
    values = {"type": "object", "additionalProperties": _TEXT}
    origins = ["comment", "config", "call", "captured", "synthesized", "none"]
    return _object(
        {
            "status": _one_of(["ok", "failed", "skipped"]),
            "reason": _MAYBE_TEXT,
            "mode": _one_of(["abstract", "concrete"]),
            "seconds": {"type": "number"},
            "seed": {"type": "integer"},
            "python": _TEXT,
            "numpyro": _TEXT,
            "jax": _TEXT,
            "arguments": _object({"from": _one_of(origins), "values": values}),
            "sites": _list("traced"),
        }
    )


def _traced() -> Json:
    plate = _object({"name": _TEXT, "dim": {"type": "integer"}, "size": _COUNT})
    return _object(
        {
            "path": _TEXT,
            "name": _TEXT,
            "type": _one_of(_SITE_TYPES),
            "distribution": _MAYBE_TEXT,
            "observed": _TRUTH,
            "was_observed": _TRUTH,
            "value_from": _one_of(_VALUE_FROM, nullable=True),
            "shape": _SHAPE,
            "batch_shape": _SHAPE,
            "event_shape": _SHAPE,
            "dtype": _MAYBE_TEXT,
            "value": {"type": ["number", "boolean", "string", "null"]},
            "plates": {"type": "array", "items": plate},
            "scale": {"type": ["number", "string", "null"]},
            "masked": _TRUTH,
            "hidden": _TRUTH,
            "handlers": _NAMES,
            **_unplaced(_PLACE),
        }
    )


def _stack() -> Json:
    return _object(
        {
            "path": _TEXT,
            "line": _LINE,
            "column": _LINE,
            "cell": _CELL,
            "handlers": _NAMES,
            "model": _MAYBE_TEXT,
            "predicted": _list("effect"),
            "traced": {"type": ["array", "null"], "items": {"$ref": "#/$defs/traced"}},
        }
    )


def _effect() -> Json:
    return _object(
        {
            "site": _TEXT,
            "name": _TEXT,
            "type": _one_of(_SITE_TYPES),
            "line": _LINE,
            "column": _LINE,
            "observed": _MAYBE_TRUTH,
            "was_observed": _MAYBE_TRUTH,
            "value_from": _one_of(_VALUE_FROM, nullable=True),
            "hidden": _MAYBE_TRUTH,
            "scaled": _MAYBE_TRUTH,
            "masked": _MAYBE_TRUTH,
        }
    )


def _diagnostic() -> Json:
    related = _object(
        {"path": _TEXT, "cell": _CELL, "line": _LINE, "column": _LINE, "message": _TEXT}
    )
    return _object(
        {
            "path": _TEXT,
            "rule": _TEXT,
            "category": _one_of([each.value for each in Category]),
            "severity": _one_of([each.label for each in Severity]),
            "message": _TEXT,
            **_PLACE,
            "site": _MAYBE_TEXT,
            "model": _MAYBE_TEXT,
            "source": _one_of([each.value for each in Origin]),
            "evidence": {"type": ["object", "null"]},
            "related": {"type": "array", "items": related},
            "fix": _maybe("fix"),
        }
    )


def _fix() -> Json:
    edit = _object({"path": _TEXT, **_PLACE, "text": _TEXT})
    return _object(
        {
            "title": _TEXT,
            "applicability": _one_of([each.value for each in Applicability]),
            "edits": {"type": "array", "items": edit},
        }
    )


def _summary() -> Json:
    counts = "files models sites traced not_traced errors warnings infos hints fixable".split()
    return _object({**dict.fromkeys(counts, _COUNT), "seconds": {"type": "number"}}, held=_COUNT)


def _count() -> Json:
    severities = [each.label for each in Severity]
    return _object(
        {"rule": _TEXT, "severity": _one_of(severities), "count": _COUNT, "fixable": _COUNT}
    )


def _shard() -> Json:
    places = {"type": "array", "items": _COUNT}
    return _object({"number": _LINE, "count": _LINE, "places": places, "status": _COUNT})
