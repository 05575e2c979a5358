"""What short runs of NUTS found, as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from numpyro_lint.model.attach import Attached
from numpyro_lint.model.piloted import name_of, why

if TYPE_CHECKING:
    from numpyro_lint_runtime.pilots import FormResult, PilotResult

HEADINGS = ("site", "form", "divergences", "ESS per 1,000 gradients", "r-hat", "draws", "worst")


def rows(trace: Attached) -> Iterator[list[str]]:
    """The forms of each site that was run in both, under `HEADINGS`."""
    for names, result in runs(trace):
        yield from rows_of(names, result)


def verdicts(trace: Attached) -> Iterator[str]:
    """A line for each site: what changing its form does, and why."""
    return (verdict(names, result) for names, result in runs(trace))


def runs(trace: Attached) -> Iterator[tuple[str, PilotResult]]:
    """The names of the sites that were run in both forms together, and what came of it."""
    for span, result in trace.pilots:
        yield ", ".join(j.traced.name for j in trace.sites if j.span == span), result


def rows_of(names: str, result: PilotResult) -> Iterator[list[str]]:
    """Both forms of some sites, under `HEADINGS`."""
    for number, form in enumerate(result.forms):
        yield _row(names if number == 0 else "", form)


def verdict(names: str, result: PilotResult) -> str:
    """What changing the form of some sites does, and why."""
    if result.verdict == "cannot tell":
        return f"cannot tell which form of {names} is better: {why(result)}"
    change = "centring" if result.forms[0].decentred else "decentring"
    verb = "makes no difference" if result.verdict == "no difference" else result.verdict
    return f"{change} {names} {verb}: {why(result)}"


def _row(site: str, form: FormResult) -> list[str]:
    rate = form.rate
    return [
        site,
        name_of(form),
        f"{form.divergences} of {form.draws}" if form.draws else "",
        "" if rate is None else f"{rate:.3g}",
        "" if form.r_hat is None else f"{form.r_hat:.3f}",
        f"{form.chains} x {form.draws // form.chains}" if form.chains else "",
        form.worst,
    ]
