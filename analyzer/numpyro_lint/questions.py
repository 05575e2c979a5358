"""What several rules ask of a file, each answered once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Edit, Fix
from numpyro_lint.model.agree import Disagreement, as_traced, disagreements
from numpyro_lint.model.around import Witness, missed, witnesses
from numpyro_lint.model.fit import Fit
from numpyro_lint.model.geometry import takes_shape
from numpyro_lint.model.given import Stray, givens, strays
from numpyro_lint.model.ir import Call, Const, Handler, Key, Site, UseKind
from numpyro_lint.model.keys import Met, Missing, keys_of, met, missing
from numpyro_lint.model.mentions import Mention, alike, effects_of, mentions_of, replayed
from numpyro_lint.model.pairs import Pair, pair_of
from numpyro_lint.model.program import Function, Module, Stack
from numpyro_lint.model.stack import Effect, Prediction, predict
from numpyro_lint.model.supports import Argument, Draw, Mismatch, arguments, draws_of, mismatches
from numpyro_lint.model.traced import Hazard, hazards
from numpyro_lint.model.witnessed import effects_of as witnessed_effects
from numpyro_lint.text import Span

# A config of more sites than this is better written by a comprehension.
_MOST_SITES = 12


def met_handlers(context: Context) -> tuple[Met, ...]:
    """What each keyed handler of the file meets, over all the runs that it takes part in."""
    return context.once(_met_handlers, context.module)


def _met_handlers(context: Context, module: Module) -> tuple[Met, ...]:
    runs = [(stack.handlers, context.prediction(stack)) for stack in context.module.stacks]
    models = [(model.function.handlers, model.prediction) for model in context.models]
    return tuple(met([*runs, *models]).values())


def key_uses(context: Context) -> tuple[tuple[tuple[Met, Key], ...], ...]:
    """The uses of each key of the file's handlers: one dictionary may serve several handlers."""
    return context.once(_key_uses, context.module)


def _key_uses(context: Context, module: Module) -> tuple[tuple[tuple[Met, Key], ...], ...]:
    uses: dict[Span, list[tuple[Met, Key]]] = {}
    for entry in met_handlers(context):
        for key in keys_of(entry.handler):
            uses.setdefault(key.span, []).append((entry, key))
    return tuple(tuple(each) for each in uses.values())


def missing_keys(context: Context) -> Iterator[tuple[Missing, bool]]:
    """The keys of the file's handlers that name no site where the handler stands: by a trace?

    What traces tell of a key counts for more than what its text does.
    """
    traced = {each.key.span: each for each in _keys_missed(context)}
    for each in _keys_missing(context):
        if each.key.span not in traced:
            yield each, False
    yield from ((each, True) for each in traced.values())


def _keys_missing(context: Context) -> Iterator[Missing]:
    """Those of which the text tells.

    A dictionary may serve several handlers: a key is missing when it is so for all of them, and no
    inference goes by it.
    """
    entries = met_handlers(context)
    lacking = {(each.handler.span, each.key.span): each for e in entries for each in missing(e)}
    uses = {each[0][1].span: len(each) for each in key_uses(context)} if lacking else {}
    lacks = Counter(key for _, key in lacking)
    shared = {each.key.span for each in givens(context.module)} if lacking else set()
    for (_, key), each in lacking.items():
        if lacks[key] == uses[key] and key not in shared:
            yield each


def all_witnesses(context: Context) -> tuple[Witness, ...]:
    """The handlers of the file whose runs were all traced, with what they met there."""
    return context.once(_all_witnesses, context.module)


def _all_witnesses(context: Context, module: Module) -> tuple[Witness, ...]:
    if not context.stacks:
        return ()
    told = [*context.predictions.values(), *(model.prediction for model in context.models)]
    steps = (step for prediction in told for step in prediction.executions)
    inner = {
        active.frame.span
        for step in steps
        for active in step.active
        if isinstance(active.frame, Handler)
    }
    return tuple(witnesses(module.stacks, context.stacks, inner))


def _keys_missed(context: Context) -> Iterator[Missing]:
    """The keys of the file's handlers that named no site in any trace of theirs."""
    found = {each.handler.span: each for each in all_witnesses(context)}
    if not found:
        return
    lacking = {(m.handler.span, m.key.span): m for w in found.values() for m in missed(w)}
    shared = {each.key.span for each in givens(context.module)} if lacking else set()
    for uses in key_uses(context) if lacking else ():
        lacks = [lacking.get((entry.handler.span, key.span)) for entry, key in uses]
        if lacks[0] is not None and None not in lacks and uses[0][1].span not in shared:
            yield lacks[0]


def stray_names(context: Context) -> tuple[Stray, ...]:
    """The names that inference is given, or that are read of its results, and that mean no site."""
    return context.once(_stray_names, context.module)


def _stray_names(context: Context, module: Module) -> tuple[Stray, ...]:
    def shown(stack: Stack) -> tuple[Effect, ...] | None:
        return witnessed_effects(context.run_trace(stack))

    return tuple(strays(context.module, context.prediction, shown))


def key_renamed(ctx: Context, key: Key, to: str) -> Fix | None:
    """The fix that puts another name in place of a key."""
    quoted = ctx.module.source.slice(key.span)
    if key.text not in quoted:
        return None
    edit = Edit(key.span, quoted.replace(key.text, to))
    return Fix(f"Change '{key.text}' to '{to}'", (edit,))


