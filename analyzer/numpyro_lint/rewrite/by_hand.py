"""The decentred form of a distribution that no reparameteriser decentres, as one would write it."""

from __future__ import annotations

import ast

from numpyro_lint.facts.distributions import FAMILIES
from numpyro_lint.model.ir import Dist
from numpyro_lint.rewrite.place import node_at, span_of
from numpyro_lint.text import Source

# An argument of more characters is named, not repeated.
_LONGEST = 24
_CLOSED = (ast.Attribute, ast.Call, ast.Constant, ast.Name, ast.Subscript)


def by_hand(source: Source, dist: Dist) -> str:
    """What makes of a standard `z` a draw of the distribution, its arguments as they are written.

    For `LogNormal`, `GaussianRandomWalk`, `MultivariateNormal` and `ZeroSumNormal`, of which `z`
    is to sum to nought as well.
    """
    call = node_at(source, dist.span, ast.Call)
    written = _arguments(source, call, dist.family or "") if call is not None else {}
    if dist.family == "MultivariateNormal":
        return f"{_added(written)}{_factor(written)} @ z"
    scaled = f"{written.get('scale') or 'scale'} * z"
    if dist.family == "GaussianRandomWalk":
        return f"jnp.cumsum({scaled}, -1)"
    if dist.family == "ZeroSumNormal":
        return scaled
    return f"jnp.exp({_added(written)}{scaled})"


def _arguments(source: Source, call: ast.Call, family: str) -> dict[str, str]:
    """The arguments of a call as they are written, in brackets where need be; "" where long."""
    given = dict(zip(FAMILIES[family].args, call.args, strict=False))
    given |= {each.arg: each.value for each in call.keywords if each.arg is not None}
    return {name: _written(source, node) for name, node in given.items()}


def _written(source: Source, node: ast.expr) -> str:
    text = source.slice(span_of(source, node))
    if "\n" in text or "\r" in text or len(text) > _LONGEST:
        return ""
    return text if isinstance(node, _CLOSED) else f"({text})"


def _added(written: dict[str, str]) -> str:
    """The location, to which something is added; nothing where there is none, or only zeros."""
    loc = written.get("loc")
    if loc is None or loc in ("0", "0.0") or ".zeros(" in loc or ".zeros_like(" in loc:
        return ""
    return f"{loc or 'loc'} + "


def _factor(written: dict[str, str]) -> str:
    if "covariance_matrix" in written:
        return f"jnp.linalg.cholesky({written['covariance_matrix'] or 'covariance_matrix'})"
    return written.get("scale_tril") or "scale_tril"
