"""Faults of effect handlers: their keys, their order, their arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from plants.host import MARK, Host, Planted
from plants.models import Model, Site, functions, model_of, models
from plants.names import misspelt
from plants.registry import fault
from plants.runs import runs
from plants.syntax import argument

_LOC_SCALE = ("Normal", "Cauchy", "Laplace", "Gumbel", "Logistic")
_BOUNDED = (
    "Beta Exponential Gamma HalfCauchy HalfNormal InverseGamma LogNormal TruncatedNormal Uniform"
).split()


def _latents(host: Host) -> Iterator[tuple[Model, Site, str]]:
    """The latent sites of all models, and how the host writes `handlers`."""
    handlers = host.say("numpyro.handlers")
    for model in models(host):
        for site in model.latents if model.closed else ():
            yield model, site, handlers


@fault("unknown-site-in-handler")
def slip_in_condition(host: Host) -> Iterator[Planted]:
    """A slip in the key of a condition."""
    for model, site, handlers in _latents(host):
        if wrong := misspelt(host, site.name):
            yield host.edited(
                host.appended(
                    f"planted = {handlers}.condition(",
                    f"    {model.name},",
                    f'    data={{{MARK}"{wrong}": 0.0}},',
                    ")",
                )
            )


@fault("unknown-site-in-handler")
def slip_in_variable(host: Host) -> Iterator[Planted]:
    """A slip in a dictionary that is given to substitute by its name."""
    for model, site, handlers in _latents(host):
        if wrong := misspelt(host, site.name):
            yield host.edited(
                host.appended(
                    f'planted_values = {{{MARK}"{wrong}": 0.0}}',
                    f"planted = {handlers}.substitute({model.name}, planted_values)",
                )
            )


@fault("unknown-site-in-handler")
def slip_in_hide(host: Host) -> Iterator[Planted]:
    """A slip in what a block is to hide."""
    for model, site, handlers in _latents(host):
        if wrong := misspelt(host, site.name):
            hidden = f'{handlers}.block({model.name}, hide=[{MARK}"{wrong}"])'
            yield host.edited(host.appended(f"planted = {hidden}"))


@fault("unknown-site-in-handler")
def slip_in_place(host: Host) -> Iterator[Planted]:
    """A slip in a key of a handler that the program has."""
    for call in host.calls("condition", "substitute", "do", "reparam", "lift"):
        given = argument(call, 1, "config" if host.api(call) == "reparam" else "data")
        for key in given.keys if isinstance(given, ast.Dict) else ():
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                if wrong := misspelt(host, key.value):
                    yield host.edited(host.replace(key, f'{MARK}"{wrong}"'))


@fault("unscoped-site-in-handler")
def prefix_left_out(host: Host) -> Iterator[Planted]:
    """A key outside of a scope without its prefix."""
    for model, site, handlers in _latents(host):
        scoped = f'{handlers}.scope({model.name}, prefix="planted")'
        yield host.edited(
            host.appended(
                f"planted = {scoped}",
                f'planted = {handlers}.condition(planted, {{{MARK}"{site.name}": 0.0}})',
            )
        )


@fault("unscoped-site-in-handler")
def prefix_too_many(host: Host) -> Iterator[Planted]:
    """A key inside of a scope with its prefix."""
    for model, site, handlers in _latents(host):
        key = f'{MARK}"planted/{site.name}"'
        yield host.edited(
            host.appended(
                f"planted = {handlers}.scope(",
                f"    {handlers}.do({model.name}, data={{{key}: 0.0}}),",
                '    prefix="planted",',
                ")",
            )
        )


@fault("overridden-observation")
def conditioned_twice(host: Host) -> Iterator[Planted]:
    """A condition around another on the same site."""
    for model, site, handlers in _latents(host):
        yield host.edited(
            host.appended(
                f'planted = {handlers}.condition({model.name}, data={{"{site.name}": 0.0}})',
                f'planted = {handlers}.condition(planted, data={{{MARK}"{site.name}": 1.0}})',
            )
        )


@fault("handler-on-wrong-site")
def condition_on_result(host: Host) -> Iterator[Planted]:
    """A condition or an intervention on a deterministic."""
    handlers = host.say("numpyro.handlers")
    for model in models(host):
        for site in model.sites:
            for kind in ("condition", "do") if site.kind == "deterministic" else ():
                call = f'{handlers}.{kind}({model.name}, data={{{MARK}"{site.name}": 0.0}})'
                yield host.edited(host.appended(f"planted = {call}"))


@fault("handler-on-wrong-site")
def lift_of_sample(host: Host) -> Iterator[Planted]:
    """A lift of a site that is sampled."""
    dist = host.say("numpyro.distributions")
    for model, site, handlers in _latents(host):
        prior = f'{{{MARK}"{site.name}": {dist}.Normal(0.0, 1.0)}}'
        yield host.edited(host.appended(f"planted = {handlers}.lift({model.name}, prior={prior})"))


@fault("handler-order")
def condition_outside_block(host: Host) -> Iterator[Planted]:
    """A condition outside of the block that hides its site."""
    for model, site, handlers in _latents(host):
        yield host.edited(
            host.appended(
                f'planted = {handlers}.block({model.name}, hide=["{site.name}"])',
                f'planted = {handlers}.condition(planted, data={{{MARK}"{site.name}": 0.0}})',
            )
        )


@fault("handler-order")
def do_outside_scope(host: Host) -> Iterator[Planted]:
    """An intervention outside of the scope that names its site."""
    for model, site, handlers in _latents(host):
        yield host.edited(
            host.appended(
                f'planted = {handlers}.scope({model.name}, prefix="planted")',
                f'planted = {MARK}{handlers}.do(planted, data={{"planted/{site.name}": 0.0}})',
            )
        )


@fault("handler-order")
def condition_outside_reparam(host: Host) -> Iterator[Planted]:
    """A condition outside of the reparam that has made its site deterministic."""
    infer = host.say("numpyro.infer")
    for model, site, handlers in _latents(host):
        if site.family in _LOC_SCALE and site.plain:
            config = f'{{"{site.name}": {infer}.reparam.LocScaleReparam(0)}}'
            yield host.edited(
                host.appended(
                    f"planted = {handlers}.reparam({model.name}, config={config})",
                    f'planted = {handlers}.condition(planted, data={{{MARK}"{site.name}": 0.0}})',
                )
            )


@fault("repeated-intervention")
def do_twice(host: Host) -> Iterator[Planted]:
    """An intervention around another on the same site."""
    for model, site, handlers in _latents(host):
        inner = f'{handlers}.do({model.name}, data={{"{site.name}": 0.0}})'
        yield host.edited(
            host.appended(
                f"planted = {handlers}.do(",
                f"    {inner},",
                f'    data={{{MARK}"{site.name}": 1.0}},',
                ")",
            )
        )


@fault("unsupported-reparam")
def reparam_of_bounded(host: Host) -> Iterator[Planted]:
    """A LocScaleReparam of a distribution that does not cover the real line."""
    infer = host.say("numpyro.infer")
    for model, site, handlers in _latents(host):
        if site.family in _BOUNDED and site.plain:
            how = f"{MARK}{infer}.reparam.LocScaleReparam(0)"
            yield host.edited(
                host.appended(
                    f'planted_config = {{"{site.name}": {how}}}',
                    f"planted = {handlers}.reparam({model.name}, config=planted_config)",
                )
            )


@fault("unsupported-reparam")
def transform_of_normal(host: Host) -> Iterator[Planted]:
    """A TransformReparam of a plain distribution."""
    infer = host.say("numpyro.infer")
    for model, site, handlers in _latents(host):
        if site.family in _LOC_SCALE and site.plain:
            how = f"{MARK}{infer}.reparam.TransformReparam()"
            yield host.edited(
                host.appended(
                    f'planted = {handlers}.reparam({model.name}, config={{"{site.name}": {how}}})'
                )
            )


@fault("invalid-handler-arguments")
def wrong_arguments(host: Host) -> Iterator[Planted]:
    """A handler with arguments that it does not take."""
    infer = host.say("numpyro.infer")
    for model, site, handlers in _latents(host):
        made = f"planted = {MARK}{handlers}"
        out = f'{{"{site.name}": {MARK}{infer}.reparam.LocScaleReparam(1.5)}}'
        for line in (
            f"{made}.scale({model.name}, scale=-1.0)",
            f"{made}.condition({model.name})",
            f'{made}.block({model.name}, hide=["{site.name}"], expose=["{site.name}"])',
            f"{made}.mask({model.name}, mask=1)",
            f'{made}.seed({model.name}, "0")',
            f"{made}.reparam({model.name})",
            f'{made}.condition({{"{site.name}": 0.0}})',
            f"planted = {handlers}.reparam({model.name}, config={out})",
        ):
            yield host.edited(host.appended(line))


@fault("unused-handler")
def handler_dropped(host: Host) -> Iterator[Planted]:
    """A handler that is built and not kept."""
    for model, site, handlers in _latents(host):
        yield host.edited(
            host.appended(
                f'{MARK}{handlers}.condition({model.name}, data={{"{site.name}": 0.0}})',
            )
        )


@fault("unused-handler")
def trace_lost(host: Host) -> Iterator[Planted]:
    """A trace that is called like the model."""
    handlers = host.say("numpyro.handlers")
    for model in models(host):
        seeded = f"{handlers}.seed({model.name}, 0)"
        yield host.edited(
            host.appended(
                "def planted_lost(*arguments):",
                f"    return {MARK}{handlers}.trace({seeded})(*arguments)",
            )
        )


@fault("unseeded-model")
def seed_left_out(host: Host) -> Iterator[Planted]:
    """A trace of a model without a seed, at the top of the file."""
    handlers = host.say("numpyro.handlers")
    for run in runs(host):
        if run.scope is host.tree and run.model.latents:
            traced = f"{handlers}.trace({run.model.name}).get_trace({run.arguments})"
            yield host.edited(host.after(run.statement, f"planted = {MARK}{traced}"))


@fault("unseeded-model")
def seed_removed(host: Host) -> Iterator[Planted]:
    """A seed of the program is taken away."""
    for call in host.calls("trace"):
        seeded = argument(call, 0, "fn")
        if isinstance(seeded, ast.Call) and host.api(seeded) == "seed":
            inner = argument(seeded, 0, "fn")
            if isinstance(inner, ast.Name) and inner.id in functions(host):
                if model_of(host, functions(host)[inner.id]).latents and host.is_top(call):
                    yield host.edited(host.replace(seeded, inner.id), host.mark(call))
