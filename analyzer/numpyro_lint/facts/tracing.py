"""What becomes of traced values: in functions of numpy and scipy, and under JAX's transformations.

Tried under `jax.eval_shape` with numpy 2.4, scipy and jax 0.10.
"""

from __future__ import annotations

# These tell an array's form and never ask for its values.
_FORM = frozenset(
    """
    shape ndim size dtype result_type promote_types can_cast issubdtype isscalar iscomplexobj
    isrealobj broadcast_shapes finfo iinfo
    """.split()
)
# Of an array's form too, but numpy's make an array of it first.
_LIKE = frozenset({"ones_like", "zeros_like", "empty_like"})
FORM_ATTRIBUTES = frozenset("ndim size dtype nbytes itemsize weak_type sharding aval".split())
# What an array's attributes and methods give that is an array of the same values.
ARRAY_ATTRIBUTES = frozenset("T mT real imag".split())

# Functions of numpy that ask a traced array for its values. Those that call a method of their
# argument (`numpy.sum`, `numpy.reshape`) are not among them: they work.
NUMPY = frozenset(
    """
    abs absolute acos acosh add allclose angle append arange arccos arccosh arcsin arcsinh arctan
    arctan2 arctanh argwhere array asarray asin asinh atan atan2 atanh atleast_1d atleast_2d
    atleast_3d average bincount bitwise_and bitwise_or bitwise_xor broadcast_to cbrt ceil clip
    column_stack concatenate conj convolve copy corrcoef correlate cos cosh count_nonzero cov
    cross deg2rad degrees diag diagflat diagonal diff digitize divide dot dstack einsum equal exp
    exp2 expand_dims expm1 fabs flatnonzero fliplr flipud float_power floor floor_divide fmax fmin
    fmod full full_like gradient greater greater_equal heaviside histogram hstack hypot inner
    insert interp isclose isfinite isin isinf isnan kron less less_equal linspace log log10 log1p
    log2 logaddexp logaddexp2 logical_and logical_not logical_or logical_xor logspace matmul
    maximum median meshgrid minimum mod multiply nan_to_num nanargmax nanargmin nanmax nanmean
    nanmedian nanmin nanprod nanstd nansum nanvar negative nonzero not_equal outer pad percentile
    polyfit polyval positive power ptp quantile rad2deg radians ravel reciprocal remainder rint
    roll rot90 searchsorted select sign sin sinc sinh sort sqrt square stack subtract take tan
    tanh tensordot tile trace trapezoid tril triu true_divide trunc union1d unique vander vdot
    vstack where
    """.split()
)
CONSTRUCTORS = frozenset("float16 float32 float64 int8 int16 int32 int64 bool_".split())
_SCIPY = ("scipy.special", "scipy.linalg")
_SCIPY_DISTRIBUTIONS = frozenset("pdf logpdf pmf logpmf cdf logcdf sf logsf ppf isf".split())
_MATH = frozenset({"prod", "dist", "sumprod"})


def tells_form(home: str, leaf: str) -> bool:
    """Whether a function gives the same for all arrays of one form."""
    return (leaf in _FORM and home in ("jax.numpy", "numpy")) or (
        leaf in _LIKE and home == "jax.numpy"
    )


def asks_for_values(home: str, leaf: str) -> bool:
    """Whether a function of a library that JAX does not trace asks its argument for its values."""
    if home == "numpy":
        return leaf in NUMPY or leaf in CONSTRUCTORS or leaf in _LIKE
    if home == "math":
        return leaf not in _MATH
    if home in ("numpy.linalg", "numpy.fft", *_SCIPY):
        return True
    return home.startswith("scipy.stats.") and leaf in _SCIPY_DISTRIBUTIONS


# Functions of JAX that run their argument on traced values, each with how many passes share one
# call of it: a site in there is met once, whatever the number of passes.
REPEATING = frozenset(
    {
        *(f"jax.lax.{name}" for name in "scan fori_loop while_loop map associative_scan".split()),
        *("jax.vmap", "jax.pmap"),
    }
)
TRACING = REPEATING | {
    *("jax.lax.cond", "jax.lax.switch", "jax.jit", "jax.checkpoint", "jax.remat"),
    "equinox.filter_jit",
}

# Where a value stands that becomes a shape: positions and keywords by function.
SHAPES: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
    **{f"jax.numpy.{name}": ((0,), ("shape",)) for name in ("zeros", "ones", "empty", "full")},
    "jax.numpy.arange": ((0, 1, 2), ("start", "stop", "step")),
    "jax.numpy.linspace": ((2,), ("num",)),
    "jax.numpy.eye": ((0, 1), ("N", "M")),
    "jax.numpy.identity": ((0,), ("n",)),
    "jax.numpy.tile": ((1,), ("reps",)),
    "jax.numpy.reshape": ((1,), ("shape",)),
    "jax.numpy.broadcast_to": ((1,), ("shape",)),
    "jax.nn.one_hot": ((1,), ("num_classes",)),
}
# Functions whose result has as many elements as the values say; `size=` settles that.
SIZED = frozenset(
    f"jax.numpy.{name}"
    for name in "nonzero flatnonzero argwhere unique union1d intersect1d setdiff1d extract".split()
)
