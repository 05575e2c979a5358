"""A name that is given to inference, or read of its results, and that is no site of the model.

## What it does
Compares the names in `init_to_value(values=)`, `init_params`, `dense_mass`,
`Predictive(posterior_samples=, params=, return_sites=)`, `log_likelihood(posterior_samples)` and
`log_density(params=)`, and those that are looked up in `mcmc.get_samples()` and in what
`Predictive` gives, with the sites of the model. Where the text does not tell these, a trace of the
run, with its own arguments, does.

## Why is this bad
NumPyro says nothing of a name that it does not find: the chain starts elsewhere, the site is drawn
from its prior in place of the posterior, the prediction comes back empty. `dense_mass` and a
look-up raise a bare KeyError, the look-up after all the sampling is done.

## Example
```python
def model(y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)


draws = numpyro.infer.Predictive(model, {"slop": jnp.ones(10)})(jax.random.key(0))
```

## Use instead
```python
def model(y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope, 1.0), obs=y)


draws = numpyro.infer.Predictive(model, {"slope": jnp.ones(10)})(jax.random.key(0))
```

## Fix safety
Where one name is close, the fix puts it in place of the key; what is computed changes, so it is
unsafe.

## References
numpyro.infer (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity, Stage
from numpyro_lint.model.given import Stray
from numpyro_lint.model.keys import near, scoped
from numpyro_lint.model.program import Module
from numpyro_lint.questions import key_renamed, stray_names
from numpyro_lint.rule import rule

_IGNORED = "NumPyro ignores it"
_THEN = {
    "init_strategy": f"{_IGNORED}, and the site starts at a random value",
    "posterior_samples": _IGNORED,
    "return_sites": "nothing is returned for it",
    "dense_mass": "NumPyro raises a bare KeyError",
    "get_samples": "looking it up raises a KeyError after the sampling",
    "predictive": "looking it up raises a KeyError",
}
_SHOWN = {
    "init_strategy": "init_to_value",
    "get_samples": "the samples",
    "predictive": "the predictions",
}


@rule(
    "unknown-site-in-inference",
    category=Category.NAMES,
    severity=Severity.ERROR,
    since="0.1",
    stage=Stage.TRACE,
)
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    for each in stray_names(ctx):
        # What a reparameteriser made deterministic is stale-initial-value's.
        if any(effect.value_from == "reparam" for effect in each.found):
            continue
        key = each.given.key
        others = scoped(key.text, each.names) or near(key.text, each.names)
        fix = key_renamed(ctx, key, others[0]) if len(others) == 1 else None
        yield ctx.report(
            key.span,
            _message(each, others),
            site=key.text,
            source=Origin.TRACE if each.traced else Origin.STATIC,
            fix=fix,
        )


def _message(each: Stray, others: tuple[str, ...]) -> str:
    where, key = each.given.where, each.given.key.text
    shown = _SHOWN.get(where, where)
    then = _THEN.get(where, _IGNORED)
    if where == "posterior_samples" and each.given.runs[0].kind == "predictive":
        then = f"{_IGNORED}, and draws from the prior what it was meant for"
    said = f"'{key}' in {shown} is {_fault(each)}: {then}"
    if others:
        return f"{said}; did you mean '{others[0]}'?"
    names = ", ".join(f"'{name}'" for name in each.names[:6])
    return f"{said}; the names here are {names}" if names else said


def _fault(each: Stray) -> str:
    if not each.found:
        return "no site of the model"
    if each.given.where == "predictive":
        return "not among return_sites"
    effect = each.found[0]
    kind = "observed" if effect.type == "sample" else f"a {effect.type}"
    return f"{kind}, not latent"
