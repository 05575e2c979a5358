"""A log density that is not finite where inference needs it to be.

## What it does
Evaluates the log density of the traced model and its gradient, site by site, at draws from the
prior and at random points where NUTS begins. It reports a model none of whose starting points is
valid, and NumPyro says so too; and a site whose distribution gets a number that it does not allow,
such as a negative scale, in at least one of twenty draws.

## Why is this bad
Without a starting point NUTS raises "Cannot find valid initial parameters", and does not say which
site is at fault. With an argument that is not allowed the log density is nan: NUTS takes such a
point as a divergence, and SVI has nan as its loss for good.

A log density of minus infinity at some draws is no mistake, nor is one that overflows far out in a
wide prior.

## Example
```python
def model(y):
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    numpyro.sample("y", dist.Uniform(-spread, spread), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.array([120.0, -30.0]))
```

## Use instead
```python
def model(y):
    spread = numpyro.sample("spread", dist.HalfNormal(100.0))
    numpyro.sample("y", dist.Normal(0.0, spread), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.array([120.0, -30.0]))
```

## References
numpyro.infer.util.initialize_model, numpyro.infer.init_to_uniform (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Related, Severity, Stage
from numpyro_lint.model.valued import Valued, begins_as_nuts, valued, values_of, worst
from numpyro_lint.questions import fits_of, model_mismatches
from numpyro_lint.rule import rule

# Below this part of the prior draws, an argument out of bounds is left alone.
_RARE = 0.05


@rule(
    "non-finite-log-density",
    category=Category.SUPPORTS,
    severity=Severity.WARNING,
    since="0.1",
    stage=Stage.VALUES,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    trace, values = model.trace, values_of(model.trace)
    if trace is None or values is None or values.mode != "compiled":
        return
    sites = list(valued(trace))
    own = fits_of(ctx, model.function)
    runs = [fit.run for fit in own if begins_as_nuts(fit, trace, ctx.module.source)]
    found = worst(sites)
    if values.raised and runs and found is not None and found.joined.span is not None:
        if found.values.allowed or not found.joined.traced.observed:
            yield _start(found, model, ctx, values.starts, runs[0].span)
        return
    if own and all(fit.run.stack and fit.run.stack.handlers for fit in own):
        return  # what is inferred is another model
    known = {each.argument.step.site.span for each in model_mismatches(ctx, model)}
    for each in sites:
        often = max(each.values.outside.values(), default=0)
        if each.joined.span in known or often < 2 or often < _RARE * values.draws:
            continue
        yield from _outside(each, model, ctx, values.draws)


def _start(found: Valued, model: Model, ctx: Context, starts: int, run: Any) -> Diagnostic:
    site, name = found.values, found.values.name
    said = f"the log density of '{name}' is {site.density}"
    if not site.start:
        said = f"the gradient of the log density towards '{name}' is not finite"
    assert found.joined.span is not None
    return ctx.report(
        found.joined.span,
        f"inference cannot begin: {said} at each of {starts} random starting points"
        f"{_where(site.arguments, site.drawn)}; NumPyro raises that it cannot find valid initial "
        "parameters. Let the priors allow the data, or give an init_strategy",
        site=name,
        model=model.function.name,
        source=Origin.TRACE,
        related=(Related(run, "it is to begin here"),),
        evidence={
            "starting_points": starts,
            "valid": 0,
            "log_density": site.density,
            "arguments": dict(site.arguments),
            "latents": dict(site.drawn),
        },
    )


def _outside(found: Valued, model: Model, ctx: Context, draws: int) -> Iterator[Diagnostic]:
    site = found.values
    argument, often = max(site.outside.items(), key=lambda each: each[1])
    if found.joined.span is None:
        return
    yield ctx.report(
        found.joined.span,
        f"the {argument} of '{site.name}' is a number that it must not be, such as "
        f"{site.example.get(argument, '?')}, in {often} of {draws} draws from the prior: there the "
        "log density is nan, which NUTS counts as a divergence and SVI does not survive; constrain "
        "it, for instance by jnp.exp or a positive prior",
        site=site.name,
        model=model.function.name,
        source=Origin.TRACE,
        evidence={
            "prior_draws": draws,
            "outside": dict(site.outside),
            "arguments": dict(site.example),
        },
    )


def _where(arguments: dict[str, str], drawn: dict[str, str]) -> str:
    """The first such point in a few words."""
    shown = arguments or drawn
    said = ", ".join(f"{name}={value}" for name, value in list(shown.items())[:3] if value)
    return f" (at the first of them {said})" if said else ""
