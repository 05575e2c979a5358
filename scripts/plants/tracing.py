"""Faults of what JAX traces."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from plants.host import MARK, Host, Planted
from plants.models import Model, Site, model_of, models
from plants.registry import fault
from plants.runs import inferred
from plants.syntax import argument


def _drawn(host: Host) -> Iterator[tuple[Model, Site, str]]:
    """The latent sites of models, each with the variable that holds a single number of it."""
    for model in inferred(host):
        for site in model.latents:
            alone = site.target and site.plain and not site.plates and not site.call.keywords
            if alone and site.target and len(site.call.args) == 2:
                yield model, site, site.target


@fault("branch-on-latent")
def python_if(host: Host) -> Iterator[Planted]:
    """An if on a drawn value."""
    for _, site, name in _drawn(host):
        yield host.edited(
            host.after(site.statement, f"{MARK}if {name} > 0.5:", f"    {name} = 2.0 * {name}")
        )


@fault("branch-on-latent")
def python_max(host: Host) -> Iterator[Planted]:
    """Python's max of a drawn value."""
    for _, site, name in _drawn(host):
        yield host.edited(host.after(site.statement, f"{name} = {MARK}max({name}, 0.1)"))


@fault("numpy-on-latent")
def numpy_function(host: Host) -> Iterator[Planted]:
    """A function of numpy's on a drawn value."""
    np = host.say("numpy")
    for _, site, name in _drawn(host):
        yield host.edited(host.after(site.statement, f"{name} = {MARK}{np}.tanh({name})"))


@fault("numpy-on-latent")
def python_number(host: Host) -> Iterator[Planted]:
    """A drawn value that is made a Python number."""
    for _, site, name in _drawn(host):
        yield host.edited(host.after(site.statement, f"{name} = {MARK}float({name})"))


@fault("numpy-on-latent")
def np_for_jnp(host: Host) -> Iterator[Planted]:
    """np where jnp is meant."""
    for model in inferred(host):
        drawn = {site.target for site in model.latents if site.target}
        for call in ast.walk(model.node):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            name = host.qualified(call.func)
            of = call.args[0]
            if name in ("jax.numpy.exp", "jax.numpy.log", "jax.numpy.sqrt", "jax.numpy.log1p"):
                if (
                    isinstance(of, ast.Name)
                    and of.id in drawn
                    and isinstance(call.func, ast.Attribute)
                ):
                    np = f"{host.say('numpy')}.{call.func.attr}"
                    yield host.edited(host.replace(call.func, np), host.mark(call))


@fault("latent-dependent-shape")
def drawn_shape(host: Host) -> Iterator[Planted]:
    """A shape from a drawn value."""
    jnp = host.say("jax.numpy")
    for _, site, name in _drawn(host):
        for line in (f"{jnp}.zeros({name})", f"{jnp}.arange({name})"):
            yield host.edited(host.after(site.statement, f"planted = {MARK}{line}"))


@fault("sample-in-jax-transform")
def scan_of_jax(host: Host) -> Iterator[Planted]:
    """A scan of JAX's in place of NumPyro's."""
    jax = host.say("jax")
    for model in models(host):
        for call in ast.walk(model.node):
            if host.api(call) != "scan" or not isinstance(call, ast.Call) or len(call.args) < 3:
                continue
            step = call.args[0]
            bodies = [
                each
                for each in model.node.body
                if isinstance(each, ast.FunctionDef)
                if isinstance(step, ast.Name) and each.name == step.id
            ]
            for body in bodies[:1]:
                inside = model_of(host, body).sites
                sites = [each for each in inside if each.kind in ("sample", "deterministic")]
                if sites and not call.keywords:
                    new = host.replace(call.func, f"{jax}.lax.scan")
                    yield host.edited(new, host.mark(sites[0].call))


@fault("sample-in-jax-transform")
def draw_in_vmap(host: Host) -> Iterator[Planted]:
    """A site in a function that vmap runs."""
    jax, jnp = host.say("jax"), host.say("jax.numpy")
    dist, numpyro = host.say("numpyro.distributions"), host.say("numpyro")
    for model in models(host):
        for site in model.latents[:2]:
            if not site.plates:
                drawn = f'{numpyro}.sample("planted", {dist}.Normal(x, 1.0))'
                yield host.edited(
                    host.after(
                        site.statement,
                        "def planted_draw(x):",
                        f"    return {MARK}{drawn}",
                        "",
                        f"planted_draws = {jax}.vmap(planted_draw)({jnp}.arange(3.0))",
                    )
                )


@fault("invalid-control-flow")
def scan_without_length(host: Host) -> Iterator[Planted]:
    """A scan that goes through nothing."""
    for model in models(host):
        for site in model.latents[:2]:
            if not site.plates:
                dist, numpyro = host.say("numpyro.distributions"), host.say("numpyro")
                drawn = f'{numpyro}.sample("planted", {dist}.Normal(state, 1.0))'
                yield host.edited(
                    host.after(
                        site.statement,
                        "def planted_step(state, _):",
                        f"    state = {drawn}",
                        "    return state, state",
                        "",
                        f"{MARK}planted_scan(planted_step, 0.0, None)",
                    )
                )


@fault("invalid-control-flow")
def step_of_one_argument(host: Host) -> Iterator[Planted]:
    """The function of a scan takes one argument more than it is given."""
    for node in ast.walk(host.tree):
        if not isinstance(node, ast.FunctionDef):
            continue
        inner = {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}
        for call in ast.walk(node):
            if host.api(call) != "scan" or not isinstance(call, ast.Call):
                continue
            step = argument(call, 0, "f")
            body = inner.get(step.id) if isinstance(step, ast.Name) else None
            if body is not None and len(body.args.args) == 2 and not body.args.defaults:
                last = host.source(body.args.args[1])
                new = host.replace(body.args.args[1], f"{last}, planted")
                yield host.edited(new, host.mark(call))


@fault("invalid-control-flow")
def unequal_arms(host: Host) -> Iterator[Planted]:
    """A cond only one of whose functions has a site."""
    dist, numpyro = host.say("numpyro.distributions"), host.say("numpyro")
    for _, site, name in _drawn(host):
        drawn = f'{numpyro}.sample("planted", {dist}.Normal(x, 1.0))'
        yield host.edited(
            host.after(
                site.statement,
                f"planted = {MARK}planted_cond(",
                f"    {name} > 0.5, lambda x: {drawn}, lambda x: x, {name}",
                ")",
            )
        )


@fault("side-effect-in-model")
def printed(host: Host) -> Iterator[Planted]:
    """A drawn value that is printed."""
    for _, site, name in _drawn(host):
        yield host.edited(host.after(site.statement, f"{MARK}print({name})"))


@fault("side-effect-in-model")
def kept(host: Host) -> Iterator[Planted]:
    """A drawn value that is kept in a list of the file's."""
    for model, site, name in _drawn(host):
        yield host.edited(
            host.before(model.node, "planted_kept = []", ""),
            host.after(site.statement, f"{MARK}planted_kept.append({name})"),
        )
