"""Whether the sites of a model are the same in every run of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ..protocol import Mode, TracedSite, Unstable
from .slice import Target
from .trace import trace_call
from .workspace import reset_randomness

# The seeds of the further runs, as they differ from the first one's.
_FURTHER = (1, 2, 3, 4)
_KINDS = ("sample", "param", "deterministic", "factor", "plate", "mutable")


def unstable(target: Target, seed: int) -> Iterator[Unstable]:
    """The sites that further runs have otherwise than the first: other seeds, nothing else.

    Draws that stay abstract cannot change what is run: then only what Python's and numpy's own
    `random` give may differ. Where a model runs on concrete draws alone, their seed differs too.
    """
    first, mode = _sites(target, seed, seed, "abstract")
    if first is None:
        return
    by: Literal["seed", "random"] = "random" if mode == "abstract" else "seed"
    for step in _FURTHER:
        again, _ = _sites(target, seed if by == "random" else seed + step, seed + step, mode)
        if again is None:
            return
        found = list(_differences(first, again, by))
        yield from found
        if found:
            return


def _sites(target: Target, seed: int, other: int, mode: Mode) -> tuple[dict[str, str] | None, Mode]:
    """The sites of a run as text by name, None where it fails, and how it ran."""
    reset_randomness(other)
    result = trace_call("", target.model, target.args, target.kwargs, seed=seed, mode=mode)
    if result.status != "ok":
        return None, result.mode
    return {site.name: _text(site) for site in result.sites if _counts(site)}, result.mode


def _counts(site: TracedSite) -> bool:
    return site.type in _KINDS and not site.hidden


def _text(site: TracedSite) -> str:
    if site.type == "plate":
        return f"a plate of {site.shape[0] if site.shape else '?'}"
    kind = "an observed sample" if site.observed else f"a {site.type}"
    return f"{kind} of shape {site.shape}"


def _differences(
    first: dict[str, str], again: dict[str, str], by: Literal["seed", "random"]
) -> Iterator[Unstable]:
    for name in dict.fromkeys((*first, *again)):
        then, now = first.get(name, ""), again.get(name, "")
        if then != now:
            yield Unstable(name, then, now, by)
