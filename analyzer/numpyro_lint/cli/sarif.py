"""`--output-format sarif`: SARIF 2.1.0, errata 01, as OASIS has it; one run.

Numbers of sections are those of that standard. Regions are in the text of the files: those of
notebooks in their JSON, with cell and line among the properties of the result. Braces in messages
stay as they are: viewers replace placeholders such as {0} (3.11.5), and few halve doubled braces.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import numpyro_lint
from numpyro_lint.cli.fingerprints import fingerprints
from numpyro_lint.cli.formats import Outcome
from numpyro_lint.cli.places import Files, relative
from numpyro_lint.cli.sarif_rules import LEVELS, descriptors
from numpyro_lint.diagnostic import Diagnostic, Edit, Fix, fix_of
from numpyro_lint.text import Location, Source, Span

Json = dict[str, Any]
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
# What relative paths are relative to (3.4.4): said, and not where it is (3.14.14).
_ROOT = "%SRCROOT%"
_INTERNAL = "internal-error"


def render(outcome: Outcome) -> str:
    """The whole log."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(outcome)]}
    return json.dumps(log, indent=1, ensure_ascii=False)


def _run(outcome: Outcome) -> Json:
    files, rules = Files(outcome.given), descriptors()
    indices = {rule["id"]: index for index, rule in enumerate(rules)}
    results: list[Json] = []
    broken: list[Json] = []
    for report in outcome.reports:
        for each, fingerprint, is_held in fingerprints(report):
            if each.rule == _INTERNAL:
                broken.append(_notification(each, report.source))
                continue
            result = _result(each, report.source, files)
            result["ruleIndex"] = indices[each.rule]
            result["partialFingerprints"] = {"numpyroLint/v1": fingerprint}
            if report.held is not None:
                result["baselineState"] = "unchanged" if is_held else "new"
            results.append(result)
    return {
        "tool": {"driver": _driver(rules)},
        "invocations": [_invocation(broken)],
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "where numpyro-lint was run"}}},
        "results": results,
    }


def _driver(rules: list[Json]) -> Json:
    return {
        "name": "numpyro-lint",
        "version": numpyro_lint.__version__,
        "semanticVersion": numpyro_lint.__version__,
        "informationUri": "https://numpyro-lint.readthedocs.io",
        "rules": rules,
    }


def _invocation(broken: list[Json]) -> Json:
    """Whether the run was a good one: a rule that raises is about the tool, no result (3.20)."""
    told = {"toolExecutionNotifications": broken} if broken else {}
    return {"executionSuccessful": not broken, **told}


def _notification(each: Diagnostic, source: Source) -> Json:
    physical = {"artifactLocation": _artifact(source.path)}
    return {
        "level": LEVELS[each.severity],
        "message": {"text": each.message},
        "locations": [{"physicalLocation": physical}],
    }


def _result(each: Diagnostic, source: Source, files: Files) -> Json:
    related = [
        {"id": number, **_place(source, other.span, files), "message": {"text": other.message}}
        for number, other in enumerate(each.related, 1)
    ]
    location = _place(source, each.span, files)
    if each.model:
        location["logicalLocations"] = [{"fullyQualifiedName": each.model, "kind": "function"}]
    fix = fix_of(each)
    fixes = [] if fix is None else list(_fixes(fix, source, files))
    return {
        "ruleId": each.rule,
        "level": LEVELS[each.severity],
        "message": {"text": each.message},
        "locations": [location],
        **({"relatedLocations": related} if related else {}),
        **({"fixes": fixes} if fixes else {}),
        "properties": _properties(each, source.location(each.span)),
    }


def _properties(each: Diagnostic, where: Location) -> Json:
    """What SARIF has no place for: of a notebook also the cell, and the line in it."""
    cell = {} if where.cell is None else {"cell": where.cell, "line": where.line}
    told = {
        "category": each.category.value,
        "site": each.site,
        "model": each.model,
        "source": each.source.value,
        "evidence": None if each.evidence is None else dict(each.evidence),
    }
    return {key: value for key, value in told.items() if value is not None} | cell


def _place(source: Source, span: Span, files: Files) -> Json:
    """A location (3.28): without a region where that is not known."""
    physical: Json = {"artifactLocation": _artifact(source.home(span.start).source.path)}
    where = files.location(source, span)
    if where is not None:
        physical["region"] = _region(where)
    return {"physicalLocation": physical}


def _artifact(path: str) -> Json:
    """A file, by its address (3.4): relative to the current folder, where it stands below it."""
    shown = relative(path)
    if os.path.isabs(path) and shown == path.replace(os.sep, "/"):
        return {"uri": "file:///" + quote(os.fsencode(shown.lstrip("/")), safe="/:")}
    return {"uri": quote(os.fsencode(shown)), "uriBaseId": _ROOT}


def _region(where: Location) -> Json:
    return {
        "startLine": where.line,
        "startColumn": where.column,
        "endLine": where.end_line,
        "endColumn": where.end_column,
    }


def _fixes(fix: Fix, source: Source, files: Files) -> Iterator[Json]:
    """The fix (3.55), unless a place of it is not known."""
    changes: dict[str, list[Json]] = {}
    for edit in fix.edits:
        replacement = _replacement(edit, source, files)
        if replacement is None:
            return
        path = source.home(edit.span.start).source.path
        changes.setdefault(path, []).append(replacement)
    yield {
        "description": {"text": fix.title},
        "artifactChanges": [
            {"artifactLocation": _artifact(path), "replacements": replacements}
            for path, replacements in changes.items()
        ],
        "properties": {"applicability": fix.applicability.value},
    }


def _replacement(edit: Edit, source: Source, files: Files) -> Json | None:
    where = files.location(source, edit.span)
    if where is None:
        return None
    own = source.home(edit.span.start).source
    return {
        "deletedRegion": _region(where),
        "insertedContent": {"text": files.spelt(own, edit.text)},
    }
