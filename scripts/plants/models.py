"""The models of a host and their sites."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from plants.host import Host
from plants.syntax import argument, leaves, root

PRIMITIVES = ("sample", "param", "plate", "deterministic", "factor")


@dataclass(frozen=True, eq=False)
class Site:
    """A primitive that a function reaches on every run. `statement` is where it stands."""

    kind: str
    name: str
    call: ast.Call
    statement: ast.stmt
    plates: tuple[ast.Call, ...]
    target: str | None
    dist: ast.Call | None
    family: str | None
    plain: bool
    obs: ast.expr | None

    @property
    def latent(self) -> bool:
        return self.kind == "sample" and self.obs is None


@dataclass(frozen=True, eq=False)
class Model:
    """A function of the top level with sites of literal names.

    `whole`: all its sites are `sites`. `closed`: it calls nothing that only its caller knows.
    """

    node: ast.FunctionDef
    sites: tuple[Site, ...]
    whole: bool
    closed: bool

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def latents(self) -> list[Site]:
        return [site for site in self.sites if site.latent]

    @property
    def observed(self) -> list[Site]:
        return [site for site in self.sites if site.kind == "sample" and site.obs is not None]

    @property
    def params(self) -> list[str]:
        arguments = self.node.args
        return [each.arg for each in (*arguments.posonlyargs, *arguments.args)]


@cache
def functions(host: Host) -> dict[str, ast.FunctionDef]:
    """The functions of the top level that have their name for themselves."""
    found = [each for each in host.tree.body if isinstance(each, ast.FunctionDef)]
    names = [each.name for each in found]
    names += [
        node.id
        for statement in host.tree.body
        if not isinstance(statement, (ast.FunctionDef, ast.ClassDef))
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    return {each.name: each for each in found if names.count(each.name) == 1}


@cache
def models(host: Host) -> list[Model]:
    """The functions with sites that inference or a handler of the file is given by name.

    One that is only drawn from under a seed is a simulator, whose names may come again.
    """
    used: set[str] = set()
    for call in host.calls():
        for each in (*call.args, *(keyword.value for keyword in call.keywords)):
            if host.api(each) == "seed" and isinstance(each, ast.Call):
                each = argument(each, 0, "fn") or each
            if isinstance(each, ast.Name) and host.api(call) != "seed":
                used.add(each.id)
    known = [model_of(host, node) for name, node in functions(host).items() if name in used]
    return [each for each in known if each.sites and not each.node.decorator_list]


@cache
def written(host: Host) -> list[Model]:
    """All functions that draw and observe, methods and inner functions among them."""
    known = {model.node for model in models(host)}
    nodes = [node for node in ast.walk(host.tree) if isinstance(node, ast.FunctionDef)]
    found = [model_of(host, n) for n in nodes if n not in known and not n.decorator_list]
    return [*models(host), *(each for each in found if each.latents and each.observed)]


def model_of(host: Host, node: ast.FunctionDef) -> Model:
    sites = tuple(_reached(host, node.body, ()))
    inside = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
    primitives = [call for call in inside if host.api(call) in PRIMITIVES]
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    local = names & set(functions(host))
    nested = [n for n in ast.walk(node) if isinstance(n, ast.FunctionDef) and n is not node]
    whole = len(primitives) == len(sites) and not local and not nested
    given = {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
    closed = not any(root(call.func) in given for call in inside)
    return Model(node, sites, whole, closed)


def _reached(host: Host, body: Sequence[ast.stmt], plates: tuple[ast.Call, ...]) -> Iterator[Site]:
    """The sites with literal names that every run of some statements reaches."""
    for statement in body:
        if not host.stands_alone(statement):
            continue
        if isinstance(statement, ast.With):
            contexts = [item.context_expr for item in statement.items]
            if all(host.api(each) == "plate" for each in contexts):
                for each in contexts:
                    assert isinstance(each, ast.Call)
                    yield from _site(host, each, statement, plates)
                inner = (*plates, *(c for c in contexts if isinstance(c, ast.Call)))
                yield from _reached(host, statement.body, inner)
        elif isinstance(statement, (ast.Assign, ast.Expr)):
            if isinstance(statement.value, ast.Call):
                yield from _site(host, statement.value, statement, plates)
        if not isinstance(statement, ast.FunctionDef) and leaves(statement):
            return


def _site(
    host: Host, call: ast.Call, statement: ast.stmt, plates: tuple[ast.Call, ...]
) -> Iterator[Site]:
    kind = host.api(call)
    name = argument(call, 0, "name")
    if kind not in PRIMITIVES or not isinstance(name, ast.Constant):
        return
    if not isinstance(name.value, str) or any(isinstance(a, ast.Starred) for a in call.args):
        return
    target = None
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        target = statement.targets[0].id if len(statement.targets) == 1 else None
    given = argument(call, 1, "fn") if kind == "sample" else None
    dist, family, plain = _dist(host, given)
    obs = argument(call, 2, "obs") if kind == "sample" else None
    if isinstance(obs, ast.Constant) and obs.value is None:
        obs = None
    yield Site(kind, name.value, call, statement, plates, target, dist, family, plain, obs)


def _dist(host: Host, given: ast.expr | None) -> tuple[ast.Call | None, str | None, bool]:
    """The call that builds a distribution, its class, and whether nothing is applied to it."""
    inner, plain = given, True
    while isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
        if host.qualified(inner.func):
            break
        inner, plain = inner.func.value, False
    if not isinstance(inner, ast.Call) or "distributions" not in host.qualified(inner.func):
        return None, None, False
    return inner, host.api(inner), plain
