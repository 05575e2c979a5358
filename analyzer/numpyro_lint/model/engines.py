"""Objects of inference before they are run: kernels, losses, autoguides, MCMC, SVI, Predictive."""

from __future__ import annotations

from collections.abc import Mapping

from numpyro_lint.facts.api import AUTOGUIDES, ENGINES, KERNELS, LOSSES, STRATEGIES
from numpyro_lint.model.binding import bind_names
from numpyro_lint.model.ir import (
    Argument,
    Arguments,
    Callee,
    Engine,
    Instance,
    Opaque,
    Sequence,
    Strategy,
    Value,
)
from numpyro_lint.model.scope import Body
from numpyro_lint.record import replace
from numpyro_lint.text import Span

Named = tuple[tuple[str, Value], ...]
_OWN_OF_SVI = frozenset(
    """
    model guide optim loss kernel_fn num_stein_particles num_elbo_particles loss_temperature
    repulsion_temperature non_mixture_guide_params_fn guide_kwargs num_cycles transition_speed
    """.split()
)


def callee_of(body: Body, value: Value | None, span: Span) -> Callee | None:
    """The model that an argument is, with what stands around it."""
    if isinstance(value, Callee):
        return replace(value, span=span)
    if isinstance(value, Instance):
        method = body.file.find_method(value.key, "__call__")
        bound = Arguments((Argument(value, span),))
        display = body.file.written(span)
        return Callee(method, display, (), bound, span)
    if value is None:
        return None
    return Callee(None, body.file.written(span), span=span, depends=value.depends)


def make_engine(body: Body, qualified: str, arguments: Arguments, span: Span) -> Value:
    """`NUTS(model)`, `MCMC(kernel)`, `SVI(...)`, `Predictive(...)`, `init_to_value(...)`."""
    if qualified in STRATEGIES:
        given = bind_names(arguments, STRATEGIES[qualified])
        return Strategy(tuple((name, item.value) for name, item in given.items()), span)
    if qualified not in ENGINES:
        return _part(body, qualified, arguments, span)
    kind, signature = ENGINES[qualified]
    bound = bind_names(arguments, signature)
    args = tuple((name, item.value) for name, item in bound.items())
    if kind == "mcmc":
        sampler = bound.get("sampler")
        if sampler is None or not isinstance(sampler.value, Engine):
            return Opaque()
        kernel = sampler.value
        return Engine("mcmc", span, kernel.model, None, (*kernel.args, *args))
    if not arguments.complete:
        args += (("**", Opaque()),)
    engine = engine_of(body, kind, bound, args, span)
    if kind in ("svi", "stein"):
        return replace(engine, passed=_static(arguments, len(signature)))
    return engine


def _static(arguments: Arguments, own: int) -> tuple[Argument, ...]:
    """The arguments of `SVI(...)` that are none of its own."""
    return arguments.without(own, _OWN_OF_SVI).items


def engine_of(
    body: Body, kind: str, bound: Mapping[str, Argument], args: Named, span: Span
) -> Engine:
    """An engine that is given a model, and perhaps a guide."""
    model, guide = bound.get("model"), bound.get("guide")
    written = guide is not None and not isinstance(guide.value, Engine)
    return Engine(
        kind,
        span,
        callee_of(body, model.value, model.span) if model else None,
        callee_of(body, guide.value, guide.span) if guide and written else None,
        args,
    )


def _part(body: Body, qualified: str, arguments: Arguments, span: Span) -> Value:
    """A kernel, an autoguide or a loss."""
    signature = KERNELS.get(qualified) or AUTOGUIDES.get(qualified) or LOSSES[qualified]
    kind = qualified.rpartition(".")[2]
    bound = bind_names(arguments, signature)
    args = tuple((name, each.value) for name, each in bound.items())
    if not arguments.complete:
        args += (("**", Opaque()),)
    if qualified in LOSSES:
        return Engine(kind, span, None, None, args)
    item = bound.get(signature[0])
    if item is None:
        return Opaque()
    inner = item.value.args if isinstance(item.value, Engine) else ()
    model = _model_within(body, item.value, item.span)
    return Engine(kind, span, model, None, inner + args)


def _model_within(body: Body, value: Value, span: Span) -> Callee | None:
    """The model of a kernel's first argument: a model, another kernel, or `Gibbs`'s blocks."""
    if isinstance(value, Engine):
        return value.model
    if isinstance(value, Sequence):
        models = (_model_within(body, item, span) for item in value.items)
        return next((model for model in models if model is not None), None)
    return callee_of(body, value, span)
