"""NumPyro's primitives, handlers and inference algorithms: their parameters, by qualified name."""

from __future__ import annotations

from collections.abc import Mapping

Signature = tuple[str, ...]

# Primitives that send a message, with their parameters in order.
PRIMITIVES: Mapping[str, Signature] = {
    "numpyro.sample": ("name", "fn", "obs", "rng_key", "sample_shape", "infer", "obs_mask"),
    "numpyro.param": ("name", "init_value"),
    "numpyro.deterministic": ("name", "value"),
    "numpyro.mutable": ("name", "init_value"),
    "numpyro.factor": ("name", "log_factor"),
    "numpyro.plate": ("name", "size", "subsample_size", "dim"),
    "numpyro.plate_stack": ("prefix", "sizes", "rightmost_dim"),
    "numpyro.subsample": ("data", "event_dim"),
    "numpyro.prng_key": (),
    "numpyro.module": ("name", "nn", "input_shape"),
    "numpyro.contrib.module.flax_module": ("name", "nn_module"),
    "numpyro.contrib.module.haiku_module": ("name", "nn_module"),
    "numpyro.contrib.module.nnx_module": ("name", "nn_module"),
    "numpyro.contrib.module.eqx_module": ("name", "nn_module"),
    "numpyro.contrib.module.random_flax_module": ("name", "nn_module", "prior"),
    "numpyro.contrib.module.random_haiku_module": ("name", "nn_module", "prior"),
    "numpyro.contrib.module.random_nnx_module": ("name", "nn_module", "prior"),
    "numpyro.contrib.module.random_eqx_module": ("name", "nn_module", "prior"),
}

CONTROL_FLOW: Mapping[str, Signature] = {
    "numpyro.contrib.control_flow.scan": ("f", "init", "xs", "length", "reverse", "history"),
    "numpyro.contrib.control_flow.cond": ("pred", "true_fun", "false_fun", "operand"),
}

# Modules of neural networks: `NAME$params`, and for the random ones `NAME/LAYER...` samples.
MODULES = frozenset(name for name in PRIMITIVES if name.endswith("module"))
RANDOM_MODULES = frozenset(name for name in MODULES if ".random_" in name)

HANDLERS: Mapping[str, Signature] = {
    "seed": ("fn", "rng_seed", "hide_types"),
    "trace": ("fn",),
    "condition": ("fn", "data", "condition_fn"),
    "substitute": ("fn", "data", "substitute_fn"),
    "do": ("fn", "data"),
    "block": ("fn", "hide_fn", "hide", "expose_types", "expose"),
    "uncondition": ("fn",),
    "lift": ("fn", "prior"),
    "replay": ("fn", "trace"),
    "scope": ("fn", "prefix", "divider", "hide_types"),
    "scale": ("fn", "scale"),
    "mask": ("fn", "mask"),
    "reparam": ("fn", "config"),
    "collapse": ("fn",),
    "infer_config": ("fn", "config_fn"),
}


def handler_kind(qualified: str) -> str | None:
    """The handler that a qualified name makes; None when it makes none."""
    if qualified == "numpyro.contrib.funsor.config_enumerate":
        return "infer_config"
    home, _, leaf = qualified.rpartition(".")
    return leaf if home == "numpyro.handlers" and leaf in HANDLERS else None


# The argument of each handler that holds site names.
KEYED: Mapping[str, tuple[str, ...]] = {
    "condition": ("data",),
    "substitute": ("data",),
    "do": ("data",),
    "block": ("hide", "expose", "hide_fn"),
    "lift": ("prior",),
    "reparam": ("config",),
    "infer_config": ("config_fn",),
}

# The handlers of which is told what they met.
WATCHED = frozenset(KEYED) | {"uncondition", "scale", "mask"}

# Which message types a handler's keys can act on.
ACTS_ON: Mapping[str, frozenset[str]] = {
    "condition": frozenset({"sample"}),
    "do": frozenset({"sample"}),
    "reparam": frozenset({"sample"}),
    "infer_config": frozenset({"sample"}),
    "lift": frozenset({"param"}),
    "substitute": frozenset({"sample", "param", "mutable", "plate", "deterministic"}),
    "replay": frozenset({"sample", "plate"}),
}

KERNELS: Mapping[str, Signature] = {
    f"numpyro.infer.{kernel}": signature
    for kernels, signature in (
        ("NUTS HMC SA BarkerMH AIES ESS DiscreteGibbs", ("model",)),
        ("DiscreteHMCGibbs HMCECS MixedHMC", ("inner_kernel",)),
        ("HMCGibbs", ("inner_kernel", "gibbs_fn", "gibbs_sites")),
        ("Gibbs", ("blocks",)),
    )
    for kernel in kernels.split()
}

LOSSES: Mapping[str, Signature] = {
    "numpyro.infer.Trace_ELBO": ("num_particles", "vectorize_particles", "multi_sample_guide"),
    "numpyro.infer.TraceMeanField_ELBO": ("num_particles", "vectorize_particles"),
    "numpyro.infer.TraceGraph_ELBO": ("num_particles", "vectorize_particles"),
    "numpyro.infer.TraceEnum_ELBO": ("num_particles", "max_plate_nesting"),
    "numpyro.infer.RenyiELBO": ("alpha", "num_particles"),
}

AUTOGUIDES: Mapping[str, Signature] = {
    f"numpyro.infer.autoguide.{guide}": ("model",)
    for guide in """
    AutoBNAFNormal AutoBatchedLowRankMultivariateNormal AutoBatchedMultivariateNormal AutoDAIS
    AutoDelta AutoDiagonalNormal AutoGuideList AutoIAFNormal AutoLaplaceApproximation
    AutoLowRankMultivariateNormal AutoMultivariateNormal AutoNormal AutoSemiDAIS
    AutoSurrogateLikelihoodDAIS
    """.split()
}

