"""Names: literal, by keyword, computed from constants, parameters and loops."""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.handlers import seed, trace

PREFIX = "global"
COLUMNS = ["age", "weight", "height"]


def keywords():
    numpyro.sample(name="a", fn=dist.Normal(0.0, 1.0))
    numpyro.sample(fn=dist.HalfNormal(1.0), name="b")
    numpyro.sample("c", dist.Normal(0.0, 1.0), jnp.ones(()))
    numpyro.sample("d", dist.Normal(0.0, 1.0), obs=0.5, rng_key=None)
    numpyro.deterministic(name="e", value=jnp.zeros(()))
    numpyro.param("f", 1.0)
    numpyro.factor("g", jnp.zeros(()))


trace(seed(keywords, 0)).get_trace()


def computed():
    stem = "beta"
    numpyro.sample(f"{PREFIX}_x", dist.Normal(0.0, 1.0))
    numpyro.sample(stem + "_0", dist.Normal(0.0, 1.0))
    numpyro.sample("{}_{}".format(stem, 1), dist.Normal(0.0, 1.0))
    numpyro.sample("%s_%d" % (stem, 2), dist.Normal(0.0, 1.0))
    numpyro.sample("_".join([stem, "3"]), dist.Normal(0.0, 1.0))
    name = stem.upper()
    numpyro.sample(name, dist.Normal(0.0, 1.0))
    numpyro.sample(f"{stem.capitalize()}_{4:02d}", dist.Normal(0.0, 1.0))
    numpyro.sample(stem.replace("b", "z"), dist.Normal(0.0, 1.0))


trace(seed(computed, 0)).get_trace()


def in_loops(columns, k):
    for column in COLUMNS:
        numpyro.sample(f"b_{column}", dist.Normal(0.0, 1.0))
    for i in range(k):
        numpyro.sample(f"z_{i}", dist.Normal(0.0, 1.0))
    for i, column in enumerate(COLUMNS):
        numpyro.sample(column + f"_{i}", dist.Normal(0.0, 1.0))
    for name, scale in zip(["p", "q"], [1.0, 2.0]):
        numpyro.sample(name, dist.Normal(0.0, scale))
    for name, scale in {"r": 1.0, "s": 2.0}.items():
        numpyro.sample(name, dist.Normal(0.0, scale))
    for name in ("t", "u"):
        numpyro.sample(name, dist.Normal(0.0, 1.0))
    for column in columns:
        numpyro.sample("free_" + column, dist.Normal(0.0, 1.0))
    i = 0
    while i < 2:
        numpyro.sample(f"w{i}", dist.Normal(0.0, 1.0))
        i += 1


trace(seed(in_loops, 0)).get_trace(["one", "two"], 3)


def all_by_name(names=("left", "right")):
    return {name: numpyro.sample(name, dist.Normal(0.0, 1.0)) for name in names}


trace(seed(all_by_name, 0)).get_trace()


def comprehensions():
    xs = [numpyro.sample(f"x_{i}", dist.Normal(0.0, 1.0)) for i in range(3)]
    ys = {c: numpyro.sample(f"y_{c}", dist.Normal(0.0, 1.0)) for c in COLUMNS}
    zs = jnp.stack([numpyro.sample(name, dist.Normal(0.0, 1.0)) for name in ["m", "n"]])
    both = [numpyro.sample(f"{a}{b}", dist.Normal(0.0, 1.0)) for a in "kl" for b in (1, 2)]
    total = sum(numpyro.sample(f"g_{i}", dist.Normal(0.0, 1.0)) for i in range(2))
    with numpyro.plate("data", 3):
        numpyro.sample("obs", dist.Normal(xs[0] + ys["age"] + zs[0] + both[0] + total, 1.0), obs=jnp.zeros(3))


trace(seed(comprehensions, 0)).get_trace()


def shapes():
    numpyro.sample("a", dist.Normal(0.0, 1.0), sample_shape=(3,))
    numpyro.sample("b", dist.Normal(jnp.zeros(4), 1.0).to_event(1))
    numpyro.sample("c", dist.Normal(0.0, 1.0).expand([2, 3]).to_event(2))
    numpyro.sample("d", dist.Dirichlet(jnp.ones(3)))
    numpyro.sample("e", dist.MultivariateNormal(jnp.zeros(2), jnp.eye(2)))
    numpyro.sample("f", dist.Normal(0.0, 1.0).mask(False))
    numpyro.sample("g", dist.Normal(0.0, 1.0), infer={"is_auxiliary": True})


trace(seed(shapes, 0)).get_trace()


def walrus():
    if (n := 3) > 2:
        numpyro.sample(name := "a", dist.Normal(0.0, 1.0))
        numpyro.sample(name + "b", dist.Normal(0.0, 1.0).expand([n]))


trace(seed(walrus, 0)).get_trace()


def accents():
    étendue = numpyro.sample("étendue", dist.HalfNormal(1.0)); numpyro.sample("μ", dist.Normal(0.0, étendue))
    numpyro.sample("🙂", dist.Normal(0.0, 1.0)), numpyro.sample("after", dist.Normal(0.0, 1.0))


trace(seed(accents, 0)).get_trace()
