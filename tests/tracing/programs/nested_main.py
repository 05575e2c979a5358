"""Everything inside main, the model too."""

import jax
import jax.numpy as jnp
import numpy as np

import numpyro
import numpyro.distributions as dist


def main(n_subjects=6, n_trials=20):
    from numpyro.infer import MCMC, NUTS

    rng = np.random.RandomState(3)
    choices = rng.binomial(1, 0.6, size=(n_subjects, n_trials))
    rewards = rng.binomial(1, 0.5, size=(n_subjects, n_trials))

    def update(value, trial):
        choice, reward = trial
        return value + 0.1 * (reward - value) * choice, value

    @jax.vmap
    def values(choices, rewards):
        return jax.lax.scan(update, 0.0, (choices, rewards))[1]

    expected = values(choices, rewards)

    def learner(choices=None):
        mean_temperature = numpyro.sample("mean_temperature", dist.HalfNormal(2.0))
        with numpyro.plate("subjects", n_subjects, dim=-2):
            temperature = numpyro.sample("temperature", dist.Exponential(1 / mean_temperature))
            with numpyro.plate("trials", n_trials, dim=-1):
                numpyro.sample("choices", dist.Bernoulli(logits=temperature * expected), obs=choices)

    def fit(model, **data):
        mcmc = MCMC(NUTS(model), num_warmup=100, num_samples=100)
        mcmc.run(jax.random.key(0), **data)
        return mcmc.get_samples()

    return fit(learner, choices=choices)


if __name__ == "__main__":
    main()
