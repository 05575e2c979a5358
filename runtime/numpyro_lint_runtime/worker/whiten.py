"""Sites sampled by what makes them of standard ones, so that their scales leave them alone.

`LocScaleReparam(0)` does so for families of a location and a scale. Others have no reparam of
NumPyro's that does, and are written by hand: here, to ask what the data say of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer.reparam import LocScaleReparam, Reparam

from ..values import Hierarchy


def _multivariate(fn: Any, z: Any) -> Any:
    return fn.loc + jnp.matmul(fn.scale_tril, z[..., None])[..., 0]


def _laplace(fn: Any, z: Any) -> Any:
    # A kink has no curvature to integrate by.
    return fn.loc + fn.scale * z


def _log_normal(fn: Any, z: Any) -> Any:
    return jnp.exp(fn.loc + fn.scale * z)


def _zero_sum(fn: Any, z: Any) -> Any:
    # Of as many as are free.
    return fn.transforms[-1](fn.scale * z)


def _random_walk(fn: Any, z: Any) -> Any:
    return jnp.cumsum(jnp.expand_dims(fn.scale, -1) * z, axis=-1)


_MADE: dict[str, Callable[[Any, Any], Any]] = {
    "GaussianRandomWalk": _random_walk,
    "LogNormal": _log_normal,
    "MultivariateNormal": _multivariate,
    "ZeroSumNormal": _zero_sum,
}
_SMOOTH = {**_MADE, "Laplace": _laplace}


class Smoothed(Reparam):  # type: ignore[misc]
    """A site of a Laplace, taken for a normal: a kink has no curvature to integrate by."""

    def __call__(self, name: str, fn: Any, obs: Any) -> tuple[Any, Any]:
        base, expand_shape, event_dim = self._unwrap(fn)
        return self._wrap(dist.Normal(base.loc, base.scale), expand_shape, event_dim), obs


class Whitened(Reparam):  # type: ignore[misc]
    """A site of one of the families above, made of `NAME_decentered`, a standard normal."""

    def __call__(self, name: str, fn: Any, obs: Any) -> tuple[Any, Any]:
        base, _, event_dim = self._unwrap(fn)
        shape = fn.shape()
        if isinstance(base, dist.ZeroSumNormal):
            shape = (*fn.batch_shape, *(size - 1 for size in base.event_shape))
        standard = dist.Normal(0.0, 1.0).expand(shape).to_event(event_dim)
        z = numpyro.sample(f"{name}_decentered", standard)
        return None, _SMOOTH[type(base).__name__](base, z)


def decentring(site: Hierarchy) -> Reparam:
    """What has a site sampled decentred."""
    return Whitened() if site.family in _MADE else LocScaleReparam(0, list(site.shape_params))


def smooth_decentring(site: Hierarchy) -> Reparam | None:
    """What has a site decentred of which the density has a curvature everywhere; None where a
    standard one is left as it is."""
    if site.standard:
        return Smoothed() if site.family == "Laplace" else None
    return Whitened() if site.family in _SMOOTH else LocScaleReparam(0, list(site.shape_params))
