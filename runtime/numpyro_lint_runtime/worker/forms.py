"""The forms of a model: sites centred or decentred around it, without a line of it rewritten."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.distributions import biject_to
from numpyro.distributions.transforms import (
    AffineTransform,
    LowerCholeskyAffine,
    Transform,
)
from numpyro.infer.reparam import Reparam
from numpyro.primitives import Messenger

from ..pilots import Pilot
from ..values import Hierarchy
from .slice import Target
from .whiten import decentring

DECENTRED, CENTRED = "_decentered", "_centred"


class NotRun(Exception):
    """Where nothing is to be run: the message says why."""


class NoTwin(NotRun):
    """Where a form cannot be made."""


def form_of(target: Target, pilot: Pilot, decentred: bool) -> tuple[Any, tuple[str, ...]]:
    """The model with the pilot's sites in one form, and the others decentred; and the names that
    the sites have in both forms, as they are when centred.

    Raises NoTwin where a form cannot be made.
    """
    plain = [site for site in pilot.sites if not site.standard]
    made = [site.name for site in pilot.sites if site.standard]
    by_hand = _latents(target, _without_reparam(target.model, made)) & set(made) if made else set()
    model = _decentred(target.model, [*pilot.others, *(plain if decentred else [])])
    if not decentred and (wrapped := [name for name in made if name not in by_hand]):
        model = _without_reparam(model, wrapped)
    for site in pilot.sites:
        if site.name in by_hand:
            model = _centred(model, site, decentred)
    return model, tuple(_centred_name(site, by_hand) for site in pilot.sites)


def _centred_name(site: Hierarchy, by_hand: set[str]) -> str:
    if site.name in by_hand:
        return site.name + CENTRED
    return site.name.removesuffix(DECENTRED) if site.standard else site.name


def _decentred(model: Any, sites: Iterable[Hierarchy]) -> Any:
    config = {site.name: decentring(site) for site in sites}
    return handlers.reparam(model, config=config) if config else model


def _latents(target: Target, model: Any) -> set[str]:
    """The latent sites of a model, without a number drawn."""
    found: set[str] = set()

    def run() -> None:
        traced = handlers.trace(handlers.seed(model, rng_seed=0))
        trace = traced.get_trace(*target.args, **target.kwargs)
        found.update(n for n, s in trace.items() if s["type"] == "sample" and not s["is_observed"])

    jax.eval_shape(run)
    return found


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


def _centred(model: Any, site: Hierarchy, decentred: bool) -> Any:
    """The model that scales a standard site in its own lines, with `NAME_centred`: what it makes
    of it, which is drawn in place of the site unless the form is the decentred one."""
    if site.locs is None:
        raise NoTwin(
            f"what is made of '{site.name}' is mixed in the model's own lines: its centred form "
            "would have to be written"
        )

    def run(*args: Any, **kwargs: Any) -> Any:
        drawn = _Drawn(site, decentred)
        config = {} if decentred else {site.name: _Centred(drawn)}
        with handlers.reparam(config=config), drawn:
            return model(*args, **kwargs)

    return run


class _Drawn(Messenger):  # type: ignore[misc]
    """Keeps what is made of a site as that is drawn; `told` has the result written down."""

    def __init__(self, site: Hierarchy, told: bool) -> None:
        super().__init__()
        self.site, self.told = site, told
        self.values: dict[str, Any] = {}

    def transform(self) -> Transform:
        """What is made of the site, of what was drawn before; of a walk, what is of each step."""
        assert self.site.locs is not None
        needed = {*self.site.scales, *self.site.locs, *filter(None, (self.site.mix,))}
        if missing := needed - set(self.values):
            raise NoTwin(f"'{min(missing)}', by which '{self.site.name}' is scaled, is drawn later")
        loc, log_scale = (
            sum((self.values[name] for name in names), start=jnp.zeros(()))
            for names in (self.site.locs, self.site.scales)
        )
        if not self.site.mix:
            return AffineTransform(loc, jnp.exp(log_scale))
        factor = self.values[self.site.mix]
        scale = jnp.broadcast_to(jnp.exp(log_scale), factor.shape[:1])
        loc = jnp.broadcast_to(loc, factor.shape[:1])
        return LowerCholeskyAffine(loc, scale[:, None] * factor)

    def postprocess_message(self, message: dict[str, Any]) -> None:
        name, value = message.get("name"), message["value"]
        if message["type"] != "sample":
            return
        if name in (*self.site.scales, *(self.site.locs or ())):
            # In unconstrained space, where scales are looked for: of one that is drawn on the
            # line, the exponential is what scales.
            there = biject_to(message["fn"].support).inv(value)
            if name in self.site.softplus:
                there = jnp.log(jax.nn.softplus(there))
            self.values[name] = jnp.reshape(there, () if jnp.size(there) == 1 else -1)
        elif name == self.site.mix:
            self.values[name] = value
        elif name == self.site.name and self.told:
            made = self.transform()(value)
            made = jnp.cumsum(made) if self.site.summed else made
            numpyro.deterministic(name + CENTRED, made)


class _Centred(Reparam):  # type: ignore[misc]
    """A standard site, made of what it is made into."""

    def __init__(self, drawn: _Drawn) -> None:
        self._drawn = drawn

    def __call__(self, name: str, fn: Any, obs: Any) -> tuple[Any, Any]:
        if self._drawn.site.summed:
            return None, self._steps(name, fn)
        transform = self._drawn.transform()
        if transform.domain.event_dim > fn.event_dim:
            raise NoTwin(f"'{name}' is mixed across a plate")
        made = numpyro.sample(name + CENTRED, dist.TransformedDistribution(fn, transform))
        return None, transform.inv(made)

    def _steps(self, name: str, fn: Any) -> Any:
        """The standard steps of a walk of which the levels are drawn.

        In a plate each level has to be drawn by itself: so they are, and what their density lacks
        is a factor.
        """
        like = dist.Normal(0.0, 1.0).expand(fn.shape()).to_event(fn.event_dim)
        levels = numpyro.sample(name + CENTRED, like)
        scale = self._drawn.transform().scale
        z = jnp.diff(levels, prepend=jnp.zeros(())) / scale
        stretched = jnp.log(scale) * (levels.size if fn.event_dim else 1)
        lacking = fn.log_prob(z) - like.log_prob(levels) - stretched
        numpyro.factor(f"{name}_density", lacking)
        return z
