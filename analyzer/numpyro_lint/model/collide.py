"""Names that meet: two sites of one run of a model that end up under one name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from numpyro_lint.model.execution import Path
from numpyro_lint.model.expand import Active, Control, Execution
from numpyro_lint.model.handlers import prefix_of
from numpyro_lint.model.ir import Branch, Handler
from numpyro_lint.model.name import Hole, Name
from numpyro_lint.model.passes import calls_of
from numpyro_lint.model.stack import Effect, Prediction
from numpyro_lint.model.values import is_none
from numpyro_lint.record import record

Kind = Literal["duplicate", "type", "helper", "scope", "made"]
_Arm = tuple[Path, Branch]
# Sites that NumPyro's trace takes once only.
_ONCE = frozenset({"sample", "deterministic"})


@record
class Named:
    """A site under the name that it has outside its model's own handlers."""

    name: str
    type: str
    effect: Effect
    execution: Execution


@record
class Collision:
    """Two sites of one name on one path. `kind` says what brought them together:

    `duplicate`: the same name was written twice; `type`: for two different types of site; `helper`:
    a function was called twice; `scope`: prefixes made the names equal; `made`: a handler, or
    `obs_mask`, makes a site of the name that another has.
    """

    kind: Kind
    first: Named
    second: Named


def named_sites(prediction: Prediction) -> Iterator[Named]:
    """The visible sites of a run whose whole name is known, in order."""
    executions = {(step.site.span, step.path): step for step in prediction.executions}
    for effect in prediction.effects:
        execution = executions.get((effect.site.span, effect.path))
        literal = effect.name.literal
        if execution is None or not is_none(execution.site.arg("rng_key")):
            # A site with a key of its own is drawn by whoever calls, under no trace.
            continue
        if literal is not None and effect.hidden is False:
            kind = "sample" if effect.type == "factor" else effect.type
            yield Named(literal, kind, effect, execution)


def _lost_bodies(prediction: Prediction) -> Iterable[list[Named]]:
    """The sites of each `scan` or `cond` whose body raises, so that nothing of it comes out."""
    told = {(effect.site.span, effect.path) for effect in prediction.effects}
    bodies: dict[Active, list[Named]] = {}
    for step in prediction.executions:
        if step.site.kind not in _ONCE or (step.site.span, step.path) in told:
            continue
        controls = [i for i, each in enumerate(step.active) if isinstance(each.frame, Control)]
        literal = _within(step, controls[-1]).literal if controls else None
        if literal is not None:
            body = step.active[controls[-1]]
            effect = Effect(step.site, step.name, step.site.kind, path=step.path)
            bodies.setdefault(body, []).append(Named(literal, step.site.kind, effect, step))
    return bodies.values()


def _within(step: Execution, index: int) -> Name:
    """The name that a site has inside the function of a `scan` or `cond`: with its scopes there."""
    name = step.name
    for active in reversed(step.active[index + 1 :]):
        if isinstance(active.frame, Handler):
            if active.frame.kind != "scope":
                return Name((Hole(),))
            name = prefix_of(active.frame) + name
    return name


def collisions(prediction: Prediction, sites: Iterable[Named]) -> Iterator[Collision]:
    """Each of the named sites whose name an earlier site of the same path already has."""
    yield from _among(sites)
    for body in _lost_bodies(prediction):
        yield from _among(body)


def _among(sites: Iterable[Named]) -> Iterator[Collision]:
    # With the arms as sets: many sites of one name are each compared with all before it.
    earlier: dict[str, list[tuple[Named, frozenset[_Arm]]]] = {}
    for named in sites:
        arms = frozenset(named.execution.arms)
        for first, others in earlier.setdefault(named.name, []):
            if not _meet(others, arms):
                continue
            kind = _kind(first, named)
            if kind is not None:
                yield Collision(kind, first, named)
                break
        earlier[named.name].append((named, arms))


def one_path(first: Execution, second: Execution) -> bool:
    """Whether both are reached for sure by some one run: the arms of one are those of the other.

    Which arm one pass of a loop takes is not known where the passes differ.
    """
    return _meet(frozenset(first.arms), frozenset(second.arms))


def _meet(arms: frozenset[_Arm], others: frozenset[_Arm]) -> bool:
    if not (arms <= others or others <= arms):
        return False
    return not any(branch.turns for _, branch in arms ^ others)


def is_made(named: Named) -> bool:
    """Whether a handler, or `obs_mask`, has added the site: its name is not as it was written."""
    written = named.execution.name.literal
    return written is not None and not named.name.endswith(written)


def _kind(first: Named, second: Named) -> Kind | None:
    if is_made(first) != is_made(second):
        return "made"
    if first.type != second.type:
        return "type"
    if first.type not in _ONCE:
        return None
    if _scopes(first.execution) or _scopes(second.execution):
        written = first.execution.name == second.execution.name
        if not (written and _scopes(first.execution) == _scopes(second.execution)):
            return "scope"
    if first.effect.site.span == second.effect.site.span:
        first_calls, second_calls = calls_of(first.execution.path), calls_of(second.execution.path)
        if first.execution.path == second.execution.path:
            return None
        return "helper" if first_calls or second_calls else "duplicate"
    return "duplicate"


def _scopes(execution: Execution) -> tuple[Active, ...]:
    """The scopes around a site, each as the one place where it is entered."""
    return tuple(
        active
        for active in execution.active
        if isinstance(active.frame, Handler) and active.frame.kind == "scope"
    )
