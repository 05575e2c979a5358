"""The forms of a model: sites centred or decentred around it, without a line of it rewritten."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import jax
from numpyro import handlers

from ..pilots import Pilot
from ..values import Hierarchy
from .centre import CENTRED, NoTwin, centred
from .scans import reparameterised
from .slice import Target
from .whiten import decentring

DECENTRED = "_decentered"


def form_of(target: Target, pilot: Pilot, decentred: bool) -> tuple[Any, tuple[str, ...]]:
    """The model with the pilot's sites in one form, and the others decentred; and the names that
    the sites have in both forms, as they are when centred.

    Raises NoTwin where a form cannot be made.
    """
    plain = [site for site in pilot.sites if not site.standard]
    made = [site.name for site in pilot.sites if site.standard]
    by_hand = latents(target, _without_reparam(target.model, made)) & set(made) if made else set()
    model = _decentred(target, [*pilot.others, *(plain if decentred else [])])
    if not decentred and (wrapped := [name for name in made if name not in by_hand]):
        model = _without_reparam(model, wrapped)
    for site in pilot.sites:
        if site.name in by_hand:
            model = centred(model, target, site, decentred)
    return model, tuple(_centred_name(site, by_hand) for site in pilot.sites)


def _centred_name(site: Hierarchy, by_hand: set[str]) -> str:
    if site.name in by_hand:
        return site.name + CENTRED
    return site.name.removesuffix(DECENTRED) if site.standard else site.name


def _decentred(target: Target, sites: Sequence[Hierarchy]) -> Any:
    config, scanned = (
        {site.name: decentring(site) for site in sites if site.scanned == within}
        for within in (False, True)
    )
    model = reparameterised(target.model, config, scanned)
    if scanned:
        # What stands in another control flow is not reached.
        made = latents(target, model)
        for name in scanned:
            if name + DECENTRED not in made:
                raise NoTwin(f"'{name}' is drawn where no reparam reaches it")
    return model


def latents(target: Target, model: Any) -> set[str]:
    """The latent sites of a model, without a number drawn."""
    found: set[str] = set()

    def run() -> None:
        trace = handlers.trace(seeded(model)).get_trace(*target.args, **target.kwargs)
        found.update(n for n, s in trace.items() if s["type"] == "sample" and not s["is_observed"])

    jax.eval_shape(run)
    return found


def seeded(model: Any) -> Any:
    """A model that draws from the same seed whenever it is called."""

    def run(*args: Any, **kwargs: Any) -> Any:
        # A seed of NumPyro's before 0.18 draws on at each call, and would keep a tracer.
        return handlers.seed(model, rng_seed=0)(*args, **kwargs)

    return run


def _without_reparam(model: Any, made: Iterable[str]) -> Any:
    """The model, in which no handler makes anything of these, wherever it stands."""
    names = frozenset(name.removesuffix(DECENTRED) for name in made)

    def run(*args: Any, **kwargs: Any) -> Any:
        with _passing(names):
            return model(*args, **kwargs)

    return run


@contextlib.contextmanager
def _passing(names: frozenset[str]) -> Iterator[None]:
    process = handlers.reparam.process_message

    def passing(self: Any, message: dict[str, Any]) -> None:
        if message.get("name") not in names:
            process(self, message)

    handlers.reparam.process_message = passing
    try:
        yield
    finally:
        handlers.reparam.process_message = process
