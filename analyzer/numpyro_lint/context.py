"""What a rule is told: the file, its models, and what its runs do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from numpyro_lint.diagnostic import Category, Diagnostic, Fix, Origin, Related, Severity, Stage
from numpyro_lint.model.attach import Attached
from numpyro_lint.model.collide import Collision, Named, collisions, named_sites
from numpyro_lint.model.fit import Fit, families, fit, infers
from numpyro_lint.model.ir import Callee, Const, Handler
from numpyro_lint.model.passes import calls_of
from numpyro_lint.model.program import Function, Module, Stack
from numpyro_lint.model.stack import Prediction, predict, predict_all, predict_stack
from numpyro_lint.record import field, record
from numpyro_lint.text import ELSEWHERE, Span

if TYPE_CHECKING:
    from numpyro_lint.suppress import Remark

A = TypeVar("A")
T = TypeVar("T")


@record
class Rule:
    """A rule: its name is its only identity; `node` is the type of its check's first parameter.

    `stage`: how far a file must have been looked at for it to have found all that it can find.
    """

    name: str
    category: Category
    severity: Severity
    since: str
    stage: Stage
    node: str
    check: Callable[[Any, Context], Iterable[Diagnostic]]
    documentation: str

    @property
    def summary(self) -> str:
        return self.documentation.strip().partition("\n")[0]

    @property
    def has_fix(self) -> bool:
        return "\n## Fix safety\n" in self.documentation


@record
class Model:
    """A model or guide of the file: what a bare seeded call of it does, and its trace if any.

    A trace with made-up arguments is none here: which branches it takes, with which shapes and
    values, says nothing of how the model is used.

    `named` and `collisions` are empty where it is only ever called under a seed and observes
    nothing: without a trace around it names are nothing to it. `is_drawn` says so. `traces` are its
    own and those of the file's stacks and runs of it.
    """

    function: Function
    prediction: Prediction
    trace: Attached | None
    named: tuple[Named, ...] = ()
    collisions: tuple[Collision, ...] = ()
    is_drawn: bool = False
    traces: tuple[Attached, ...] = ()


@record(frozen=False)
class Context:
    """What a rule may look at besides its node: `traces` of models, and those of `stacks`, which
    those of runs are as well.

    `strict`: what this program says wrongly of a file is an error in it.
    """

    module: Module
    traces: Mapping[int, Attached] = field(default_factory=dict)
    rule: Rule | None = None
    stacks: Mapping[Stack, Attached] = field(default_factory=dict)
    strict: bool = False
    remarks: tuple[Remark, ...] = ()
    _told: dict[tuple[Callable[..., Any], int], Any] = field(default_factory=dict)

    def once(self, tell: Callable[[Context, A], T], about: A) -> T:
        """What `tell` tells of the module, or of a part of it, told once for all who ask."""
        key = tell, id(about)
        if key not in self._told:
            self._told[key] = tell(self, about)
        told: T = self._told[key]
        return told

    @property
    def predictions(self) -> dict[Stack, Prediction]:
        """What each stack of the file does."""
        return self.once(_predictions, self.module)

    def bare(self, function: Function) -> Prediction:
        """What a seeded call of a function does, with arguments that are not known."""
        return self.once(_bare, function)

    @property
    def models(self) -> tuple[Model, ...]:
        return self.once(_models, self.module)

    @property
    def fits(self) -> tuple[Fit, ...]:
        """The inferences of the file whose model is in sight, with what becomes of its sites."""
        return self.once(_fits, self.module)

    def users_trace(self, key: int) -> Attached | None:
        """The trace of a function with arguments of the user's own, if there is one."""
        trace = self.traces.get(key)
        return trace if trace is not None and trace.is_users else None

    def run_trace(self, stack: Stack | None) -> Attached | None:
        """The trace of a run as it takes place there; None where it may take place otherwise."""
        trace = self.stacks.get(stack) if stack is not None else None
        if trace is None or not trace.ok or not trace.is_users or trace.repeats:
            return None
        return trace

    def prediction(self, stack: Stack) -> Prediction:
        """What a stack does; for a run without handlers of its own, computed on demand."""
        if stack not in self.predictions:
            self.predictions[stack] = predict_stack(self.module, stack)
        return self.predictions[stack]

    def call_to(self, span: Span) -> Span | None:
        """The call of this file that leads to a site of another one."""
        return self.once(_calls, self.module).get(span)

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


def _predictions(context: Context, module: Module) -> dict[Stack, Prediction]:
    return predict_all(module)


def _bare(context: Context, function: Function) -> Prediction:
    seed = Handler("seed", Span(-1, -1), (("rng_seed", Const(0)),))
    callee = Callee(function.key, function.name, function.handlers)
    return predict(context.module, (seed, *function.handlers), callee, None, draws=False)


def _fits(context: Context, module: Module) -> tuple[Fit, ...]:
    told = context.prediction
    return tuple(
        fit(
            run,
            told(run.stack),
            told(guide) if guide else None,
            families(context.users_trace(run.stack.model.function)),
        )
        for run in module.runs
        if run.stack is not None and run.stack.model.function is not None and infers(run)
        for guide in (run.guide or run.auto,)
    )


def _calls(context: Context, module: Module) -> dict[Span, Span]:
    """The sites of other files, each with the call or run of this file that leads to it."""
    runs = [(stack.span, context.prediction(stack)) for stack in module.stacks]
    runs += [(r.span, context.prediction(r.stack)) for r in module.runs if r.stack]
    models = [(model.function.name_span, model.prediction) for model in context.models]
    found: dict[Span, Span] = {}
    for start, prediction in (*runs, *models):
        for step in prediction.executions:
            if step.site.span.start >= ELSEWHERE:
                own = [call for call in calls_of(step.path) if call.start < ELSEWHERE]
                found[step.site.span] = own[-1] if own else start
    return found


def _models(context: Context, module: Module) -> tuple[Model, ...]:
    return tuple(
        _model(context, function, context.bare(function), context.users_trace(function.key))
        for function in module.functions.values()
        if function.role in ("model", "guide")
    )


def _model(
    context: Context, function: Function, prediction: Prediction, trace: Attached | None
) -> Model:
    around = [
        each
        for each in context.stacks.values()
        if each.function == function.key and (trace is None or each.result is not trace.result)
    ]
    traces = (*((trace,) if trace is not None else ()), *around)
    if _is_drawn(context.once(_uses, context.module).get(function.key, ()), prediction):
        return Model(function, prediction, trace, is_drawn=True, traces=traces)
    named = tuple(named_sites(prediction))
    met = (each for each in collisions(prediction, named) if not _refuted(each, trace))
    return Model(function, prediction, trace, named, tuple(met), traces=traces)


def _uses(context: Context, module: Module) -> dict[int | None, list[Stack]]:
    """What is done in sight with each function."""
    runs = (stack for run in module.runs for stack in (run.stack, run.guide, run.auto) if stack)
    found: dict[int | None, list[Stack]] = {}
    for use in (*module.stacks, *runs):
        found.setdefault(use.model.function, []).append(use)
    return found


def _is_drawn(uses: Sequence[Stack], prediction: Prediction) -> bool:
    """Whether all that is done with a function in sight is to draw from it under a seed."""
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
