"""How much the data say of each element of a hierarchical site, against what its prior says.

`kappa = I / (I + 1 / scale^2)`, where I is the information of the data: near 0 the prior rules and
the centred form has a funnel, near 1 the data do and the decentred form has one (Papaspiliopoulos,
Roberts and Sköld 2007). The scale is taken from its marginal posterior (see laplace.py).
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpyro import handlers
from numpyro.distributions import biject_to
from numpyro.distributions.transforms import ExpTransform, SoftplusTransform
from numpyro.infer.util import _unconstrain_reparam, potential_energy

from ..protocol import Hierarchy, SiteEvidence
from .arrow import Array
from .both import both_forms
from .centre import NotRun
from .density import density_of
from .describe import is_tracer
from .forms import seeded
from .hardness import Draws, posterior
from .laplace import Marginal, Point, Unsettled, along, summit, weights
from .products import by_products
from .scaled import Scaled, of_zero_sum, scaled
from .scans import reparameterised
from .slice import Target
from .whiten import smooth_decentring

# More scales than these are not looked at axis by axis, and no model of more latents is.
MOST_SCALES = 8
MOST_LATENTS = 20_000
# Where the data say less of a site it is decentred for the sake of the others.
_LITTLE = 0.5


def evidence(
    target: Target, asked: Sequence[Hierarchy], end: float = math.inf
) -> list[SiteEvidence]:
    """The evidence of some sites of a model. Raises Unsettled where there is none.

    The forms of a site are compared where that is likely to be done before `end`, in seconds of
    `perf_counter`: it takes about as long as all before it.
    """
    began = time.perf_counter()
    model = whitened(target, asked)
    start, transforms = latents_of(model, target)

    def potential(latent: dict[str, Any]) -> Any:
        return potential_energy(model, target.args, target.kwargs, latent)

    def data(latent: dict[str, Any]) -> Any:
        return data_energy(model, target.args, target.kwargs, latent)

    sites = _with_scales(asked, target, start)
    if not sites:
        return []
    scales = list(dict.fromkeys(name for site in sites for name in site.scales))
    kept = [name for name in scales if not _is_local(name, sites, start)]
    if not kept:
        raise Unsettled("none of its scales is shared")
    room = MOST_SCALES - sum(math.prod(start[name]) for name in kept)
    if room < 0:
        raise Unsettled("it has too many scales")
    # Noise is a scale as well: at a joint mode there may be none, where groups can be the data.
    kept += [name for name in positive(start, transforms) if name not in kept][:room]
    if sum(map(math.prod, start.values())) > MOST_LATENTS:
        raise Unsettled("it has too many latents")
    marginal = Marginal(potential, data, start, kept)
    best = summit(marginal)
    axes = [along(marginal, best, axis) for axis in range(best.scales.size)]
    own = {site.name: marginal.places[_latent(site)].ravel() for site in sites}
    middle = np.array([_middle(points, n) for n, points in enumerate(axes)])
    medians = {
        name: float(np.median(transforms[name](value)))
        for name, value in marginal.scales.parts(middle).items()
        if not any(map(is_tracer, jax.tree.leaves(transforms[name])))
    }
    found = [_of(site, own, marginal, best, axes, medians) for site in sites]
    try:
        draws = posterior(marginal, best, axes)
    except Unsettled as error:
        return [dataclasses.replace(each, unmade=str(error)) for each in found]
    latest = end - (time.perf_counter() - began)
    return [_with_forms(each, found, target, draws, latest) for each in found]


def _with_forms(
    own: SiteEvidence, found: Sequence[SiteEvidence], target: Target, draws: Draws, latest: float
) -> SiteEvidence:
    """With how hard both forms are, the others being as their own data call for."""
    if own.site.family == "Laplace":
        return dataclasses.replace(own, unmade="a Laplace has no curvature")
    if time.perf_counter() > latest:
        return dataclasses.replace(own, unmade="there was no time")
    others = {
        each.site: each.kappa < _LITTLE
        for each in found
        if each is not own and not each.site.standard
    }
    try:
        centred, decentred = both_forms(target, own.site, others, draws)
    except (Unsettled, NotRun) as error:
        return dataclasses.replace(own, unmade=str(error))
    return dataclasses.replace(own, centred=centred, decentred=decentred)


def whitened(target: Target, asked: Sequence[Hierarchy]) -> Any:
    """A seeded model whose hierarchical sites are made of standard ones."""
    made = [(s, how) for s in asked if (how := smooth_decentring(s)) is not None]
    config, scanned = (
        {site.name: how for site, how in made if site.scanned == within} for within in (False, True)
    )
    return seeded(reparameterised(target.model, config, scanned))


def latents_of(model: Any, target: Target) -> tuple[dict[str, tuple[int, ...]], dict[str, Any]]:
    """The shape of each latent in unconstrained space, and its transform from there.

    Raises Unsettled where one is discrete.
    """
    transforms = {}

    def drawn() -> dict[str, Any]:
        trace = handlers.trace(model).get_trace(*target.args, **target.kwargs)
        latent = {
            name: site
            for name, site in trace.items()
            if site["type"] == "sample" and not site["is_observed"]
        }
        if any(site["fn"].support.is_discrete for site in latent.values()):
            raise Unsettled("it has discrete latents")
        transforms.update({name: biject_to(site["fn"].support) for name, site in latent.items()})
        return {name: transforms[name].inv(site["value"]) for name, site in latent.items()}

    return {name: each.shape for name, each in jax.eval_shape(drawn).items()}, transforms


def positive(start: dict[str, tuple[int, ...]], transforms: dict[str, Any]) -> list[str]:
    """The latents that are one positive number."""
    return [
        name
        for name, transform in transforms.items()
        if math.prod(start[name]) == 1 and isinstance(transform, ExpTransform | SoftplusTransform)
    ]


def _middle(points: list[Point], axis: int) -> float:
    """The median of a scale's posterior along its axis, in unconstrained space."""
    reached = np.cumsum(weights(points))
    return float(np.interp(0.5, reached - weights(points) / 2, [p.scales[axis] for p in points]))


