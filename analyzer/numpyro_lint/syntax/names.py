"""Qualified names: what an import binds, and the one name by which a NumPyro object is known."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from numpyro_lint.syntax.walk import walk

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


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


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
    if isinstance(node, ast.Lambda):
        return frozenset(names | (_by_walrus([node.body]) if walrus else set()))
    shared: set[str] = set()
    _bound_by(node.body, names, shared)
    if walrus:
        names |= _by_walrus(node.body)
    return frozenset(names - shared)


def _bound_by(statements: Iterable[ast.AST], names: set[str], shared: set[str]) -> None:
    for each in statements:
        if isinstance(each, ast.Assign):
            for target in each.targets:
                _targets(target, names)
        elif isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(each.name)
        elif isinstance(each, (ast.Import, ast.ImportFrom)):
            names.update(name for name, _ in imported(each))
        elif isinstance(each, (ast.Global, ast.Nonlocal)):
            shared.update(each.names)
        elif isinstance(each, ast.match_case):
            names.update(_captured(each.pattern))
            _bound_by(each.body, names, shared)
        elif not isinstance(each, (ast.Expr, ast.Return)):
            for target in _targets_of(each):
                _targets(target, names)
            if isinstance(each, ast.ExceptHandler) and each.name:
                names.add(each.name)
            for part in ("body", "orelse", "handlers", "finalbody", "cases"):
                _bound_by(getattr(each, part, ()), names, shared)


def _targets_of(node: ast.AST) -> Iterator[ast.expr]:
    """What a statement binds besides assignments: of a loop, a `with`, an annotation."""
    if isinstance(node, (ast.With, ast.AsyncWith)):
        yield from (item.optional_vars for item in node.items if item.optional_vars)
    elif isinstance(node, (ast.For, ast.AsyncFor, ast.AugAssign, ast.AnnAssign)):
        yield node.target


def _targets(target: ast.expr, names: set[str]) -> None:
    if isinstance(target, ast.Name):
        names.add(target.id)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for each in target.elts:
            _targets(each, names)
    elif isinstance(target, ast.Starred):
        _targets(target.value, names)


def _captured(pattern: ast.pattern) -> Iterator[str]:
    for each in walk(pattern):
        name = getattr(each, "name", None) or getattr(each, "rest", None)
        if isinstance(name, str):
            yield name


def _by_walrus(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that `:=` binds, those in functions inside left out."""
    names: set[str] = set()
    pending = [*nodes]
    while pending:
        each = pending.pop()
        if isinstance(each, ast.NamedExpr):
            names.add(each.target.id)
        if not isinstance(each, _SCOPES):
            pending += ast.iter_child_nodes(each)
    return names


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
