"""Writes analyzer/numpyro_lint/facts/distributions.py from the installed NumPyro."""

from __future__ import annotations

import inspect
from pathlib import Path

import numpyro
import numpyro.distributions as dist
from numpyro.distributions import constraints

TARGET = Path(__file__).parent.parent / "analyzer/numpyro_lint/facts/distributions.py"
ALIASES = {
    "Bernoulli": ("probs", "logits"),
    "Binomial": ("total_count", "probs", "logits"),
    "Categorical": ("probs", "logits"),
    "Geometric": ("probs", "logits"),
    "Multinomial": ("total_count", "probs", "logits", "total_count_max"),
    "NegativeBinomial": ("total_count", "probs", "logits"),
}


def constraint_name(constraint: object) -> str:
    """A constraint's name in numpyro.distributions.constraints, or its class name."""
    if isinstance(constraint, constraints.independent):
        return constraint_name(constraint.base_constraint)
    for name in sorted(vars(constraints)):
        if not name.startswith("_") and getattr(constraints, name) is constraint:
            return name
    return type(constraint).__name__.strip("_")


def parameters(cls: type) -> tuple[str, ...]:
    signature = inspect.signature(cls.__init__)
    skipped = {"self", "validate_args"}
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return tuple(
        p.name for p in signature.parameters.values() if p.kind in kinds and p.name not in skipped
    )


def rows() -> list[str]:
    lines = []
    for name in sorted(set(dist.__all__) | set(ALIASES)):
        obj = getattr(dist, name, None)
        if name in ALIASES:
            support = {"Bernoulli": "boolean", "Geometric": "nonnegative_integer"}.get(
                name, "dependent"
            )
            lines.append(f'    "{name}": Family({ALIASES[name]!r}, {support!r}, True),')
            continue
        if not (inspect.isclass(obj) and issubclass(obj, dist.Distribution)):
            continue
        support = inspect.getattr_static(obj, "support", None)
        if (
            isinstance(support, (property, constraints._Dependent))
            or support is None
            or callable(getattr(support, "fget", None))
        ):
            kind = "dependent"
        else:
            kind = constraint_name(support)
        discrete = (
            bool(getattr(support, "is_discrete", False))
            if kind != "dependent"
            else name in DISCRETE
        )
        lines.append(f'    "{name}": Family({parameters(obj)!r}, {kind!r}, {discrete}),')
    return lines


DISCRETE = {
    "BetaBinomial",
    "BinomialLogits",
    "BinomialProbs",
    "CategoricalLogits",
    "CategoricalProbs",
    "DirichletMultinomial",
    "DiscreteUniform",
    "MultinomialLogits",
    "MultinomialProbs",
    "OrderedLogistic",
    "ZeroInflatedPoisson",
}

HEADER = '''"""Distribution families: arguments and supports.

Made by scripts/make_distribution_facts.py from NumPyro {version}.
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
LOC_SCALE: Mapping[str, tuple[str, ...]] = {{
    "Normal": (),
    "Cauchy": (),
    "Laplace": (),
    "Gumbel": (),
    "Logistic": (),
    "SoftLaplace": (),
    "StudentT": ("df",),
    "AsymmetricLaplace": ("asymmetry",),
    "AsymmetricLaplaceQuantile": ("quantile",),
}}

FAMILIES: Mapping[str, Family] = {{
'''


def main() -> None:
    text = HEADER.format(version=numpyro.__version__) + "\n".join(rows()) + "\n}\n"
    TARGET.write_text(text)
    print(f"{TARGET.name}: {len(rows())} families")


if __name__ == "__main__":
    main()
