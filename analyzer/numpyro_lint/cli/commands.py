"""`analyze rules`, `explain`, `config-schema`, `dump`, `graph`, `trace`, `merge` and `server`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from numpyro_lint.cli.files import UsageError
from numpyro_lint.config import near
from numpyro_lint.context import Rule
from numpyro_lint.diagnostic import Stage
from numpyro_lint.rule import meanings
from numpyro_lint.rules import all_rules


def run(name: str, arguments: Sequence[str]) -> int:
    """Runs one of the other commands; the exit status is as for `analyze`."""
    commands = {
        "rules": _rules,
        "explain": _explain,
        "config-schema": _config_schema,
        "dump": _dump,
        "server": _server,
        "trace": _trace,
        "graph": _graph,
        "merge": _merge,
    }
    return commands[name](arguments)


def _rules(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="analyze rules", description="Lists the rules.")
    parser.add_argument("names", nargs="*", metavar="RULE", help="these rules or categories alone")
    parser.add_argument("--output-format", choices=("text", "json"), default="text")
    options = parser.parse_args(arguments)
    rules = _named(options.names or ["ALL"])
    if options.output_format == "json":
        import json

        print(json.dumps([_facts(rule) for rule in rules], indent=1, ensure_ascii=False))
        return 0
    width = max(len(rule.name) for rule in rules)
    print(f"{'rule':<{width}}  severity  category      fix  finds")
    for rule in rules:
        fix = "yes" if rule.has_fix else "-"
        facts = f"{rule.severity.label:<10}{rule.category.value:<14}{fix:<5}"
        print(f"{rule.name:<{width}}  {facts}{rule.summary}")
    return 0


def _facts(rule: Rule) -> dict[str, object]:
    return {
        "name": rule.name,
        "severity": rule.severity.label,
        "category": rule.category.value,
        "since": rule.since,
        "fix": rule.has_fix,
        "trace": rule.stage > Stage.TEXT,
        "summary": rule.summary,
    }


def _named(names: Sequence[str]) -> list[Rule]:
    """The rules that some names stand for, in order. Raises UsageError."""
    rules = all_rules()
    known = meanings()
    for name in names:
        if name not in known:
            hint = near(name, known) or "; `analyze rules` lists them"
            raise UsageError(f"unknown rule or category '{name}'{hint}")
    chosen = frozenset().union(*(known[name] for name in names))
    return [rule for rule in rules.values() if rule.name in chosen]


def _explain(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="analyze explain", description="Says what a rule means.")
    parser.add_argument("rule", help="a rule, or a category")
    name = parser.parse_args(arguments).rule
    rules = _named([name])
    for number, rule in enumerate(rules):
        if number:
            print("\n")
        facts = [rule.severity.label, rule.category.value]
        facts += ["has a fix"] if rule.has_fix else []
        print(f"# {rule.name} ({', '.join(facts)})\n\n{rule.documentation.strip()}")
    return 0


def _config_schema(arguments: Sequence[str]) -> int:
    import json

    from numpyro_lint.config_schema import schema

    parser = argparse.ArgumentParser(
        prog="analyze config-schema",
        description="Prints the JSON Schema of numpyro-lint.toml and of [tool.numpyro-lint].",
    )
    parser.parse_args(arguments)
    print(json.dumps(schema(), indent=2))
    return 0


def _dump(arguments: Sequence[str]) -> int:
    """The model of a file, for those who work on this program."""
    from pprint import pprint

    from numpyro_lint import text
    from numpyro_lint.model.lift import lift

    parser = argparse.ArgumentParser(prog="analyze dump", description="Prints a file's model.")
    parser.add_argument("file")
    path = parser.parse_args(arguments).file
    try:
        source = text.load(path)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {error}") from error
    module = lift(source)
    pprint({"functions": module.functions, "stacks": module.stacks, "runs": module.runs})
    return 0


def _trace(arguments: Sequence[str]) -> int:
    from numpyro_lint.cli import trace

    return trace.run(arguments)


def _graph(arguments: Sequence[str]) -> int:
    from numpyro_lint.cli import graph

    return graph.run(arguments)


def _merge(arguments: Sequence[str]) -> int:
    from numpyro_lint.cli import merge

    return merge.run(arguments)


def _server(arguments: Sequence[str]) -> int:
    import os

    # Without the current folder on the path: nothing of a project is to be imported there.
    os.execv(sys.executable, [sys.executable, "-P", "-m", "numpyro_lint_server", *arguments])
