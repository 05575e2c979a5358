"""NumPyro's inference without its cost: models are run, nothing is sampled and nothing optimised.

What only prepares inference (`SVI.init`, `initialize_model`, the set-up of an autoguide) is left
as it is, or made cheaper; what iterates is replaced.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.diagnostics
import numpyro.infer
import numpyro.infer.hmc
import numpyro.infer.hmc_util
import numpyro.infer.inspect
import numpyro.infer.svi
import numpyro.infer.util
import numpyro.util
from numpyro.infer import HMC, MCMC, SVI

from .intercept_contrib import replace_nested_sampling, replace_stein
from .patches import Patches
from .stand_ins import DRAWS, Nothing, losses, nothing, prior_draws, tile

_FIELDS: dict[str, Any] = {
    "diverging": False,
    "num_steps": 7,
    "accept_prob": 0.9,
    "mean_accept_prob": 0.9,
    "step_size": 0.1,
    "i": 0,
}


@contextlib.contextmanager
def intercepted() -> Iterator[None]:
    """Within it inference hands back prior draws of the right shapes."""
    patches = Patches()
    try:
        _replace_mcmc(patches)
        _replace_svi(patches)
        _replace_predictions(patches)
        _replace_rest(patches)
        patches.after_import("numpyro.contrib.nested_sampling", replace_nested_sampling)
        patches.after_import("numpyro.contrib.einstein.steinvi", replace_stein)
        yield
    finally:
        patches.undo()


def _replace_mcmc(patches: Patches) -> None:
    patches.set(MCMC, "run", _mcmc_run)
    patches.set(MCMC, "print_summary", nothing)
    patches.set(HMC, "init", _hmc_init)
    for kernel in _subclasses(numpyro.infer.mcmc.MCMCKernel):
        if "sample" in vars(kernel):
            patches.set(kernel, "sample", _stay)


def _subclasses(base: Any) -> Iterator[Any]:
    for each in base.__subclasses__():
        yield each
        yield from _subclasses(each)


def _stay(self: Any, state: Any, *_: Any, **__: Any) -> Any:
    return state


def _model_of(kernel: Any) -> Any:
    """The model of a kernel, or of the kernel within it; None where it has a potential alone."""
    while kernel is not None:
        for name in ("model", "_model"):
            model = getattr(kernel, name, None)
            if callable(model):
                return model
        kernel = getattr(kernel, "inner_kernel", None)
    return None


def _draws_of(kernel: Any, args: Any, kwargs: Any, init_params: Any) -> list[Any]:
    model = _model_of(kernel)
    if model is not None:
        enumerates = type(kernel) in (HMC, numpyro.infer.NUTS)
        return prior_draws(model, args, kwargs, discrete=not enumerates)
    if init_params is None:
        raise ValueError("a potential function needs `init_params`")
    return [init_params]


def _mcmc_run(
    self: Any,
    rng_key: Any,
    *args: Any,
    extra_fields: Sequence[str] = (),
    init_params: Any = None,
    **kwargs: Any,
) -> None:
    """In place of `MCMC.run`, with the same attributes set."""
    self._args, self._kwargs = args, kwargs
    draws = _draws_of(self.sampler, args, kwargs, init_params)
    size = self._collection_params["collection_size"] or self.num_samples
    shape = (self.num_chains, size // self.thinning)
    field, hidden = self._sample_field, f"~{self._sample_field}."
    samples = tile(draws, shape)
    if isinstance(samples, dict):
        left_out = {name.removeprefix(hidden) for name in extra_fields if name.startswith(hidden)}
        samples = {name: value for name, value in samples.items() if name not in left_out}
    states = {field: samples}
    for name in (*self._default_fields, *extra_fields):
        if name != field and not name.startswith("~"):
            states[name] = _field(name, field, draws, shape)
    self._states, self._states_flat = states, None
    chains = (self.num_chains,) if self.num_chains > 1 else ()
    self._last_state = _state(tile(draws, chains), _keys(rng_key, chains), field)
    self._set_collection_params()


def _field(name: str, field: str, draws: list[Any], shape: tuple[int, ...]) -> Any:
    """One of the extra fields of a run; those of the unconstrained space hold what was drawn."""
    first, _, rest = name.partition(".")
    if first == field and isinstance(draws[0], dict):
        return tile([draw[rest] if rest else draw for draw in draws], shape)
    return jnp.full(shape, _FIELDS.get(name.rpartition(".")[2], 1.0))


def _keys(rng_key: Any, chains: tuple[int, ...]) -> Any:
    if chains and numpyro.util.is_prng_key(rng_key):
        return jax.random.split(rng_key, chains[0])
    return rng_key


def _state(z: Any, rng_key: Any, field: str = "z") -> Any:
    """A state of HMC, and what others read of theirs."""
    leaves = jax.tree.leaves(z)
    numbers = sum(int(np.size(leaf)) for leaf in leaves) if isinstance(z, dict) else 1
    adapted: Any = numpyro.infer.hmc_util.HMCAdaptState
    ones = jnp.ones(numbers)
    known = {
        "step_size": jnp.array(0.1),
        "inverse_mass_matrix": {tuple(sorted(z)): ones} if isinstance(z, dict) else ones,
        "mass_matrix_sqrt": ones,
        "mass_matrix_sqrt_inv": ones,
        "window_idx": jnp.array(0),
        "rng_key": rng_key,
    }
    fields = {name: jnp.array(value) for name, value in _FIELDS.items()}
    fields |= {
        "z": z,
        field: z,
        "z_grad": jax.tree.map(jnp.zeros_like, z),
        "adapt_state": adapted(**{name: known.get(name) for name in adapted._fields}),
        "rng_key": rng_key,
    }
    state: Any = numpyro.infer.hmc.HMCState
    return state(**{name: fields.get(name, jnp.array(1.0)) for name in state._fields})


def _hmc_init(
    self: Any,
    rng_key: Any,
    num_warmup: int,
    init_params: Any = None,
    model_args: Any = (),
    model_kwargs: Any = None,
) -> Any:
    if init_params is None:
        draws = _draws_of(self, model_args, model_kwargs or {}, None)
        init_params = tile(draws, ())
    return _state(init_params, rng_key)


def _replace_svi(patches: Patches) -> None:
    patches.set(SVI, "run", _svi_run)
    for name in ("update", "stable_update"):
        patches.set(SVI, name, lambda self, state, *_, **__: (state, jnp.array(0.0)))
    patches.set(SVI, "evaluate", lambda self, state, *_, **__: jnp.array(0.0))


def _svi_run(
    self: Any,
    rng_key: Any,
    num_steps: int,
    *args: Any,
    progress_bar: bool = True,
    stable_update: bool = False,
    forward_mode_differentiation: bool = False,
    init_state: Any = None,
    init_params: Any = None,
    **kwargs: Any,
) -> Any:
    """In place of `SVI.run`: the parameters are those that it starts from."""
    state = init_state
    if state is None:
        state = self.init(rng_key, *args, init_params=init_params, **kwargs)
    result: Any = numpyro.infer.svi.SVIRunResult
    return result(self.get_params(state), state, losses(num_steps))


def _replace_predictions(patches: Patches) -> None:
    predict = numpyro.infer.util._predictive
    likelihood = numpyro.infer.util.log_likelihood

    def predicted(
        rng_key: Any, model: Any, samples: Any, shape: Any, *rest: Any, **options: Any
    ) -> Any:
        options["parallel"] = False
        return tile(
            [
                predict(jax.random.fold_in(rng_key, i), model, one, (), *rest[:2], **options)
                for i, one in enumerate(_each(samples, shape))
            ],
            tuple(shape),
        )

    def likely(
        model: Any,
        samples: Any,
        *args: Any,
        parallel: bool = False,
        batch_ndims: int = 1,
        **kwargs: Any,
    ) -> Any:
        shape = jnp.shape(jax.tree.leaves(samples)[0])[:batch_ndims]
        ones = _each(samples, shape)
        return tile([likelihood(model, one, *args, batch_ndims=0, **kwargs) for one in ones], shape)

    patches.everywhere(predict, predicted)
    patches.everywhere(likelihood, likely)


def _each(samples: Any, shape: Sequence[int]) -> list[Any]:
    """A few of the samples of a batch, each without the batch's dimensions."""
    ndims = len(shape)
    flat = jax.tree.map(lambda x: jnp.reshape(x, (-1, *jnp.shape(x)[ndims:])), samples)
    few = min(DRAWS, int(np.prod(shape)))
    return [jax.tree.map(lambda x, i=i: x[i], flat) for i in range(few)]