def data_energy(model: Any, args: Any, kwargs: Any, latent: dict[str, Any]) -> Any:
    """Minus the log density of all that is observed, factors among it, at a point of unconstrained
    space."""
    placed = handlers.substitute(model, substitute_fn=partial(_unconstrain_reparam, latent))
    trace = handlers.trace(placed).get_trace(*args, **kwargs)
    return -sum(
        (density_of(site) for name, site in trace.items() if _is_data(name, site, latent)),
        start=jnp.zeros(()),
    )


def _is_data(name: str, site: Any, latent: dict[str, Any]) -> bool:
    """Whether a site is observed; the Jacobians of the latents' transforms are factors, too."""
    if site["type"] != "sample" or not site["is_observed"]:
        return False
    return name.removeprefix("_").removesuffix("_log_det") not in latent or name in latent


def _with_scales(
    asked: Sequence[Hierarchy], target: Target, start: dict[str, tuple[int, ...]]
) -> list[Hierarchy]:
    """The sites with their scales, those left out that turn out to be scaled by none."""
    told = [site for site in asked if not site.standard and _latent(site) in start]
    standard = [site for site in asked if site.standard]
    found = scaled_by_hand(target, standard) if standard else {}
    return told + [
        dataclasses.replace(site, **dataclasses.asdict(found[site.name]))
        for site in standard
        if site.name in found
    ]


def scaled_by_hand(target: Target, standard: Sequence[Hierarchy]) -> dict[str, Scaled]:
    """How standard sites are scaled in the model as it is written: those of them that are.

    There no other site is made of standard ones: its location would seem to be that of these.
    """
    model = whitened(target, [])

    def data(latent: dict[str, Any]) -> Any:
        return data_energy(model, target.args, target.kwargs, latent)

    start, transforms = latents_of(model, target)
    found = scaled([site.name for site in standard], data, start, transforms)
    zero_sum = {site.name for site in standard if site.family == "ZeroSumNormal"}
    found |= {name: of_zero_sum(found[name], start) for name in zero_sum & set(found)}
    others = [s.name for s in standard if s.name not in zero_sum and not s.scanned]
    return found | by_products(target, others, found, start, transforms, MOST_SCALES)


def _is_local(name: str, sites: Sequence[Hierarchy], start: dict[str, tuple[int, ...]]) -> bool:
    """Whether a scale is of each element alone: then it is integrated out with its element."""
    size = math.prod(start[name])
    return size > 1 and any(
        name in site.scales and math.prod(start[_latent(site)]) == size for site in sites
    )


def _latent(site: Hierarchy) -> str:
    return site.name if site.standard else f"{site.name}_decentered"


def _kappa(own: dict[str, Array], name: str, marginal: Marginal, point: Point) -> Array:
    """Of each element, all sites at hand moving together and the rest standing still.

    What is standard has a prior variance of 1, whatever its family: what is left of that is the
    share of the prior.
    """
    together = np.concatenate(list(own.values()))
    try:
        found = marginal.information(point).raised(1.0).variances(marginal.layout, together)
    except np.linalg.LinAlgError:
        raise Unsettled("the log density has no peak") from None
    variances = dict(zip(together, found, strict=True))
    return np.clip([1.0 - variances[place] for place in own[name]], 0.0, 1.0)


def _of(
    site: Hierarchy,
    own: dict[str, Array],
    marginal: Marginal,
    best: Point,
    axes: list[list[Point]],
    medians: dict[str, float],
) -> SiteEvidence:
    at_best = _kappa(own, site.name, marginal, best)
    kappa = at_best.copy()
    ends = [float(np.median(at_best))]
    for points in axes:
        found = np.stack([_kappa(own, site.name, marginal, each) for each in points])
        kappa += weights(points) @ found - at_best
        ends += _tails(np.median(found, axis=1), weights(points))
    if not np.isfinite(kappa).all():
        raise Unsettled("the log density is not finite")
    low, middle, high = np.quantile(np.clip(kappa, 0.0, 1.0), (0.1, 0.5, 0.9)).tolist()
    own_medians = {name: medians[name] for name in site.scales if name in medians}
    return SiteEvidence(site, kappa.size, middle, low, high, min(ends), max(ends), own_medians)


def _tails(values: Array, share: Array) -> list[float]:
    """The tenth and the ninetieth percentile of some values, each of a share."""
    order = np.argsort(values)
    reached = np.cumsum(share[order])
    places = np.minimum(np.searchsorted(reached, (0.1, 0.9)), len(order) - 1)
    return [float(each) for each in values[order][places]]
