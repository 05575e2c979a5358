"""Chains of NUTS in one form of a model, advanced a few draws at a time.

All chains of all seeds run side by side, in one program that is compiled once and serves warm-up
and draws alike.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpyro.infer import NUTS, init_to_median

from ..pilots import FormResult
from .diagnostics import Array, bulk_ess, rank_r_hat
from .slice import Target
from .verdict import Figures

CHAINS, SEEDS = 4, 2
# As users have it: with half of it one chain of eight easily has a step that diverges.
WARM_UP = 1000
# Draws of each chain between two looks at the clock.
STEP = 50
# A site of more elements is compared by so many of them, evenly chosen.
_ELEMENTS = 100


class _Kernel(NUTS):  # type: ignore[misc]
    """NUTS as it is before inference is refused."""

    init = NUTS.init


class Chains:
    """The chains of a model, with the arguments of `target`."""

    def __init__(self, model: Any, target: Target, seed: int) -> None:
        began = time.perf_counter()
        self.done = 0
        self._call = target.args, target.kwargs
        # From elsewhere a warm-up may end on the way.
        self._kernel = _Kernel(model, init_strategy=init_to_median)
        self._values: list[dict[str, Array]] = []
        self._steps: list[Array] = []
        self._diverging: list[Array] = []
        keys = jax.random.split(jax.random.key(seed), SEEDS * CHAINS)
        self._state = self._kernel.init(keys, WARM_UP, None, *self._call)
        self._look = jax.jit(jax.vmap(jax.vmap(self._constrained)))
        lowered = jax.jit(self._several).lower(self._state)
        # Another form is prepared meanwhile.
        with ThreadPoolExecutor(1) as pool:
            self._advance = pool.submit(lowered.compile)
            pool.shutdown(wait=False)
        self.seconds = time.perf_counter() - began

    def _several(self, state: Any) -> Any:
        def one(state: Any, _: Any) -> Any:
            state = self._kernel.sample(state, *self._call)
            return state, (state.z, state.num_steps, state.diverging)

        return jax.lax.scan(one, state, None, length=STEP)

    def _constrained(self, latent: Any) -> dict[str, Any]:
        """Some elements of each site, as they are in the model."""
        return {name: _some(jnp.ravel(each)) for name, each in self._values_of(latent).items()}

    def _values_of(self, latent: Any) -> dict[str, Any]:
        values: dict[str, Any] = self._kernel.postprocess_fn(*self._call)(latent)
        return values

    @property
    def sizes(self) -> dict[str, int]:
        """The number of elements of each latent, in unconstrained space."""
        return {name: each[0].size for name, each in self._state.z.items()}

    @property
    def sites(self) -> frozenset[str]:
        """The names of all that has values."""
        return frozenset(self.shapes)

    @cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each site, as it is in the model."""
        values = jax.eval_shape(self._values_of, self._first)
        return {name: each.shape for name, each in values.items()}

    @property
    def _first(self) -> dict[str, Any]:
        """The latents of the first chain."""
        first: dict[str, Any] = jax.tree.map(lambda each: each[0], self._state.z)
        return first

    def is_real(self, name: str) -> bool:
        """Whether a latent is sampled as it is: on the real line."""
        if name not in self._first:
            return False
        values = self._values_of(self._first)[name]
        return bool(np.array_equal(values, self._first[name]))

    def elements(self, name: str) -> list[tuple[int, ...]]:
        """Where the elements of a site stand that are looked at."""
        shape = self.shapes[name]
        if not shape:
            return [()]
        places = np.unravel_index(_looked_at(math.prod(shape)), shape)
        return [tuple(map(int, each)) for each in zip(*places, strict=True)]

    @property
    def drawn(self) -> int:
        """The draws of each chain that are kept."""
        return max(self.done - WARM_UP, 0)

    def advance(self) -> None:
        """Another step: of the warm-up, or of draws once that is over."""
        began = time.perf_counter()
        self._state, (latent, steps, diverging) = self._advance.result()(self._state)
        jax.block_until_ready(self._state)
        self.done += STEP
        if self.done > WARM_UP:
            self._values.append(jax.device_get(self._look(latent)))
            self._steps.append(np.asarray(steps))
            self._diverging.append(np.asarray(diverging))
        self.seconds += time.perf_counter() - began

    def draws(self, names: Sequence[str]) -> Array:
        """Draws of some sites, of shape (chains, draws, quantities)."""
        sites = [np.concatenate([each[name] for each in self._values]) for name in names]
        return np.asarray(np.concatenate(sites, axis=-1).swapaxes(0, 1), float)

    @property
    def diverging(self) -> Array:
        """Which draws diverged, of shape (chains, draws)."""
        return np.concatenate(self._diverging).T

    def _moving(self, names: Sequence[str]) -> tuple[Array, list[str]]:
        """Draws of what moves at all of some sites, and the site of each quantity: the first row of
        a Cholesky factor of correlations is constant."""
        draws = self.draws(names)
        of = [name for name in names for _ in range(self._values[0][name].shape[-1])]
        moves = np.ptp(draws, axis=(0, 1)) != 0
        if not moves.any():
            return draws, of
        return draws[..., moves], [name for name, each in zip(of, moves, strict=True) if each]

    def figures(self, names: Sequence[str]) -> list[Figures]:
        """How each seed did, by the quantities of some sites."""
        draws, _ = self._moving(names)
        parts = [slice(n * CHAINS, (n + 1) * CHAINS) for n in range(SEEDS)]
        return [self._of(draws[part], part) for part in parts]

    def _of(self, draws: Array, chains: slice) -> Figures:
        steps = np.concatenate(self._steps)
        return Figures(
            draws.shape[0] * draws.shape[1],
            int(self.diverging[chains].sum()),
            int(steps[:, chains].sum()),
            float(bulk_ess(draws).min()),
            float(rank_r_hat(draws).max()),
        )

    def result(self, names: Sequence[str], decentred: bool) -> FormResult:
        """How all chains did together, and the effective draws by each seed."""
        result = FormResult(decentred, SEEDS * CHAINS, seconds=round(self.seconds, 3))
        if not self._values:
            return result
        draws, of = self._moving(names)
        whole, ess = self._of(draws, slice(None)), bulk_ess(draws)
        return FormResult(
            decentred,
            SEEDS * CHAINS,
            whole.draws,
            whole.divergences,
            whole.gradients,
            _told(whole.ess),
            of[int(np.argmin(ess))],
            _told(whole.r_hat),
            tuple(rate for each in self.figures(names) if (rate := _told(each.rate)) is not None),
            result.seconds,
        )


def _some(flat: Any) -> Any:
    return flat[_looked_at(flat.size)]


def _looked_at(size: int) -> Array:
    """The places of so many elements as are looked at, evenly chosen."""
    return np.linspace(0, size - 1, min(size, _ELEMENTS)).astype(int)


def _told(number: float) -> float | None:
    return float(f"{number:.4g}") if np.isfinite(number) else None
