"""The forms of a model: sites centred or decentred around it, without a line of it rewritten."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from jax.scipy.linalg import solve_triangular
from numpyro import handlers
from numpyro.distributions import biject_to
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
    if site.scanned:
        raise NoTwin(
            f"'{site.name}' is drawn in a scan, and the form in which what is made of it is drawn "
            "there would have to be written"
        )
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


@dataclass(frozen=True)
class _Made:
    """What is made of a standard site: each of its last dim (of its first, if `turned`) mixed by
    `factor`, scaled, added up if `summed`, and moved by `loc`."""

    loc: Any
    scale: Any
    factor: Any = None
    summed: bool = False
    turned: bool = False

    def make(self, z: Any) -> Any:
        made = self._turn(z)
        if self.factor is not None:
            made = made @ self.factor.T
        made = made * self.scale
        if self.summed:
            made = jnp.cumsum(made, -1)
        return self._turn(made + self.loc)

    def unmake(self, made: Any) -> Any:
        z = self._turn(made) - self.loc
        if self.summed:
            z = jnp.diff(z, prepend=jnp.zeros((*z.shape[:-1], 1)))
        z = z / self.scale
        if self.factor is not None:
            rows = z.reshape(-1, z.shape[-1]).T
            z = solve_triangular(self.factor, rows, lower=True).T.reshape(z.shape)
        return self._turn(z)

    def like(self, fn: Any) -> Any:
        """What a centred site is drawn from: about what is right, and right where nothing mixes."""
        shape = self._turn(jnp.empty(fn.shape())).shape
        loc, scale = (self._turn(jnp.broadcast_to(each, shape)) for each in (self.loc, self.scale))
        return dist.Normal(loc, scale).to_event(fn.event_dim)

    def stretch(self, fn: Any) -> Any:
        """By how much, in logarithms, it is wider than the standard site, in the shape of that."""
        scale = self.scale if self.factor is None else self.scale * jnp.diagonal(self.factor)
        shape = self._turn(jnp.empty(fn.shape())).shape
        each = self._turn(jnp.broadcast_to(jnp.log(scale), shape))
        return each.sum(tuple(range(-fn.event_dim, 0))) if fn.event_dim else each

    def _turn(self, array: Any) -> Any:
        return jnp.swapaxes(array, -1, -2) if self.turned else array


class _Drawn(Messenger):  # type: ignore[misc]
    """Keeps what is made of a site as that is drawn; `told` has the result written down."""

    def __init__(self, site: Hierarchy, told: bool) -> None:
        super().__init__()
        self.site, self.told = site, told
        self.values: dict[str, Any] = {}

    def made(self, shape: tuple[int, ...]) -> _Made:
        """What is made of the site, which has this shape, of what was drawn before."""
        site = self.site
        assert site.locs is not None
        added = [*site.locs, *(name for name, _ in site.columns)]
        needed = {*site.scales, *added, *filter(None, (site.mix,))}
        if missing := needed - set(self.values):
            raise NoTwin(f"'{min(missing)}', by which '{site.name}' is scaled, is drawn later")
        loc, log_scale = (
            sum((self.values[name] for name in names), start=jnp.zeros(()))
            for names in (site.locs, site.scales)
        )
        for name, column in site.columns:
            loc = jnp.broadcast_to(loc, shape[-2:-1] if site.turned else shape[-1:])
            loc = loc.at[column].add(self.values[name])
        factor = self.values[site.mix] if site.mix else None
        return _Made(loc, jnp.exp(log_scale), factor, site.summed, site.turned)

    def postprocess_message(self, message: dict[str, Any]) -> None:
        name, value = message.get("name"), message["value"]
        if message["type"] != "sample":
            return
        columns = (column for column, _ in self.site.columns)
        if name in (*self.site.scales, *(self.site.locs or ()), *columns):
            # In unconstrained space, where scales are looked for: of one that is drawn on the
            # line, the exponential is what scales.
            there = biject_to(message["fn"].support).inv(value)
            if name in self.site.softplus:
                there = jnp.log(jax.nn.softplus(there))
            self.values[name] = jnp.reshape(there, () if jnp.size(there) == 1 else -1)
        elif name == self.site.mix:
            self.values[name] = value
        elif name == self.site.name and self.told:
            numpyro.deterministic(name + CENTRED, self.made(jnp.shape(value)).make(value))


class _Centred(Reparam):  # type: ignore[misc]
    """A standard site, made of what it is made into.

    That is drawn element by element, since it may stand in plates, and what its density lacks then
    is a factor.
    """

    def __init__(self, drawn: _Drawn) -> None:
        self._drawn = drawn

    def __call__(self, name: str, fn: Any, obs: Any) -> tuple[Any, Any]:
        made = self._drawn.made(fn.shape())
        like = made.like(fn)
        value = numpyro.sample(name + CENTRED, like)
        z = made.unmake(value)
        lacking = fn.log_prob(z) - like.log_prob(value) - made.stretch(fn)
        numpyro.factor(f"{name}_density", lacking)
        return None, z
