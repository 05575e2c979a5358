"""Both forms of a hierarchical site, by how hard NUTS has it with each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import jax
from numpyro import handlers
from numpyro.distributions import biject_to
from numpyro.infer.util import _unconstrain_reparam, potential_energy

from ..pilots import Pilot
from ..values import Hardness, Hierarchy
from .centre import NoTwin
from .forms import form_of
from .hardness import Draws, Latents, hardness
from .slice import Target


def both_forms(
    target: Target, site: Hierarchy, others: Mapping[Hierarchy, bool], draws: Draws
) -> tuple[Hardness, Hardness]:
    """How hard the centred form of a site is, and the decentred one.

    `draws` are of the latents where every site at hand is decentred. `others` are the sites beside
    this one that a reparam decentres, and whether it does in both forms. Raises NoTwin where a form
    cannot be made.
    """
    every = seeded(form_of(target, Pilot((site,), True, tuple(others)), True)[0])
    pilot = Pilot((site,), True, tuple(each for each, low in others.items() if low))
    found = []
    for decentred in (False, True):
        model = seeded(form_of(target, pilot, decentred)[0])

        def potential(latents: Latents, model: Any = model) -> Any:
            return potential_energy(model, target.args, target.kwargs, latents)

        found.append(hardness(potential, _moved(target, every, model, draws)))
    return found[0], found[1]


def _moved(target: Target, model: Any, other: Any, draws: Draws) -> Draws:
    """Draws of the latents of a seeded model, as those of another form of it."""
    names = _latents(other, target)
    if set(names) == set(draws.latents):
        return draws

    def moved(latents: Latents) -> Latents:
        placed = handlers.substitute(model, substitute_fn=partial(_unconstrain_reparam, latents))
        known = handlers.trace(placed).get_trace(*target.args, **target.kwargs)
        if missing := set(names) - set(known):
            raise NoTwin(f"'{min(missing)}' is not a site in both forms")
        values = {name: known[name]["value"] for name in names}
        placed = handlers.substitute(other, data=values)
        trace = handlers.trace(placed).get_trace(*target.args, **target.kwargs)
        return {name: biject_to(trace[name]["fn"].support).inv(values[name]) for name in names}

    return Draws(jax.jit(jax.vmap(moved))(draws.latents), draws.share)


def seeded(model: Any) -> Any:
    """A model that draws from the same seed whenever it is called."""

    def run(*args: Any, **kwargs: Any) -> Any:
        # A seed of NumPyro's before 0.18 draws on at each call, and would keep a tracer.
        return handlers.seed(model, rng_seed=0)(*args, **kwargs)

    return run


def _latents(model: Any, target: Target) -> list[str]:
    """The names of the latents of a seeded model."""
    found: list[str] = []

    def run() -> None:
        trace = handlers.trace(model).get_trace(*target.args, **target.kwargs)
        found.extend(n for n, s in trace.items() if s["type"] == "sample" and not s["is_observed"])

    jax.eval_shape(run)
    return found
