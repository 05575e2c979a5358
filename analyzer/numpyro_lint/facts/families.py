"""What NumPyro's distributions and constraints say of themselves.

Made by scripts/make_distribution_facts.py from NumPyro 0.22.0; read by facts/distributions.py.
"""

# ruff: noqa: E501
# Arguments with their constraints -> support, then: discrete, enumerable, number of event dims
# where it is not 0. A support between two arguments is `low..high`.
FAMILIES = """\
AsymmetricLaplace(loc: real, scale: positive, asymmetry: positive) -> real
AsymmetricLaplaceQuantile(loc: real, scale: positive, quantile: open_interval[0..1]) -> real
Bernoulli(probs: unit_interval, logits: real) -> boolean, discrete, enumerable
BernoulliLogits(logits: real) -> boolean, discrete, enumerable
BernoulliProbs(probs: unit_interval) -> boolean, discrete, enumerable
Beta(concentration1: positive, concentration0: positive) -> unit_interval
BetaBinomial(concentration1: positive, concentration0: positive, total_count: nonnegative_integer) -> 0..total_count, discrete, enumerable
BetaNegativeBinomial(concentration1: positive, concentration0: positive, n: positive) -> nonnegative_integer, discrete
BetaProportion(mean: open_interval[0..1], concentration: positive) -> unit_interval
Binomial(total_count: nonnegative_integer, probs: unit_interval, logits: real) -> 0..total_count, discrete, enumerable
BinomialLogits(logits: real, total_count: nonnegative_integer) -> 0..total_count, discrete, enumerable
BinomialProbs(probs: unit_interval, total_count: nonnegative_integer) -> 0..total_count, discrete, enumerable
CAR(loc: real, correlation: open_interval[-1..1], conditional_precision: positive, adj_matrix, is_sparse) -> real, event 1
Categorical(probs: simplex, logits: real) -> dependent, discrete, enumerable
CategoricalLogits(logits: real) -> dependent, discrete, enumerable
CategoricalProbs(probs: simplex) -> dependent, discrete, enumerable
Cauchy(loc: real, scale: positive) -> real
Chi2(df: positive) -> positive
CirculantNormal(loc: real, covariance_row: positive_definite_circulant_vector, covariance_rfft: positive) -> real, event 1
Dagum(concentration: positive, sharpness: positive, scale: positive) -> positive
Delta(v, log_density: real, event_dim) -> dependent, event ?
Dirichlet(concentration: positive) -> simplex, event 1
DirichletMultinomial(concentration: positive, total_count: nonnegative_integer, total_count_max) -> dependent, discrete, event 1
DiscreteUniform(low, high) -> low..high, discrete, enumerable
Distribution(batch_shape, event_shape) -> dependent, event ?
DoublyTruncatedPowerLaw(alpha: real, low: interval[0..inf], high: open_interval[0..inf]) -> low..high
EulerMaruyama(t: ordered_vector, sde_fn, init_dist) -> dependent, event ?
ExpandedDistribution(base_dist, batch_shape) -> dependent, event ?
Exponential(rate: positive) -> positive
FoldedDistribution(base_dist) -> positive
Gamma(concentration: positive, rate: positive) -> positive
GammaPoisson(concentration: positive, rate: positive) -> nonnegative_integer, discrete
GaussianCopula(marginal_dist, correlation_matrix: corr_matrix, correlation_cholesky: corr_cholesky) -> dependent, event 1
GaussianCopulaBeta(concentration1: positive, concentration0: positive, correlation_matrix: corr_matrix, correlation_cholesky: corr_cholesky) -> unit_interval, event 1
GaussianRandomWalk(scale: positive, num_steps) -> real, event 1
GaussianStateSpace(num_steps, transition_matrix: real, covariance_matrix: positive_definite, precision_matrix: positive_definite, scale_tril: lower_cholesky, initial_value: real) -> real, event 2
Geometric(probs: unit_interval, logits: real) -> nonnegative_integer, discrete
GeometricLogits(logits: real) -> nonnegative_integer, discrete
GeometricProbs(probs: unit_interval) -> nonnegative_integer, discrete
Gompertz(concentration: positive, rate: positive) -> positive
Gumbel(loc: real, scale: positive) -> real
HalfCauchy(scale: positive) -> positive
HalfNormal(scale: positive) -> positive
HurdleDistribution(base_dist, gate: unit_interval, gate_logits) -> dependent, event ?
HurdleGamma(gate: unit_interval, concentration: positive, rate: positive) -> nonnegative
HurdleLogNormal(gate: unit_interval, loc: real, scale: positive) -> nonnegative
HurdleLogits(base_dist, gate_logits: real) -> dependent, event ?
HurdleNegativeBinomial2(gate, mean: nonnegative, concentration: positive) -> dependent, discrete
HurdlePoisson(gate: unit_interval, rate: positive) -> nonnegative_integer, discrete
HurdleProbs(base_dist, gate: unit_interval) -> dependent, event ?
ImproperUniform(support, batch_shape, event_shape) -> dependent, event ?
Independent(base_dist, reinterpreted_batch_ndims) -> dependent, event ?
IntervalCensoredDistribution(base_dist, left_censored: boolean, right_censored: boolean) -> dependent, event 1
InverseGamma(concentration: positive, rate: positive) -> positive
InverseWishart(concentration, scale_matrix: positive_definite, rate_matrix: positive_definite, scale_tril: lower_cholesky) -> positive_definite, event 2
InverseWishartCholesky(concentration, scale_matrix: positive_definite, rate_matrix: positive_definite, scale_tril: lower_cholesky) -> lower_cholesky, event 2
Kumaraswamy(concentration1: positive, concentration0: positive) -> unit_interval
LKJ(dimension, concentration: positive, sample_method) -> corr_matrix, event 2
LKJCholesky(dimension, concentration: positive, sample_method) -> corr_cholesky, event 2
Laplace(loc: real, scale: positive) -> real
LeftCensoredDistribution(base_dist, censored: boolean) -> dependent
LeftTruncatedDistribution(base_dist, low: real) -> dependent
LeftTruncatedGamma(base_dist, low: interval[0..inf]) -> low..inf
Levy(loc: real, scale: positive) -> loc..inf, event ?
LogNormal(loc: real, scale: positive) -> positive
LogUniform(low: positive, high: positive) -> low..high
Logistic(loc: real, scale: positive) -> real
LowRankMultivariateNormal(loc: real, cov_factor: real, cov_diag: positive) -> real, event 1
LowerTruncatedPowerLaw(alpha: open_interval[-inf..-1], low: open_interval[0..inf]) -> low..inf
MaskedDistribution(base_dist, mask) -> dependent, event ?
MatrixNormal(loc: real, scale_tril_row: lower_cholesky, scale_tril_column: lower_cholesky) -> real, event 2
MixtureGeneral(mixing_distribution, component_distributions, support) -> dependent, event ?
MixtureSameFamily(mixing_distribution, component_distribution) -> dependent, event ?
Multinomial(total_count: nonnegative_integer, probs: simplex, logits: real, total_count_max) -> dependent, discrete, event 1
MultinomialLogits(logits: real, total_count: nonnegative_integer, total_count_max) -> dependent, discrete, event 1
MultinomialProbs(probs: simplex, total_count: nonnegative_integer, total_count_max) -> dependent, discrete, event 1
MultivariateNormal(loc: real, covariance_matrix: positive_definite, precision_matrix: positive_definite, scale_tril: lower_cholesky) -> real, event 1
MultivariateStudentT(df: positive, loc: real, scale_tril: lower_cholesky) -> real, event 1
NegativeBinomial(total_count: positive, probs: unit_interval, logits: real) -> nonnegative_integer, discrete
NegativeBinomial2(mean: nonnegative, concentration: positive) -> nonnegative_integer, discrete
NegativeBinomialLogits(total_count: positive, logits: real) -> nonnegative_integer, discrete
NegativeBinomialProbs(total_count: positive, probs: unit_interval) -> nonnegative_integer, discrete
Normal(loc: real, scale: positive) -> real
OrderedLogistic(predictor: real, cutpoints: ordered_vector) -> dependent, discrete, enumerable
Pareto(scale: positive, alpha: positive) -> scale..inf
Poisson(rate: interval[0..inf], is_sparse) -> nonnegative_integer, discrete
ProjectedNormal(concentration: real) -> sphere, event 1
RelaxedBernoulli(temperature: positive, probs, logits: real) -> dependent
RelaxedBernoulliLogits(temperature: positive, logits: real) -> unit_interval
RightCensoredDistribution(base_dist, censored: boolean) -> dependent
RightTruncatedDistribution(base_dist, high: real) -> dependent
RightTruncatedGamma(base_dist, high: positive) -> 0..high
SineBivariateVonMises(phi_loc: circular, psi_loc: circular, phi_concentration: positive, psi_concentration: positive, correlation: real, weighted_correlation) -> circular, event 1
SineSkewed(base_dist, skewness: l1_ball) -> circular, event 1
SoftLaplace(loc: real, scale: positive) -> real
StudentT(df: positive, loc: real, scale: positive) -> real
TransformedDistribution(base_distribution, transforms) -> dependent, event ?
TruncatedCauchy(loc: real, scale: positive, low, high) -> low..high
TruncatedDistribution(base_dist, low: real, high) -> dependent
TruncatedGamma(concentration: positive, rate: positive, low, high) -> low..high
TruncatedNormal(loc: real, scale: positive, low, high) -> low..high
TruncatedPolyaGamma(batch_shape) -> interval[0..2.5]
TwoSidedTruncatedDistribution(base_dist, low, high) -> dependent
TwoSidedTruncatedGamma(base_dist, low, high) -> low..high
Uniform(low, high) -> low..high
Unit(log_factor: real) -> real
VonMises(loc: real, concentration: positive) -> circular
Weibull(scale: positive, concentration: positive) -> positive
Wishart(concentration, scale_matrix: positive_definite, rate_matrix: positive_definite, scale_tril: lower_cholesky) -> positive_definite, event 2
WishartCholesky(concentration, scale_matrix: positive_definite, rate_matrix: positive_definite, scale_tril: lower_cholesky) -> lower_cholesky, event 2
ZeroInflatedDistribution(base_dist, gate: unit_interval, gate_logits) -> dependent, discrete
ZeroInflatedLogits(base_dist, gate_logits: real) -> dependent, discrete
ZeroInflatedNegativeBinomial2(mean: nonnegative, concentration: positive, gate, gate_logits) -> dependent, discrete
ZeroInflatedPoisson(gate: unit_interval, rate: positive) -> nonnegative_integer, discrete
ZeroInflatedProbs(base_dist, gate: unit_interval) -> dependent, discrete
ZeroSumNormal(scale: positive, event_shape) -> dependent, event ?
"""

