"""Uses of models: handler stacks that are run, traces, and inference algorithms."""

from __future__ import annotations

from numpyro_lint.facts.api import RUNNERS
from numpyro_lint.model import randomness
from numpyro_lint.model.binding import bind_names
from numpyro_lint.model.engines import callee_of, engine_of
from numpyro_lint.model.ir import (
    Argument,
    Arguments,
    Call,
    Callee,
    Engine,
    Handler,
    Opaque,
    Result,
    Sequence,
    Table,
    TraceRef,
    Value,
)
from numpyro_lint.model.program import Run, Stack
from numpyro_lint.model.scope import Body, together
from numpyro_lint.text import Span

# How many positional arguments of a run come before the model's own, and the keywords that are
# the algorithm's (numpyro.infer, 0.22).
OWN: dict[tuple[str, str], tuple[int, frozenset[str]]] = {
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
    ("stein", "run"): (2, frozenset({"progress_bar", "init_state"})),
    ("stein", "update"): (1, frozenset()),
    ("stein", "evaluate"): (1, frozenset()),
    ("nested", "run"): (1, frozenset()),
    ("loss", "loss"): (4, frozenset({"rng_key", "param_map", "model", "guide"})),
    ("predictive", "__call__"): (1, frozenset()),
    ("log_likelihood", "__call__"): (2, frozenset({"parallel", "batch_ndims"})),
}


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


def call_engine(body: Body, engine: Engine, arguments: Arguments, span: Span) -> Value:
    """`Predictive(...)(key, ...)`; an autoguide sends messages that are not in sight."""
    if engine.kind == "predictive":
        randomness.note_key(body, randomness.given(arguments, "rng_key"), "Predictive", span)
        run(body, engine, arguments.without(1), span)
        return Result((), False, engine=engine.span)
    if engine.kind.startswith("Auto"):
        callee = Callee(None, body.file.written(span), span=span)
        body.add(Call(callee, arguments, span, body.place))
    return Opaque()


def engine_method(
    body: Body, engine: Engine, method: str, arguments: Arguments, span: Span
) -> Value:
    """`mcmc.run(...)`, `svi.update(...)` and the like."""
    own = OWN.get((engine.kind, method))
    if own is not None:
        given = tuple((k, i.value) for k, i in arguments.keyword.items() if k in own[1])
        if method in ("run", "init", "warmup"):
            key = randomness.given(arguments, "rng_key")
            randomness.note_key(body, key, f"{engine.kind}.{method}", span)
        run(body, engine, arguments.without(*own), span, given, method)
    if engine.kind.endswith("_ELBO") and method == "loss":
        _loss(body, engine, arguments, span)
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
    arguments = Arguments(arguments.items + engine.passed, arguments.known)
    auto = engine.arg("guide")
    inner = auto.model if isinstance(auto, Engine) else None

    def stack(use: str, model: Callee | None) -> Stack | None:
        return _engine_stack(body, use, engine, model, arguments, span) if model else None

    body.file.runs.append(
        Run(
            engine.kind,
            engine.span,
            stack(engine.kind, engine.model),
            stack(engine.kind, engine.guide),
            stack("autoguide", inner),
            engine.args + own,
            method,
        )
    )


def _loss(body: Body, loss: Engine, arguments: Arguments, span: Span) -> None:
    """`Trace_ELBO().loss(key, params, model, guide, ...)` runs both."""
    bound = bind_names(arguments, ("rng_key", "param_map", "model", "guide"))
    guide = bound.get("guide")
    args = (("loss", loss), *((("guide", guide.value),) if guide else ()))
    rest = arguments.without(*OWN[("loss", "loss")])
    run(body, engine_of(body, "svi", bound, args, span), rest, span)


def _engine_stack(
    body: Body, use: str, engine: Engine, model: Callee, arguments: Arguments, span: Span
) -> Stack:
    handlers = (*body.context, *model.handlers)
    body.file.consumed.update(handler.span for handler in handlers)
    stack = Stack(use, handlers, model, engine.span, arguments, span, body.function, model.span)
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
        passed = arguments.without(*OWN[(kind, "__call__")])
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
