"""What is known of a value from how it is used."""

from __future__ import annotations

import ast

from numpyro_lint.facts.distributions import FAMILIES, constraint_of
from numpyro_lint.record import field, record


@record(frozen=False)
class Evidence:
    """What is known of a value: for each kind of value how much speaks for it.

    `rank` is how many dims it has at least; `elements` speaks for kinds of elements; `texts` are
    literals that it is compared with; `attributes` and `keys` are what is read of it; `length` how
    many names it is unpacked into.
    """

    votes: dict[str, int] = field(default_factory=dict)
    elements: dict[str, int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    attributes: dict[str, Evidence] = field(default_factory=dict)
    keys: dict[str, Evidence] = field(default_factory=dict)
    rank: int = 0
    length: int = 0
    observed: bool = False

    def vote(self, kind: str, weight: int = 1) -> None:
        self.votes[kind] = self.votes.get(kind, 0) + weight

    def array(self, rank: int = 1, weight: int = 2) -> None:
        self.vote("array", weight)
        self.rank = max(self.rank, rank)

    def of(self, elements: str, weight: int = 1) -> None:
        self.elements[elements] = self.elements.get(elements, 0) + weight


def elements_of(constraint: str, discrete: bool = False) -> str:
    """The kind of elements that a constraint asks for."""
    if constraint in ("positive_definite", "corr_matrix", "lower_cholesky", "corr_cholesky"):
        return "matrix"
    if constraint in ("boolean", "simplex"):
        return constraint
    if constraint in ("dependent", ""):
        return "boolean" if discrete else "real"
    limits = constraint_of(constraint)
    if limits.discrete:
        return "count"
    if limits.low < 0:
        return "real"
    return "unit" if limits.high <= 1 else "positive"


def name_of(func: ast.expr) -> str:
    """The last part of what is called: `sample` of `numpyro.sample`."""
    if isinstance(func, ast.Attribute):
        return func.attr
    return func.id if isinstance(func, ast.Name) else ""


def family_called(node: ast.expr) -> tuple[str, ast.Call] | None:
    """The distribution at the bottom of `dist.Normal(...).expand(...).to_event(...)`."""
    while isinstance(node, ast.Call):
        if name_of(node.func) in FAMILIES:
            return name_of(node.func), node
        if not isinstance(node.func, ast.Attribute):
            return None
        node = node.func.value
    return None
