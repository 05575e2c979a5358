"""The inference of a host: which algorithms are given which models, and where they are run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from plants.host import Host
from plants.models import Model, model_of, models
from plants.syntax import (
    argument,
    assigned,
    bound,
    defined,
    entries,
    first_values,
    own_calls,
    own_statements,
    parameters,
    root,
)

KERNELS = ("NUTS", "HMC")


@dataclass(frozen=True, eq=False)
class Run:
    """A run of MCMC on a model that is given by name: where each of its steps is written.

    `arguments` are those of the model, `data` those that it observes, `certain` where all that it
    observes is given to it for sure.
    """

    kernel: ast.Call
    mcmc: ast.Call
    call: ast.Call
    statement: ast.stmt
    model: Model
    scope: ast.AST
    arguments: str
    data: dict[str, ast.expr]
    certain: bool


@cache
def kernels(host: Host) -> list[tuple[ast.Call, Model]]:
    """The calls of NUTS and HMC that are given a model by name and go into an MCMC nearby."""
    return list(_kernels(host))


def _kernels(host: Host) -> Iterator[tuple[ast.Call, Model]]:
    for scope in _scopes(host):
        inside = [call for call in own_calls(scope) if host.api(call)]
        if not any(host.api(call) == "MCMC" for call in inside):
            continue
        for call in inside:
            model = given(host, call, 0, "model", scope)
            if host.api(call) in KERNELS and model is not None:
                yield call, model


@cache
def inferred(host: Host) -> list[Model]:
    """The models that MCMC or SVI runs by their names, and that no handler is put around."""
    given = {model.name for _, model in kernels(host)}
    if ".update(" not in host.text:
        given |= {model.name for _, model, _ in fits(host)}
    return [model for model in unhandled(host) if model.name in given]


@cache
def unhandled(host: Host) -> list[Model]:
    """The models of a host that no handler is put around by their names."""
    around = host.calls("condition", "substitute", "do", "block", "reparam")
    handled = [argument(call, 0, "fn") for call in around]
    names = {each.id for each in handled if isinstance(each, ast.Name)}
    return [model for model in models(host) if model.name not in names and model.observed]


@cache
def runs(host: Host) -> list[Run]:
    """The runs of MCMC, each built and run in one scope, under a name of its own there."""
    return list(_runs(host))


def _runs(host: Host) -> Iterator[Run]:
    for scope in _scopes(host):
        held = assigned(scope)
        statements = [s for s in own_statements(scope) if isinstance(s, (ast.Expr, ast.Assign))]
        for statement in statements:
            call = statement.value
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                continue
            owner = call.func.value
            mcmc = held.get(owner.id) if isinstance(owner, ast.Name) else None
            if call.func.attr != "run" or host.api(mcmc) != "MCMC":
                continue
            assert isinstance(mcmc, ast.Call)
            found = argument(mcmc, 0, "sampler")
            kernel = held.get(found.id) if isinstance(found, ast.Name) else found
            if not isinstance(kernel, ast.Call) or host.api(kernel) not in KERNELS:
                continue
            model = given(host, kernel, 0, "model", scope)
            if model is not None:
                text = _passed_on(host, call)
                data = _data_of(host, call, model, scope)
                arrays = all(_is_array(host, each, scope) for each in data.values())
                certain = arrays and len(data) == len(model.observed)
                yield Run(kernel, mcmc, call, statement, model, scope, text, data, certain)


def _is_array(host: Host, node: ast.expr, scope: ast.AST, steps: int = 4) -> bool:
    """Whether an argument is a number or an array for sure, or a column of a table; never None."""
    if isinstance(node, ast.BinOp):
        return True
    if isinstance(node, ast.Constant):
        return node.value is not None
    name = root(node) or ""
    if name in parameters(scope) or not steps:
        return False
    held = first_values(scope if name in bound(scope) else host.tree).get(name)
    if held is not None:
        return _is_array(host, held, scope, steps - 1)
    home = host.aliases.get(name, "").partition(".")[0]
    return home in ("jax", "numpy", "pandas") and not isinstance(node, ast.Name)


def _passed_on(host: Host, call: ast.Call) -> str:
    """The arguments of a run that are the model's."""
    own = ("extra_fields", "init_params", "rng_key")
    given = [*call.args[1:], *(each for each in call.keywords if each.arg not in own)]
    return ", ".join(host.source(each) for each in given)


@cache
def predictives(host: Host) -> list[tuple[ast.Call, Model, ast.Call]]:
    """The Predictives of a model, each with a call of it: at once, or by its name."""
    return list(_predictives(host))


def _predictives(host: Host) -> Iterator[tuple[ast.Call, Model, ast.Call]]:
    for scope in _scopes(host):
        held = assigned(scope)
        for call in own_calls(scope):
            made = held.get(call.func.id) if isinstance(call.func, ast.Name) else call.func
            if isinstance(made, ast.Call) and host.api(made) == "Predictive":
                model = given(host, made, 0, "model", scope)
                if model is not None:
                    yield made, model, call


@cache
def fits(host: Host) -> list[tuple[ast.Call, Model, Model]]:
    """The SVIs whose model and guide are functions of the file, given by name."""
    return list(_fits(host))


def _fits(host: Host) -> Iterator[tuple[ast.Call, Model, Model]]:
    for scope in _scopes(host):
        for call in own_calls(scope):
            if host.api(call) == "SVI":
                model = given(host, call, 0, "model", scope)
                guide = given(host, call, 1, "guide", scope)
                if model is not None and guide is not None:
                    yield call, model, guide


@cache
def fitted(host: Host) -> list[Model]:
    """The models that an SVI is given by name, with whatever guide."""
    calls = [(scope, call) for scope in _scopes(host) for call in own_calls(scope)]
    found = [given(host, c, 0, "model", scope) for scope, c in calls if host.api(c) == "SVI"]
    return list(dict.fromkeys(model for model in found if model is not None))


def given(host: Host, call: ast.Call, index: int, name: str, scope: ast.AST) -> Model | None:
    """The model that a call is given as an argument, by its name: of the top level, or of the
    function in which the call stands."""
    found = argument(call, index, name)
    if not isinstance(found, ast.Name) or found.id in bound(scope):
        return None
    if (inner := defined(scope, found.id)) is None:
        return next((each for each in models(host) if each.name == found.id), None)
    model = model_of(host, inner)
    return model if model.sites and not inner.decorator_list else None


def _scopes(host: Host) -> list[ast.AST]:
    inner = [n for n in ast.walk(host.tree) if isinstance(n, ast.FunctionDef)]
    return [host.tree, *inner]


def _data_of(host: Host, run: ast.Call, model: Model, scope: ast.AST) -> dict[str, ast.expr]:
    """What a run gives the parameters that its model observes, be it in a dict of its own."""
    passed = dict(zip(model.params, run.args[1:], strict=False))
    for keyword in run.keywords:
        if keyword.arg is not None:
            passed[keyword.arg] = keyword.value
        elif isinstance(keyword.value, ast.Name):
            held = (assigned(host.tree) | assigned(scope)).get(keyword.value.id)
            passed |= entries(held) if held is not None else {}
    observed = {site.obs.id for site in model.observed if isinstance(site.obs, ast.Name)}
    return {name: value for name, value in passed.items() if name in observed}
