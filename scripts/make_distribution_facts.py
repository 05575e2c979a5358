"""Writes analyzer/numpyro_lint/facts/families.py from the installed NumPyro."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpyro
import numpyro.distributions as dist
from numpyro.distributions import constraints

TARGET = Path(__file__).parent.parent / "analyzer/numpyro_lint/facts/families.py"
# Functions that give one of several classes: those that their arguments may lead to.
EITHER = {
    "Bernoulli": ("BernoulliProbs", "BernoulliLogits"),
    "Binomial": ("BinomialProbs", "BinomialLogits"),
    "Categorical": ("CategoricalProbs", "CategoricalLogits"),
    "Geometric": ("GeometricProbs", "GeometricLogits"),
    "Multinomial": ("MultinomialProbs", "MultinomialLogits"),
    "NegativeBinomial": ("NegativeBinomialProbs", "NegativeBinomialLogits"),
}
# Functions that build on a class, with the class that says what its arguments must be.
BUILT = {
    "TruncatedCauchy": "Cauchy",
    "TruncatedNormal": "Normal",
    "TruncatedDistribution": "LeftTruncatedDistribution",
    "TruncatedGamma": "Gamma",
    "RelaxedBernoulli": "RelaxedBernoulliLogits",
    "ZeroInflatedDistribution": "ZeroInflatedProbs",
    "ZeroInflatedNegativeBinomial2": "NegativeBinomial2",
    "HurdleDistribution": "HurdleProbs",
    "HurdleNegativeBinomial2": "NegativeBinomial2",
}
# Supports that the arguments give; tests/test_facts.py holds them against NumPyro.
BOUNDS = {
    "BetaBinomial": (0, "total_count"),
    "Binomial": (0, "total_count"),
    "BinomialLogits": (0, "total_count"),
    "BinomialProbs": (0, "total_count"),
    "DiscreteUniform": ("low", "high"),
    "DoublyTruncatedPowerLaw": ("low", "high"),
    "LeftTruncatedGamma": ("low", math.inf),
    "Levy": ("loc", math.inf),
    "LogUniform": ("low", "high"),
    "LowerTruncatedPowerLaw": ("low", math.inf),
    "Pareto": ("scale", math.inf),
    "RightTruncatedGamma": (0, "high"),
    "TruncatedCauchy": ("low", "high"),
    "TruncatedGamma": ("low", "high"),
    "TruncatedNormal": ("low", "high"),
    "TwoSidedTruncatedGamma": ("low", "high"),
    "Uniform": ("low", "high"),
}
# Constraints of whole arrays, and of others without bounds: between what their elements lie.
ELEMENTS = {
    "boolean": (0.0, 1.0),
    "corr_cholesky": (-1.0, 1.0),
    "corr_matrix": (-1.0, 1.0),
    "l1_ball": (-1.0, 1.0),
    "positive_ordered_vector": (0.0, math.inf),
    "simplex": (0.0, 1.0),
    "sphere": (-1.0, 1.0),
}
KINDS = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def named() -> Iterator[tuple[str, object]]:
    """The constraints that NumPyro has under a name."""
    for name in sorted(vars(constraints)):
        value = getattr(constraints, name)
        if not name.startswith("_") and isinstance(value, constraints.Constraint):
            yield name, value


NAMES = dict(named())


def constraint_name(constraint: Any) -> str:
    """A constraint's name in numpyro.distributions.constraints, or its range, or nothing."""
    if isinstance(constraint, constraints.independent):
        return constraint_name(constraint.base_constraint)
    for name, value in NAMES.items():
        if value is constraint:
            return name
    low, high = limits(constraint)
    if not is_dependent(constraint) and (low, high) != (-math.inf, math.inf):
        kind = type(constraint).__name__
        opened = kind.endswith(("OpenInterval", "GreaterThan", "LessThan"))
        return f"{'open_' if opened else ''}interval[{low:g}..{high:g}]"
    return ""


def is_dependent(constraint: object) -> bool:
    return constraint is None or isinstance(
        constraint, (property, constraints._Dependent, constraints.dependent_property)
    )


def limits(constraint: Any) -> tuple[float, float]:
    """Between which numbers the elements of a value lie."""
    values = []
    for name, default in (("lower_bound", -math.inf), ("upper_bound", math.inf)):
        bound = getattr(constraint, name, default)
        values.append(float(bound) if isinstance(bound, (int, float)) else default)
    return values[0], values[1]


def parameters(made: Callable[..., object]) -> tuple[str, ...]:
    signature = inspect.signature(made.__init__ if inspect.isclass(made) else made)
    skipped = {"self", "validate_args"}
    return tuple(
        p.name for p in signature.parameters.values() if p.kind in KINDS and p.name not in skipped
    )


