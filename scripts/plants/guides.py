"""Faults of guides."""

from __future__ import annotations

from collections.abc import Iterator

from plants.host import MARK, Host, Planted
from plants.models import Model, Site
from plants.names import misspelt, name_of
from plants.plates import with_argument
from plants.registry import fault
from plants.runs import fits
from plants.supports import POSITIVE


def _pairs(host: Host) -> Iterator[tuple[Model, Model, Site, Site]]:
    """Model and guide of each SVI, and each site that both draw."""
    for _, model, guide in fits(host):
        theirs = {site.name: site for site in model.latents}
        for site in guide.latents:
            if site.name in theirs:
                yield model, guide, theirs[site.name], site


@fault("guide-site-mismatch")
def slip_in_guide(host: Host) -> Iterator[Planted]:
    """A slip in the name of a site of the guide."""
    for _, _, _, site in _pairs(host):
        if wrong := misspelt(host, site.name):
            yield host.edited(host.replace(name_of(site), f'"{wrong}"'), host.mark(site.call))


@fault("guide-site-mismatch")
def forgotten_in_guide(host: Host) -> Iterator[Planted]:
    """A site of the model that the guide lacks."""
    for call, model, guide in fits(host):
        names = {site.name for site in model.latents}
        for site in guide.latents:
            if site.name in names and not site.target:
                yield host.edited(host.replace(site.call, "0.0"), host.mark(call))


@fault("guide-support-mismatch")
def real_in_guide(host: Host) -> Iterator[Planted]:
    """A guide that draws a positive site from a Normal."""
    dist = host.say("numpyro.distributions")
    for _, _, theirs, site in _pairs(host):
        if theirs.family in POSITIVE and site.dist is not None and site.plain:
            new = host.replace(site.dist, f"{dist}.Normal(0.0, 1.0)")
            yield host.edited(new, host.mark(site.call))


@fault("guide-support-mismatch")
def counts_in_guide(host: Host) -> Iterator[Planted]:
    """A guide that draws a continuous site from a discrete distribution."""
    dist = host.say("numpyro.distributions")
    for _, _, theirs, site in _pairs(host):
        if theirs.family in ("Normal", *POSITIVE) and site.dist is not None and site.plain:
            new = host.replace(site.dist, f"{dist}.Poisson(3.0)")
            yield host.edited(new, host.mark(site.call))


@fault("guide-shape-mismatch")
def event_in_guide(host: Host) -> Iterator[Planted]:
    """A site that is one event in the guide, and single numbers in the model."""
    dist, jnp = host.say("numpyro.distributions"), host.say("jax.numpy")
    for _, _, theirs, site in _pairs(host):
        if theirs.plain and theirs.family == "Normal" and site.plain and site.dist is not None:
            new = f"{dist}.Normal({jnp}.zeros(3), 1.0).to_event(1)"
            yield host.edited(host.replace(site.dist, new), host.mark(site.call))


@fault("guide-shape-mismatch")
def plate_in_guide(host: Host) -> Iterator[Planted]:
    """A plate around a site of the guide that is one number in the model."""
    numpyro = host.say("numpyro")
    for _, _, theirs, site in _pairs(host):
        single = theirs.plain and not theirs.plates and not theirs.call.keywords
        if single and _is_number(theirs) and not site.plates and host.is_wrappable(site.statement):
            header = f'with {MARK}{numpyro}.plate("planted", 3):'
            start, end, text = host.wrap(site.statement, header.replace(MARK, ""))
            at = text.index(numpyro)
            yield host.edited((start, end, text[:at] + MARK + text[at:]))


def _is_number(site: Site) -> bool:
    """Whether a site is drawn from a distribution of plain numbers."""
    import ast

    given = site.dist.args if site.dist is not None else []
    return bool(given) and all(isinstance(each, ast.Constant) for each in given)


@fault("observation-in-guide")
def observed_in_guide(host: Host) -> Iterator[Planted]:
    """A latent site that the guide observes."""
    for _, _, _, site in _pairs(host):
        new = with_argument(host, site.call, "obs=0.5")
        yield host.edited(host.replace(site.call, new), host.mark(site.call))


@fault("factor-in-guide")
def factor(host: Host) -> Iterator[Planted]:
    """A factor in the guide."""
    numpyro = host.say("numpyro")
    for _, _, _, site in _pairs(host):
        if not site.plates:
            line = f'{MARK}{numpyro}.factor("planted", -1.0)'
            yield host.edited(host.after(site.statement, line))
