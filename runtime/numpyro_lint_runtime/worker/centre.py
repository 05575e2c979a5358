"""Sites that a model scales in its own lines, with what it makes of them drawn in their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from jax.scipy.linalg import solve_triangular
from numpyro import handlers
from numpyro.distributions import biject_to
from numpyro.infer.reparam import Reparam
from numpyro.primitives import Messenger

from ..values import Hierarchy
from .carried import Carried, Steps, carried
from .observe import unwrap
from .products import data_of, latents_of_run, made_of
from .scans import Body, InScans, made_in
from .slice import Target
from .staged import Affine

CENTRED = "_centred"


class NotRun(Exception):
    """Where nothing is to be run: the message says why."""


class NoTwin(NotRun):
    """Where a form cannot be made."""


def centred(model: Any, target: Target, site: Hierarchy, decentred: bool) -> Any:
    """The model that scales a standard site in its own lines, with `NAME_centred`: what it makes
    of it, which is drawn in place of the site unless the form is the decentred one.

    `target` has the model as it is written. Raises NoTwin where that form cannot be made.
    """
    if site.scanned:
        return InScans(model, lambda body: _centred_body(body, site, decentred))
    how: _How | None = None if site.locs is None else _BySlopes(site)
    if site.staged:
        staged = data_of(target)
        found = carried(staged, site.name) if site.summed else made_of(staged, site.name)
        how = None if found is None else _ByProgram(found)
    if how is None:
        raise NoTwin(
            f"what is made of '{site.name}' is mixed in the model's own lines: its centred form "
            "would have to be written"
        )
    return _drawing(model, site.name, how, decentred)


def _centred_body(body: Body, site: Hierarchy, decentred: bool) -> Body:
    """The body of a scan, in which what it carries on of a standard site is drawn in its place."""

    def run(carry: Any, now: Any) -> tuple[Any, Any]:
        latents = latents_of_run(lambda: body(carry, now))
        if site.name not in latents:
            return body(carry, now)
        how = made_in(body, carry, now, latents, site.name)
        if how is None:
            raise NoTwin(
                f"'{site.name}' is drawn in a scan that does not carry it on scaled and moved "
                "alone: its centred form would have to be written"
            )
        drawing: Body = _drawing(body, site.name, _ByProgram(how), decentred)
        return drawing(carry, now)

    return run


def _drawing(model: Any, name: str, how: _How, decentred: bool) -> Any:
    """A model or a body with what is made of a site drawn, or written down where `decentred`."""

    def run(*args: Any, **kwargs: Any) -> Any:
        drawn = _Drawn(name, how, decentred)
        config = {} if decentred else {name: _Centred(drawn)}
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

    def unmake(self, made: Any, fn: Any) -> tuple[Any, Any]:
        z = self._turn(made) - self.loc
        if self.summed:
            z = jnp.diff(z, prepend=jnp.zeros((*z.shape[:-1], 1)))
        z = z / self.scale
        if self.factor is not None:
            rows = z.reshape(-1, z.shape[-1]).T
            z = solve_triangular(self.factor, rows, lower=True).T.reshape(z.shape)
        return self._turn(z), self._stretch(fn)

    def of(self, fn: Any) -> Any:
        """What a centred site is drawn from, where that is of the same family; else None."""
        base, _ = unwrap(fn)
        if isinstance(base, dist.ZeroSumNormal) and jnp.ndim(self.scale) == 0:
            return dist.ZeroSumNormal(base.scale * self.scale, base.event_shape)
        if not isinstance(base, dist.Normal) or self.summed or self.factor is not None:
            return None
        loc, scale = self._broadcast(fn)
        moved = loc + scale * base.loc
        return dist.Normal(moved, jnp.abs(scale) * base.scale).to_event(fn.event_dim)

    def like(self, fn: Any) -> Any:
        """What a centred site is drawn from: about what is right, and right where nothing mixes."""
        return dist.Normal(*self._broadcast(fn)).to_event(fn.event_dim)

    def _broadcast(self, fn: Any) -> tuple[Any, Any]:
        """The location and the scale in the shape of the standard site."""
        shape = self._turn(jnp.empty(fn.shape())).shape
        loc, scale = (self._turn(jnp.broadcast_to(each, shape)) for each in (self.loc, self.scale))
        return loc, scale

    def _stretch(self, fn: Any) -> Any:
        scale = self.scale if self.factor is None else self.scale * jnp.diagonal(self.factor)
        shape = self._turn(jnp.empty(fn.shape())).shape
        return _by_event(self._turn(jnp.broadcast_to(jnp.log(jnp.abs(scale)), shape)), fn)

    def _turn(self, array: Any) -> Any:
        return jnp.swapaxes(array, -1, -2) if self.turned else array


@dataclass(frozen=True)
class _Levels:
    """What a scan of JAX carries on of a standard site."""

    steps: Steps

    def of(self, fn: Any) -> Any:
        return None

    def make(self, z: Any) -> Any:
        return self.steps.make(z)

    def unmake(self, made: Any, fn: Any) -> tuple[Any, Any]:
        z, scale = self.steps.unmake(made)
        return z, _by_event(jnp.log(jnp.abs(scale)), fn)

    def like(self, fn: Any) -> Any:
        still = self.make(jnp.zeros(fn.shape()))
        scale = jnp.abs(self.steps.unmake(still)[1])
        return dist.Normal(still, scale).to_event(fn.event_dim)


def _by_event(each: Any, fn: Any) -> Any:
    """The sum of some numbers, one of each element, in the shape of a density."""
    return each.sum(tuple(range(-fn.event_dim, 0))) if fn.event_dim else each


class _How(Protocol):
    """What is known of how a site is made into another."""

    def keeps(self, message: dict[str, Any]) -> Any:
        """What is to be known of something drawn before; None: nothing."""

    def made(self, values: Mapping[str, Any], shape: tuple[int, ...]) -> _Made | _Levels: ...


@dataclass(frozen=True)
class _BySlopes:
    """As the slopes of the density have it: by what scales the site, and is added to it."""

    site: Hierarchy

    def keeps(self, message: dict[str, Any]) -> Any:
        name, value, site = message["name"], message["value"], self.site
        columns = (column for column, _ in site.columns)
        if message["type"] != "sample":
            return None
        if name in (*site.scales, *(site.locs or ()), *columns):
            # In unconstrained space, where scales are looked for: of one that is drawn on the
            # line, the exponential is what scales.
            there = biject_to(message["fn"].support).inv(value)
            if name in site.softplus:
                there = jnp.log(jax.nn.softplus(there))
            return jnp.reshape(there, () if jnp.size(there) == 1 else -1)
        return value if name == site.mix else None

    def made(self, values: Mapping[str, Any], shape: tuple[int, ...]) -> _Made:
        site = self.site
        assert site.locs is not None
        added = [*site.locs, *(name for name, _ in site.columns)]
        _check({*site.scales, *added, *filter(None, (site.mix,))}, values, site.name)
        loc, log_scale = (
            sum((values[name] for name in names), start=jnp.zeros(()))
            for names in (site.locs, site.scales)
        )
        for name, column in site.columns:
            loc = jnp.broadcast_to(loc, shape[-2:-1] if site.turned else shape[-1:])
            loc = loc.at[column].add(values[name])
        factor = values[site.mix] if site.mix else None
        return _Made(loc, jnp.exp(log_scale), factor, site.summed, site.turned)


@dataclass(frozen=True)
class _ByProgram:
    """As the staged program has it."""

    found: Affine | Carried

    def keeps(self, message: dict[str, Any]) -> Any:
        return message["value"] if message["name"] in self.found.needs else None

    def made(self, values: Mapping[str, Any], shape: tuple[int, ...]) -> _Made | _Levels:
        _check(self.found.needs, values, self.found.name)
        if isinstance(self.found, Carried):
            return _Levels(self.found.at(values))
        return _Made(*self.found.at(values))


def _check(needed: Iterable[str], values: Mapping[str, Any], name: str) -> None:
    if missing := set(needed) - set(values):
        raise NoTwin(f"'{min(missing)}', by which '{name}' is scaled, is drawn later")


class _Drawn(Messenger):  # type: ignore[misc]
    """Keeps what is made of a site as that is drawn; `told` has the result written down."""

    def __init__(self, name: str, how: _How, told: bool) -> None:
        super().__init__()
        self._name, self._how, self._told = name, how, told
        self._values: dict[str, Any] = {}

    def made(self, shape: tuple[int, ...]) -> _Made | _Levels:
        """What is made of the site, which has this shape, of what was drawn before."""
        return self._how.made(self._values, shape)

    def postprocess_message(self, message: dict[str, Any]) -> None:
        if message["type"] not in ("sample", "deterministic"):
            return
        name, value = message["name"], message["value"]
        if (kept := self._how.keeps(message)) is not None:
            self._values[name] = kept
        if name == self._name and message["type"] == "sample" and self._told:
            numpyro.deterministic(name + CENTRED, self.made(jnp.shape(value)).make(value))


class _Centred(Reparam):  # type: ignore[misc]
    """A standard site, made of what it is made into.

    Where that is of another family it is drawn element by element, since it may stand in plates,
    and what its density lacks then is a factor.
    """

    def __init__(self, drawn: _Drawn) -> None:
        self._drawn = drawn

    def __call__(self, name: str, fn: Any, obs: Any) -> tuple[Any, Any]:
        made = self._drawn.made(fn.shape())
        if (own := made.of(fn)) is not None:
            return None, made.unmake(numpyro.sample(name + CENTRED, own), fn)[0]
        like = made.like(fn)
        value = numpyro.sample(name + CENTRED, like)
        # By how much it is wider than the standard site, in logarithms.
        z, stretch = made.unmake(value, fn)
        lacking = fn.log_prob(z) - like.log_prob(value) - stretch
        numpyro.factor(f"{name}_density", lacking)
        return None, z
