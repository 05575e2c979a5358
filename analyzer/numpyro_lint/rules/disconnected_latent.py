"""A latent site that no data and no factor depend on.

## What it does
Follows, in the trace, which sites each distribution was computed from, and finds latent sites from
which no way leads to an observed site or a factor. Those that feed a deterministic, and those that
are drawn from other latent sites, as predictions are, do not count; in a model that observes
nothing, or where something cannot be followed, nothing is said.

## Why is this bad
Its posterior is its prior, whatever the data are: often a parameter that was to be used and was
not, or one that another has taken the place of.

## Example
```python
def model(x, y):
    intercept = numpyro.sample("intercept", dist.Normal(0.0, 1.0))
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    with numpyro.plate("data", 3):
        numpyro.sample("y", dist.Normal(intercept + slope * x, 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.arange(3.0), jnp.zeros(3))
```

## Use instead
```python
def model(x, y):
    intercept = numpyro.sample("intercept", dist.Normal(0.0, 1.0))
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    with numpyro.plate("data", 3):
        numpyro.sample("y", dist.Normal(intercept + slope * x, sigma), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.arange(3.0), jnp.zeros(3))
```

## References
numpyro.infer.inspect.get_dependencies (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.facts.distributions import FAMILIES
from numpyro_lint.model.attach import Attached, Joined
from numpyro_lint.model.repeated import is_added
from numpyro_lint.rule import rule


@rule(
    "disconnected-latent",
    category=Category.INFERENCE,
    severity=Severity.INFO,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    trace = model.trace
    if trace is None or not trace.ok or model.function.role == "guide":
        return
    for joined in _disconnected(trace):
        if joined.span is not None:
            name = joined.traced.name
            yield ctx.report(
                joined.span,
                f"nothing that is observed depends on '{name}': its posterior is its prior",
                site=name,
                model=model.function.name,
                source=Origin.TRACE,
            )


def _disconnected(trace: Attached) -> list[Joined]:
    parents: dict[str, set[str]] = {}
    latents: list[Joined] = []
    ends: set[str] = set()
    shown: set[str] = set()
    has_data = False
    for joined in trace.sites:
        traced = joined.traced
        if traced.type not in ("sample", "factor", "deterministic"):
            continue
        unknown = traced.type == "sample" and traced.distribution not in FAMILIES
        if traced.depends is None or unknown:
            return []  # what a distribution of the user's own is computed from is not known
        sources = {name for each in traced.depends.values() for name in each}
        if traced.type == "deterministic":
            shown |= sources
            continue
        parents[traced.name] = sources | set(traced.depends_beside or ())
        if traced.observed or traced.type == "factor":
            ends.add(traced.name)
            has_data = has_data or not is_added(joined)
        elif not traced.hidden and traced.value_from == "prior":
            latents.append(joined)
    connected = _ancestors(ends, parents) | shown
    seen = {joined.span for joined in trace.sites if joined.traced.observed}
    return [
        each
        for each in latents
        if has_data and each.traced.name not in connected and not parents[each.traced.name]
        if each.span not in seen  # what obs_mask leaves out is drawn where the rest is observed
    ]


def _ancestors(names: set[str], parents: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += parents.get(name, ())
    return reached
