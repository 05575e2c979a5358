"""`analyze rules`, `explain`, `dump` and `server`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from numpyro_lint.cli.files import UsageError
from numpyro_lint.config import near
from numpyro_lint.rules import all_rules


def run(name: str, arguments: Sequence[str]) -> int:
    """Runs one of the other commands; the exit status is as for `analyze`."""
    return {"rules": _rules, "explain": _explain, "dump": _dump, "server": _server}[name](arguments)


def _rules(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="analyze rules", description="Lists every rule.")
    parser.parse_args(arguments)
    rules = all_rules()
    width = max(map(len, rules))
    for rule in rules.values():
        summary = rule.documentation.strip().partition("\n")[0]
        print(f"{rule.name:<{width}}  {rule.severity.label:<8}{rule.category.value:<13}{summary}")
    return 0


def _explain(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="analyze explain", description="Says what a rule means.")
    parser.add_argument("rule")
    name = parser.parse_args(arguments).rule
    rule = all_rules().get(name)
    if rule is None:
        hint = near(name, all_rules()) or "; `analyze rules` lists them"
        raise UsageError(f"unknown rule '{name}'{hint}")
    print(f"# {rule.name} ({rule.severity.label}, {rule.category.value})\n")
    print(rule.documentation.strip())
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


def _server(arguments: Sequence[str]) -> int:
    import os

    os.execv(sys.executable, [sys.executable, "-m", "numpyro_lint_server", *arguments])
