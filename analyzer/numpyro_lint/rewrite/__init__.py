"""Rewrites that keep the user's formatting: the only place that imports libcst, and only then."""

from numpyro_lint.rewrite.edits import applied
from numpyro_lint.rewrite.reparam import reparam_fix

__all__ = ["applied", "reparam_fix"]
