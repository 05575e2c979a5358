"""What a program is given instead of inference: a few prior draws, repeated to the right shapes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpyro import handlers
from numpyro.infer.initialization import init_to_sample

from .describe import is_tracer

# With one draw alone, what is computed of samples would be degenerate.
DRAWS = 4


class Nothing:
    """Whatever is done with it, it is nothing still: a picture that is not drawn."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: Any, **__: Any) -> Any:
        return self

    def __getitem__(self, _: Any) -> Any:
        return self

    def __setitem__(self, _: Any, __: Any) -> None:
        return None

    def __iter__(self) -> Any:
        return iter(())


def is_discrete_latent(site: Any) -> bool:
    return bool(site["fn"].support.is_discrete)


def _draw(model: Callable[..., Any], seed: int, args: Any, kwargs: Any) -> Any:
    seeded = handlers.seed(model, jax.random.key(seed))
    try:
        return handlers.trace(seeded).get_trace(*args, **kwargs)
    except NotImplementedError:  # an improper prior has no draws
        started = handlers.substitute(seeded, substitute_fn=init_to_sample)
        return handlers.trace(started).get_trace(*args, **kwargs)


def prior_draws(
    model: Callable[..., Any], args: Any, kwargs: Any, discrete: bool = True
) -> list[dict[str, Any]]:
    """What a sampler would give of a model, drawn from the prior: latents and deterministics.

    `discrete`: discrete latents too, which are absent from samples where they are enumerated.
    """
    found = []
    for seed in range(DRAWS):
        sites = _draw(model, seed, args, kwargs)
        found.append(
            {
                name: site["value"]
                for name, site in sites.items()
                if site["type"] == "deterministic"
                or (
                    site["type"] == "sample"
                    and not site["is_observed"]
                    and (discrete or not is_discrete_latent(site))
                )
            }
        )
    return found


def tile(draws: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """Trees of one structure as one tree, in turn, with `shape` before the shapes of its leaves.

    Where shapes differ from draw to draw the first stands for all.
    """
    if any(_shapes(draw) != _shapes(draws[0]) for draw in draws):
        draws = draws[:1]
    size = int(np.prod(shape))
    turn = np.arange(size) % len(draws)

    def leaf(*leaves: Any) -> Any:
        own = jnp.shape(leaves[0])
        if any(is_tracer(each) or _is_key(each) for each in leaves):
            return jnp.stack(leaves)[turn].reshape(shape + own)
        stacked = np.stack([np.asarray(each) for each in leaves])
        return jnp.asarray(stacked[turn].reshape(shape + own))

    return jax.tree.map(leaf, *draws)


def _shapes(tree: Any) -> Any:
    leaves, structure = jax.tree.flatten(tree)
    return [jnp.shape(leaf) for leaf in leaves], structure


def _is_key(leaf: Any) -> bool:
    return isinstance(leaf, jax.Array) and jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)


def losses(steps: int) -> Any:
    """Losses that fall."""
    return jnp.asarray(np.linspace(100.0, 1.0, steps, dtype=np.float32))


def nothing(*_: Any, **__: Any) -> None:
    """In place of what only prints."""
