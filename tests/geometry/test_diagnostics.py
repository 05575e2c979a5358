"""Effective draws and r-hat against those of ArviZ."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from arviz_stats.base import array_stats

from numpyro_lint_runtime.worker.diagnostics import bulk_ess, rank_r_hat

Draws = np.ndarray


def autoregressive(coefficient: float, chains: int = 4, length: int = 300, seed: int = 0) -> Draws:
    steps = np.random.default_rng(seed).normal(size=(chains, length))
    for step in range(1, length):
        steps[:, step] += coefficient * steps[:, step - 1]
    return steps


def stuck() -> Draws:
    draws = autoregressive(0.3)
    draws[1] = 2.5
    return draws


CASES: dict[str, Callable[[], Draws]] = {
    "independent": lambda: autoregressive(0.0),
    "slow": lambda: autoregressive(0.9),
    "very slow": lambda: autoregressive(0.999),
    "antithetic": lambda: autoregressive(-0.7),
    "strongly antithetic": lambda: autoregressive(-0.999),
    "one chain": lambda: autoregressive(0.5, chains=1),
    "odd": lambda: autoregressive(0.5, length=301),
    "four draws": lambda: autoregressive(0.5, length=4),
    "five draws": lambda: autoregressive(0.5, length=5),
    "three draws": lambda: autoregressive(0.5, length=3),
    "constant": lambda: np.full((4, 100), 1.5),
    "apart": lambda: autoregressive(0.5) + np.arange(4.0)[:, None] * 3,
    "differing in spread": lambda: autoregressive(0.5) * np.array([1, 1, 1, 9.0])[:, None],
    "one chain stuck": stuck,
    "all chains stuck": lambda: np.repeat(np.arange(4.0)[:, None], 100, axis=1),
    "ties": lambda: np.round(autoregressive(0.5)),
    "heavy tails": lambda: np.random.default_rng(0).standard_cauchy((4, 300)),
    "a nan": lambda: np.where(np.arange(300) == 7, np.nan, autoregressive(0.5)),
    "infinite": lambda: np.where(np.arange(300) == 7, np.inf, autoregressive(0.5)),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("case", CASES)
def test_both_are_those_of_arviz(case: str) -> None:
    draws = CASES[case]()
    expected = array_stats.ess(draws, chain_axis=0, draw_axis=1, method="bulk")
    assert bulk_ess(draws[..., None])[0] == pytest.approx(float(expected), rel=1e-9, nan_ok=True)
    expected = array_stats.rhat(draws, chain_axis=0, draw_axis=1, method="rank")
    assert rank_r_hat(draws[..., None])[0] == pytest.approx(float(expected), rel=1e-9, nan_ok=True)


def test_many_series_are_those_of_arviz() -> None:
    generator = np.random.default_rng(1)
    series = [
        autoregressive(generator.uniform(-0.99, 0.99), length=40, seed=seed) for seed in range(60)
    ]
    draws = np.stack(series, axis=-1)
    expected = array_stats.ess(draws, chain_axis=0, draw_axis=1, method="bulk")
    assert bulk_ess(draws) == pytest.approx(np.asarray(expected), rel=1e-9)
    for length in range(4, 24):
        short = draws[:, :length]
        expected = array_stats.ess(short, chain_axis=0, draw_axis=1, method="bulk")
        assert bulk_ess(short) == pytest.approx(np.asarray(expected), rel=1e-9, nan_ok=True)
