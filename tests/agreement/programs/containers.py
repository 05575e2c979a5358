"""Priors, plates and functions that are looked up in containers."""

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.handlers import seed, trace

PRIORS = {"mu": dist.Normal(0.0, 1.0), "sigma": dist.HalfNormal(1.0)}
SPECS = [("a", dist.Normal(0.0, 1.0)), ("b", dist.HalfNormal(1.0))]
NESTED = {"slope": {"loc": 0.0, "scale": 1.0}, "offset": {"loc": 1.0, "scale": 2.0}}


def looked_up():
    numpyro.sample("mu", PRIORS["mu"])
    for name, prior in PRIORS.items():
        numpyro.sample(f"again_{name}", prior)
    for name, prior in SPECS:
        numpyro.sample(name, prior)
    for name in PRIORS:
        numpyro.sample(f"key_{name}", PRIORS[name])
    for name in sorted(PRIORS):
        numpyro.sample(f"sorted_{name}", PRIORS[name])
    for name, spec in NESTED.items():
        numpyro.sample(name, dist.Normal(spec["loc"], spec["scale"]))


trace(seed(looked_up, 0)).get_trace()


def passed(priors):
    values = {}
    for name, prior in priors.items():
        values[name] = numpyro.sample(name, prior)
    return values


trace(seed(passed, 0)).get_trace(PRIORS)


def passed_on():
    passed({"p": dist.Normal(0.0, 1.0), "q": dist.Normal(0.0, 1.0)})
    passed(dict(r=dist.Normal(0.0, 1.0)))


trace(seed(passed_on, 0)).get_trace()


def plates_in_containers(n, m, y=None):
    plates = {"rows": numpyro.plate("rows", n, dim=-2), "columns": numpyro.plate("columns", m, dim=-1)}
    with plates["rows"]:
        a = numpyro.sample("a", dist.Normal(0.0, 1.0))
    with plates["columns"]:
        b = numpyro.sample("b", dist.Normal(0.0, 1.0))
    with plates["rows"], plates["columns"]:
        numpyro.sample("y", dist.Normal(a + b, 1.0), obs=y)
    pair = [numpyro.plate("i", n, dim=-2), numpyro.plate("j", m, dim=-1)]
    with pair[0]:
        numpyro.sample("c", dist.Normal(0.0, 1.0))
    first, second = pair
    with first, second:
        numpyro.sample("d", dist.Normal(0.0, 1.0))


trace(seed(plates_in_containers, 0)).get_trace(2, 3, y=jnp.zeros((2, 3)))


def make_plates(n, m):
    return numpyro.plate("n", n, dim=-2), numpyro.plate("m", m, dim=-1)


def plates_from_helpers():
    rows, columns = make_plates(2, 3)
    with rows:
        numpyro.sample("a", dist.Normal(0.0, 1.0))
    with rows, columns:
        numpyro.sample("b", dist.Normal(0.0, 1.0))


trace(seed(plates_from_helpers, 0)).get_trace()


def inside(plate, name):
    with plate:
        return numpyro.sample(name, dist.Normal(0.0, 1.0))


def plates_as_arguments():
    plate = numpyro.plate("n", 4)
    inside(plate, "a")
    inside(plate, "b")
    inside(numpyro.plate("own", 2), name="c")


trace(seed(plates_as_arguments, 0)).get_trace()


def grown():
    names = []
    for letter in "xyz":
        names.append(f"beta_{letter}")
    coefficients = []
    for name in names:
        coefficients.append(numpyro.sample(name, dist.Normal(0.0, 1.0)))
    numpyro.deterministic("total", sum(coefficients))
    table = {}
    table["late"] = dist.Normal(0.0, 1.0)
    table.update(later=dist.Normal(0.0, 1.0))
    for name, prior in table.items():
        numpyro.sample(name, prior)


trace(seed(grown, 0)).get_trace()


def draw_slope():
    return numpyro.sample("slope", dist.Normal(0.0, 1.0))


def draw_offset(name="offset"):
    return numpyro.sample(name, dist.Normal(0.0, 1.0))


DRAWS = {"slope": draw_slope, "offset": draw_offset}


def functions_in_containers():
    DRAWS["slope"]()
    for draw in (draw_offset,):
        draw("again")
    for name, draw in [("first", draw_offset), ("second", draw_offset)]:
        draw(name)
    parts = [draw() for draw in DRAWS.values() if draw is draw_offset]
    return parts


trace(seed(functions_in_containers, 0)).get_trace()


def tree(spec, prefix=""):
    values = {}
    for key, value in spec.items():
        if isinstance(value, dict):
            values[key] = tree(value, prefix=f"{prefix}{key}.")
        else:
            values[key] = numpyro.sample(f"{prefix}{key}", value)
    return values


def recursive_priors():
    return tree({"layer": {"w": dist.Normal(0.0, 1.0), "b": dist.Normal(0.0, 1.0)}, "sigma": dist.HalfNormal(1.0)})


trace(seed(recursive_priors, 0)).get_trace()
