"""The names that inference is given, and those read of its results, against its model's sites."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from numpyro_lint.facts.api import STRATEGIES
from numpyro_lint.model.binding import table_of
from numpyro_lint.model.ir import Engine, Key, Result, Sequence, Strategy, Symbol, Value
from numpyro_lint.model.program import Module, Run, Stack
from numpyro_lint.model.stack import Effect, Prediction
from numpyro_lint.model.values import is_none
from numpyro_lint.record import record, replace
from numpyro_lint.text import Span

Predict = Callable[[Stack], Prediction]
Witness = Callable[[Stack], tuple[Effect, ...] | None]
# What each argument of an algorithm names: any site, or latent ones.
_ANY, _LATENT = "any", "latent"
_ARGUMENTS: dict[tuple[str, str], str] = {
    ("mcmc", "init_strategy"): _LATENT,
    ("mcmc", "init_params"): _LATENT,
    ("mcmc", "dense_mass"): _LATENT,
    ("svi", "init_params"): _ANY,
    ("predictive", "posterior_samples"): _ANY,
    ("predictive", "params"): _ANY,
    ("predictive", "return_sites"): _ANY,
    ("log_likelihood", "posterior_samples"): _ANY,
    ("log_density", "params"): _ANY,
}


@record
class Given:
    """A name that goes to, or is read of, some runs of one inference object.

    `where` is the argument that holds it, `get_samples` or `predictive` for what is read of a
    result. `wants` says which sites it may name.
    """

    where: str
    key: Key
    runs: tuple[Run, ...]
    wants: str


@record
class Stray:
    """A name that means no site that it could mean. `found`: sites of that name, none of them of
    use there; `names`: those that would be. `traced`: a trace of the runs has shown it."""

    given: Given
    found: tuple[Effect, ...]
    names: tuple[str, ...]
    traced: bool = False


def strays(module: Module, predict: Predict, witness: Witness = lambda _: None) -> Iterator[Stray]:
    """The names of a file that no use of them finds.

    One dictionary may serve several runs: a name is astray when it is so for all of them.
    `witness` gives what a trace has shown of a run, if there is one: that is then the truth.
    """
    uses: dict[Span, list[Stray | None]] = {}
    for given in named(module):
        uses.setdefault(given.key.span, []).append(_stray(given, predict, witness))
    handled = _keyed(module) if uses else frozenset()
    for span, found in uses.items():
        first = found[0]
        if first is not None and None not in found and span not in handled:
            yield first


def _keyed(module: Module) -> frozenset[Span]:
    """The keys that handlers go by as well."""
    values = (value for handler in module.handlers for _, value in handler.args)
    tables = (table_of(value) for value in values)
    return frozenset(key.span for table in tables if table is not None for key in table.keys)


def named(module: Module) -> Iterator[Given]:
    """The names that the inferences of a file are given, and those read of their results."""
    yield from givens(module)
    yield from _reads(module)


def givens(module: Module) -> Iterator[Given]:
    """The names that the inferences of a file are given."""
    for run in module.runs:
        if run.stack is None:
            continue
        for name, value in run.args:
            wants = _ARGUMENTS.get((run.kind, name))
            if wants is None or (name == "params" and not is_none(run.arg("guide"))):
                continue
            for key in keys_in(value):
                yield Given(name, key, (run,), wants)
        guide = run.arg("guide")
        if run.auto is not None and isinstance(guide, Engine):
            # An autoguide starts at the latents of its own model.
            own = replace(run, kind="mcmc", stack=run.auto, guide=None)
            for key in keys_in(guide.arg("init_loc_fn")):
                yield Given("init_strategy", key, (own,), _LATENT)


def keys_in(value: Value | None) -> Iterator[Key]:
    """The names written in an argument of an inference algorithm.

    What is added to a result (`samples["effect"] = ...`) is derived of it, and need be no site.
    """
    if isinstance(value, Symbol):
        bound = value.bound if value.qualified in STRATEGIES else None
        values = bound.keyword.get("values") if bound is not None else None
        value = values.value if values is not None else None
    elif isinstance(value, Strategy):
        value = value.arg("values")
    if isinstance(value, Sequence):
        for item in value.items:
            if isinstance(item, Sequence):
                yield from keys_in(item)
    table = None if isinstance(value, Result) else table_of(value)
    for key in table.keys if table is not None else ():
        if isinstance(value, Sequence) or key.value_span is not None:
            yield key


def _reads(module: Module) -> Iterator[Given]:
    for read in module.reads:
        runs = tuple(run for run in module.runs if run.span == read.engine)
        if runs and runs[0].kind == "mcmc":
            yield Given("get_samples", read.key, runs, "collected")
        elif runs and runs[0].kind == "predictive":
            yield Given("predictive", read.key, runs, "returned")


def _stray(given: Given, predict: Predict, witness: Witness) -> Stray | None:
    found: list[Effect] = []
    names: dict[str, None] = {}
    traced = True
    for run in given.runs:
        effects = _witnessed(run, given.key.text, predict, witness)
        traced = traced and effects is not None
        if effects is None:
            effects = _visible(run, predict)
        if effects is None:
            return None
        for effect in effects:
            matches = effect.name.matches(given.key.text)
            use = _is_of_use(effect, given.wants, run)
            if matches is None or (matches and use):
                return None
            if matches:
                found.append(effect)
            elif use and effect.name.literal:
                names[effect.name.literal] = None
    return Stray(given, tuple(found), tuple(names), traced)


def useful(given: Given, predict: Predict) -> tuple[str, ...]:
    """The names in sight that are of use where a name is given or read, in order."""
    names: dict[str, None] = {}
    for run in given.runs:
        for stack in _stacks(run):
            for effect in predict(stack).effects if stack is not None else ():
                if effect.hidden is not True and _is_of_use(effect, given.wants, run):
                    names.setdefault(effect.name.literal or "")
    return tuple(filter(None, names))


def _stacks(run: Run) -> tuple[Stack | None, ...]:
    """What sends the sites that a run's algorithm sees."""
    return (run.stack, run.guide) if run.kind == "svi" else (run.stack,)


def _witnessed(run: Run, key: str, predict: Predict, witness: Witness) -> list[Effect] | None:
    """The sites that a run's algorithm sees as traces show them, if there are any.

    What the text has under that name, on a branch that was not taken, is one of them.
    """
    effects: list[Effect] = []
    for stack in _stacks(run):
        shown = witness(stack) if stack is not None else None
        if stack is None or shown is None:
            return None
        effects += [effect for effect in shown if effect.hidden is not True]
        written = (e for e in predict(stack).effects if e.name.literal == key)
        met = {effect.name.literal for effect in shown}
        effects += [effect for effect in written if key not in met]
    return effects


def _visible(run: Run, predict: Predict) -> list[Effect] | None:
    """The sites that a run's algorithm sees; None when there may be others."""
    effects: list[Effect] = []
    for stack in _stacks(run):
        prediction = predict(stack) if stack is not None else None
        if prediction is None or not prediction.complete or prediction.raises is not None:
            return None
        effects += [effect for effect in prediction.effects if effect.hidden is not True]
    return effects


def _is_of_use(effect: Effect, wants: str, run: Run) -> bool:
    latent = effect.type == "sample" and effect.observed is not True
    if wants == _LATENT:
        return latent
    if wants == "collected":
        return latent or effect.type == "deterministic"
    listed = table_of(run.arg("return_sites")) if wants == "returned" else None
    if listed is not None and listed.complete:
        return any(effect.name.matches(key.text) is not False for key in listed.keys)
    return True
