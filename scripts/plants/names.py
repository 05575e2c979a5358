"""Faults of site names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from plants.host import MARK, Host, Planted
from plants.models import PRIMITIVES, Site, functions, model_of, models, written
from plants.registry import fault
from plants.syntax import argument


def name_of(site: Site) -> ast.expr:
    """Where a site's name is written."""
    found = argument(site.call, 0, "name")
    assert found is not None
    return found


def misspelt(host: Host, name: str) -> str | None:
    """A name with two letters exchanged that the program has nowhere."""
    for at in range(len(name) - 1, 0, -1):
        wrong = name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]
        if wrong not in host.text:
            return wrong
    return None


@fault("duplicate-site")
def same_name(host: Host) -> Iterator[Planted]:
    """A site has the name of the one before it."""
    for model in written(host):
        for kind in ("sample", "deterministic"):
            named = [site for site in model.sites if site.kind == kind]
            for first, second in pairwise(named):
                if first.name != second.name:
                    new = host.replace(name_of(second), f'"{first.name}"')
                    yield host.edited(new, host.mark(second.call))


@fault("constant-site-name-in-loop")
def put_in_a_loop(host: Host) -> Iterator[Planted]:
    """A site is drawn in a loop, under one name."""
    for model in written(host):
        for site in model.sites:
            simple = isinstance(site.statement, (ast.Assign, ast.Expr))
            if site.kind in ("sample", "deterministic") and simple:
                if host.is_wrappable(site.statement):
                    start, end, text = host.wrap(site.statement, "for _ in range(3):")
                    inside = text.index("\n") + 1
                    yield host.edited((start, end, text[:inside] + MARK + text[inside:]))


@fault("constant-site-name-in-loop")
def counter_left_out(host: Host) -> Iterator[Planted]:
    """The name of a site in a loop lacks the number of the pass."""
    for model in written(host):
        for loop in model.node.body:
            leaving = (ast.If, ast.Break, ast.Continue, ast.Return)
            if not isinstance(loop, ast.For) or any(isinstance(n, leaving) for n in ast.walk(loop)):
                continue
            for statement in loop.body:
                call = getattr(statement, "value", None)
                if host.api(call) not in ("sample", "deterministic"):
                    continue
                assert isinstance(call, ast.Call)
                name = argument(call, 0, "name")
                if isinstance(name, ast.JoinedStr) and isinstance(
                    statement, (ast.Assign, ast.Expr)
                ):
                    yield host.edited(host.replace(name, '"planted"'), host.mark(call))


@fault("site-type-clash")
def plate_and_site(host: Host) -> Iterator[Planted]:
    """A site has the name of the plate around it."""
    for model in written(host):
        for site in model.sites:
            for plate in site.plates[-1:]:
                name = argument(plate, 0, "name")
                if site.kind == "sample" and isinstance(name, ast.Constant):
                    new = host.replace(name_of(site), host.source(name))
                    yield host.edited(new, host.mark(site.call))


@fault("site-type-clash")
def result_and_site(host: Host) -> Iterator[Planted]:
    """A deterministic has the name of a site that is drawn before it."""
    for model in written(host):
        for first, second in pairwise(model.sites):
            if first.kind == "sample" and second.kind == "deterministic":
                new = host.replace(name_of(second), f'"{first.name}"')
                yield host.edited(new, host.mark(second.call))


@fault("helper-reused-without-scope")
def helper_called_again(host: Host) -> Iterator[Planted]:
    """A helper with sites is called once more."""
    for model in functions(host).values():
        for statement in model.body:
            value = getattr(statement, "value", None)
            for call in ast.walk(value) if isinstance(value, ast.expr) else ():
                if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                    continue
                helper = functions(host).get(call.func.id)
                if helper is None or not host.is_wrappable(statement) or helper is model:
                    continue
                sites = model_of(host, helper).sites
                if any(site.kind == "sample" for site in sites) and _is_model(host, model):
                    again = f"planted_again = {MARK}{host.source(call)}"
                    yield host.edited(host.after(statement, again))


def _is_model(host: Host, node: ast.FunctionDef) -> bool:
    return any(
        host.api(call) and node.name in {a.id for a in call.args if isinstance(a, ast.Name)}
        for call in ast.walk(host.tree)
        if isinstance(call, ast.Call)
    )


@fault("helper-reused-without-scope")
def model_run_twice(host: Host) -> Iterator[Planted]:
    """A model calls another twice."""
    handlers = host.say("numpyro.handlers")
    for model in models(host):
        if any(site.kind in ("sample", "deterministic") for site in model.sites):
            yield host.edited(
                host.appended(
                    "def planted_twice(*args, **kwargs):",
                    f"    first = {model.name}(*args, **kwargs)",
                    f"    second = {MARK}{model.name}(*args, **kwargs)",
                    "    return first, second",
                    "",
                    "",
                    f"planted = {handlers}.trace({handlers}.seed(planted_twice, 0))",
                )
            )


@fault("scope-collision")
def prefix_written_out(host: Host) -> Iterator[Planted]:
    """A name that is written with a scope's prefix, beside the site in that scope."""
    handlers, dist = host.say("numpyro.handlers"), host.say("numpyro.distributions")
    for model in written(host):
        for site in model.latents:
            if isinstance(site.statement, (ast.Assign, ast.Expr)):
                if host.is_wrappable(site.statement) and not site.plates:
                    header = f'with {handlers}.scope(prefix="planted"):'
                    sample = host.source(site.call.func)
                    again = f'{MARK}{sample}("planted/{site.name}", {dist}.Normal(0.0, 1.0))'
                    yield host.edited(
                        host.wrap(site.statement, header), host.after(site.statement, again)
                    )


@fault("reserved-site-suffix")
def name_of_reparam(host: Host) -> Iterator[Planted]:
    """A site has the name of the one that a reparam makes."""
    handlers, infer = host.say("numpyro.handlers"), host.say("numpyro.infer")
    for model in models(host):
        families = ("Normal", "Cauchy", "Laplace")
        normal = [site for site in model.latents if site.family in families and site.plain]
        for site in normal:
            for other in model.sites:
                if other.kind == "sample" and other is not site:
                    config = f'{{"{site.name}": {infer}.reparam.LocScaleReparam(0.5)}}'
                    yield host.edited(
                        host.replace(name_of(other), f'"{site.name}_decentered"'),
                        host.mark(other.call),
                        host.appended(
                            f"planted = {handlers}.reparam({model.name}, config={config})"
                        ),
                    )


@fault("invalid-site-name")
def number_as_name(host: Host) -> Iterator[Planted]:
    """A number in place of a name."""
    for model in written(host):
        for site in model.sites:
            if site.kind in PRIMITIVES and site.kind != "plate":
                yield host.edited(host.replace(name_of(site), f"{MARK}1"))


@fault("invalid-site-name")
def draw_in_name(host: Host) -> Iterator[Planted]:
    """A name that is made of what a site before it gave."""
    for model in written(host):
        for first, second in pairwise(model.sites):
            if first.latent and first.target and second.kind == "sample":
                new = f'{MARK}f"{second.name}_{{{first.target}}}"'
                yield host.edited(host.replace(name_of(second), new))
