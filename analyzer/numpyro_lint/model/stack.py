"""The handler algebra: what a stack of handlers does to every site, without running anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from numpyro_lint.model.binding import resolve
from numpyro_lint.model.expand import Active, Execution, Path, Reached, Unseen, Used, expand
from numpyro_lint.model.flow import common_arms, execute, units
from numpyro_lint.model.handlers import process
from numpyro_lint.model.ir import Arguments, Callee, Const, Handler, Site, Value
from numpyro_lint.model.message import (
    Facts,
    Machine,
    Recorded,
    Seen,
    Sent,
    State,
    Trace,
    World,
    explore,
)
from numpyro_lint.model.name import Name
from numpyro_lint.model.program import Module, Stack
from numpyro_lint.model.traces import postprocess
from numpyro_lint.record import field, record, replace
from numpyro_lint.text import Span

Traces = Mapping[Span, Trace | None]
_RUN_HERE = ("call", "trace")
_BEGINS_ELSEWHERE = ("mcmc", "svi", "stein", "autoguide", "log_density", "log_likelihood")


@record
class Effect:
    """What becomes of a site under a stack; None where the text does not tell.

    `name` is the name as the outside sees it, or at the level that hid it. `value_from` is the
    handler that set the value last, `prior` for a draw, `obs`, or None for the primitive's own.
    `certain`: the site is reached for sure. `fn` is what a sample is of, in a call with `values`.
    """

    site: Site
    name: Name
    type: str
    observed: bool | None = None
    was_observed: bool | None = None
    value_from: str | None = None
    hidden: bool | None = None
    scaled: bool | None = None
    masked: bool | None = None
    certain: bool = True
    path: Path = ()
    fn: Value | None = field(default=None, compare=False)
    values: Mapping[str, Value] = field(default_factory=dict, compare=False)

    @property
    def dist(self) -> Value | None:
        """What a sample is of, as its callers tell."""
        return None if self.fn is None else resolve(self.fn, self.values)


@record
class Prediction:
    """What a run of a model under handlers does.

    `raises`: what NumPyro raises, after `effects` were sent; `may_raise` where it depends on what
    the text does not tell. `complete`: no call out of sight may send further messages.
    `seen` lists for each handler that is watched the sites that it met, by the names that they have
    there.
    """

    effects: tuple[Effect, ...]
    raises: str | None = None
    may_raise: bool = False
    complete: bool = True
    seen: Mapping[Span, tuple[Seen, ...]] | None = None
    executions: tuple[Execution, ...] = ()
    traces: Traces | None = None
    uses: tuple[Used, ...] = ()


def predict_stack(module: Module, stack: Stack, traces: Traces | None = None) -> Prediction:
    """What `stack` does to the sites of its model, called as it is called there.

    An inference algorithm seeds and traces the model itself, around everything.
    """
    module = module.as_of(stack)
    own: tuple[Handler, ...] = ()
    if stack.use not in _RUN_HERE:
        span = Span(-1, -1)
        own = (Handler("trace", span), Handler("seed", span, (("rng_seed", Const(0)),)))
    draws = stack.use not in _BEGINS_ELSEWHERE
    return predict(module, (*own, *stack.handlers), stack.model, stack.arguments, traces, draws)


def predict(
    module: Module,
    handlers: tuple[Handler, ...],
    model: Callee,
    arguments: Arguments | None,
    traces: Traces | None = None,
    draws: bool = True,
) -> Prediction:
    """What `handlers` (outermost first) do to the sites that a call of `model` reaches.

    `draws` is False where the run begins at values of its own, as inference does.
    """
    outer = tuple(Active(handler, ()) for handler in handlers)
    run = _Run(traces or {}, draws)
    for part in _parts(expand(module, model, arguments, outer)):
        if isinstance(part, Unseen):
            run.complete = False
            continue
        if isinstance(part, Used):
            run.uses.append(part)
            continue
        run.executions += part
        sending = [step for step in part if step.site.kind != "subsample"]
        reason = run.take(sending) if sending else None
        if reason is not None:
            return run.prediction(reason)
    return run.prediction(None)


def _parts(steps: Iterable[Reached]) -> Iterator[list[Execution] | Unseen | Used]:
    pending: list[Execution] = []
    for step in steps:
        if isinstance(step, Unseen):
            yield from units(pending)
            pending = []
            yield step
        elif isinstance(step, Used):
            yield step
        else:
            pending.append(step)
    yield from units(pending)


@record(frozen=False)
class _Run:
    """One run of a model as far as it has come."""

    traces: Traces
    draws: bool = True
    facts: Facts = field(default_factory=dict)
    seen: dict[Span, list[Seen]] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    executions: list[Execution] = field(default_factory=list)
    uses: list[Used] = field(default_factory=list)
    complete: bool = True
    may_raise: bool = False

    def take(self, steps: list[Execution]) -> str | None:
        """Runs the steps of one unit; gives what NumPyro is sure to raise."""
        worlds = explore(self._machine, partial(execute, steps=steps))
        if worlds is None:
            self.effects += [_unknown(step) for step in steps]
            self.complete = False
            return None
        self.effects += _merge(worlds)
        if any(_comes_again(step) for step in steps):
            self.may_raise = True
        alive = [world for world in worlds if world.raised is None]
        if not alive and not common_arms(steps):
            self._meet(worlds[:1])
            self._settle(worlds[:1])
            return worlds[0].raised
        self._meet(worlds)
        self.may_raise = self.may_raise or len(alive) < len(worlds)
        self._settle(alive)
        return None

    def _machine(self) -> Machine:
        state = State(self.facts)
        return Machine(process, postprocess, self.traces, state, draws=self.draws)

    def _meet(self, worlds: list[World]) -> None:
        """Notes what handlers met in any world: one that then raised has met its site, too."""
        met = worlds[0].state.seen
        if len(worlds) > 1:
            met = list(dict.fromkeys(each for world in worlds for each in world.state.seen))
        for key, seen in met:
            self.seen.setdefault(key[1], []).append(seen)

    def _settle(self, worlds: list[World]) -> None:
        """Takes over what the worlds leave behind; a trace that differs in them is uncertain."""
        if not worlds:
            return
        first = worlds[0].state
        for other in worlds[1:]:
            for fact in first.new.keys() | other.state.new.keys():
                if fact[0] == "trace" and first.new.get(fact) != other.state.new.get(fact):
                    self.facts["uncertain", fact[1]] = True
        self.facts.update(first.new)

    def prediction(self, raises: str | None) -> Prediction:
        complete = self.complete and ("more",) not in self.facts
        certain = complete and raises is None and not self.may_raise
        recorded: dict[Span, dict[str, Recorded] | None] = {}
        for fact, value in self.facts.items():
            if fact[0] == "trace":
                _, key, name = fact
                if not certain or ("uncertain", key) in self.facts:
                    recorded[key[1]] = None
                elif (names := recorded.setdefault(key[1], {})) is not None:
                    names[name] = value
        seen = {span: tuple(met) for span, met in self.seen.items()}
        return Prediction(
            tuple(self.effects),
            raises,
            self.may_raise and raises is None,
            complete,
            seen,
            tuple(self.executions),
            recorded,
            tuple(self.uses),
        )


def _merge(worlds: Iterable[World]) -> list[Effect]:
    """One list of effects for all worlds: what they agree on is known."""
    lists = [[_effect(s) for s in world.sent if s.message.name is not None] for world in worlds]
    first, *others = lists
    if not others:
        return first
    merged: dict[object, Effect] = {}
    for effects in lists:
        for effect in effects:
            key = (effect.name, effect.site.span)
            merged[key] = _either(merged[key], effect) if key in merged else effect
    everywhere = set.intersection(*({(e.name, e.site.span) for e in effects} for effects in lists))
    return [
        effect if key in everywhere else replace(effect, certain=False)
        for key, effect in merged.items()
    ]


def _either(first: Effect, second: Effect) -> Effect:
    changes: dict[str, Any] = {
        field: None
        for field in ("observed", "was_observed", "value_from", "hidden", "scaled", "masked")
        if getattr(first, field) != getattr(second, field)
    }
    if first.type != second.type:
        changes["certain"] = False
    return replace(first, **changes) if changes else first


def _effect(sent: Sent) -> Effect:
    message = sent.message
    assert message.name is not None
    if message.unknown:
        return Effect(message.site, message.name, message.reported, path=message.path)
    sampled = message.type == "sample"
    return Effect(
        message.site,
        message.name,
        message.reported,
        sampled and message.observed,
        sampled and message.infer.get("was_observed", False),
        message.value or None,
        message.stop,
        sampled and message.scaled,
        sampled and message.masked,
        not message.arms,
        message.path,
        message.dist if sampled else None,
        message.values,
    )


def _comes_again(step: Execution) -> bool:
    """Whether another pass of a loop may send a name that a trace takes only once."""
    once = step.site.kind in ("sample", "factor", "deterministic")
    return once and bool(step.loops) and step.name.literal is not None


def _unknown(step: Execution) -> Effect:
    name = Name(step.name.parts or ("",))
    return Effect(step.site, name, step.site.kind, certain=False, path=step.path)


def predict_all(module: Module) -> dict[Stack, Prediction]:
    """The prediction of every stack of a file; a replayed trace is that of an earlier stack."""
    traces: dict[Span, Trace | None] = {}
    found: dict[Stack, Prediction] = {}
    for stack in module.stacks:
        prediction = predict_stack(module, stack, traces)
        found[stack] = prediction
        for span, recorded in (prediction.traces or {}).items():
            traces[span] = recorded if traces.get(span, recorded) == recorded else None
    return found
