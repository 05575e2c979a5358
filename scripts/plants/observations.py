"""Faults of what is observed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from plants.host import MARK, Host, Planted
from plants.models import Model, Site, written
from plants.plates import with_argument
from plants.registry import fault
from plants.runs import predictives, runs
from plants.syntax import argument, own_calls

_COUNTS = ("Delta", "Unit", "Poisson", "Bernoulli", "Categorical", "Binomial", "DiscreteUniform")
_SCALES = ("HalfNormal", "HalfCauchy", "Exponential", "Gamma", "LogNormal", "InverseGamma")
_CONTINUOUS = ("Normal", "StudentT", "Cauchy", "Laplace", "LogNormal", "Gamma")


@fault("positional-observation")
def shape_in_place_of_data(host: Host) -> Iterator[Planted]:
    """A shape as the third argument of sample."""
    for model in written(host):
        for site in model.latents:
            plain = site.plain and site.family not in _COUNTS
            if plain and len(site.call.args) == 2 and not site.call.keywords:
                for shape in ("(3,)", "5"):
                    new = with_argument(host, site.call, shape)
                    yield host.edited(host.replace(site.call, new), host.mark(site.call))


def _has_factor(host: Host, model: Model) -> bool:
    """Whether a model may have a density besides those of its sites."""
    return "factor" in host.source(model.node)


@fault("observation-depends-on-latent")
def data_scaled(host: Host) -> Iterator[Planted]:
    """Data that are divided by a scale that is latent."""
    for model in written(host):
        if _has_factor(host, model):
            continue
        scales = [s for s in model.latents if s.family in _SCALES and s.target and not s.plates]
        for site in model.observed:
            if not isinstance(site.obs, ast.Name) or site.family not in _CONTINUOUS:
                continue
            for scale in scales[:1] if site.obs.id in model.params else ():
                new = host.replace(site.obs, f"{site.obs.id} / {scale.target}")
                yield host.edited(new, host.mark(site.call))


def _data(site: Site, model: Model) -> str | None:
    """The parameter of a model that a site observes, where None is its default."""
    if not isinstance(site.obs, ast.Name) or site.obs.id not in model.params:
        return None
    default = default_of(model, site.obs.id)
    return site.obs.id if isinstance(default, ast.Constant) and default.value is None else None


def default_of(model: Model, name: str) -> ast.expr | None:
    """The default of a parameter."""
    defaults = model.node.args.defaults
    late = model.params[len(model.params) - len(defaults) :]
    return dict(zip(late, defaults, strict=True)).get(name)


def _needs_data(host: Host, model: Model) -> bool:
    """Whether a model has one observed site, which can be drawn as well, and no other density."""
    families = {site.family for site in model.observed}
    alone = len(model.observed) == 1 and families <= set(_CONTINUOUS)
    return alone and model.whole and not _has_factor(host, model)


@fault("no-observed-site")
def data_forgotten(host: Host) -> Iterator[Planted]:
    """A run that is not given the data."""
    for run in runs(host):
        model = run.model
        if not _needs_data(host, model):
            continue
        name = _data(model.observed[0], model)
        for keyword in run.call.keywords:
            if name is not None and keyword.arg == name:
                start, end = host.span(keyword)
                while host.text[start - 1] in " \n,":
                    start -= 1
                yield host.edited((start, end, ""), host.mark(run.mcmc))


@fault("no-observed-site")
def data_unused(host: Host) -> Iterator[Planted]:
    """A model that leaves its data out of account."""
    for run in runs(host):
        model = run.model
        if _needs_data(host, model):
            site = model.observed[0]
            if site.obs is not None and "obs_mask" not in host.source(site.call):
                yield host.edited(host.replace(site.obs, "None"), host.mark(run.mcmc))


def _predictions(host: Host) -> Iterator[tuple[Model, ast.Call, Site, str]]:
    """Predictions that leave out the data of a model's only observed site, and their name."""
    for _, model, call in predictives(host):
        if len(model.observed) != 1 or any(isinstance(a, ast.Starred) for a in call.args):
            continue
        name = _data(model.observed[0], model)
        given = {keyword.arg for keyword in call.keywords}
        if name is None or None in given or name in given:
            continue
        if len(call.args) - 1 <= model.params.index(name):
            yield model, call, model.observed[0], name


