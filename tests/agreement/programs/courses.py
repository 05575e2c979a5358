"""Models as courses and case studies write them."""

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro as npr
import numpyro.distributions as dist
from jax import random
from jax.scipy.special import expit
from numpyro.contrib.control_flow import scan
from numpyro.handlers import mask, reparam, scope, seed, trace
from numpyro.infer import MCMC, NUTS, SVI, Predictive, Trace_ELBO
from numpyro.infer.autoguide import AutoNormal
from numpyro.infer.reparam import LocScaleReparam

J = 8
SIGMA = jnp.ones(J)
KEY = random.PRNGKey(0)


def run(model, *args, **kwargs):
    mcmc = MCMC(NUTS(model), num_warmup=1, num_samples=1)
    mcmc.run(KEY, *args, **kwargs)
    return mcmc


def eight_schools(J, sigma, y=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    with numpyro.plate("J", J):
        with reparam(config={"theta": LocScaleReparam(0)}):
            theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("obs", dist.Normal(theta, sigma), obs=y)


mcmc = MCMC(NUTS(eight_schools), num_warmup=1, num_samples=1)
mcmc.run(KEY, J, SIGMA, y=jnp.zeros(J))


def varying_slopes(cafe, afternoon, wait=None, n_cafes=3):
    a = numpyro.sample("a", dist.Normal(5, 2))
    b = numpyro.sample("b", dist.Normal(-1, 0.5))
    sigma_cafe = numpyro.sample("sigma_cafe", dist.Exponential(1).expand([2]))
    sigma = numpyro.sample("sigma", dist.Exponential(1))
    rho = numpyro.sample("Rho", dist.LKJ(2, 2))
    cov = jnp.outer(sigma_cafe, sigma_cafe) * rho
    ab = numpyro.sample("a_cafe,b_cafe", dist.MultivariateNormal(jnp.stack([a, b]), cov).expand([n_cafes]))
    mu = ab[:, 0][cafe] + ab[:, 1][cafe] * afternoon
    numpyro.sample("wait", dist.Normal(mu, sigma), obs=wait)


MCMC(NUTS(varying_slopes), num_warmup=1, num_samples=1).run(
    KEY, jnp.array([0, 1, 2]), jnp.zeros(3), wait=jnp.zeros(3)
)


def missing_data(B, M, K=None):
    bN = numpyro.sample("bN", dist.Normal(0, 0.5))
    bM = numpyro.sample("bM", dist.Normal(0, 0.5))
    nu = numpyro.sample("nu", dist.Normal(0, 0.5))
    B_impute = numpyro.sample("B_impute", dist.Normal(0, 1).expand([2]).mask(False))
    B = B.at[jnp.array([0, 1])].set(B_impute)
    numpyro.sample("B", dist.Normal(nu, 1.0).expand([B.shape[0]]), obs=B)
    numpyro.sample("K", dist.Normal(bN * B + bM * M, 1.0), obs=K)


MCMC(NUTS(missing_data), num_warmup=1, num_samples=1).run(KEY, jnp.zeros(4), jnp.zeros(4), K=jnp.zeros(4))


def mixture(data, K=3):
    weights = numpyro.sample("weights", dist.Dirichlet(jnp.ones(K)))
    with numpyro.plate("components", K):
        locs = numpyro.sample("locs", dist.Normal(0, 10))
        scale = numpyro.sample("scale", dist.LogNormal(0, 2))
    with numpyro.plate("data", len(data)):
        z = numpyro.sample("z", dist.Categorical(weights), infer={"enumerate": "parallel"})
        numpyro.sample("obs", dist.Normal(locs[z], scale[z]), obs=data)


seeded = seed(mixture, KEY)
trace(seeded).get_trace(jnp.zeros(5))


def gp(X, Y):
    var = numpyro.sample("kernel_var", dist.LogNormal(0.0, 10.0))
    length = numpyro.sample("kernel_length", dist.LogNormal(0.0, 10.0))
    k = var * jnp.exp(-0.5 * (X[:, None] - X) ** 2 / length) + 1e-3 * jnp.eye(X.shape[0])
    numpyro.sample("Y", dist.MultivariateNormal(loc=jnp.zeros(X.shape[0]), covariance_matrix=k), obs=Y)


kernel = NUTS(gp)
MCMC(kernel, num_warmup=1, num_samples=1, num_chains=1).run(random.PRNGKey(1), jnp.arange(3.0), jnp.zeros(3))


def local_level(y, future=0):
    N = y.shape[0]
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    noise = numpyro.sample("noise", dist.HalfNormal(1.0))

    def transition(level, t):
        level = numpyro.sample("level", dist.Normal(level, sigma))
        numpyro.deterministic("level_copy", level)
        observed = numpyro.sample("y", dist.Normal(level, noise))
        return level, observed

    with numpyro.handlers.condition(data={"y": y}):
        _, out = scan(transition, 0.0, jnp.arange(N + future))
    numpyro.deterministic("forecast", out[N:])


trace(seed(local_level, 0)).get_trace(jnp.zeros(4))


def item_response(student, item, correct=None, n_students=4, n_items=3):
    with numpyro.plate("students", n_students):
        ability = npr.sample("ability", dist.Normal(0, 1))
    with numpyro.plate("items", n_items):
        difficulty = npr.sample("difficulty", dist.Normal(0, 1))
        discrimination = npr.sample("discrimination", dist.LogNormal(0, 0.5))
    p = npr.deterministic("p", expit(discrimination[item] * (ability[student] - difficulty[item])))
    with numpyro.plate("answers", student.shape[0]):
        return npr.sample("correct", dist.Bernoulli(probs=p), obs=correct)


student, item = jnp.array([0, 1, 2, 3]), jnp.array([0, 1, 2, 0])
Predictive(item_response, num_samples=2)(KEY, student, item)


def logistic(X, y=None):
    D = X.shape[1]
    w = numpyro.sample("w", dist.Normal(jnp.zeros(D), jnp.ones(D)))
    b = numpyro.sample("b", dist.Normal(0.0, 1.0))
    with numpyro.plate("N", X.shape[0], subsample_size=2) as idx:
        numpyro.sample("y", dist.Bernoulli(logits=X[idx] @ w + b), obs=None if y is None else y[idx])


svi = SVI(logistic, AutoNormal(logistic), numpyro.optim.Adam(0.1), Trace_ELBO())
svi.run(KEY, 1, jnp.zeros((4, 2)), jnp.zeros(4))


def hierarchical(features, group, target=None, *, centred=False):
    n_groups = int(np.max(group)) + 1
    effects = {}
    for name in features:
        mu = numpyro.sample(f"mu_{name}", dist.Normal(0.0, 1.0))
        sd = numpyro.sample(f"sd_{name}", dist.HalfNormal(1.0))
        with numpyro.plate(f"{name}_groups", n_groups):
            if centred:
                effects[name] = numpyro.sample(f"beta_{name}", dist.Normal(mu, sd))
            else:
                z = numpyro.sample(f"z_{name}", dist.Normal(0.0, 1.0))
                effects[name] = numpyro.deterministic(f"beta_{name}", mu + sd * z)
    eta = sum(effects[name][group] * features[name] for name in features)
    numpyro.sample("target", dist.Normal(eta, 1.0), obs=target)


trace(seed(hierarchical, 0)).get_trace(
    {"age": jnp.zeros(3), "dose": jnp.ones(3)}, np.array([0, 1, 1]), target=jnp.zeros(3)
)


def zero_inflated(visits):
    with scope(prefix="zero"):
        p = numpyro.sample("p", dist.Beta(1, 1))
    with scope(prefix="count"):
        rate = numpyro.sample("rate", dist.Gamma(1, 1))
    with mask(mask=visits >= 0):
        numpyro.sample("visits", dist.ZeroInflatedPoisson(p, rate), obs=visits)
    numpyro.factor("penalty", -0.5 * (rate - 1.0) ** 2)


trace(seed(zero_inflated, 0)).get_trace(jnp.array([0, 1, 2]))


def bnn(X, Y=None, hidden=2):
    def layer(name, inputs, width):
        w = numpyro.sample(f"{name}_w", dist.Normal(jnp.zeros((inputs.shape[-1], width)), 1.0))
        b = numpyro.sample(f"{name}_b", dist.Normal(jnp.zeros(width), 1.0))
        return inputs @ w + b

    h = jnp.tanh(layer("first", X, hidden))
    h = jnp.tanh(layer("second", h, hidden))
    out = layer("out", h, 1)
    precision = numpyro.sample("precision", dist.Gamma(3.0, 1.0))
    with numpyro.plate("batch", X.shape[0]):
        numpyro.sample("Y", dist.Normal(out, 1.0 / jnp.sqrt(precision)).to_event(1), obs=Y)


trace(seed(bnn, 0)).get_trace(jnp.zeros((3, 2)))


def ordinal(x, y=None, n_categories=4):
    beta = numpyro.sample("beta", dist.Normal(0.0, 1.0))
    cutpoints = numpyro.sample(
        "cutpoints",
        dist.TransformedDistribution(
            dist.Normal(0.0, 1.0).expand([n_categories - 1]), dist.transforms.OrderedTransform()
        ),
    )
    numpyro.sample("y", dist.OrderedLogistic(beta * x, cutpoints), obs=y)


trace(seed(ordinal, 0)).get_trace(jnp.zeros(3), jnp.array([0, 1, 2]))


def capture(occasions, y):
    phi = numpyro.sample("phi", dist.Uniform(0.0, 1.0))
    rho = numpyro.sample("rho", dist.Uniform(0.0, 1.0))
    with numpyro.plate("animals", y.shape[0], dim=-1):
        z = 1.0
        for t in range(occasions):
            mu = rho * z
            numpyro.sample(f"y_{t}", dist.Bernoulli(mu), obs=y[:, t])
            z = numpyro.sample(f"z_{t}", dist.Bernoulli(phi * z), infer={"enumerate": "parallel"})


trace(seed(capture, 0)).get_trace(2, jnp.zeros((3, 2)))
