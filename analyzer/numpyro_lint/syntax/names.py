"""Qualified names: what an import binds, and the one name by which a NumPyro object is known."""

from __future__ import annotations

import ast
from collections.abc import Iterator

# Modules whose public names are also, or only, found elsewhere: the right side is the name we use.
_HOMES = {
    "numpyro.primitives": "numpyro",
    "numpyro.compat.pyro": "numpyro",
    "numpyro.contrib.control_flow.scan": "numpyro.contrib.control_flow",
    "numpyro.contrib.control_flow.cond": "numpyro.contrib.control_flow",
    "numpyro.infer.mcmc": "numpyro.infer",
    "numpyro.infer.hmc": "numpyro.infer",
    "numpyro.infer.svi": "numpyro.infer",
    "numpyro.infer.util": "numpyro.infer",
    "numpyro.infer.elbo": "numpyro.infer",
    "numpyro.infer.initialization": "numpyro.infer",
    "numpyro.infer.hmc_gibbs": "numpyro.infer",
    "numpyro.infer.mixed_hmc": "numpyro.infer",
    "numpyro.infer.inspect": "numpyro.infer",
    "numpyro.distributions.continuous": "numpyro.distributions",
    "numpyro.distributions.discrete": "numpyro.distributions",
    "numpyro.distributions.distribution": "numpyro.distributions",
    "numpyro.distributions.directional": "numpyro.distributions",
    "numpyro.distributions.truncated": "numpyro.distributions",
    "numpyro.distributions.mixtures": "numpyro.distributions",
    "numpyro.distributions.conjugate": "numpyro.distributions",
    "numpyro.contrib.funsor.enum_messenger": "numpyro.contrib.funsor",
}
_SINGLE = {
    "numpyro.render_model": "numpyro.infer.render_model",
    "numpyro.infer.reparam.LocScaleReparam": "numpyro.infer.reparam.LocScaleReparam",
}


def canonical(qualified: str) -> str:
    """The one name of an object that NumPyro offers under several.

    `numpyro.primitives.sample` is `numpyro.sample`; others stay as they are.
    """
    if not qualified.startswith("numpyro."):
        return qualified
    home, _, leaf = qualified.rpartition(".")
    renamed = f"{_HOMES[home]}.{leaf}" if home in _HOMES else qualified
    return _SINGLE.get(renamed, renamed)


def imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """The names that an import binds, each with the qualified name that it stands for.

    A star import binds `*`; a relative import is qualified with its leading dots.
    """
    if isinstance(node, ast.Import):
        for alias in node.names:
            bound = alias.asname or alias.name.partition(".")[0]
            yield bound, alias.name if alias.asname else bound
        return
    base = "." * node.level + (node.module or "")
    for alias in node.names:
        separator = "" if base.endswith(".") else "."
        yield alias.asname or alias.name, f"{base}{separator}{alias.name}"