def facts(name: str) -> str | None:
    """`Normal(loc: real, scale: positive) -> real` and what else matters of a family."""
    made = getattr(dist, name, None)
    classes = [getattr(dist, each) for each in EITHER.get(name, (BUILT.get(name, name),))]
    if made is None or not all(inspect.isclass(c) and _is_family(c) for c in classes):
        return None
    wanted: dict[str, object] = {}
    for each in classes:
        own = inspect.getattr_static(each, "arg_constraints", {})
        wanted |= own if isinstance(own, dict) else {}
    arguments = [_argument(each, wanted.get(each)) for each in parameters(made)]
    support = inspect.getattr_static(classes[0], "support", None)
    words = [_support(name, support)]
    built = name in BUILT
    if _said(support, "is_discrete") is True or classes[0] is dist.NegativeBinomial2:
        words.append("discrete")
    # A property asks an object: which base it has tells.
    if classes[0].has_enumerate_support is True and not built:
        words.append("enumerable")
    event = _event_dim(support)
    if event:
        words.append(f"event {event}")
    return f"{name}({', '.join(arguments)}) -> {', '.join(words)}"


def _is_family(cls: object) -> bool:
    return inspect.isclass(cls) and issubclass(cls, dist.Distribution)


def _argument(name: str, constraint: object) -> str:
    said = constraint_name(constraint) if constraint is not None else ""
    return f"{name}: {said}" if said and said != "dependent" else name


def _support(name: str, support: object) -> str:
    if name in BOUNDS:
        low, high = BOUNDS[name]
        return f"{low}..{high}"
    if is_dependent(support) or name in BUILT:
        return "dependent"
    return constraint_name(support) or "dependent"


def _event_dim(support: object) -> str:
    event = _said(support, "event_dim")
    return "?" if event is None else str(event) if event else ""


def _said(constraint: object, what: str) -> object:
    """What a constraint says of itself; None where only an object's arguments tell."""
    try:
        said = getattr(constraint, what, None)
    except NotImplementedError:
        return None
    return None if isinstance(said, property) else said


def location_scale(name: str) -> bool:
    """Whether LocScaleReparam takes a family: its support is the real line itself, and it has a
    loc and a scale (numpyro.infer.reparam)."""
    cls = getattr(dist, name, None)
    if not _is_family(cls) or inspect.getattr_static(cls, "support", None) is not constraints.real:
        return False
    return {"loc", "scale"} <= set(parameters(cls))


def constraint_rows() -> Iterator[str]:
    """`positive 0 inf 0`: a name, a range, the number of event dims, and `discrete`."""
    for name, constraint in NAMES.items():
        low, high = ELEMENTS.get(name) or limits(constraint)
        event = _said(constraint, "event_dim")
        discrete = " discrete" if _said(constraint, "is_discrete") is True else ""
        yield f"{name} {low:g} {high:g} {event or 0}{discrete}"


TEXT = '''"""What NumPyro's distributions and constraints say of themselves.

Made by scripts/make_distribution_facts.py from NumPyro {version}; read by facts/distributions.py.
"""

# ruff: noqa: E501
# Arguments with their constraints -> support, then: discrete, enumerable, number of event dims
# where it is not 0. A support between two arguments is `low..high`.
FAMILIES = """\\
{families}
"""

# Range, number of event dims, and whether values are whole numbers.
CONSTRAINTS = """\\
{constraints}
"""

# Families whose support is the real line itself and that are given by a loc and a scale: those that
# numpyro.infer.reparam.LocScaleReparam can decentre, with the further arguments that it must keep.
LOC_SCALE = {loc_scale}
'''


def text() -> str:
    """The module, as ruff formats it."""
    names = sorted({*dist.__all__, *EITHER, *BUILT})
    loc_scale = {
        name: tuple(p for p in parameters(getattr(dist, name)) if p not in ("loc", "scale"))
        for name in names
        if location_scale(name)
    }
    pairs = "".join(
        f"    {name!r}: ({''.join(f'{p!r},' for p in kept)}),\n".replace("'", '"')
        for name, kept in loc_scale.items()
    )
    return TEXT.format(
        version=numpyro.__version__,
        families="\n".join(row for name in names if (row := facts(name))),
        constraints="\n".join(constraint_rows()),
        loc_scale=f"{{\n{pairs}}}",
    )


def main() -> None:
    TARGET.write_text(text())
    print(f"wrote {TARGET.name}")


if __name__ == "__main__":
    main()
