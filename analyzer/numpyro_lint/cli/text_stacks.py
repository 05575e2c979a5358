"""What the handler stacks of a file do, as people read it."""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.check import Report
from numpyro_lint.model.program import Stack
from numpyro_lint.model.stack import Effect, Prediction
from numpyro_lint.text import where_of


def stacks(report: Report) -> Iterator[str]:
    """A line for each stack, and one for each thing that becomes of its sites."""
    for stack in report.module.stacks:
        prediction = report.context.prediction(stack)
        groups = list(_groups(prediction, stack.use))
        if not groups and not prediction.raises:
            continue
        where = report.source.location(stack.span)
        yield f"{where_of(where)}: {composition(stack)}"
        for name, members in groups:
            yield f"  {name:<12} {', '.join(members)}"
        if prediction.raises:
            yield f"  {'raises':<12} {prediction.raises}"


def composition(stack: Stack) -> str:
    """A stack as one would write it, and what it is for."""
    chain = "(".join(handler.kind for handler in stack.handlers)
    use = "" if stack.use in ("call", "trace", "wrapper") else f", for {stack.use}"
    return f"{chain}({stack.model.display}{')' * len(stack.handlers)}{use}"


_GROUPS = (
    "observed",
    "substituted",
    "intervened",
    "replayed",
    "latent",
    "computed",
    "param",
    "hidden",
    "scaled",
    "masked",
)


def _groups(prediction: Prediction, use: str) -> Iterator[tuple[str, list[str]]]:
    """What becomes of the sites, grouped by what becomes of them."""
    groups: dict[str, list[str]] = {name: [] for name in _GROUPS}
    for effect in prediction.effects:
        if effect.type in ("plate", "factor", "mutable"):
            continue
        group, said = _group(effect, use)
        places = [(group, said)]
        places += [("scaled", effect.name.glob)] if effect.scaled else []
        places += [("masked", effect.name.glob)] if effect.masked else []
        for place, text in places:
            if text not in groups[place]:
                groups[place].append(text)
    yield from ((name, members) for name, members in groups.items() if members)


def _group(effect: Effect, use: str) -> tuple[str, str]:
    """Where a site belongs, and how it is told there: by which handler, where it is one."""
    name = effect.name.glob
    by = effect.value_from
    if by == "do":
        return "intervened", name.removesuffix("__CF") + " (do)"
    if effect.hidden:
        return "hidden", f"{name} (block)"
    if effect.type == "deterministic":
        return "computed", f"{name} ({by})" if by else name
    if effect.type == "param":
        return "param", f"{name} ({by})" if by not in (None, "init") else name
    if effect.observed:
        return "observed", name if by in (None, "obs") else f"{name} ({by})"
    if by == "substitute" and use == "mcmc":
        return "latent", f"{name} (substitute does not hold it)"
    if by == "substitute" and use == "svi":
        return "substituted", f"{name} (unless the guide has it)"
    if by in ("substitute", "replay"):
        return ("substituted" if by == "substitute" else "replayed"), name
    if effect.observed is None:
        return "observed", f"{name}?"
    if effect.was_observed:
        return "latent", f"{name} (uncondition)"
    return "latent", f"{name} ({by})" if by not in (None, "prior") else name
