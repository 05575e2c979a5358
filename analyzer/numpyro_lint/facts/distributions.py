"""Distribution families: arguments and supports.

Made by scripts/make_distribution_facts.py from NumPyro 0.22.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Family(NamedTuple):
    """Arguments in order, the name of the support's constraint, and whether it is discrete."""

    args: tuple[str, ...]
    support: str
    discrete: bool


# Families that LocScaleReparam can decentre, with the shape_params that each needs
# (numpyro.infer.reparam; checked against NumPyro by the tests).
LOC_SCALE: Mapping[str, tuple[str, ...]] = {
    "Normal": (),
    "Cauchy": (),
    "Laplace": (),
    "Gumbel": (),
    "Logistic": (),
    "SoftLaplace": (),
    "StudentT": ("df",),
    "AsymmetricLaplace": ("asymmetry",),
    "AsymmetricLaplaceQuantile": ("quantile",),
}

FAMILIES: Mapping[str, Family] = {
    "AsymmetricLaplace": Family(("loc", "scale", "asymmetry"), "real", False),
    "AsymmetricLaplaceQuantile": Family(("loc", "scale", "quantile"), "real", False),
    "Bernoulli": Family(("probs", "logits"), "boolean", True),
    "BernoulliLogits": Family(("logits",), "boolean", True),
    "BernoulliProbs": Family(("probs",), "boolean", True),
    "Beta": Family(("concentration1", "concentration0"), "unit_interval", False),
    "BetaBinomial": Family(("concentration1", "concentration0", "total_count"), "dependent", True),
    "BetaNegativeBinomial": Family(
        ("concentration1", "concentration0", "n"), "nonnegative_integer", True
    ),
    "BetaProportion": Family(("mean", "concentration"), "unit_interval", False),
    "Binomial": Family(("total_count", "probs", "logits"), "dependent", True),
    "BinomialLogits": Family(("logits", "total_count"), "dependent", True),
    "BinomialProbs": Family(("probs", "total_count"), "dependent", True),
    "CAR": Family(
        ("loc", "correlation", "conditional_precision", "adj_matrix", "is_sparse"), "real", False
    ),
    "Categorical": Family(("probs", "logits"), "dependent", True),
    "CategoricalLogits": Family(("logits",), "dependent", True),
    "CategoricalProbs": Family(("probs",), "dependent", True),
    "Cauchy": Family(("loc", "scale"), "real", False),
    "Chi2": Family(("df",), "positive", False),
    "CirculantNormal": Family(("loc", "covariance_row", "covariance_rfft"), "real", False),
    "Dagum": Family(("concentration", "sharpness", "scale"), "positive", False),
    "Delta": Family(("v", "log_density", "event_dim"), "dependent", False),
    "Dirichlet": Family(("concentration",), "simplex", False),
    "DirichletMultinomial": Family(
        ("concentration", "total_count", "total_count_max"), "dependent", True
    ),
    "DiscreteUniform": Family(("low", "high"), "dependent", True),
    "Distribution": Family(("batch_shape", "event_shape"), "dependent", False),
    "DoublyTruncatedPowerLaw": Family(("alpha", "low", "high"), "dependent", False),
    "EulerMaruyama": Family(("t", "sde_fn", "init_dist"), "dependent", False),
    "ExpandedDistribution": Family(("base_dist", "batch_shape"), "dependent", False),
    "Exponential": Family(("rate",), "positive", False),
    "FoldedDistribution": Family(("base_dist",), "positive", False),
    "Gamma": Family(("concentration", "rate"), "positive", False),
    "GammaPoisson": Family(("concentration", "rate"), "nonnegative_integer", True),
    "GaussianCopula": Family(
        ("marginal_dist", "correlation_matrix", "correlation_cholesky"), "dependent", False
    ),
    "GaussianCopulaBeta": Family(
        ("concentration1", "concentration0", "correlation_matrix", "correlation_cholesky"),
        "unit_interval",
        False,
    ),
    "GaussianRandomWalk": Family(("scale", "num_steps"), "real", False),
    "GaussianStateSpace": Family(
        (
            "num_steps",
            "transition_matrix",
            "covariance_matrix",
            "precision_matrix",
            "scale_tril",
            "initial_value",
        ),
        "real",
        False,
    ),
    "Geometric": Family(("probs", "logits"), "nonnegative_integer", True),
    "GeometricLogits": Family(("logits",), "nonnegative_integer", True),
    "GeometricProbs": Family(("probs",), "nonnegative_integer", True),
    "Gompertz": Family(("concentration", "rate"), "positive", False),
    "Gumbel": Family(("loc", "scale"), "real", False),
    "HalfCauchy": Family(("scale",), "positive", False),
    "HalfNormal": Family(("scale",), "positive", False),
    "HurdleGamma": Family(("gate", "concentration", "rate"), "nonnegative", False),
    "HurdleLogNormal": Family(("gate", "loc", "scale"), "nonnegative", False),
    "HurdleLogits": Family(("base_dist", "gate_logits"), "dependent", False),
    "HurdlePoisson": Family(("gate", "rate"), "nonnegative_integer", True),
    "HurdleProbs": Family(("base_dist", "gate"), "dependent", False),
    "ImproperUniform": Family(("support", "batch_shape", "event_shape"), "dependent", False),
    "Independent": Family(("base_dist", "reinterpreted_batch_ndims"), "dependent", False),
    "IntervalCensoredDistribution": Family(
        ("base_dist", "left_censored", "right_censored"), "dependent", False
    ),
    "InverseGamma": Family(("concentration", "rate"), "positive", False),
    "InverseWishart": Family(
        ("concentration", "scale_matrix", "rate_matrix", "scale_tril"), "positive_definite", False
    ),
    "InverseWishartCholesky": Family(
        ("concentration", "scale_matrix", "rate_matrix", "scale_tril"), "lower_cholesky", False
    ),
    "Kumaraswamy": Family(("concentration1", "concentration0"), "unit_interval", False),
    "LKJ": Family(("dimension", "concentration", "sample_method"), "corr_matrix", False),
    "LKJCholesky": Family(("dimension", "concentration", "sample_method"), "corr_cholesky", False),
    "Laplace": Family(("loc", "scale"), "real", False),
    "LeftCensoredDistribution": Family(("base_dist", "censored"), "dependent", False),
    "LeftTruncatedDistribution": Family(("base_dist", "low"), "dependent", False),
    "LeftTruncatedGamma": Family(("base_dist", "low"), "dependent", False),
    "Levy": Family(("loc", "scale"), "dependent", False),
    "LogNormal": Family(("loc", "scale"), "positive", False),
    "LogUniform": Family(("low", "high"), "dependent", False),
    "Logistic": Family(("loc", "scale"), "real", False),
    "LowRankMultivariateNormal": Family(("loc", "cov_factor", "cov_diag"), "real", False),
    "LowerTruncatedPowerLaw": Family(("alpha", "low"), "dependent", False),
    "MaskedDistribution": Family(("base_dist", "mask"), "dependent", False),
    "MatrixNormal": Family(("loc", "scale_tril_row", "scale_tril_column"), "real", False),
    "MixtureGeneral": Family(
        ("mixing_distribution", "component_distributions", "support"), "dependent", False
    ),
    "MixtureSameFamily": Family(
        ("mixing_distribution", "component_distribution"), "dependent", False
    ),
    "Multinomial": Family(("total_count", "probs", "logits", "total_count_max"), "dependent", True),
    "MultinomialLogits": Family(("logits", "total_count", "total_count_max"), "dependent", True),
    "MultinomialProbs": Family(("probs", "total_count", "total_count_max"), "dependent", True),
    "MultivariateNormal": Family(
        ("loc", "covariance_matrix", "precision_matrix", "scale_tril"), "real", False
    ),
    "MultivariateStudentT": Family(("df", "loc", "scale_tril"), "real", False),
    "NegativeBinomial": Family(("total_count", "probs", "logits"), "dependent", True),
    "NegativeBinomial2": Family(("mean", "concentration"), "nonnegative_integer", True),
    "NegativeBinomialLogits": Family(("total_count", "logits"), "nonnegative_integer", True),
    "NegativeBinomialProbs": Family(("total_count", "probs"), "nonnegative_integer", True),
    "Normal": Family(("loc", "scale"), "real", False),
    "OrderedLogistic": Family(("predictor", "cutpoints"), "dependent", True),
    "Pareto": Family(("scale", "alpha"), "dependent", False),
    "Poisson": Family(("rate", "is_sparse"), "nonnegative_integer", True),
    "ProjectedNormal": Family(("concentration",), "sphere", False),
    "RelaxedBernoulliLogits": Family(("temperature", "logits"), "unit_interval", False),
    "RightCensoredDistribution": Family(("base_dist", "censored"), "dependent", False),
    "RightTruncatedDistribution": Family(("base_dist", "high"), "dependent", False),
    "RightTruncatedGamma": Family(("base_dist", "high"), "dependent", False),
    "SineBivariateVonMises": Family(
        (
            "phi_loc",
            "psi_loc",
            "phi_concentration",
            "psi_concentration",
            "correlation",
            "weighted_correlation",
        ),
        "circular",
        False,
    ),
    "SineSkewed": Family(("base_dist", "skewness"), "circular", False),
    "SoftLaplace": Family(("loc", "scale"), "real", False),
    "StudentT": Family(("df", "loc", "scale"), "real", False),
    "TransformedDistribution": Family(("base_distribution", "transforms"), "dependent", False),
    "TruncatedPolyaGamma": Family(("batch_shape",), "Interval", False),
    "TwoSidedTruncatedDistribution": Family(("base_dist", "low", "high"), "dependent", False),
    "TwoSidedTruncatedGamma": Family(("base_dist", "low", "high"), "dependent", False),
    "Uniform": Family(("low", "high"), "dependent", False),
    "Unit": Family(("log_factor",), "real", False),
    "VonMises": Family(("loc", "concentration"), "circular", False),
    "Weibull": Family(("scale", "concentration"), "positive", False),
    "Wishart": Family(
        ("concentration", "scale_matrix", "rate_matrix", "scale_tril"), "positive_definite", False
    ),
    "WishartCholesky": Family(
        ("concentration", "scale_matrix", "rate_matrix", "scale_tril"), "lower_cholesky", False
    ),
    "ZeroInflatedLogits": Family(("base_dist", "gate_logits"), "dependent", False),
    "ZeroInflatedPoisson": Family(("gate", "rate"), "nonnegative_integer", True),
    "ZeroInflatedProbs": Family(("base_dist", "gate"), "dependent", False),
    "ZeroSumNormal": Family(("scale", "event_shape"), "dependent", False),
}
