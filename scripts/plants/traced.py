"""Faults that only a trace shows: in what a run is given, and in what becomes of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from plants.host import MARK, Host, Planted
from plants.models import Model, Site
from plants.registry import fault
from plants.runs import Run, runs

_COUNTS = ("Poisson", "Bernoulli", "Binomial", "Categorical")
_POSITIVE = ("Gamma", "LogNormal", "Exponential", "InverseGamma", "Weibull")
_PLAIN = ("Normal", "StudentT", "Cauchy", "Laplace", *_COUNTS[:3], *_POSITIVE)
# What would be traced instead, standing before the run.
_CALLS = "Predictive render_model get_trace seed SVI reparam condition substitute"
_OTHERS = tuple(f"{name}(" for name in _CALLS.split())


def observed(host: Host) -> Iterator[tuple[Run, Site, ast.expr]]:
    """The first runs of models, and their sites that observe nothing but one argument, with what is
    given for it; where the argument has another part in the model too, as it stands at the site."""
    for run in runs(host):
        if not run.certain or _is_run_before(host, run):
            continue
        if next(each for each in runs(host) if each.model is run.model) is not run:
            continue
        for site in run.model.observed:
            given = run.data.get(site.obs.id) if isinstance(site.obs, ast.Name) else None
            if given is not None and site.family is not None and site.plain:
                alone = _uses(run.model, site.obs.id) == 1
                yield run, site, given if alone else site.obs


def _is_run_before(host: Host, run: Run) -> bool:
    """Whether something else than the run, before it, may be what is traced."""
    before = host.text[: host.span(run.statement)[0]]
    if not any(word in before for word in _OTHERS):
        return False
    start, end = host.span(run.model.node)
    mentions = re.findall(rf"\b{run.model.name}\b(?!\s*=)", before[:start] + before[end:])
    return len(mentions) > 1 or not host.is_top(run.call)


def _uses(model: Model, name: str) -> int:
    inside = ast.walk(ast.Module(model.node.body, []))
    return sum(isinstance(node, ast.Name) and node.id == name for node in inside)


def _given(host: Host, site: Site, given: ast.expr, new: str) -> Planted:
    """The program with other data for a site."""
    value = new.format(host.source(given), jnp=host.say("jax.numpy"))
    return host.edited(host.replace(given, value), host.mark(site.call))


@fault("non-finite-observation", traced=True)
def missing_value(host: Host) -> Iterator[Planted]:
    """Data with nan in them."""
    for _, site, given in observed(host):
        yield _given(host, site, given, "{} * {jnp}.nan")


@fault("non-finite-observation", traced=True)
def missing_value_later(host: Host) -> Iterator[Planted]:
    """Data with nan in them, in a second run."""
    for run, site, given in observed(host):
        start, text = host.span(run.call)[0], host.source(run.call)
        first, last = (end - start for end in host.span(given))
        if first < 0 or last > len(text):
            continue
        other = f"{host.source(given)} * {host.say('jax.numpy')}.nan"
        again = f"{text[:first]}{other}{text[last:]}"
        yield host.edited(host.after(run.statement, again), host.mark(site.call))


@fault("observation-out-of-support", traced=True)
def below_support(host: Host) -> Iterator[Planted]:
    """Counts and positive data that are negative."""
    for _, site, given in observed(host):
        if site.family in (*_COUNTS, *_POSITIVE):
            yield _given(host, site, given, "-1000 - {jnp}.asarray({})")


@fault("unconverted-observation", traced=True)
def list_of_data(host: Host) -> Iterator[Planted]:
    """Data in a list. The density of a binomial takes it as it is."""
    for _, site, given in observed(host):
        if site.family not in ("Binomial", "Bernoulli"):
            yield _given(host, site, given, "list({jnp}.atleast_1d({}))")


@fault("scalar-observation-in-plate", traced=True)
def mean_of_data(host: Host) -> Iterator[Planted]:
    """The mean of the data in a plate whose elements are all alike."""
    for run, site, given in observed(host):
        drawn = {each.target for each in run.model.latents if not each.plates and each.plain}
        arguments = [*site.dist.args, *(k.value for k in site.dist.keywords)] if site.dist else []
        names = {n.id for each in arguments for n in ast.walk(each) if isinstance(n, ast.Name)}
        alike = names <= drawn | set(host.aliases)
        if site.plates and alike and site.family in _PLAIN:
            yield _given(host, site, given, "{jnp}.round({jnp}.mean({jnp}.asarray({})))")


def _in_plate(host: Host, new: str) -> Iterator[Planted]:
    """Other data for the sites of one plate."""
    for _, site, given in observed(host):
        if len(site.plates) == 1 and site.family in _PLAIN:
            yield _given(host, site, given, new)


@fault("undeclared-batch-dim", traced=True)
def data_twice(host: Host) -> Iterator[Planted]:
    """Data with an axis that no plate stands for."""
    return _in_plate(host, "{jnp}.stack([{0}, {0}])")


@fault("plate-size-mismatch", traced=True)
def data_repeated(host: Host) -> Iterator[Planted]:
    """More data than their plate has elements."""
    return _in_plate(host, "{jnp}.repeat({jnp}.asarray({}), 2)")


@fault("broadcast-observation", traced=True)
def column_of_data(host: Host) -> Iterator[Planted]:
    """Data in a column."""
    return _in_plate(host, "{jnp}.asarray({})[:, None]")


@fault("disconnected-latent", traced=True)
def unused_latent(host: Host) -> Iterator[Planted]:
    """A prior that nothing uses."""
    for run, site, _ in observed(host):
        normal = f"{host.say('numpyro.distributions')}.Normal(0.0, 1.0)"
        new = f'{host.say("numpyro")}.sample("planted", {normal})'
        if not site.plates:
            yield host.edited(host.before(site.statement, MARK + new))
        elif run.model.node.body[-1].lineno <= site.statement.lineno:
            yield host.edited(host.before(run.model.node.body[-1], MARK + new))


@fault("untraceable-model", traced=True)
def order_of_values(host: Host) -> Iterator[Planted]:
    """An order that Python makes of the values of a latent site."""
    for run, _, _ in observed(host):
        for site in run.model.latents:
            if site.target is not None and not site.plates and site.plain:
                total = f"{host.say('jax.numpy')}.sum({site.target})"
                new = f"planted = {MARK}sorted(range(2), key={total}.__mul__)"
                yield host.edited(host.after(site.statement, new))


@fault("handler-value-shape", traced=True)
def value_of_other_size(host: Host) -> Iterator[Planted]:
    """A substitute with more values than a plate has elements."""
    handlers, jnp = host.say("numpyro.handlers"), host.say("jax.numpy")
    for run, _, _ in observed(host):
        for site in run.model.latents:
            if len(site.plates) == 1 and site.plain and site.family in _PLAIN:
                held = f'{{"{site.name}": 0.5 * {jnp}.ones(1009)}}'
                made = f"planted = {handlers}.substitute({run.model.name}, data={held})"
                seeded = f"{handlers}.seed(planted, 0)"
                traced = f"{handlers}.trace({seeded}).get_trace({run.arguments})"
                yield host.edited(
                    host.after(run.statement, made, f"planted_trace = {traced}"),
                    host.mark(site.call),
                )


@fault("handler-value-shape", traced=True)
def value_of_another_vector(host: Host) -> Iterator[Planted]:
    """A substitute with seven values for a site of three."""
    dist, numpyro = host.say("numpyro.distributions"), host.say("numpyro")
    for run, handlers, jnp in _traceable(host):
        first = run.model.sites[0].statement
        drawn = f'{MARK}{numpyro}.sample("planted_three", {dist}.Normal({jnp}.zeros(3), 1.0))'
        held = f'{{"planted_three": {jnp}.ones(7)}}'
        made = f"planted = {handlers}.substitute({run.model.name}, data={held})"
        traced = f"{handlers}.trace({handlers}.seed(planted, 0)).get_trace({run.arguments})"
        yield host.edited(
            host.before(first, drawn),
            host.after(run.statement, made, f"planted_trace = {traced}"),
        )


@fault("handler-without-effect", traced=True)
def params_of_a_guide(host: Host) -> Iterator[Planted]:
    """A model that is given the params of a guide in place of its sites."""
    for run, handlers, jnp in _traceable(host):
        names = [f"{site.name}_auto_loc" for site in run.model.latents if site.name]
        held = f"dict(zip({names}, {jnp}.ones({len(names)})))"
        made = f"planted = {MARK}{handlers}.substitute({run.model.name}, data=planted_fitted)"
        if names:
            yield _seeded(host, run, handlers, f"planted_fitted = {held}", made)


@fault("handler-without-effect", traced=True)
def lift_of_nothing(host: Host) -> Iterator[Planted]:
    """A lift around a model without params."""
    prior = f"{host.say('numpyro.distributions')}.Normal(0.0, 1.0)"
    for run, handlers, _ in _traceable(host):
        if not any(site.kind == "param" for site in run.model.sites):
            made = f"planted = {MARK}{handlers}.lift({run.model.name}, prior={prior})"
            yield _seeded(host, run, handlers, made)


def _traceable(host: Host) -> Iterator[tuple[Run, str, str]]:
    """The runs after which a model can be traced once more, and how the host writes modules."""
    for run in dict.fromkeys(run for run, _, _ in observed(host)):
        yield run, host.say("numpyro.handlers"), host.say("jax.numpy")


def _seeded(host: Host, run: Run, handlers: str, *lines: str) -> Planted:
    """The program with a trace of what is made after a run."""
    traced = f"{handlers}.trace({handlers}.seed(planted, 0)).get_trace({run.arguments})"
    return host.edited(host.after(run.statement, *lines, f"planted_trace = {traced}"))


@fault("non-finite-log-density", valued=True)
def limit_out_of_reach(host: Host) -> Iterator[Planted]:
    """A factor that rules out where a chain may begin."""
    numpyro, jnp = host.say("numpyro"), host.say("jax.numpy")
    for run, _, _ in observed(host):
        if any(each.arg == "init_strategy" for each in run.kernel.keywords):
            continue  # where it begins then is for the strategy to say
        for site in run.model.latents:
            if site.target is not None and not site.plates and site.plain:
                reached = f"{jnp}.where({jnp}.sum({site.target}) > 1e6, 0.0, -{jnp}.inf)"
                new = f'{MARK}{numpyro}.factor("planted", {reached})'
                yield host.edited(host.after(site.statement, new))


@fault("unstable-sites", valued=True)
def name_by_chance(host: Host) -> Iterator[Planted]:
    """A site whose name is drawn by numpy."""
    normal = f"{host.say('numpyro.distributions')}.Normal(0.0, 1.0)"
    name = f'f"planted_{{{host.say("numpy")}.random.randint(10**9)}}"'
    for run, _, _ in observed(host):
        for site in run.model.latents:
            if not site.plates:
                new = f"{MARK}{host.say('numpyro')}.sample({name}, {normal})"
                yield host.edited(host.after(site.statement, new))
