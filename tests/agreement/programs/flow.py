"""Control flow: branches, match, try, scan, cond, early return."""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from jax import lax
from numpyro.contrib.control_flow import cond, scan
from numpyro.handlers import condition, reparam, scope, seed, substitute, trace
from numpyro.infer.reparam import LocScaleReparam, TransformReparam


def branches(x, kind="normal", y=None, centred=True, extra=None):
    if kind == "normal":
        scale = numpyro.sample("scale", dist.HalfNormal(1.0))
    elif kind == "student":
        scale = numpyro.sample("df", dist.Gamma(2.0, 0.1))
    else:
        raise ValueError(kind)
    if centred:
        theta = numpyro.sample("theta", dist.Normal(0.0, scale))
    else:
        theta = numpyro.sample("theta_raw", dist.Normal(0.0, 1.0)) * scale
        numpyro.deterministic("theta", theta)
    if extra is not None:
        theta = theta + numpyro.sample("extra", dist.Normal(extra, 1.0))
    name = "y" if y is not None else "prediction"
    numpyro.sample(name, dist.Normal(theta * x, 1.0), obs=y)


trace(seed(branches, 0)).get_trace(jnp.zeros(3), y=jnp.zeros(3), centred=False)


def matched(kind):
    match kind:
        case "a":
            numpyro.sample("first", dist.Normal(0.0, 1.0))
        case "b" | "c":
            numpyro.sample(f"second_{kind}", dist.Normal(0.0, 1.0))
        case other:
            numpyro.sample("third", dist.Normal(0.0, 1.0))


trace(seed(matched, 0)).get_trace("b")


def tried(x):
    try:
        numpyro.sample("a", dist.Normal(x, 1.0))
    except ValueError:
        numpyro.sample("b", dist.Normal(0.0, 1.0))
    else:
        numpyro.sample("c", dist.Normal(0.0, 1.0))
    finally:
        numpyro.sample("d", dist.Normal(0.0, 1.0))


trace(seed(tried, 0)).get_trace(1.0)


def early(n):
    numpyro.sample("a", dist.Normal(0.0, 1.0))
    for i in range(n):
        if i == 2:
            break
        if i == 0:
            continue
        numpyro.sample(f"b{i}", dist.Normal(0.0, 1.0))
    if n > 2:
        numpyro.sample("c", dist.Normal(0.0, 1.0))
        return
    numpyro.sample("never", dist.Normal(0.0, 1.0))


trace(seed(early, 0)).get_trace(4)


def scanned(y=None, T=5):
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))

    def transition(carry, y_t):
        z = numpyro.sample("z", dist.Normal(carry, sigma))
        numpyro.sample("y", dist.Normal(z, 1.0), obs=y_t)
        return z, z

    scan(transition, jnp.zeros(()), y, length=T)


trace(seed(scanned, 0)).get_trace(y=jnp.zeros(5))


def scanned_in_helper(name, T):
    def step(carry, _):
        z = numpyro.sample(f"{name}_z", dist.Normal(carry, 1.0))
        return z, None

    return scan(step, 0.0, None, length=T)


def two_scans():
    scanned_in_helper("first", 2)
    scanned_in_helper("second", 3)


trace(seed(two_scans, 0)).get_trace()


def conditional(flag):
    def yes(_):
        return numpyro.sample("x", dist.Normal(0.0, 1.0))

    def no(_):
        return numpyro.sample("x", dist.Normal(5.0, 1.0))

    cond(flag, yes, no, None)


trace(seed(conditional, 0)).get_trace(True)


def handlers_inside(y):
    with reparam(config={"theta": LocScaleReparam(0)}):
        theta = numpyro.sample("theta", dist.Normal(0.0, 2.0))
    with condition(data={"known": 1.0}):
        numpyro.sample("known", dist.Normal(theta, 1.0))
    with substitute(data={"s/fixed": 0.5}), scope(prefix="s"):
        numpyro.sample("fixed", dist.Normal(0.0, 1.0))
    inner = condition(leaf, data={"leaf": y})
    inner()
    with reparam(config={"t": TransformReparam()}):
        numpyro.sample(
            "t", dist.TransformedDistribution(dist.Normal(0.0, 1.0), dist.transforms.AffineTransform(0.0, 2.0))
        )


def leaf():
    return numpyro.sample("leaf", dist.Normal(0.0, 1.0))


trace(seed(handlers_inside, 0)).get_trace(0.0)


def vectorised(xs):
    total = lax.fori_loop(0, 3, lambda i, c: c + i, 0.0)
    values = jax.vmap(lambda x: x**2)(xs)
    numpyro.sample("a", dist.Normal(values.sum() + total, 1.0))


trace(seed(vectorised, 0)).get_trace(jnp.zeros(3))


def chained():
    a, b = numpyro.sample("a", dist.Normal(0.0, 1.0)), numpyro.sample("b", dist.Normal(0.0, 1.0))
    numpyro.deterministic("c", numpyro.sample("d", dist.Normal(a, 1.0)) + b)
    return numpyro.sample(
        "e",
        dist.Normal(
            numpyro.sample("f", dist.Normal(0.0, 1.0)),
            jnp.exp(numpyro.sample("g", dist.Normal(0.0, 1.0))),
        ),
    )


trace(seed(chained, 0)).get_trace()


def conditional_expressions(robust=False, y=None):
    nu = numpyro.sample("nu", dist.Gamma(2.0, 0.1)) if robust else 30.0
    likelihood = dist.StudentT(nu, 0.0, 1.0) if robust else dist.Normal(0.0, 1.0)
    numpyro.sample("y", likelihood, obs=y)
    robust and numpyro.sample("maybe", dist.Normal(0.0, 1.0))


trace(seed(conditional_expressions, 0)).get_trace(robust=True, y=jnp.zeros(()))


def generators():
    def stream(n):
        for i in range(n):
            yield numpyro.sample(f"s{i}", dist.Normal(0.0, 1.0))

    for value in stream(2):
        numpyro.deterministic("seen_" + str(len(str(value.shape))), value)
        break
    total = sum(stream_of("t", 2))
    numpyro.deterministic("total", total)


def stream_of(stem, n):
    for i in range(n):
        yield numpyro.sample(f"{stem}{i}", dist.Normal(0.0, 1.0))


trace(seed(generators, 0)).get_trace()
