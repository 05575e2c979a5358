"""Hessians in blocks and a border, against the same matrices as they are."""

from __future__ import annotations

import numpy as np
import pytest

from numpyro_lint_runtime.worker.arrow import Arrow, Layout, layout_of

GROUPS, LATENTS, OTHERS = 40, 2, 3
SIZE = GROUPS * LATENTS + OTHERS


def matrix(between: float = 0.0) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """A positive definite matrix of groups and others; `between`: what groups do to each other."""
    generator = np.random.default_rng(0)
    places = generator.permutation(SIZE)
    groups = places[: GROUPS * LATENTS].reshape(GROUPS, LATENTS)
    whole = np.zeros((SIZE, SIZE))
    for group in groups:
        factor = generator.normal(size=(LATENTS, LATENTS))
        whole[np.ix_(group, group)] = factor @ factor.T + 3.0 * np.eye(LATENTS)
    corner = places[GROUPS * LATENTS :]
    border = 0.1 * generator.normal(size=(SIZE, OTHERS))
    whole[:, corner] += border
    whole[corner, :] += border.T
    whole[np.ix_(corner, corner)] += 9.0 * np.eye(OTHERS)
    whole[groups[0, 0], groups[1, 0]] = whole[groups[1, 0], groups[0, 0]] = between
    sites = {f"site{n}": groups[:, n] for n in range(LATENTS)}
    return whole, sites | {f"other{n}": corner[n : n + 1] for n in range(OTHERS)}


def arrow(whole: np.ndarray, sites: dict[str, np.ndarray]) -> tuple[Arrow, Layout]:
    layout = layout_of(sites, lambda vectors: vectors @ whole)
    signs = np.random.default_rng(5).choice([-1.0, 1.0], size=len(layout.groups))
    return layout.arrow(layout.probes(signs) @ whole, signs), layout


@pytest.mark.parametrize(("between", "groups"), [(0.0, GROUPS), (1.0, 0)])
def test_what_is_solved_is_the_matrix(between: float, groups: int) -> None:
    whole, sites = matrix(between)
    found, layout = arrow(whole, sites)
    assert len(layout.groups) == groups
    right = np.arange(SIZE, dtype=float)
    assert found.solve(right, layout) == pytest.approx(np.linalg.solve(whole, right))
    assert found.volume() == pytest.approx(np.linalg.slogdet(whole)[1])
    damped = whole + 0.5 * np.diag(np.abs(np.diag(whole)) + 1e-6)
    assert found.damped(0.5).solve(right, layout) == pytest.approx(np.linalg.solve(damped, right))


@pytest.mark.parametrize("between", [0.0, 1.0])
@pytest.mark.parametrize("moving", [("site0",), ("site0", "site1"), ("site1", "other0")])
def test_variances_are_those_of_what_moves(between: float, moving: tuple[str, ...]) -> None:
    whole, sites = matrix(between)
    found, layout = arrow(whole, sites)
    places = np.concatenate([sites[name] for name in moving])
    exact = np.linalg.inv(whole[np.ix_(places, places)]).diagonal()
    assert found.variances(layout, places) == pytest.approx(exact)


def test_what_has_no_peak_is_refused() -> None:
    whole, sites = matrix()
    found, layout = arrow(-whole, sites)
    with pytest.raises(np.linalg.LinAlgError):
        found.solve(np.ones(SIZE), layout)
    with pytest.raises(np.linalg.LinAlgError):
        found.volume()
