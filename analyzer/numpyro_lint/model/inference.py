"""Uses of models: handler stacks that are run, traces, and inference algorithms."""

from __future__ import annotations

from numpyro_lint.facts.api import ENGINES, KERNELS, RUNNERS, STRATEGIES
from numpyro_lint.model import randomness
from numpyro_lint.model.binding import bind_names
from numpyro_lint.model.ir import (
    Argument,
    Arguments,
    Callee,
    Engine,
    Handler,
    Instance,
    Opaque,
    Result,
    Sequence,
    Strategy,
    Table,
    TraceRef,
    Value,
)
from numpyro_lint.model.program import Run, Stack
from numpyro_lint.model.scope import Body, together
from numpyro_lint.record import replace
from numpyro_lint.text import Span

# How many positional arguments of a run come before the model's own, and the keywords that are
# the algorithm's (numpyro.infer, 0.22).
_OWN: dict[tuple[str, str], tuple[int, frozenset[str]]] = {
    ("mcmc", "run"): (1, frozenset({"extra_fields", "init_params"})),
    ("mcmc", "warmup"): (
        1,
        frozenset({"extra_fields", "init_params", "collect_warmup"}),
    ),
    ("svi", "run"): (
        2,
        frozenset({"progress_bar", "stable_update", "init_state", "init_params"}),
    ),
    ("svi", "init"): (1, frozenset({"init_params"})),
    ("svi", "update"): (1, frozenset({"forward_mode_differentiation"})),
    ("svi", "stable_update"): (1, frozenset()),
    ("svi", "evaluate"): (1, frozenset()),
    ("predictive", "__call__"): (1, frozenset()),
    ("log_likelihood", "__call__"): (2, frozenset({"parallel", "batch_ndims"})),
}


def callee_of(body: Body, value: Value | None, span: Span) -> Callee | None:
    """The model that an argument is, with what stands around it."""
    if isinstance(value, Callee):
        body.file.consumed.update(handler.span for handler in value.handlers)
        return replace(value, span=span)
    if isinstance(value, Instance):
        method = body.file.find_method(value.key, "__call__")
        bound = Arguments((Argument(value, span),))
        display = body.file.source.slice(span)
        return Callee(method, display, (), bound, span)
    if value is None:
        return None
    return Callee(None, body.file.source.slice(span), span=span, depends=value.depends)


def note_stack(
    body: Body,
    use: str,
    callee: Callee,
    arguments: Arguments | None,
    span: Span,
    call_span: Span | None,
) -> Stack | None:
    """Records that `callee` is run here, if handlers stand around it."""
    handlers = (*body.context, *callee.handlers)
    body.file.consumed.update(handler.span for handler in handlers)
    if not handlers:
        return None
    stack = Stack(use, handlers, callee, span, arguments, call_span, body.function, callee.span)
    body.file.stacks.append(stack)
    return stack


def get_trace(body: Body, callee: Callee, arguments: Arguments, span: Span) -> Value:
    """`trace(...).get_trace(...)`."""
    outer = callee.handlers[0] if callee.handlers else Handler("trace", span)
    note_stack(body, "trace", callee, arguments, span, span)
    if body.function is not None and callee.function is not None:
        body.file.function(callee.function)
    return TraceRef(outer.span)


def make_engine(body: Body, qualified: str, arguments: Arguments, span: Span) -> Value:
    """`NUTS(model)`, `MCMC(kernel)`, `SVI(...)`, `Predictive(...)`, `init_to_value(...)`."""
    if qualified in STRATEGIES:
        given = bind_names(arguments, STRATEGIES[qualified])
        return Strategy(tuple((name, item.value) for name, item in given.items()), span)
    if qualified in KERNELS:
        return _kernel(body, qualified, arguments, span)
    kind, signature = ENGINES[qualified]
    bound = bind_names(arguments, signature)
    args = tuple((name, item.value) for name, item in bound.items())
    if kind == "mcmc":
        sampler = bound.get("sampler")
        if sampler is None or not isinstance(sampler.value, Engine):
            return Opaque()
        kernel = sampler.value
        return Engine("mcmc", span, kernel.model, None, (*kernel.args, *args))
    model = bound.get("model")
    guide = bound.get("guide")
    return Engine(
        kind,
        span,
        callee_of(body, model.value, model.span) if model else None,
        callee_of(body, guide.value, guide.span) if guide and kind == "svi" else None,
        args,
    )


