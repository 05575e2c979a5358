"""Faults of supports and constraints."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from plants.host import MARK, Host, Planted
from plants.models import Model, Site, written
from plants.registry import fault
from plants.runs import fits, fitted, runs, unhandled
from plants.syntax import argument

POSITIVE = ("HalfNormal", "HalfCauchy", "Exponential", "Gamma", "LogNormal", "InverseGamma")
_SECOND_IS_SCALE = ("Normal", "Cauchy", "Laplace", "LogNormal", "Gumbel", "Logistic")


def scaled_by(sites: Sequence[Site], name: str) -> Site | None:
    """The first site whose scale is a variable as it is."""
    for site in sites:
        if site.dist is not None and site.family in _SECOND_IS_SCALE:
            scale = argument(site.dist, 1, "scale")
            if isinstance(scale, ast.Name) and scale.id == name:
                return site
    return None


def _scales(model: Model) -> Iterator[tuple[Site, Site]]:
    """The latent scales of a model, each with the site that it is the scale of."""
    for index, site in enumerate(model.sites):
        if site.latent and site.plain and site.family in POSITIVE and site.target:
            stored = [
                node
                for node in ast.walk(model.node)
                if isinstance(node, ast.Name) and node.id == site.target
                if isinstance(node.ctx, ast.Store)
            ]
            consumer = scaled_by(model.sites[index + 1 :], site.target)
            if consumer is not None and len(stored) == 1:
                yield site, consumer


@fault("support-mismatch")
def real_scale(host: Host) -> Iterator[Planted]:
    """A prior on the whole real line for a scale."""
    dist = host.say("numpyro.distributions")
    for model in written(host):
        if "factor" in host.text:
            continue
        for site, consumer in _scales(model):
            assert site.dist is not None
            for new in ("Normal(0.0, 1.0)", "Uniform(-1.0, 1.0)"):
                yield host.edited(
                    host.replace(site.dist, f"{dist}.{new}"), host.mark(consumer.call)
                )


@fault("invalid-distribution-argument")
def negative_scale(host: Host) -> Iterator[Planted]:
    """A scale below zero, or a probability above one."""
    for model in written(host):
        for site in model.sites:
            dist = site.dist
            if site.kind != "sample" or dist is None:
                continue
            if site.family in _SECOND_IS_SCALE and (scale := argument(dist, 1, "scale")):
                yield host.edited(host.replace(scale, "-1.0"), host.mark(site.call))
            elif site.family in ("HalfNormal", "HalfCauchy", "Exponential", "Gamma", "Beta"):
                for first in dist.args[:1]:
                    yield host.edited(host.replace(first, "-2.0"), host.mark(site.call))
            elif site.family in ("Bernoulli", "BernoulliProbs", "Geometric"):
                if probs := argument(dist, 0, "probs"):
                    yield host.edited(host.replace(probs, "1.5"), host.mark(site.call))


@fault("unconstrained-param")
def constraint_left_out(host: Host) -> Iterator[Planted]:
    """A scale of a guide that is a param without its constraint."""
    for _, _, guide in fits(host):
        for index, site in enumerate(guide.sites):
            bound = next((k for k in site.call.keywords if k.arg == "constraint"), None)
            if site.kind != "param" or bound is None or site.target is None:
                continue
            consumer = scaled_by(guide.sites[index + 1 :], site.target)
            if consumer is not None and "positive" in host.source(bound):
                start, end = host.span(bound)
                while host.text[start - 1] in " \n,":
                    start -= 1
                yield host.edited((start, end, ""), host.mark(consumer.call))


@fault("unconstrained-param")
def another_constraint(host: Host) -> Iterator[Planted]:
    """A scale of a guide that is a param on the whole real line."""
    dist = host.say("numpyro.distributions")
    for _, _, guide in fits(host):
        for index, site in enumerate(guide.sites):
            bound = next((k for k in site.call.keywords if k.arg == "constraint"), None)
            if site.kind == "param" and bound is not None and site.target is not None:
                consumer = scaled_by(guide.sites[index + 1 :], site.target)
                if consumer is not None:
                    real = host.replace(bound.value, f"{dist}.constraints.real")
                    yield host.edited(real, host.mark(consumer.call))


@fault("unconstrained-param")
def prior_made_param(host: Host) -> Iterator[Planted]:
    """A scale of a model under SVI that is made a param."""
    numpyro = host.say("numpyro")
    for model in fitted(host):
        for site, consumer in _scales(model):
            new = f'{numpyro}.param("{site.name}", 1.0)'
            yield host.edited(host.replace(site.call, new), host.mark(consumer.call))


@fault("empty-interval")
def ends_exchanged(host: Host) -> Iterator[Planted]:
    """A Uniform whose ends are exchanged."""
    dist = host.say("numpyro.distributions")
    for model in written(host):
        for site in model.sites:
            if site.kind != "sample" or site.dist is None:
                continue
            ends = site.dist.args
            if site.family == "Uniform" and len(ends) == 2:
                low, high = map(host.source, ends)
                if all(isinstance(e, ast.Constant) for e in ends) and low != high:
                    yield host.edited(
                        host.replace(ends[0], high),
                        host.replace(ends[1], low),
                        host.mark(site.call),
                    )
            elif site.latent and site.family == "Normal":
                new = host.replace(site.dist, f"{dist}.Uniform(3.0, -3.0)")
                yield host.edited(new, host.mark(site.call))


@fault("dynamic-support")
def latent_end(host: Host) -> Iterator[Planted]:
    """An observation that is cut off at a latent value."""
    dist = host.say("numpyro.distributions")
    for model in written(host):
        ends = [s for s in model.latents if s.target and s.family == "Normal" and not s.plates]
        for site in model.observed:
            if site.dist is None or site.family != "Normal" or len(site.dist.args) != 2 or not ends:
                continue
            if model.sites.index(ends[0]) < model.sites.index(site):
                loc, scale = map(host.source, site.dist.args)
                new = f"{dist}.TruncatedNormal({loc}, {scale}, low={ends[0].target})"
                yield host.edited(host.replace(site.dist, new), host.mark(site.call))


@fault("lkj-correlation")
def correlation_as_factor(host: Host) -> Iterator[Planted]:
    """A correlation matrix that is used as its Cholesky factor."""
    dist, jnp = host.say("numpyro.distributions"), host.say("jax.numpy")
    for model in written(host):
        for site in model.latents:
            if site.plates or isinstance(site.statement, ast.With):
                continue
            sample = host.source(site.call.func)
            normal = f"{dist}.MultivariateNormal({jnp}.zeros(2), scale_tril=planted_matrix)"
            yield host.edited(
                host.after(
                    site.statement,
                    f'planted_matrix = {sample}("planted_matrix", {dist}.LKJ(2, 1.0))',
                    f'{MARK}{sample}("planted_pair", {normal})',
                )
            )


@fault("improper-prior-in-predictive")
def improper_prior(host: Host) -> Iterator[Planted]:
    """A prediction from a prior that cannot be drawn from."""
    dist = host.say("numpyro.distributions")
    infer, jax = host.say("numpyro.infer"), host.say("jax")
    for run in runs(host):
        for site in run.model.latents:
            if site.family == "Normal" and site.plain and site.dist is not None:
                improper = f"{dist}.ImproperUniform({dist}.constraints.real, (), ())"
                drawn = f"{infer}.Predictive({run.model.name}, num_samples=10)"
                passed = " ".join(f"{jax}.random.PRNGKey(0), {run.arguments}".split())
                yield host.edited(
                    host.replace(site.dist, improper),
                    host.after(run.statement, f"planted = {MARK}{drawn}({passed})"),
                )


def _is_used(model: Model, site: Site) -> bool:
    """Whether a model goes on with what a site gave."""
    names = (node for node in ast.walk(model.node) if isinstance(node, ast.Name))
    return any(each.id == site.target and isinstance(each.ctx, ast.Load) for each in names)


@fault("funnel")
def latent_scale(host: Host) -> Iterator[Planted]:
    """A scale of a group of sites that is made latent."""
    dist = host.say("numpyro.distributions")
    for model in unhandled(host):
        for site in model.latents:
            if site.family != "Normal" or site.dist is None or not _is_used(model, site):
                continue
            scale, first = argument(site.dist, 1, "scale"), model.sites[0]
            if isinstance(scale, ast.Constant) and not first.plates:
                sample = host.source(site.call.func)
                prior = f'planted_tau = {sample}("planted_tau", {dist}.HalfNormal(1.0))'
                yield host.edited(
                    host.before(first.statement, prior),
                    host.replace(scale, "planted_tau"),
                    host.mark(site.call),
                )


@fault("funnel-without-loc-scale")
def latent_scale_of_a_log_normal(host: Host) -> Iterator[Planted]:
    """A group of sites that becomes a LogNormal with a latent scale."""
    dist = host.say("numpyro.distributions")
    for model in unhandled(host):
        for site in model.latents:
            if site.family != "Normal" or site.dist is None or not _is_used(model, site):
                continue
            first = model.sites[0]
            if not first.plates:
                sample = host.source(site.call.func)
                prior = f'planted_tau = {sample}("planted_tau", {dist}.HalfNormal(1.0))'
                yield host.edited(
                    host.before(first.statement, prior),
                    host.replace(site.dist, f"{dist}.LogNormal(0.0, planted_tau)"),
                    host.mark(site.call),
                )