def _replace_rest(patches: Patches) -> None:
    find = numpyro.infer.util.find_valid_initial_params

    def without_gradient(*args: Any, **options: Any) -> Any:
        (params, energy, _), valid = find(*args, **{**options, "validate_grad": False})
        gradient = jax.tree.map(jnp.zeros_like, params)
        return (params, energy, gradient), jnp.ones_like(valid)

    patches.everywhere(find, without_gradient)
    patches.everywhere(numpyro.util.fori_collect, _collect)
    patches.everywhere(numpyro.infer.inspect.render_model, _render)
    patches.everywhere(numpyro.diagnostics.print_summary, nothing)


def _collect(
    lower: int,
    upper: int,
    body_fun: Any,
    init_val: Any,
    transform: Callable[[Any], Any] = lambda x: x,
    *_: Any,
    return_last_val: bool = False,
    collection_size: int | None = None,
    thinning: int = 1,
    **__: Any,
) -> Any:
    """In place of `fori_collect`: what it starts from, as often as it would be collected."""
    size = (upper - lower if collection_size is None else collection_size) // thinning
    collection = tile([transform(init_val)], (size,))
    return (collection, init_val) if return_last_val else collection


def _render(model: Any, model_args: Any = None, model_kwargs: Any = None, **_: Any) -> Any:
    """In place of `render_model`, without graphviz."""
    first_args = model_args[0] if isinstance(model_args, list) else model_args
    first_kwargs = model_kwargs[0] if isinstance(model_kwargs, list) else model_kwargs
    numpyro.infer.inspect.get_model_relations(model, first_args, first_kwargs)
    return Nothing()
