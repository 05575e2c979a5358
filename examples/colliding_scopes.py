"""Two scopes that make one name.

`handlers.scope` puts a prefix and a divider before each site's name, so that one component can be
used several times. The names are joined as plain text, and two different ways can lead to one
name. Both models below contain such a mistake on purpose.

Under a tracer the clash of two sample sites is an AssertionError that gives the joined name, which
stands nowhere in the program. `forecast_mended` has names that cannot meet.
"""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers

TRAFFIC = jnp.array([1.2, 0.7, 1.9, 1.4, 1.1])


def level():
    return numpyro.sample("level", dist.Normal(0.0, 1.0))


def week_level():
    return numpyro.sample("week/level", dist.Normal(0.0, 0.5))


def forecast(y=None):
    with handlers.scope(prefix="north"):
        weekly = week_level()
    # The mistake: "north" + "/" + "week/level" above, "north/week" + "/" + "level" here.
    with handlers.scope(prefix="north/week"):
        base = level()
    with numpyro.plate("days", TRAFFIC.shape[0]):
        numpyro.sample("traffic", dist.Normal(base + weekly, 0.3), obs=y)


def two_roads(y=None):
    with handlers.scope(prefix="road"):
        first = level()
    # The mistake: the prefix of the first road again.
    with handlers.scope(prefix="road"):
        second = level()
    with numpyro.plate("days", TRAFFIC.shape[0]):
        numpyro.sample("traffic", dist.Normal(first - second, 0.3), obs=y)


def forecast_mended(y=None):
    with handlers.scope(prefix="north"):
        base = level()
        with handlers.scope(prefix="weekly"):
            weekly = level()
    with numpyro.plate("days", TRAFFIC.shape[0]):
        numpyro.sample("traffic", dist.Normal(base + weekly, 0.3), obs=y)


def main():
    for model in (forecast, two_roads, forecast_mended):
        seeded = handlers.seed(model, jax.random.key(0))
        try:
            names = list(handlers.trace(seeded).get_trace(TRAFFIC))
        except AssertionError as error:
            print(f"{model.__name__}: {error}")
        else:
            print(f"{model.__name__}: {', '.join(names)}")


if __name__ == "__main__":
    main()
