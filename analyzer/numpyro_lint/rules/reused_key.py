"""One key of JAX's that is used twice.

## What it does
Finds a random key that is given to two draws of `jax.random`, of a distribution or of
`numpyro.sample`, or to two `split`, without a new key in between; also one of these in a loop with
a key from outside of it. A draw and a `split`, or inference and something else, with one key are
information. Two runs of inference or predictions with one key, as a comparison wants them, and
distributions that a test function compares, are left alone.

## Why is this bad
A key is not a state: the same key gives the same numbers. Draws that should be independent are
equal, or functions of each other.

## Example
```python
key = jax.random.key(0)
x = jax.random.normal(key, (100,))
noise = jax.random.normal(key, (100,))
```

## Use instead
```python
key_x, key_noise = jax.random.split(jax.random.key(0))
x = jax.random.normal(key_x, (100,))
noise = jax.random.normal(key_noise, (100,))
```

## References
https://docs.jax.dev/en/latest/random-numbers.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from numpyro_lint.context import Context
from numpyro_lint.diagnostic import Category, Diagnostic, Related, Severity
from numpyro_lint.model.ir import Param, Place, RandomKey, Use
from numpyro_lint.model.program import Module
from numpyro_lint.rule import rule

_SPLIT = "jax.random.split"
_RUNS = ("mcmc.", "svi.", "Predictive", "seed")


@rule("reused-key", category=Category.RANDOMNESS, severity=Severity.WARNING, since="0.1")
def check(module: Module, ctx: Context) -> Iterator[Diagnostic]:
    yield from _reused(_keyed(module.uses), False, ctx)
    for function in module.functions.values():
        yield from _reused(_keyed(function.uses), "test" in function.qualname, ctx)


def _keyed(uses: Sequence[Use]) -> list[Use]:
    return [use for use in uses if use.kind == "key"]


def _reused(uses: Sequence[Use], testing: bool, ctx: Context) -> Iterator[Diagnostic]:
    before: dict[object, list[Use]] = {}
    for use in uses:
        identity = _identity(use)
        if identity is None:
            continue
        earlier = before.setdefault(identity, [])
        first = next((each for each in earlier if not _exclusive(each.place, use.place)), None)
        if first is not None and not _paired(first, use, testing):
            yield _report(first, use, ctx)
        elif first is None and _repeats(use):
            yield ctx.report(
                use.span,
                f"{use.detail} has the same key in each pass of the loop, and so the same numbers; "
                "split the key, or use jax.random.fold_in",
            )
        earlier.append(use)


def _identity(use: Use) -> object:
    if isinstance(use.value, RandomKey):
        return use.value.born, use.value.parts
    if isinstance(use.value, Param) and "." not in use.value.name:
        return use.value.key
    return None


def _is_run(use: Use) -> bool:
    return use.detail.startswith(_RUNS)


def _paired(first: Use, second: Use, testing: bool) -> bool:
    """Two runs with one key: common random numbers, as a comparison wants them."""
    if testing and first.detail == second.detail == ".sample()":
        return True
    return _is_run(first) and _is_run(second)


def _exclusive(one: Place, two: Place) -> bool:
    taken = {branch.key: branch.arm for branch in one.branches}
    return any(taken.get(branch.key, branch.arm) != branch.arm for branch in two.branches)


def _repeats(use: Use) -> bool:
    """A draw in a loop, with a key that was made outside of it."""
    born = use.value.loops if isinstance(use.value, RandomKey) else ()
    return not _is_run(use) and any(loop not in born for loop in use.place.loops)


def _report(first: Use, second: Use, ctx: Context) -> Diagnostic:
    splits = (first.detail == _SPLIT) + (second.detail == _SPLIT)
    mild = _is_run(first) or _is_run(second) or splits == 1
    return ctx.report(
        second.span,
        f"{second.detail} has the key that {first.detail} has used: their numbers are not "
        "independent; split the key and give each its own",
        severity=Severity.INFO if mild else None,
        related=(Related(first.span, "the key is used here first"),),
    )
