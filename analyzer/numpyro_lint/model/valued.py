"""What the second stage of a trace tells rules: what became of sites at concrete draws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from numpyro_lint.model.attach import Attached, Joined
from numpyro_lint.model.fit import Fit
from numpyro_lint.model.ir import Engine, Handler
from numpyro_lint.record import record
from numpyro_lint.text import Source

if TYPE_CHECKING:
    from numpyro_lint_runtime.protocol import SiteValues, ValueResult

_KERNELS = frozenset({"HMC", "NUTS", "BarkerMH"})
# Handlers that leave the log density of a model as it is.
_NEUTRAL = frozenset({"seed", "trace"})


@record
class Valued:
    """A traced site of the file with what it came to at the points that were looked at."""

    joined: Joined
    values: SiteValues


def values_of(trace: Attached | None) -> ValueResult | None:
    """The second stage of a trace, or what is known of it; None where there is none."""
    return None if trace is None else trace.values


def valued(trace: Attached) -> Iterator[Valued]:
    """The samples of a trace that the second stage has met, in order of execution."""
    found = {each.name: each for each in trace.values.sites} if trace.values else {}
    for joined in trace.sites:
        traced = joined.traced
        if traced.type in ("sample", "factor") and not traced.hidden and traced.name in found:
            yield Valued(joined, found[traced.name])


def begins_as_nuts(fit: Fit, trace: Attached, source: Source) -> bool:
    """Whether an inference starts the traced model, with the traced arguments, as NUTS does.

    That is so where neither handlers nor the user's own initial values come between.
    """
    stack = fit.run.stack
    if stack is None or stack.model.function != trace.function or not _is_bare(stack.handlers):
        return False
    if fit.run.arg("init_params") is not None or not _has_arguments(fit, trace, source):
        return False
    if fit.run.kind == "mcmc":
        return len(fit.kernels) == 1 and _begins(fit.kernels[0])
    if fit.run.kind != "svi" or fit.auto is None or _is_started(fit.auto):
        return False
    auto = fit.run.auto
    same = auto is not None and auto.model.function == stack.model.function
    return same and auto is not None and _is_bare(auto.handlers)


def _is_bare(handlers: tuple[Handler, ...]) -> bool:
    return all(handler.kind in _NEUTRAL for handler in handlers)


def _begins(kernel: Engine) -> bool:
    return kernel.kind in _KERNELS and not _is_started(kernel)


def _is_started(engine: Engine) -> bool:
    """Whether a kernel or autoguide is told where to begin, or may be."""
    names = ("init_strategy", "init_loc_fn", "**")
    return any(engine.arg(name) is not None for name in names)


def _has_arguments(fit: Fit, trace: Attached, source: Source) -> bool:
    stack = fit.run.stack
    if trace.origin.kind != "call" or stack is None or stack.arguments is None:
        return trace.origin.kind in ("comment", "config")
    written = [source.slice(item.span) for item in stack.arguments.items]
    return written == [text for _, text in trace.origin.values]


def worst(sites: list[Valued]) -> Valued | None:
    """The site for which the most starting points were not valid: the first of them."""
    by_density = [each for each in sites if each.values.start]
    by_slope = [each for each in sites if each.values.slope]
    if by_density:
        return max(by_density, key=lambda each: each.values.start)
    return max(by_slope, key=lambda each: each.values.slope, default=None)
