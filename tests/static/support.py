"""What the static pass makes of a text, in short."""

from __future__ import annotations

import textwrap
from typing import Any

from numpyro_lint.check import Report, check
from numpyro_lint.document import sites_of
from numpyro_lint.model.program import Function, Stack
from numpyro_lint.model.stack import Effect
from numpyro_lint.text import Source

PREAMBLE = """\
import functools
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.contrib.control_flow import cond, scan
from numpyro.infer import MCMC, NUTS, SVI, Predictive, Trace_ELBO
"""


def read(text: str, preamble: str = PREAMBLE) -> Report:
    """A text, given with any indentation, after the usual imports."""
    return check(Source("model.py", preamble + textwrap.dedent(text)))


def function(report: Report, name: str) -> Function:
    """The last function of a name."""
    return [each for each in report.module.functions.values() if each.qualname == name][-1]


def sites(report: Report, name: str = "model") -> list[dict[str, Any]]:
    """The sites of a model as the JSON has them, those of its helpers included."""
    return list(sites_of(report, function(report, name)))


def site(report: Report, name: str | None, model: str = "model") -> dict[str, Any]:
    """The one site of a name."""
    (found,) = [each for each in sites(report, model) if each["name"] == name]
    return found


def names(report: Report, model: str = "model") -> list[str | None]:
    return [each["name"] for each in sites(report, model)]


def stack(report: Report) -> Stack:
    """The last stack of the file."""
    return report.module.stacks[-1]


def kinds(report: Report) -> list[str]:
    """The handlers of the last stack, outermost first."""
    return [handler.kind for handler in stack(report).handlers]


def effects(report: Report) -> dict[str, Effect]:
    """What the last stack does to each site, by the name that the outside sees."""
    return {each.name.glob: each for each in report.context.prediction(stack(report)).effects}
