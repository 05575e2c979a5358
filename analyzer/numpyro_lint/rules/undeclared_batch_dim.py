"""A dimension of a site's log density that no plate declares.

## What it does
Looks, in the trace, at the batch dimensions of each site and at the plates around it. A site that
stands in some plate and has a dimension of several elements that no plate covers is a warning, and
so is one without plates in a model whose discrete latent sites MCMC enumerates. Data outside of all
plates are information only: there NumPyro gives the right density.

## Why is this bad
A plate says that elements are independent, how many there are, and which axis they have. Where one
is missing, subsampling scales by the wrong factor, an enumerated site takes the axis for its own,
and NumPyro warns "Missing a plate statement", or raises where it enumerates.

## Example
```python
def model(y):
    with numpyro.plate("day", 4):
        level = numpyro.sample("level", dist.Normal(jnp.zeros((3, 4)), 1.0))
        numpyro.sample("y", dist.Normal(level.sum(0), 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.zeros(4))
```

## Use instead
```python
def model(y):
    with numpyro.plate("day", 4):
        with numpyro.plate("shop", 3):
            level = numpyro.sample("level", dist.Normal(0.0, 1.0))
        numpyro.sample("y", dist.Normal(level.sum(0), 1.0), obs=y)


mcmc = numpyro.infer.MCMC(numpyro.infer.NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), jnp.zeros(4))
```

## References
Pyro, "Tensor shapes"; numpyro.util.format_shapes (0.22)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from numpyro_lint.context import Context, Model
from numpyro_lint.diagnostic import Category, Diagnostic, Severity, Stage
from numpyro_lint.model.attach import Joined
from numpyro_lint.model.densities import Shape, crosses, density_shape, scored
from numpyro_lint.model.fit import is_enumerable, sampled
from numpyro_lint.questions import fits_of
from numpyro_lint.rule import rule
from numpyro_lint.sightings import seen

if TYPE_CHECKING:
    from numpyro_lint_runtime.protocol import TracedSite


@rule(
    "undeclared-batch-dim",
    category=Category.PLATES,
    severity=Severity.WARNING,
    since="0.1",
    stage=Stage.TRACE,
)
def check(model: Model, ctx: Context) -> Iterator[Diagnostic]:
    if model.function.role == "guide" or not model.traces:
        return  # NumPyro looks at models alone
    enumerated = _enumerated(model, ctx)
    for joined in scored(model.traces):
        traced, shape = joined.traced, density_shape(joined.traced)
        if joined.span is None or shape is None or crosses(traced):
            continue
        dims = _undeclared(traced, shape)
        if not dims:
            continue
        severity = _severity(traced, enumerated)
        if severity is not None:
            yield _finding(joined, shape, dims, severity, enumerated, model, ctx)


def _undeclared(traced: TracedSite, shape: Shape) -> list[int]:
    """The dims of several elements that no plate declares; not that of the passes of a scan."""
    declared = {plate.dim for plate in traced.plates}
    dims = [-i for i in range(1, len(shape) + 1) if shape[-i] > 1 and -i not in declared]
    return [dim for dim in dims if not (traced.scanned and dim == -len(shape))]


def _severity(traced: TracedSite, enumerated: str | None) -> Severity | None:
    if traced.plates or enumerated is not None:
        return Severity.WARNING
    return Severity.INFO if traced.observed else None


def _enumerated(model: Model, ctx: Context) -> str | None:
    """A discrete latent of the model that an MCMC of the file sums over."""
    for fit in fits_of(ctx, model.function):
        if fit.run.kind != "mcmc" or not fit.kernels:
            continue
        for each in sampled(fit):
            if each.enumerates and is_enumerable(each.family) and each.effect.name.literal:
                return each.effect.name.literal
    return None


def _finding(
    joined: Joined,
    shape: Shape,
    dims: list[int],
    severity: Severity,
    enumerated: str | None,
    model: Model,
    ctx: Context,
) -> Diagnostic:
    assert joined.span is not None
    traced = joined.traced
    which = " and ".join(f"dim {dim} (of {shape[dim]})" for dim in dims)
    plates = ", ".join(f"'{plate.name}' at {plate.dim}" for plate in traced.plates)
    around = f"its plates are {plates}" if plates else "it stands in no plate"
    return seen(
        ctx,
        model,
        joined,
        f"the log density of '{traced.name}' has shape {shape}, and no plate declares {which}: "
        f"{around}; {_advice(traced, shape, dims, enumerated)}",
        severity=severity,
        evidence={
            "log_density_shape": list(shape),
            "dims": dims,
            "plates": [{"name": p.name, "dim": p.dim, "size": p.size} for p in traced.plates],
        },
    )


def _advice(traced: TracedSite, shape: Shape, dims: list[int], enumerated: str | None) -> str:
    if enumerated is not None and not traced.plates:
        return f"MCMC enumerates '{enumerated}', and then NumPyro raises; add a plate"
    if not traced.plates:
        return "its density is right as it is, and a plate would say that they are independent"
    last = [dim for dim in dims if all(dim < plate.dim for plate in traced.plates)]
    sizes = {plate.size for plate in traced.plates} & {shape[dim] for dim in dims}
    moved = ", or permute the data so that their axes are those of the plates" if sizes else ""
    if len(last) == len(dims):
        return f"put it in a plate for that dim{moved}"
    return f"declare it with .to_event, or with a plate at that dim{moved}"