def decentred(context: Context, model: Model, names: Sequence[str], reparam: str) -> Fix | None:
    """The fix that puts a reparam on some sites of a model.

    None where a handler of the file goes by one of them as it is: it would meet another then; and
    where one has a `sample_shape`, which it would lose.
    """
    from numpyro_lint.rewrite.reparam import decentred

    steps = model.prediction.executions
    if any(takes_shape(step.site) and step.name.glob in names for step in steps):
        return None

    keys = [key.text for each in context.module.handlers for key in keys_of(each)]
    keyed = any(key.endswith(name) for key in keys for name in names)
    if keyed or len(names) > _MOST_SITES or any("*" in name for name in names):
        return None
    return decentred(context.module, model.function, dict.fromkeys(names, reparam))


def inference_predictions(context: Context, function: Function) -> list[Prediction]:
    """What becomes of a model in each inference of the file that samples it."""
    return [
        context.prediction(run.stack)
        for run in context.module.runs
        if run.kind in ("mcmc", "svi") and run.stack and run.stack.model.function == function.key
    ]


def fits_of(context: Context, function: Function) -> list[Fit]:
    """The inferences of the file that are of a model."""
    runs = ((fit, fit.run.stack) for fit in context.fits)
    return [fit for fit, stack in runs if stack and stack.model.function == function.key]


def pair(context: Context, fit: Fit) -> Pair | None:
    """Model and guide of an SVI as they were traced with its arguments."""
    return context.once(_pair, fit)


def _pair(context: Context, fit: Fit) -> Pair | None:
    return pair_of(fit, context.stacks)


def mispredictions(context: Context) -> Iterator[tuple[Disagreement, Span]]:
    """What traces refute of what the text tells, one each, with the model or stack it is about."""
    for function in context.module.functions.values():
        trace = context.users_trace(function.key)
        if trace is not None and trace.ok:
            for each in islice(disagreements(context.bare(function), trace), 1):
                yield each, function.name_span
    if any(trace.ok for trace in context.stacks.values()):
        for stack, prediction in context.once(_as_traced, context.module).items():
            trace = context.stacks.get(stack)
            if trace is not None:
                for each in islice(disagreements(prediction, trace), 1):
                    yield each, stack.span


def _as_traced(context: Context, module: Module) -> Mapping[Stack, Prediction]:
    return as_traced(module)


def bare_call(module: Module, call: Call) -> Prediction:
    """What a call without any handler does: every draw needs a key that nobody gives."""
    return predict(module, (Handler("infer_config", call.span),), call.callee, call.arguments)


def mentions(context: Context, *sites: Site) -> tuple[Mention, ...]:
    """The strings of the file that mean these sites: their own names, and keys that go by them."""
    return mentions_of(sites, context.module, met_handlers(context), context.prediction)


def namesakes(context: Context, site: Site) -> tuple[Site, ...]:
    """A site and all that must share its name: on other branches, in guides, in other models."""
    bare = (model.prediction.effects for model in context.models)
    module, predict = context.module, context.prediction
    runs = (effects_of(run, predict) for run in module.runs)
    return alike(site, (*bare, *runs, *replayed(module.stacks, predict)))


def draws(context: Context, model: Model) -> tuple[Draw, ...]:
    """The sample sites of a model whose distribution is in sight."""
    return context.once(_draws, model)


def _draws(context: Context, model: Model) -> tuple[Draw, ...]:
    return tuple(draws_of(model.prediction.executions))


def limited(context: Context, model: Model) -> tuple[Argument, ...]:
    """The arguments of a model's distributions that must lie within limits."""
    return context.once(_limited, model)


def _limited(context: Context, model: Model) -> tuple[Argument, ...]:
    return arguments(draws(context, model))


def model_mismatches(context: Context, model: Model) -> tuple[Mismatch, ...]:
    """The arguments of a model's distributions that its sites take out of their limits."""
    return context.once(_mismatches, model)


def _mismatches(context: Context, model: Model) -> tuple[Mismatch, ...]:
    return tuple(mismatches(limited(context, model), model.prediction.executions))


def priors(context: Context, model: Model) -> Iterator[Draw]:
    """The latents of a model with their distributions, where in sight. A guide has no priors."""
    if model.function.role != "guide":
        yield from (each for each in draws(context, model) if each.step.observed is False)


def drawn_uses(context: Context, *kinds: UseKind) -> Iterator[Hazard]:
    """What models do with drawn values, where that is of these kinds: of any, without."""
    known = context.once(_hazards, context.module)
    return (each for each in known if not kinds or each.used.use.kind in kinds)


def _hazards(context: Context, module: Module) -> tuple[Hazard, ...]:
    found = hazards(context.module, context.prediction, lambda: _never_run(context))
    return tuple(found)


def _never_run(context: Context) -> Iterator[tuple[str, Prediction]]:
    """The models that no run in sight has."""
    run = {run.stack.model.function for run in context.module.runs if run.stack}
    run |= {stack.model.function for stack in context.module.stacks}
    for function in context.module.functions.values():
        if function.role == "model" and function.key not in run:
            yield function.name, context.bare(function)


def drawing_runs(context: Context) -> Iterator[tuple[Stack, Prediction]]:
    """What runs of the file draw by their seed: calls, traces and predictions of the prior."""
    for stack in context.module.stacks:
        seeded = any(handler.kind == "seed" for handler in stack.handlers)
        if stack.use in ("call", "trace") and seeded:
            yield stack, context.prediction(stack)
    for run in context.module.runs:
        sources = (run.arg("posterior_samples"), run.arg("guide"))
        prior = all(source in (None, Const(None)) for source in sources)
        if run.kind == "predictive" and prior and run.stack is not None:
            yield run.stack, context.prediction(run.stack)
