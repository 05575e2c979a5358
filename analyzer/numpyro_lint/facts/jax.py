"""Functions of numpy, math and scipy that JAX has too (jax 0.10), by qualified name."""

from __future__ import annotations

# With the same arguments, and for traced values: functions whose result's shape depends on values
# (`unique`, `nonzero`) are left out.
_NUMPY = """
    abs absolute acos acosh add all allclose amax amin angle any append arccos arccosh arcsin
    arcsinh arctan arctan2 arctanh argmax argmin argsort around array asarray asin asinh atan
    atan2 atanh atleast_1d atleast_2d atleast_3d average bitwise_and bitwise_or bitwise_xor
    broadcast_arrays broadcast_to cbrt ceil clip column_stack concatenate conj conjugate
    convolve copysign corrcoef correlate cos cosh count_nonzero cov cross cumprod cumsum deg2rad
    degrees diag diagflat diagonal diff digitize divide divmod dot dsplit dstack einsum equal
    exp exp2 expand_dims expm1 fabs flip fliplr flipud float_power floor floor_divide fmax fmin
    fmod full_like gradient greater greater_equal heaviside hsplit hstack hypot imag inner
    interp isclose isfinite isin isinf isnan kron less less_equal log log10 log1p log2 logaddexp
    logaddexp2 logical_and logical_not logical_or logical_xor matmul max maximum mean median min
    minimum mod moveaxis multiply nan_to_num nanmax nanmean nanmedian nanmin nanprod nanstd
    nansum nanvar negative not_equal ones_like outer pad percentile polyval positive power prod
    ptp quantile rad2deg radians ravel real reciprocal remainder repeat reshape rint roll rot90
    round searchsorted select sign sin sinc sinh sort split sqrt square squeeze stack std
    subtract sum swapaxes take take_along_axis tan tanh tensordot tile trace transpose trapezoid
    tri tril triu true_divide trunc vander var vdot vsplit vstack where zeros_like
"""
_LINALG = """
    cholesky det eigh eigvalsh inv lstsq matrix_power matrix_rank multi_dot norm pinv qr slogdet
    solve svd
"""
_MATH = """
    acos acosh asin asinh atan atan2 atanh cbrt copysign cos cosh degrees exp exp2 expm1 fabs fmod
    hypot isfinite isinf isnan log log10 log1p log2 pow radians sin
    sinh sqrt tan tanh
"""
_SPECIAL = """
    bernoulli beta betainc betaln digamma entr erf erfc erfinv exp1 expi expit gammainc gammaincc
    gammaln i0 i0e i1 i1e kl_div log_ndtr logit logsumexp multigammaln ndtr ndtri polygamma rel_entr
    softmax log_softmax xlog1py xlogy zeta
"""
_SAME = {
    "numpy": ("jax.numpy", _NUMPY),
    "numpy.linalg": ("jax.numpy.linalg", _LINALG),
    "math": ("jax.numpy", _MATH),
    "scipy.special": ("jax.scipy.special", _SPECIAL),
}
_RENAMED = {
    "math.erf": "jax.scipy.special.erf",
    "math.erfc": "jax.scipy.special.erfc",
    "math.lgamma": "jax.scipy.special.gammaln",
    "math.gamma": "jax.scipy.special.gamma",
}


def in_jax(qualified: str) -> str | None:
    """JAX's name of a function of numpy, math or scipy; None where it has none that is the same."""
    home, _, leaf = qualified.rpartition(".")
    if qualified in _RENAMED:
        return _RENAMED[qualified]
    target, names = _SAME.get(home, ("", ""))
    return f"{target}.{leaf}" if leaf in names.split() else None
