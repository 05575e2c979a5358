"""What is shown of a run of both forms: which element, against which scale, and how many draws."""

from __future__ import annotations

import math

import numpy as np
import pytest

from numpyro_lint_runtime.codec import decode, encode
from numpyro_lint_runtime.pilots import FormResult, Scatter
from numpyro_lint_runtime.worker.diagnostics import Array, bulk_ess
from numpyro_lint_runtime.worker.scatter import DIVERGENT, DRAWS, scatters

pytestmark = pytest.mark.trace

CHAINS, LENGTH = 4, 200
THETA = {"theta": ("tau",)}


class Form:
    """Draws that are given, in place of chains."""

    def __init__(self, real: tuple[str, ...] = (), share: float = 0.0, **values: Array) -> None:
        self.values, self.real = values, real
        self.shapes = {name: each.shape[2:] for name, each in values.items()}
        self.sites = frozenset(values)
        self.drawn = next(iter(values.values())).shape[1] if values else 0
        self.diverging = np.zeros((CHAINS, self.drawn), bool)
        self.diverging.flat[: round(share * CHAINS * self.drawn)] = True

    def draws(self, names: list[str]) -> Array:
        flat = [self.values[name].reshape(CHAINS, self.drawn, -1) for name in names]
        return np.concatenate(flat, axis=-1)

    def elements(self, name: str) -> list[tuple[int, ...]]:
        return list(np.ndindex(self.shapes[name]))

    def is_real(self, name: str) -> bool:
        return name in self.real


def shown(
    own: Form, other: Form, sites: dict[str, tuple[str, ...]] = THETA
) -> tuple[Scatter, Scatter]:
    first, second = scatters(sites, own, other)  # type: ignore[arg-type]
    assert first is not None
    assert second is not None
    return first, second


def normal(seed: int, *shape: int) -> Array:
    return np.random.default_rng(seed).normal(size=(CHAINS, LENGTH, *shape))


def funnel(seed: int, *shape: int) -> tuple[Array, Array]:
    """A positive scale, and what it scales."""
    scale = np.exp(normal(seed, *shape))
    return scale, scale * normal(seed + 1, *shape)


def test_the_element_is_the_one_with_the_least_effective_draws() -> None:
    tau, _ = funnel(0)
    theta = tau[..., None, None] * normal(2, 2, 3)
    theta[..., 1, 2] = np.cumsum(theta[..., 1, 2], axis=1)
    assert int(np.argmin(bulk_ess(theta.reshape(CHAINS, LENGTH, -1)))) == 5
    own, other = Form(tau=tau, theta=theta), Form(tau=2 * tau, theta=normal(3, 2, 3))
    first, second = shown(own, other)
    assert (first.site, first.scale, first.is_log) == ("theta[1, 2]", "tau", True)
    assert (second.site, second.scale) == (first.site, first.scale)
    assert first.draws[0] == pytest.approx((theta[0, 0, 1, 2], math.log(tau[0, 0])), rel=1e-5)
    assert second.draws[0][1] == pytest.approx(math.log(2 * tau[0, 0]), rel=1e-5)


def test_a_scale_that_is_an_array_gives_its_own_element() -> None:
    tau, theta = funnel(0, 3)
    theta = np.stack([theta, theta], axis=2)
    theta[..., 1, 1] = np.cumsum(theta[..., 1, 1], axis=1)
    first, _ = shown(Form(tau=tau, theta=theta), Form(tau=tau, theta=theta))
    assert (first.site, first.scale) == ("theta[1, 1]", "tau[1]")
    wide = Form(tau=tau[:, :, :2, None], theta=theta)
    assert shown(wide, wide)[0].scale == "tau[1, 0]"


def test_the_scale_is_the_one_with_the_clearest_funnel() -> None:
    tau, theta = funnel(0, 3)
    other, _ = funnel(9)
    # Three groups of five elements: which goes with which is not to be told.
    values = {"tau": tau, "other": other, "theta": np.repeat(theta[..., [1]], 5, axis=-1)}
    scales = ("other", "tau", "absent")
    first, _ = shown(Form(**values), Form(**values), {"theta": scales})
    assert first.scale == "tau[1]"
    both = Form(**values, flat=normal(5))
    first, _ = shown(both, both, {"flat": ("other",), "theta": scales})
    assert first.site.startswith("theta[")


def test_a_scale_on_the_real_line_is_shown_as_it_is() -> None:
    log_tau = np.abs(normal(0))
    values = {"log_tau": log_tau, "theta": np.exp(log_tau) * normal(1)}
    site = {"theta": ("log_tau",)}
    first, _ = shown(Form(("log_tau",), **values), Form(("log_tau",), **values), site)
    assert (first.site, first.scale, first.is_log) == ("theta", "log_tau", False)
    assert first.draws[0][1] == pytest.approx(log_tau[0, 0], rel=1e-5)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.9, 1.0])
def test_divergent_draws_are_thinned_apart(share: float) -> None:
    tau, theta = funnel(0)
    form = Form(share=share, tau=tau, theta=theta)
    first, _ = shown(form, form)
    diverged = round(share * CHAINS * LENGTH)
    assert len(first.divergent) == min(diverged, DIVERGENT)
    assert len(first.draws) == min(CHAINS * LENGTH - diverged, DRAWS)
    assert not set(first.divergent) & set(first.draws)
    result = FormResult(False, scatter=first)
    assert decode(FormResult, encode(result)) == result


def test_what_is_not_finite_is_left_out() -> None:
    tau, theta = funnel(0)
    tau[:, :150] = 0.0
    theta[0, 160] = np.inf
    first, _ = shown(Form(tau=tau, theta=theta), Form(tau=tau, theta=theta))
    assert len(first.draws) == CHAINS * 50 - 1
    encode(first)


def test_where_nothing_is_drawn_nothing_is_shown() -> None:
    tau, theta = funnel(0)
    own = Form(tau=tau, theta=theta)
    found = scatters(THETA, own, Form())  # type: ignore[arg-type]
    assert found[0] is not None
    assert found[1] is None
    assert scatters(THETA, Form(), own) == [None, None]  # type: ignore[arg-type]
    assert scatters({"theta": ()}, own, own) == [None, None]  # type: ignore[arg-type]
