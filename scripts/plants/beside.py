"""The data of a run observed once more, in another way, beside the site that observes them."""

from __future__ import annotations

from collections.abc import Iterator

from plants.host import MARK, Host, Planted
from plants.registry import fault
from plants.traced import observed


def _beside(host: Host, sample: str, plate: int = 0) -> Iterator[Planted]:
    """A site after the one that observes, in a plate of its own of so many elements if any: where
    no other plate is. {y} is the array of the data."""
    numpyro, jnp = host.say("numpyro"), host.say("jax.numpy")
    for _, site, _ in observed(host):
        if site.obs is None or not host.is_wrappable(site.statement) or (plate and site.plates):
            continue
        data = f"{jnp}.asarray({host.source(site.obs)})"
        made = sample.format(y=data, jnp=jnp, dist=host.say("numpyro.distributions"))
        line = f'{MARK}{numpyro}.sample("planted", {made})'
        around = f'with {numpyro}.plate("planted_plate", {plate}):'
        lines = (around, f"    {line}") if plate else (line,)
        yield host.edited(host.after(site.statement, *lines))


@fault("scalar-observation-in-plate", traced=True)
def mean_in_a_plate(host: Host) -> Iterator[Planted]:
    """The mean of the data, observed once more by each element of a plate."""
    return _beside(host, "{dist}.Normal(0.0, 1.0), obs={jnp}.mean({y})", plate=7)


@fault("broadcast-observation", traced=True)
def column_around_a_row(host: Host) -> Iterator[Planted]:
    """Data in a column, observed around themselves in a row."""
    return _beside(host, "{dist}.Normal(0.5 * {y}, 1.0), obs={y}[:, None] + 0.0")


@fault("plate-size-mismatch", traced=True)
def data_in_a_long_plate(host: Host) -> Iterator[Planted]:
    """Data in a plate that is longer than they are."""
    return _beside(host, "{dist}.Normal(0.0, 1.0), obs={y} + 0.0", plate=1009)


@fault("undeclared-batch-dim", traced=True)
def latent_of_two_axes(host: Host) -> Iterator[Planted]:
    """A latent with two axes in one plate."""
    return _beside(host, "{dist}.Normal({jnp}.zeros((3, 7)), 1.0)", plate=7)
