"""Faults of what inference is given: models that an algorithm cannot infer, names, handlers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from plants.host import MARK, Host, Planted
from plants.models import Site
from plants.names import misspelt
from plants.plates import with_argument
from plants.registry import fault
from plants.runs import Run, predictives, runs
from plants.supports import POSITIVE
from plants.syntax import argument

_LOC_SCALE = ("Normal", "Cauchy", "Laplace", "Gumbel", "Logistic")


def _latents(host: Host) -> Iterator[tuple[Run, Site]]:
    for run in runs(host):
        for site in run.model.latents:
            yield run, site


def _another(host: Host, new: str) -> Iterator[Planted]:
    """Another distribution for each scalar latent site of a model under MCMC."""
    dist = host.say("numpyro.distributions")
    for _, site in _latents(host):
        if site.plain and site.family == "Normal" and site.dist is not None:
            yield host.edited(host.replace(site.dist, f"{dist}.{new}"), host.mark(site.call))


@fault("discrete-latent")
def endless_values(host: Host) -> Iterator[Planted]:
    """A latent site with a distribution whose values have no end."""
    return _another(host, "Poisson(3.0)")


@fault("unmarked-enumeration")
def summed_out(host: Host) -> Iterator[Planted]:
    """A latent site that is enumerated and not marked."""
    return _another(host, "Bernoulli(0.5)")


@fault("delta-latent")
def point(host: Host) -> Iterator[Planted]:
    """A latent site with a single value."""
    return _another(host, "Delta(0.5)")


@fault("circular-latent")
def circle(host: Host) -> Iterator[Planted]:
    """A latent site on a circle."""
    return _another(host, "VonMises(0.0, 1.0)")


@fault("param-in-mcmc")
def prior_made_param(host: Host) -> Iterator[Planted]:
    """A param in place of a latent scale."""
    numpyro, dist = host.say("numpyro"), host.say("numpyro.distributions")
    for _, site in _latents(host):
        if site.family in POSITIVE and site.plain:
            bound = f"constraint={dist}.constraints.positive"
            new = f'{numpyro}.param("{site.name}", 1.0, {bound})'
            yield host.edited(host.replace(site.call, new), host.mark(site.call))


@fault("subsampling-in-mcmc")
def subsampled(host: Host) -> Iterator[Planted]:
    """A plate that subsamples."""
    for run in runs(host):
        for site in run.model.sites:
            if site.kind == "plate" and len(site.call.args) == 2:
                size = site.call.args[1]
                if isinstance(size, ast.Constant) and size.value in (1, 2):
                    continue
                if all(keyword.arg == "dim" for keyword in site.call.keywords):
                    new = with_argument(host, site.call, "subsample_size=2")
                    yield host.edited(host.replace(site.call, new), host.mark(site.call))


def wrapped(host: Host, run: Run, around: str) -> tuple[int, int, str]:
    """Puts a handler around the model of a kernel: `around` has a place for it."""
    model = argument(run.kernel, 0, "model")
    assert model is not None
    return host.replace(model, around.format(run.model.name))


def _can_be_held(run: Run) -> bool:
    """Whether a number for each latent site leaves a model without any."""
    single = (s.plain and not s.plates and not s.call.keywords for s in run.model.latents)
    return run.model.whole and run.certain and bool(run.model.latents) and all(single)


@fault("no-latent-site")
def all_held(host: Host) -> Iterator[Planted]:
    """A model all of whose sites are held at values."""
    handlers = host.say("numpyro.handlers")
    for run in runs(host):
        if _can_be_held(run):
            held = ", ".join(f'"{site.name}": 0.5' for site in run.model.latents)
            around = f"{handlers}.condition({{}}, data={{{{{held}}}}})"
            yield host.edited(wrapped(host, run, around), host.mark(run.mcmc))


@fault("no-latent-site")
def all_hidden(host: Host) -> Iterator[Planted]:
    """A model all of whose latent sites a block hides."""
    handlers = host.say("numpyro.handlers")
    latent = 'lambda site: site["type"] == "sample" and not site["is_observed"]'
    for run in runs(host):
        if run.certain and run.model.latents:
            around = f"{handlers}.block({{}}, hide_fn={latent})"
            yield host.edited(wrapped(host, run, around), host.mark(run.mcmc))


@fault("substitute-in-inference")
def substituted(host: Host) -> Iterator[Planted]:
    """A site that is held by substitute in place of condition."""
    handlers = host.say("numpyro.handlers")
    for run, site in _latents(host):
        around = f'{handlers}.substitute({{}}, data={{{{{MARK}"{site.name}": 0.5}}}})'
        yield host.edited(wrapped(host, run, around))


@fault("hidden-latent-in-inference")
def hidden(host: Host) -> Iterator[Planted]:
    """A latent site that a block hides."""
    handlers = host.say("numpyro.handlers")
    for run, site in _latents(host):
        around = f'{handlers}.block({{}}, hide=[{MARK}"{site.name}"])'
        yield host.edited(wrapped(host, run, around))


@fault("learned-centering-in-mcmc")
def centring_learnt(host: Host) -> Iterator[Planted]:
    """A LocScaleReparam that nothing learns."""
    handlers, infer = host.say("numpyro.handlers"), host.say("numpyro.infer")
    for run, site in _latents(host):
        if site.family in _LOC_SCALE:
            config = f'{{{{"{site.name}": {MARK}{infer}.reparam.LocScaleReparam()}}}}'
            around = f"{handlers}.reparam({{}}, config={config})"
            yield host.edited(wrapped(host, run, around))


def _started(host: Host, run: Run, key: str) -> tuple[int, int, str] | None:
    """An initial value for a kernel that has none."""
    if any(each.arg in ("init_strategy", None) for each in run.kernel.keywords):
        return None
    infer = host.say("numpyro.infer")
    end = host.span(run.kernel)[1] - 1
    while host.text[end - 1] in " \n,":
        end -= 1
    return end, end, f', init_strategy={infer}.init_to_value(values={{{MARK}"{key}": 0.5}})'


@fault("stale-initial-value")
def replaced(host: Host) -> Iterator[Planted]:
    """An initial value for a site that a reparam has replaced."""
    handlers, infer = host.say("numpyro.handlers"), host.say("numpyro.infer")
    for run, site in _latents(host):
        start = _started(host, run, site.name)
        if site.family in _LOC_SCALE and site.plain and start is not None:
            config = f'{{{{"{site.name}": {infer}.reparam.LocScaleReparam(0)}}}}'
            around = f"{handlers}.reparam({{}}, config={config})"
            yield host.edited(wrapped(host, run, around), start)


@fault("unknown-site-in-inference")
def slip_in_initial_value(host: Host) -> Iterator[Planted]:
    """A slip in the name of a site that is given an initial value."""
    for run, site in _latents(host):
        wrong = misspelt(host, site.name)
        start = _started(host, run, wrong) if wrong else None
        if start is not None:
            yield host.edited(start)


@fault("unknown-site-in-inference")
def slip_in_samples(host: Host) -> Iterator[Planted]:
    """A slip in a name that is looked up in the samples."""
    for run in runs(host):
        names = {site.name for site in run.model.latents}
        owner = run.call.func
        assert isinstance(owner, ast.Attribute)
        taken = f"{host.source(owner.value)}.get_samples()"
        for name in sorted(names):
            if wrong := misspelt(host, name):
                line = f'planted = {taken}[{MARK}"{wrong}"]'
                yield host.edited(host.after(run.statement, line))


@fault("unknown-site-in-inference")
def slip_in_return_sites(host: Host) -> Iterator[Planted]:
    """A slip in the sites that a prediction is to return."""
    for predictive, model, _ in predictives(host):
        if any(each.arg in ("return_sites", None) for each in predictive.keywords):
            continue
        for site in model.observed:
            if wrong := misspelt(host, site.name):
                new = with_argument(host, predictive, f'return_sites=[{MARK}"{wrong}"]')
                yield host.edited(host.replace(predictive, new))


@fault("stale-deterministic")
def results_kept(host: Host) -> Iterator[Planted]:
    """A prediction that keeps the deterministic sites of the posterior."""
    infer, jax = host.say("numpyro.infer"), host.say("jax")
    for run in runs(host):
        if not any(site.kind == "deterministic" for site in run.model.sites):
            continue
        owner = run.call.func
        assert isinstance(owner, ast.Attribute)
        samples = f"{host.source(owner.value)}.get_samples()"
        given = f"{run.model.name}, {samples}, condition_deterministic=True"
        passed = " ".join(f"{jax}.random.PRNGKey(0), {run.arguments}".split())
        made = f"planted = {MARK}{infer}.Predictive({given})({passed})"
        yield host.edited(host.after(run.statement, made))


def _is_number(site: Site) -> bool:
    """Whether a site is drawn from a distribution of plain numbers."""
    given = site.dist.args if site.dist is not None and site.plain else []
    alone = not site.plates and not site.call.keywords
    return alone and bool(given) and all(isinstance(each, ast.Constant) for each in given)


@fault("unsupported-autoguide")
def one_number(host: Host) -> Iterator[Planted]:
    """A flow as the guide of a model with one latent number, or a model without latent sites."""
    handlers, infer = host.say("numpyro.handlers"), host.say("numpyro.infer")
    for run in runs(host):
        last = run.model.latents[-1:]
        if not _can_be_held(run):
            continue
        for kept in ([], last) if _is_number(last[0]) else ([],):
            names = [site.name for site in run.model.latents if site not in kept]
            held = ", ".join(f'"{name}": 0.5' for name in names)
            made = f"{handlers}.condition({run.model.name}, data={{{held}}})"
            guide = (
                f"{infer}.autoguide.{'AutoIAFNormal' if kept else 'AutoDiagonalNormal'}(planted)"
            )
            yield host.edited(
                host.after(run.statement, f"planted = {made}", *_fitted(host, run, guide))
            )


@fault("unsupported-autoguide")
def batch_untold(host: Host) -> Iterator[Planted]:
    """An autoguide for batches that is not told how many dims they have."""
    infer = host.say("numpyro.infer")
    for run in runs(host):
        guide = f"{infer}.autoguide.AutoBatchedMultivariateNormal(planted)"
        made = f"planted = {run.model.name}"
        yield host.edited(host.after(run.statement, made, *_fitted(host, run, guide)))


def _fitted(host: Host, run: Run, guide: str) -> list[str]:
    """Statements that fit `planted` with a guide."""
    infer, jax, numpyro = (host.say(name) for name in ("numpyro.infer", "jax", "numpyro"))
    arguments = " ".join(run.arguments.split())
    return [
        f"planted_svi = {infer}.SVI(",
        "    planted,",
        f"    {MARK}{guide},",
        f"    {numpyro}.optim.Adam(0.1),",
        f"    {infer}.Trace_ELBO(),",
        ")",
        f"planted_svi.run({jax}.random.PRNGKey(0), 10, {arguments})",
    ]
