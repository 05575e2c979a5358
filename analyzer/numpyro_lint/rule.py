"""The rule mechanism: `@rule`, the registry, and what a rule is told."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from numpyro_lint.diagnostic import Category, Diagnostic, Edit, Fix, Origin, Related, Severity
from numpyro_lint.model.attach import Attached
from numpyro_lint.model.collide import Collision, Named, collisions, named_sites
from numpyro_lint.model.expand import Execution
from numpyro_lint.model.fit import Fit, fit, infers
from numpyro_lint.model.given import Stray, givens, strays
from numpyro_lint.model.ir import Call, Callee, Const, Dist, Handler, Key, Site, UseKind
from numpyro_lint.model.keys import Met, Missing, keys_of, met, missing
from numpyro_lint.model.mentions import Mention, alike, effects_of, mentions_of
from numpyro_lint.model.program import Function, Module, Stack
from numpyro_lint.model.stack import Prediction, predict, predict_all, predict_stack
from numpyro_lint.model.supports import Mismatch, dist_of, mismatches
from numpyro_lint.model.traced import Hazard, hazards
from numpyro_lint.record import field, record
from numpyro_lint.text import ELSEWHERE, Span

if TYPE_CHECKING:
    from numpyro_lint.suppress import Remark

T = TypeVar("T")


@record
class Rule:
    """A rule: its name is its only identity; `node` is the type of its check's first parameter.

    `by_trace`: some of its findings need a trace.
    """

    name: str
    category: Category
    severity: Severity
    since: str
    node: str
    check: Callable[[Any, Context], Iterable[Diagnostic]]
    documentation: str
    by_trace: bool = False

    @property
    def summary(self) -> str:
        return self.documentation.strip().partition("\n")[0]

    @property
    def has_fix(self) -> bool:
        return "\n## Fix safety\n" in self.documentation


@record
class Model:
    """A model or guide of the file: what a bare seeded call of it does, and its trace if any.

    `named` and `collisions` are empty where it is only ever called under a seed and observes
    nothing: without a trace around it names are nothing to it. `is_drawn` says so.
    """

    function: Function
    prediction: Prediction
    trace: Attached | None
    named: tuple[Named, ...] = ()
    collisions: tuple[Collision, ...] = ()
    is_drawn: bool = False


@record(frozen=False)
class Context:
    """What a rule may look at besides its node."""

    module: Module
    traces: Mapping[int, Attached] = field(default_factory=dict)
    rule: Rule | None = None
    remarks: tuple[Remark, ...] = ()
    _predictions: dict[Stack, Prediction] | None = None
    _models: tuple[Model, ...] | None = None
    _met: tuple[Met, ...] | None = None
    _uses: tuple[tuple[tuple[Met, Key], ...], ...] | None = None
    _strays: tuple[Stray, ...] | None = None
    _hazards: tuple[Hazard, ...] | None = None
    _bare: dict[int, Prediction] = field(default_factory=dict)
    _fits: tuple[Fit, ...] | None = None
    _calls: dict[Span, Span] | None = None
    _told: dict[tuple[Callable[..., Any], int], Any] = field(default_factory=dict)

    def once(self, tell: Callable[[Model], T], model: Model) -> T:
        """What `tell` tells of a model, for all rules that ask."""
        key = tell, model.function.key
        if key not in self._told:
            self._told[key] = tell(model)
        told: T = self._told[key]
        return told

    @property
    def predictions(self) -> dict[Stack, Prediction]:
        """What each stack of the file does."""
        if self._predictions is None:
            self._predictions = predict_all(self.module)
        return self._predictions

    def bare(self, function: Function) -> Prediction:
        """What a seeded call of a function does, with arguments that are not known."""
        if function.key not in self._bare:
            self._bare[function.key] = bare(self.module, function)
        return self._bare[function.key]

    @property
    def models(self) -> tuple[Model, ...]:
        if self._models is None:
            self._models = tuple(
                _model(self.module, function, self.bare(function), self.traces.get(function.key))
                for function in self.module.functions.values()
                if function.role in ("model", "guide")
            )
        return self._models

    @property
    def fits(self) -> tuple[Fit, ...]:
        """The inferences of the file whose model is in sight, with what becomes of its sites."""
        if self._fits is None:
            self._fits = tuple(
                fit(run, self.prediction(run.stack), self.prediction(guide) if guide else None)
                for run in self.module.runs
                if run.stack is not None and run.stack.model.function is not None and infers(run)
                for guide in (run.guide or run.auto,)
            )
        return self._fits

    def prediction(self, stack: Stack) -> Prediction:
        """What a stack does; for a run without handlers of its own, computed on demand."""
        if stack not in self.predictions:
            self.predictions[stack] = predict_stack(self.module, stack)
        return self.predictions[stack]

    def call_to(self, span: Span) -> Span | None:
        """The call of this file that leads to a site of another one."""
        if self._calls is None:
            self._calls = dict(_calls(self))
        return self._calls.get(span)

    def report(
        self,
        span: Span,
        message: str,
        *,
        severity: Severity | None = None,
        site: str | None = None,
        model: str | None = None,
        source: Origin = Origin.STATIC,
        related: tuple[Related, ...] = (),
        fix: Fix | None = None,
        evidence: Mapping[str, Any] | None = None,
        rewrite: Callable[[], Fix | None] | None = None,
    ) -> Diagnostic:
        """A finding of the rule that is being checked. `rewrite`: a fix that is written on demand.

        It is for a fix that takes a second reading of the text, such as those of `rewrite/`.
        """
        assert self.rule is not None
        return Diagnostic(
            self.rule.name,
            self.rule.category,
            self.rule.severity if severity is None else severity,
            span,
            message,
            site,
            model,
            source,
            related,
            None if self.module.stale else fix,
            evidence,
            None if self.module.stale else rewrite,
        )


def _calls(context: Context) -> Iterator[tuple[Span, Span]]:
    """The sites of other files, each with the call or run of this file that leads to it."""
    runs = [(stack.span, context.prediction(stack)) for stack in context.module.stacks]
    runs += [(r.span, context.prediction(r.stack)) for r in context.module.runs if r.stack]
    models = [(model.function.name_span, model.prediction) for model in context.models]
    for start, prediction in (*runs, *models):
        for step in prediction.executions:
            if step.site.span.start >= ELSEWHERE:
                own = [call for call in step.path if call.start < ELSEWHERE]
                yield step.site.span, own[-1] if own else start


def bare(module: Module, function: Function) -> Prediction:
    """What a seeded call of a function does, with arguments that are not known."""
    seed = Handler("seed", Span(-1, -1), (("rng_seed", Const(0)),))
    callee = Callee(function.key, function.name, function.handlers)
    return predict(module, (seed, *function.handlers), callee, None, draws=False)


def _model(
    module: Module, function: Function, prediction: Prediction, trace: Attached | None
) -> Model:
    if _is_drawn(module, function, prediction):
        return Model(function, prediction, trace, is_drawn=True)
    named = tuple(named_sites(prediction))
    met = (each for each in collisions(prediction, named) if not _refuted(each, trace))
    return Model(function, prediction, trace, named, tuple(met))


def _is_drawn(module: Module, function: Function, prediction: Prediction) -> bool:
    """Whether all that is done with a function in sight is to draw from it under a seed."""
    runs = (stack for run in module.runs for stack in (run.stack, run.guide, run.auto) if stack)
    uses = [use for use in (*module.stacks, *runs) if use.model.function == function.key]
    kinds = {handler.kind for use in uses for handler in use.handlers}
    if any(use.use != "call" for use in uses) or "seed" not in kinds or kinds - {"seed", "block"}:
        return False
    return all(each.observed is False for each in prediction.effects if each.type in _DENSE)


# What has a log density.
_DENSE = ("sample", "factor")


def _refuted(collision: Collision, trace: Attached | None) -> bool:
    """Whether a trace has been at both places and found no name twice."""
    if trace is None or not trace.ok or trace.origin.kind == "synthesized":
        return False
    seen = [joined for joined in trace.sites if not joined.traced.hidden]
    spans = {joined.span for joined in seen}
    both = {collision.first.effect.site.span, collision.second.effect.site.span}
    return both <= spans and sum(j.traced.name == collision.second.name for j in seen) < 2


_registry: dict[str, Rule] = {}


def rule(
    name: str, *, category: Category, severity: Severity, since: str
) -> Callable[[Callable[..., Iterable[Diagnostic]]], Callable[..., Iterable[Diagnostic]]]:
    """Registers a check. The annotation of its first parameter says which nodes it is given."""

    def register(
        check: Callable[..., Iterable[Diagnostic]],
    ) -> Callable[..., Iterable[Diagnostic]]:
        node = next(iter(check.__annotations__.values()))
        module = importlib.import_module(check.__module__)
        # Who reports what a trace shows has to say so, with an Origin.
        by_trace = "Origin" in check.__globals__
        _registry[name] = Rule(
            name, category, severity, since, str(node), check, module.__doc__ or "", by_trace
        )
        return check

    return register


def registered() -> dict[str, Rule]:
    """The rules whose files are imported, by their names."""
    return dict(sorted(_registry.items()))


def meanings() -> dict[str, frozenset[str]]:
    """Every name that a user may give for rules, and the rules that it stands for."""
    found: dict[str, set[str]] = {"ALL": set(_registry)}
    for each in _registry.values():
        found.setdefault(each.category.value, set()).add(each.name)
        found[each.name] = {each.name}
    return {name: frozenset(rules) for name, rules in found.items()}


def nodes(kind: str, context: Context) -> Iterator[object]:
    """The nodes of a file that rules of this kind are given."""
    module = context.module
    if kind == "Module":
        yield module
    elif kind == "Function":
        yield from module.functions.values()
    elif kind == "Model":
        yield from context.models
    elif kind == "Stack":
        yield from module.stacks
    elif kind == "Run":
        yield from module.runs
    elif kind == "Remark":
        yield from context.remarks
    elif kind == "Fit":
        yield from context.fits


def met_handlers(context: Context) -> tuple[Met, ...]:
    """What each keyed handler of the file meets, over all the runs that it takes part in."""
    if context._met is None:
        runs = [(stack.handlers, context.prediction(stack)) for stack in context.module.stacks]
        models = [(model.function.handlers, model.prediction) for model in context.models]
        context._met = tuple(met([*runs, *models]).values())
    return context._met


def key_uses(context: Context) -> tuple[tuple[tuple[Met, Key], ...], ...]:
    """The uses of each key of the file's handlers: one dictionary may serve several handlers."""
    if context._uses is None:
        uses: dict[Span, list[tuple[Met, Key]]] = {}
        for entry in met_handlers(context):
            for key in keys_of(entry.handler):
                uses.setdefault(key.span, []).append((entry, key))
        context._uses = tuple(tuple(each) for each in uses.values())
    return context._uses