def _kernel(body: Body, qualified: str, arguments: Arguments, span: Span) -> Value:
    parameter, kind = KERNELS[qualified][0], qualified.rpartition(".")[2]
    bound = bind_names(arguments, KERNELS[qualified])
    item = bound.get(parameter)
    args = tuple((name, each.value) for name, each in bound.items())
    if item is None:
        return Opaque()
    if isinstance(item.value, Engine):
        inner = item.value
        return Engine(kind, span, inner.model, None, inner.args + args)
    return Engine(kind, span, callee_of(body, item.value, item.span), None, args)


def call_engine(body: Body, engine: Engine, arguments: Arguments, span: Span) -> Value:
    """`Predictive(...)(key, ...)`; guides and kernels that are called send no message of ours."""
    if engine.kind == "predictive":
        randomness.note_key(body, randomness.given(arguments, "rng_key"), "Predictive", span)
        run(body, engine, arguments.without(1), span)
        return Result((), False, engine=engine.span)
    return Opaque()


def engine_method(
    body: Body, engine: Engine, method: str, arguments: Arguments, span: Span
) -> Value:
    """`mcmc.run(...)`, `svi.update(...)` and the like."""
    own = _OWN.get((engine.kind, method))
    if own is not None:
        given = tuple((k, i.value) for k, i in arguments.keyword.items() if k in own[1])
        if method in ("run", "init", "warmup"):
            key = randomness.given(arguments, "rng_key")
            randomness.note_key(body, key, f"{engine.kind}.{method}", span)
        run(body, engine, arguments.without(*own), span, given, method)
    depends = together(*(item.value for item in arguments.items))
    if method == "get_samples":
        return Result((), False, engine=engine.span, depends=depends)
    if method == "get_params":
        return Table((), False, depends=depends)
    return Opaque(depends=depends)


def run(
    body: Body,
    engine: Engine,
    arguments: Arguments,
    span: Span,
    own: tuple[tuple[str, Value], ...] = (),
    method: str = "",
) -> None:
    """Records one run of an inference algorithm: the model's arguments, and the run's `own`."""
    stack = _engine_stack(body, engine, engine.model, arguments, span)
    guide = _engine_stack(body, engine, engine.guide, arguments, span) if engine.guide else None
    args = engine.args + own
    body.file.runs.append(Run(engine.kind, engine.span, stack, guide, None, args, method))


def _engine_stack(
    body: Body, engine: Engine, model: Callee | None, arguments: Arguments, span: Span
) -> Stack | None:
    if model is None:
        return None
    handlers = (*body.context, *model.handlers)
    body.file.consumed.update(handler.span for handler in handlers)
    stack = Stack(
        engine.kind, handlers, model, engine.span, arguments, span, body.function, model.span
    )
    if handlers:
        body.file.stacks.append(stack)
    return stack


def run_now(body: Body, qualified: str, arguments: Arguments, span: Span) -> Value:
    """`render_model(model, model_args=...)`, `log_likelihood(model, samples, ...)`."""
    kind, signature = RUNNERS[qualified]
    bound = bind_names(arguments, signature)
    model = bound.get("model")
    if model is None:
        return Opaque()
    args = tuple((name, item.value) for name, item in bound.items())
    callee = callee_of(body, model.value, model.span)
    engine = Engine(kind, span, callee, None, args)
    if kind == "log_likelihood":
        passed = arguments.without(*_OWN[(kind, "__call__")])
    else:
        passed = _passed_as_tuple(bound.get("model_args"), bound.get("model_kwargs"))
    run(body, engine, passed, span)
    return Opaque()


def _passed_as_tuple(args: Argument | None, kwargs: Argument | None) -> Arguments:
    """The arguments that `model_args=(...)` and `model_kwargs={...}` stand for."""
    items: list[Argument] = []
    if args is not None:
        value = args.value
        if isinstance(value, Sequence) and len(value.spans) == len(value.items):
            items += [Argument(v, s) for v, s in zip(value.items, value.spans, strict=True)]
        else:
            items.append(Argument(value, args.span, None, True))
    if kwargs is not None:
        value = kwargs.value
        if isinstance(value, Table) and value.complete:
            items += [Argument(k.value, k.value_span or k.span, k.text) for k in value.keys]
        else:
            items.append(Argument(value, kwargs.span, "**", True))
    return Arguments(tuple(items))
