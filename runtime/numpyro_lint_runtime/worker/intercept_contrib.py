"""The inference of `numpyro.contrib`, replaced when its modules are imported."""

from __future__ import annotations

import sys
from typing import Any

import jax.numpy as jnp

from .patches import Patches
from .stand_ins import losses, nothing, prior_draws, tile


def replace_nested_sampling(patches: Patches) -> None:
    sampler = sys.modules["numpyro.contrib.nested_sampling"].NestedSampler

    def run(self: Any, rng_key: Any, *args: Any, **kwargs: Any) -> None:
        self._draws = prior_draws(self.model, args, kwargs)

    def samples(self: Any, rng_key: Any, num_samples: int, *, group_by_chain: bool = False) -> Any:
        return tile(self._draws, (1, num_samples) if group_by_chain else (num_samples,))

    patches.set(sampler, "run", run)
    patches.set(sampler, "get_samples", samples)
    patches.set(
        sampler, "get_weighted_samples",
        lambda self: (tile(self._draws, (1000,)), jnp.zeros(1000)),
    )  # fmt: skip
    patches.set(sampler, "print_summary", nothing)
    patches.set(sampler, "diagnostics", nothing)


def replace_stein(patches: Patches) -> None:
    module = sys.modules["numpyro.contrib.einstein.steinvi"]

    def run(
        self: Any,
        rng_key: Any,
        num_steps: int,
        *args: Any,
        progress_bar: bool = True,
        init_state: Any = None,
        collect_fn: Any = None,
        **kwargs: Any,
    ) -> Any:
        state = self.init(rng_key, *args, **kwargs) if init_state is None else init_state
        return module.SteinVIRunResult(self.get_params(state), state, losses(num_steps))

    patches.set(module.SteinVI, "run", run)
    patches.set(module.SteinVI, "update", lambda self, state, *_, **__: (state, jnp.array(0.0)))
    patches.set(module.SteinVI, "evaluate", lambda self, *_, **__: jnp.array(0.0))
