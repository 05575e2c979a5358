"""Many predictors, few that matter: a horseshoe with hand-made decentring, and robust errors."""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, init_to_median, init_to_value


def horseshoe(X: jax.Array, y: jax.Array | None = None) -> None:
    n, p = X.shape
    tau = numpyro.sample("tau", dist.HalfCauchy(0.1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    nu = numpyro.sample("nu", dist.Gamma(2.0, 0.1))
    intercept = numpyro.sample("intercept", dist.Normal(0.0, 1.0))
    with numpyro.plate("predictors", p):
        lam = numpyro.sample("lam", dist.HalfCauchy(1.0))
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
    beta = numpyro.deterministic("beta", tau * lam * z)
    mean = intercept + X @ beta
    with numpyro.plate("rows", n):
        numpyro.sample("y", dist.StudentT(nu, mean, sigma), obs=y)


def ridge(X, y=None):
    scale = numpyro.sample("scale", dist.HalfNormal(1.0))
    noise = numpyro.sample("noise", dist.Exponential(1.0))
    raw = numpyro.sample("raw", dist.Normal(0.0, 1.0), sample_shape=(X.shape[1],))
    weights = numpyro.deterministic("weights", scale * raw)
    numpyro.sample("y", dist.Normal(X @ weights, noise), obs=y)


def main() -> None:
    key_x, key_y, key_run, key_ridge = jax.random.split(jax.random.PRNGKey(17), 4)
    X = jax.random.normal(key_x, (60, 8))
    y = 2.0 * X[:, 0] - X[:, 3] + 0.5 * jax.random.normal(key_y, (60,))

    start = {"tau": jnp.array(0.1), "sigma": jnp.array(1.0)}
    kernel = NUTS(
        horseshoe, init_strategy=init_to_value(values=start), dense_mass=[("tau", "sigma")]
    )
    mcmc = MCMC(kernel, num_warmup=200, num_samples=200, progress_bar=False)
    mcmc.run(key_run, X, y)
    print(mcmc.get_samples()["beta"].mean(0))

    second = MCMC(
        NUTS(ridge, init_strategy=init_to_median),
        num_warmup=200,
        num_samples=200,
        progress_bar=False,
    )
    second.run(key_ridge, X, y)
    draws = second.get_samples()
    print(draws["weights"].mean(0), draws["noise"].mean())


if __name__ == "__main__":
    main()