@fault("required-observation")
def default_left_out(host: Host) -> Iterator[Planted]:
    """A model that cannot be run without its data, and a prediction that does so."""
    for model, call, _, name in _predictions(host):
        default = default_of(model, name)
        if default is None or default is not model.node.args.defaults[0]:
            continue
        start, end = host.span(default)
        start = host.text.rindex("=", 0, start)
        while host.text[start - 1] == " ":
            start -= 1
        annotated = host.text[:end].rpartition(name)[2].find(":") >= 0
        if not annotated:
            yield host.edited((start, end, ""), host.mark(call))


@fault("required-observation")
def length_of_data(host: Host) -> Iterator[Planted]:
    """A plate whose size is that of data that a prediction leaves out."""
    for _, _, site, name in _predictions(host):
        for plate in site.plates[:1]:
            size = argument(plate, 1, "size")
            if size is not None and len(site.plates) == 1:
                yield host.edited(host.replace(size, f"{MARK}len({name})"))


@fault("observation-in-predictive")
def data_passed(host: Host) -> Iterator[Planted]:
    """A prediction that is given the data, and is read."""
    infer, jax = host.say("numpyro.infer"), host.say("jax")
    for run in runs(host):
        inside = run.scope.args.args if isinstance(run.scope, ast.FunctionDef) else []
        if len(run.model.observed) != 1 or any(each.arg in run.arguments for each in inside):
            continue
        site = run.model.observed[0]
        name = _data(site, run.model)
        given = {keyword.arg for keyword in run.call.keywords}
        if name is None or not (
            name in given or len(run.call.args) - 1 > run.model.params.index(name)
        ):
            continue
        made = f"{infer}.Predictive({run.model.name}, num_samples=10)"
        passed = f"{jax}.random.PRNGKey(0), {MARK}{run.arguments}"
        yield host.edited(
            host.after(
                run.statement,
                f"planted = {made}({' '.join(passed.split())})",
                f'planted_mean = planted["{site.name}"].mean(0)',
            )
        )


@fault("observation-in-predictive")
def data_in_prediction(host: Host) -> Iterator[Planted]:
    """A prediction of the program that is given the data of the run before it."""
    given = {run.model.name: run for run in runs(host)}
    for model, call, site, name in _predictions(host):
        run = given.get(model.name)
        data = run.data.get(name) if run is not None else None
        if data is None or run is None or not run.certain or not _is_read(host, call, site.name):
            continue
        if call in own_calls(run.scope):
            new = with_argument(host, call, f"{name}={MARK}{host.source(data)}")
            yield host.edited(host.replace(call, new))


def _is_read(host: Host, call: ast.Call, name: str) -> bool:
    """Whether a site is looked up in what a call gives, at once or by a name of its own."""
    held = [
        node.targets[0].id
        for node in ast.walk(host.tree)
        if isinstance(node, ast.Assign) and node.value is call
        if isinstance(node.targets[0], ast.Name)
    ]
    return any(
        node.value is call or (isinstance(node.value, ast.Name) and node.value.id in held)
        for node in ast.walk(host.tree)
        if isinstance(node, ast.Subscript)
        if isinstance(node.slice, ast.Constant) and node.slice.value == name
    )


@fault("masked-observation-in-mcmc")
def mask_of_data(host: Host) -> Iterator[Planted]:
    """An observation with obs_mask under MCMC."""
    jnp = host.say("jax.numpy")
    for run in runs(host):
        for site in run.model.observed:
            if isinstance(site.obs, ast.Name) and "obs_mask" not in host.source(site.call):
                mask = f"obs_mask=~{jnp}.isnan({site.obs.id})"
                new = with_argument(host, site.call, mask)
                yield host.edited(host.replace(site.call, new), host.mark(site.call))
