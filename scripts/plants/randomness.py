"""Faults of random keys."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from plants.host import MARK, Host, Planted
from plants.models import models
from plants.plates import with_argument
from plants.registry import fault


def _drawn(host: Host, model: str) -> str:
    """Statements that trace a model under a seed, whatever its arguments."""
    handlers = host.say("numpyro.handlers")
    return "\n".join(
        (
            "def planted_draws(*arguments):",
            f"    return {handlers}.trace({handlers}.seed({model}, 1)).get_trace(*arguments)",
        )
    )


@fault("fixed-sample-key")
def key_in_sample(host: Host) -> Iterator[Planted]:
    """A site with a key of its own."""
    jax = host.say("jax")
    for model in models(host):
        for site in model.latents:
            new = with_argument(host, site.call, f"rng_key={jax}.random.PRNGKey(0)")
            yield host.edited(
                host.replace(site.call, new),
                host.mark(site.call),
                host.appended(_drawn(host, model.name)),
            )


@fault("reseeded-model")
def seed_in_model(host: Host) -> Iterator[Planted]:
    """A constant seed around a site of a model."""
    handlers = host.say("numpyro.handlers")
    for model in models(host):
        for site in model.latents if len(model.latents) > 1 else ():
            if host.is_wrappable(site.statement) and not isinstance(site.statement, ast.With):
                header = f"with {handlers}.seed(rng_seed=0):"
                start, end, text = host.wrap(site.statement, header)
                marked = text.replace("with ", f"with {MARK}", 1)
                yield host.edited((start, end, marked), host.appended(_drawn(host, model.name)))


@fault("reused-key")
def drawn_again(host: Host) -> Iterator[Planted]:
    """A key that is used for a second draw."""
    for statement in ast.walk(host.tree):
        if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
            continue
        call = statement.value
        drawing = host.qualified(call.func)
        if not drawing.startswith("jax.random.") or not call.args or _rebinds(statement):
            continue
        if drawing.rpartition(".")[2] in ("split", "PRNGKey", "key", "fold_in"):
            continue
        if isinstance(call.args[0], ast.Name) and host.is_wrappable(statement):
            jax = host.say("jax")
            line = f"planted = {MARK}{jax}.random.uniform({call.args[0].id}, (3,))"
            yield host.edited(host.after(statement, line))


def _rebinds(statement: ast.Assign) -> bool:
    """Whether a statement gives the key's own name another value."""
    assert isinstance(statement.value, ast.Call)
    key = statement.value.args[0]
    names = {n.id for t in statement.targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    return isinstance(key, ast.Name) and key.id in names


@fault("reused-key")
def split_again(host: Host) -> Iterator[Planted]:
    """A key that is split twice."""
    for statement in ast.walk(host.tree):
        if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
            continue
        call = statement.value
        if (
            host.qualified(call.func) == "jax.random.split"
            and call.args
            and not _rebinds(statement)
        ):
            if isinstance(call.args[0], ast.Name) and host.is_wrappable(statement):
                line = f"planted = {MARK}{' '.join(host.source(call).split())}"
                yield host.edited(host.after(statement, line))


@fault("impure-randomness")
def numpy_in_model(host: Host) -> Iterator[Planted]:
    """A draw of numpy's in a model."""
    np = host.say("numpy")
    for model in models(host):
        for site in model.latents[:2]:
            yield host.edited(
                host.after(site.statement, f"planted_noise = {MARK}{np}.random.normal(size=3)")
            )


@fault("jitted-seed")
def seed_outside_jit(host: Host) -> Iterator[Planted]:
    """A compiled model that draws from a seed around it."""
    handlers, jax = host.say("numpyro.handlers"), host.say("jax")
    for model in models(host):
        if model.latents:
            yield host.edited(
                host.appended(
                    "def planted_draws(*arguments):",
                    f"    with {handlers}.seed(rng_seed=0):",
                    f"        return {MARK}{jax}.jit({model.name})(*arguments)",
                )
            )