ENGINES: Mapping[str, tuple[str, Signature]] = {
    "numpyro.infer.MCMC": ("mcmc", ("sampler",)),
    "numpyro.infer.SVI": ("svi", ("model", "guide", "optim", "loss")),
    "numpyro.contrib.einstein.SteinVI": ("stein", ("model", "guide", "optim", "kernel_fn")),
    "numpyro.contrib.einstein.SVGD": ("stein", ("model", "optim", "kernel_fn")),
    "numpyro.contrib.einstein.ASVGD": ("stein", ("model", "optim", "kernel_fn")),
    "numpyro.contrib.nested_sampling.NestedSampler": ("nested", ("model",)),
    "numpyro.infer.Predictive": (
        "predictive",
        ("model", "posterior_samples", "guide", "params", "num_samples", "return_sites"),
    ),
}

# Functions that run a model at once: parameters, and how many positional arguments come first.
RUNNERS: Mapping[str, tuple[str, Signature]] = {
    "numpyro.infer.render_model": ("render", ("model", "model_args", "model_kwargs")),
    "numpyro.infer.get_model_relations": ("render", ("model", "model_args", "model_kwargs")),
    "numpyro.infer.log_likelihood": ("log_likelihood", ("model", "posterior_samples")),
    "numpyro.infer.log_density": (
        "log_density",
        ("model", "model_args", "model_kwargs", "params"),
    ),
    "numpyro.infer.potential_energy": (
        "log_density",
        ("model", "model_args", "model_kwargs", "params"),
    ),
    "numpyro.infer.initialize_model": (
        "mcmc",
        ("rng_key", "model"),
    ),
}

STRATEGIES: Mapping[str, Signature] = {
    "numpyro.infer.init_to_value": ("site", "values"),
}

# What makes an object of inference.
INFERENCE = frozenset((*KERNELS, *ENGINES, *LOSSES, *AUTOGUIDES, *STRATEGIES))

REPARAMS: Mapping[str, tuple[Signature, str]] = {
    "LocScaleReparam": (("centered", "shape_params"), "_decentered"),
    "TransformReparam": ((), "_base"),
    "ProjectedNormalReparam": ((), "_normal"),
    "CircularReparam": ((), "_unwrapped"),
    "ExplicitReparam": (("transform",), "_base"),
    "UnitJacobianReparam": (("transform", "suffix"), "_transformed"),
    "HaarReparam": (("dim", "flip"), "_haar"),
    "DiscreteCosineReparam": (("dim", "smooth"), "_dct"),
    "NeuTraReparam": (("guide", "params"), "_shared_latent"),
}

# Packages whose functions send no messages: a call of theirs hides no site.
SILENT_PACKAGES = frozenset(
    """
    jax numpy scipy math cmath builtins functools itertools operator random statistics string re
    json os sys time datetime pathlib collections typing typing_extensions dataclasses enum abc
    copy warnings logging inspect contextlib io csv pickle argparse textwrap pandas polars
    matplotlib seaborn arviz xarray sklearn statsmodels optax chex jaxtyping einops tqdm
    IPython graphviz networkx h5py yaml requests urllib glob shutil tempfile types numbers
    decimal fractions bisect heapq array struct hashlib uuid threading multiprocessing
    concurrent subprocess platform gc traceback pprint numexpr numba bokeh plotly altair
    patsy formulaic lifelines geopandas shapely torch tensorflow tensorflow_datasets
    tensorflow_probability diffrax jaxopt lineax optimistix interpax quadax astropy rich loguru
    mlflow jaxlib
    """.split()
)
# Parts of NumPyro that send messages of their own besides the primitives above. What is in
# contrib comes and goes from version to version: it may, unless it is known to send none.
SPEAKING_MODULES = ("numpyro.contrib.", "numpyro.infer.autoguide")
SILENT_MODULES = tuple(
    f"numpyro.contrib.{part}."
    for part in "control_flow ecs_proxies funsor nested_sampling render tfp".split()
)


def may_send_messages(qualified: str) -> bool:
    """Whether a call of something imported may reach a primitive out of our sight."""
    if qualified.startswith("numpyro."):
        if qualified == "numpyro.contrib.funsor.plate":
            return True
        return qualified.startswith(SPEAKING_MODULES) and not qualified.startswith(SILENT_MODULES)
    return qualified.startswith(".") or qualified.partition(".")[0] not in SILENT_PACKAGES


# Methods of arrays, text, containers and data frames: a call of one on an unknown object is no
# model. `sample` and `condition` are left out on purpose.
SILENT_METHODS = frozenset(
    """
    sum mean std var min max prod cumsum cumprod dot reshape transpose squeeze ravel flatten
    astype copy item tolist fill sort argsort argmax argmin any all clip round swapaxes take
    repeat conj nonzero searchsorted diagonal trace set add multiply divide subtract power get
    apply at keys values items pop update setdefault append extend insert remove index count
    join format split strip lstrip rstrip replace startswith endswith lower upper title zfill
    encode decode capitalize isdigit log_prob expand to_event mask cdf icdf entropy
    to_numpy to_list head tail loc iloc groupby merge drop dropna fillna isna isnull notna
    unique nunique value_counts rename reset_index set_index sort_values assign query agg
    describe sel isel to_array to_dict to_frame to_dataframe block_until_ready view
    expand_dims broadcast_to broadcast_like _replace tree_flatten inv forward_shape
    inverse_shape log_abs_det_jacobian intersection union difference
    """.split()
)
