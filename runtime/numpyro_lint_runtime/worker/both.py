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
from .forms import form_of, latents, seeded
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
    every = form_of(target, Pilot((site,), True, tuple(others)), True)[0]
    pilot = Pilot((site,), True, tuple(each for each, low in others.items() if low))
    found = []
    for decentred in (False, True):
        form = form_of(target, pilot, decentred)[0]
        own = _moved(target, every, form, draws)
        energy = partial(potential_energy, seeded(form), target.args, target.kwargs)
        found.append(hardness(energy, own))
    return found[0], found[1]


def _moved(target: Target, model: Any, other: Any, draws: Draws) -> Draws:
    """Draws of the latents of a model, as those of another form of it."""
    names = latents(target, other)
    if names == set(draws.latents):
        return draws

    def traced(placed: Any) -> Any:
        return handlers.trace(placed).get_trace(*target.args, **target.kwargs)

    def moved(place: Latents) -> Latents:
        there = partial(_unconstrain_reparam, place)
        known = traced(handlers.substitute(seeded(model), substitute_fn=there))
        if missing := names - set(known):
            raise NoTwin(f"'{min(missing)}' is not a site in both forms")
        values = {name: known[name]["value"] for name in names}
        trace = traced(handlers.substitute(seeded(other), data=values))
        return {name: biject_to(trace[name]["fn"].support).inv(values[name]) for name in names}

    return Draws(jax.jit(jax.vmap(moved))(draws.latents), draws.share)
