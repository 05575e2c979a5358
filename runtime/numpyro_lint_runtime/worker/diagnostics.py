"""How well chains have mixed: effective draws and r-hat of rank-normalised draws.

Vehtari, Gelman, Simpson, Carpenter and Bürkner, Rank-Normalization, Folding, and Localization: An
Improved R-hat for Assessing Convergence of MCMC (2021). Tested equal to ArviZ.

All functions take draws of shape (chains, draws, quantities) and give one number for each quantity:
nan where there are fewer than four draws, or one is nan.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpyro.diagnostics import autocovariance, gelman_rubin
from scipy.special import ndtri

Array = np.ndarray[Any, Any]
_FEWEST = 4


def bulk_ess(draws: Array) -> Array:
    """The effective number of draws for the middle of each distribution.

    That of a constant is the number of draws.
    """
    draws = np.asarray(draws, float)
    found = np.full(draws.shape[2], np.nan)
    usable = _usable(draws)
    constant = usable & (np.ptp(draws, axis=(0, 1)) < np.finfo(float).resolution)
    found[constant] = 2 * (draws.shape[1] // 2) * draws.shape[0]
    varied = usable & ~constant
    if varied.any():
        found[varied] = _effective(_rank_normalised(_split(draws[..., varied])))
    return found


def rank_r_hat(draws: Array) -> Array:
    """The larger r-hat of location and of spread; nan for a constant, and for a single chain."""
    draws = np.asarray(draws, float)
    found = np.full(draws.shape[2], np.nan)
    usable = _usable(draws) & (draws.shape[0] > 1)
    if usable.any():
        halves = _split(draws[..., usable])
        folded = np.abs(halves - np.median(halves, axis=(0, 1)))
        with np.errstate(invalid="ignore", divide="ignore"):
            both = [gelman_rubin(_rank_normalised(each)) for each in (halves, folded)]
        found[usable] = np.max(both, axis=0)
    return found


def _usable(draws: Array) -> Array:
    return ~np.isnan(draws).any(axis=(0, 1)) & (draws.shape[1] >= _FEWEST)


def _split(draws: Array) -> Array:
    """Each chain as two, without the middle draw of an odd number."""
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, -half:]])


def _rank_normalised(draws: Array) -> Array:
    """The normal quantiles of the draws' ranks among all chains; ties share a rank (Blom 1958)."""
    flat = draws.reshape(-1, draws.shape[2])
    ranks = np.stack([_ranks(column) for column in flat.T], axis=1)
    return np.asarray(ndtri((ranks - 3 / 8) / (len(flat) + 1 / 4))).reshape(draws.shape)


def _ranks(values: Array) -> Array:
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[places.ravel()]


def _effective(draws: Array) -> Array:
    """The draws divided by their autocorrelation time, that being summed up by Geyer's initial
    monotone sequence of pairs (1992)."""
    chains, length, _ = draws.shape
    covariance = autocovariance(draws, axis=1).mean(axis=0)
    within = covariance[0] * length / (length - 1)
    total = covariance[0] + (draws.mean(axis=1).var(axis=0, ddof=1) if chains > 1 else 0.0)
    correlation = 1.0 - (within - covariance) / total
    correlation[0] = 1.0
    last = max((length - 1) // 2, 1)
    pairs = correlation[: 2 * last : 2] + correlation[1 : 2 * last : 2]
    # The first pair that is not positive, or the last one: of that only the even half is counted.
    ends = np.where((pairs <= 0).any(axis=0), np.argmax(pairs <= 0, axis=0), last - 1)
    counted = np.arange(last)[:, None] < ends
    falling = np.minimum.accumulate(pairs, axis=0)
    even = np.take_along_axis(correlation, 2 * ends[None], axis=0)[0]
    even = np.where(np.take_along_axis(pairs, ends[None], axis=0)[0] > 0, even, np.maximum(even, 0))
    time = -1.0 + 2.0 * np.where(counted, falling, 0.0).sum(axis=0) + even
    size = chains * length
    return np.asarray(size / np.maximum(time, 1 / np.log10(size)))
