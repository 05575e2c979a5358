"""What the handler stacks of a file do, as people read it."""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.check import Report
from numpyro_lint.model.stack import Prediction
from numpyro_lint.outcomes import composition, outcome
from numpyro_lint.text import where_of


def stacks(report: Report) -> Iterator[str]:
    """A line for each stack, and one for each thing that becomes of its sites."""
    for head, outcomes in told(report):
        yield head
        yield from (f"  {name:<12} {words}" for name, words in outcomes)


def told(report: Report) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each stack of which there is something to say, and what becomes of its sites, by name."""
    for stack in report.module.stacks:
        prediction = report.context.prediction(stack)
        outcomes = [(name, ", ".join(sites)) for name, sites in _groups(prediction, stack.use)]
        if prediction.raises:
            outcomes.append(("raises", prediction.raises))
        if outcomes:
            where = report.source.location(stack.span)
            yield f"{where_of(where)}: {composition(stack)}", outcomes


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
        group, said = outcome(effect, use)
        places = [(group, said)]
        places += [("scaled", effect.name.glob)] if effect.scaled else []
        places += [("masked", effect.name.glob)] if effect.masked else []
        for place, text in places:
            if text not in groups[place]:
                groups[place].append(text)
    yield from ((name, members) for name, members in groups.items() if members)