# Range, number of event dims, and whether values are whole numbers.
CONSTRAINTS = """\
boolean 0 1 0 discrete
circular -3.14159 3.14159 0
complex -inf inf 0
corr_cholesky -1 1 2
corr_matrix -1 1 2
dependent -inf inf 0
l1_ball -1 1 1
lower_cholesky -inf inf 2
nonnegative 0 inf 0
nonnegative_integer 0 inf 0 discrete
ordered_vector -inf inf 1
positive 0 inf 0
positive_definite -inf inf 2
positive_definite_circulant_vector -inf inf 1
positive_integer 1 inf 0 discrete
positive_ordered_vector 0 inf 1
positive_semidefinite -inf inf 2
real -inf inf 0
real_matrix -inf inf 2
real_vector -inf inf 1
scaled_unit_lower_cholesky -inf inf 2
simplex 0 1 1
softplus_lower_cholesky -inf inf 2
softplus_positive 0 inf 0
sphere -1 1 1
unit_interval 0 1 0
"""

# Families whose support is the real line itself and that are given by a loc and a scale: those that
# numpyro.infer.reparam.LocScaleReparam can decentre, with the further arguments that it must keep.
LOC_SCALE = {
    "AsymmetricLaplace": ("asymmetry",),
    "AsymmetricLaplaceQuantile": ("quantile",),
    "Cauchy": (),
    "Gumbel": (),
    "Laplace": (),
    "Logistic": (),
    "Normal": (),
    "SoftLaplace": (),
    "StudentT": ("df",),
}
