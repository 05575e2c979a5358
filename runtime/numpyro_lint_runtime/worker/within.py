"""A model as it is run within context managers: `with seed(rng_seed=0), condition(data): ...`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import jax


def within(contexts: Callable[[], tuple[Any, ...]], model: Any) -> Any:
    """The model with `contexts` around it, made anew for each run: a handler keeps what it met."""
    if contexts is tuple:
        return model

    def run(*args: Any, **kwargs: Any) -> Any:
        with contextlib.ExitStack() as stack:
            # What the handlers are given stays as it is; the draws alone are abstract.
            with jax.ensure_compile_time_eval():
                made = contexts()
            for context in made:
                stack.enter_context(context)
            return model(*args, **kwargs)

    return run
