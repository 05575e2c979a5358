"""What NumPyro's inference algorithms can and cannot infer (0.22)."""

from __future__ import annotations

# Losses that estimate gradients through the draws, so that a discrete draw spoils them.
PATHWISE = frozenset({"Trace_ELBO", "TraceMeanField_ELBO", "RenyiELBO"})
# Autoguides that are one distribution of all latents.
CONTINUOUS = frozenset(
    """
    AutoBNAFNormal AutoBatchedLowRankMultivariateNormal AutoBatchedMultivariateNormal AutoDAIS
    AutoDiagonalNormal AutoIAFNormal AutoLaplaceApproximation AutoLowRankMultivariateNormal
    AutoMultivariateNormal AutoSurrogateLikelihoodDAIS
    """.split()
)
# Normalising flows, which need at least two numbers.
FLOWS = frozenset({"AutoIAFNormal", "AutoBNAFNormal"})
NOT_FOR_STEIN = FLOWS | {"AutoDAIS", "AutoSemiDAIS", "AutoSurrogateLikelihoodDAIS"}
# Kernels that need a discrete site.
NEEDS_DISCRETE = frozenset({"DiscreteHMCGibbs", "MixedHMC", "DiscreteGibbs"})
