"""Qualified names: what an import binds, and the one name by which a NumPyro object is known."""

from __future__ import annotations

import ast
from collections.abc import Iterator

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
# Modules whose public names are also, or only, found elsewhere: the right side is the name we use.
_HOMES = {
    "numpyro.primitives": "numpyro",
    "numpyro.compat.pyro": "numpyro",
    "numpyro.contrib.control_flow.scan": "numpyro.contrib.control_flow",
    "numpyro.contrib.control_flow.cond": "numpyro.contrib.control_flow",
    "numpyro.infer.mcmc": "numpyro.infer",
    "numpyro.infer.hmc": "numpyro.infer",
    "numpyro.infer.svi": "numpyro.infer",
    "numpyro.infer.util": "numpyro.infer",
    "numpyro.infer.elbo": "numpyro.infer",
    "numpyro.infer.initialization": "numpyro.infer",
    "numpyro.infer.hmc_gibbs": "numpyro.infer",
    "numpyro.infer.gibbs": "numpyro.infer",
    "numpyro.infer.sa": "numpyro.infer",
    "numpyro.infer.barker": "numpyro.infer",
    "numpyro.infer.ensemble": "numpyro.infer",
    "numpyro.infer.mixed_hmc": "numpyro.infer",
    "numpyro.infer.inspect": "numpyro.infer",
    "numpyro.distributions.continuous": "numpyro.distributions",
    "numpyro.distributions.discrete": "numpyro.distributions",
    "numpyro.distributions.distribution": "numpyro.distributions",
    "numpyro.distributions.directional": "numpyro.distributions",
    "numpyro.distributions.truncated": "numpyro.distributions",
    "numpyro.distributions.mixtures": "numpyro.distributions",
    "numpyro.distributions.conjugate": "numpyro.distributions",
    "numpyro.contrib.funsor.enum_messenger": "numpyro.contrib.funsor",
    "numpyro.contrib.funsor.infer_util": "numpyro.contrib.funsor",
    "numpyro.contrib.einstein.steinvi": "numpyro.contrib.einstein",
}
_SINGLE = {
    "numpyro.render_model": "numpyro.infer.render_model",
    "numpyro.infer.reparam.LocScaleReparam": "numpyro.infer.reparam.LocScaleReparam",
}


# The expressions that an assignment can have on its left.
_TARGETS = (ast.Name, ast.Tuple, ast.List, ast.Starred)


def canonical(qualified: str) -> str:
    """The one name of an object that NumPyro offers under several.

    `numpyro.primitives.sample` is `numpyro.sample`; others stay as they are.
    """
    if not qualified.startswith("numpyro."):
        return qualified
    home, _, leaf = qualified.rpartition(".")
    renamed = f"{_HOMES[home]}.{leaf}" if home in _HOMES else qualified
    return _SINGLE.get(renamed, renamed)


def local_names(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, walrus: bool = True
) -> frozenset[str]:
    """The names that a function binds for itself: parameters and whatever its body assigns.

    `walrus`: whether `:=` may stand in it; without, no expression need be looked into.
    """
    arguments = node.args
    slots = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    names = {each.arg for each in (*slots, arguments.vararg, arguments.kwarg) if each}
    shared: set[str] = set()
    pending: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else [*node.body]
    while pending:
        each = pending.pop()
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(each.name)
        elif isinstance(each, (ast.Import, ast.ImportFrom)):
            names.update(name for name, _ in imported(each))
        elif isinstance(each, (ast.Global, ast.Nonlocal)):
            shared.update(each.names)
        elif isinstance(each, ast.Name):
            if isinstance(each.ctx, ast.Store):
                names.add(each.id)
        elif not isinstance(each, (ast.Lambda, *COMPREHENSIONS)):
            if isinstance(each, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and each.name:
                names.add(each.name)
            elif isinstance(each, ast.MatchMapping) and each.rest:
                names.add(each.rest)
            pending.extend(_may_bind(each, walrus))
    return frozenset(names - shared)


def _may_bind(node: ast.AST, walrus: bool) -> Iterator[ast.AST]:
    """The children of a node that may bind names: of its expressions, the targets alone."""
    for child in ast.iter_child_nodes(node):
        if walrus or not isinstance(child, ast.expr) or isinstance(child, _TARGETS):
            yield child


def imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """The names that an import binds, each with the qualified name that it stands for.

    A star import binds `*`; a relative import is qualified with its leading dots.
    """
    if isinstance(node, ast.Import):
        for alias in node.names:
            bound = alias.asname or alias.name.partition(".")[0]
            yield bound, alias.name if alias.asname else bound
        return
    base = "." * node.level + (node.module or "")
    for alias in node.names:
        separator = "" if base.endswith(".") else "."
        yield alias.asname or alias.name, f"{base}{separator}{alias.name}"