def missing_keys(context: Context) -> Iterator[Missing]:
    """The keys of the file's handlers that name no site where the handler stands.

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


def stray_names(context: Context) -> tuple[Stray, ...]:
    """The names that inference is given, or that are read of its results, and that mean no site."""
    if context._strays is None:
        context._strays = tuple(strays(context.module, context.prediction))
    return context._strays


def key_renamed(ctx: Context, key: Key, to: str) -> Fix | None:
    """The fix that puts another name in place of a key."""
    quoted = ctx.module.source.slice(key.span)
    if key.text not in quoted:
        return None
    edit = Edit(key.span, quoted.replace(key.text, to))
    return Fix(f"Change '{key.text}' to '{to}'", (edit,))


def inference_predictions(context: Context, function: Function) -> list[Prediction]:
    """What becomes of a model in each inference of the file that samples it."""
    return [
        context.prediction(run.stack)
        for run in context.module.runs
        if run.kind in ("mcmc", "svi") and run.stack and run.stack.model.function == function.key
    ]


def bare_call(module: Module, call: Call) -> Prediction:
    """What a call without any handler does: every draw needs a key that nobody gives."""
    return predict(module, (Handler("infer_config", call.span),), call.callee, call.arguments)


def mentions(context: Context, *sites: Site) -> tuple[Mention, ...]:
    """The strings of the file that mean these sites: their own names, and keys that go by them."""
    return mentions_of(sites, context.module, met_handlers(context), context.prediction)


def namesakes(context: Context, site: Site) -> tuple[Site, ...]:
    """A site and all that must share its name: on other branches, in guides, in other models."""
    bare = (model.prediction.effects for model in context.models)
    runs = (effects_of(run, context.prediction) for run in context.module.runs)
    return alike(site, (*bare, *runs))


def model_mismatches(model: Model) -> tuple[Mismatch, ...]:
    """The arguments of a model's distributions that its sites take out of their limits."""
    return tuple(mismatches(model.prediction.executions))


def priors(model: Model) -> Iterator[tuple[Execution, Dist]]:
    """The latents of a model with their distributions, where in sight. A guide has no priors."""
    if model.function.role == "guide":
        return
    for step in model.prediction.executions:
        if step.site.kind == "sample" and step.observed is False:
            dist = dist_of(step)
            if dist is not None:
                yield step, dist


def drawn_uses(context: Context, *kinds: UseKind) -> Iterator[Hazard]:
    """What models do with drawn values, where that is of these kinds."""
    if context._hazards is None:
        found = hazards(context.module, context.prediction, lambda: _never_run(context))
        context._hazards = tuple(found)
    return (each for each in context._hazards if each.used.use.kind in kinds)


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
