"""Does irrigation raise the yield of a field? Seeing is not doing.

Farmers water the fields that are dry, and dry fields yield less. In the records, irrigated fields
therefore look hardly better than the others. The model knows that dryness drives both. Under
`handlers.do` a field is watered, or not, whatever its dryness, and the difference between the two
interventions is the effect of watering.

`do` cuts the site from its causes. It leaves in the trace a free draw under the site's own name,
which nothing uses: what the rest of the model sees is the value that was set.
"""

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.infer import MCMC, NUTS, Predictive

FIELDS = 120


def farm(dryness, irrigated=None, crop=None):
    habit = numpyro.sample("habit", dist.Normal(0.0, 1.0))
    urge = numpyro.sample("urge", dist.Normal(0.0, 1.0))
    fertility = numpyro.sample("fertility", dist.Normal(5.0, 1.0))
    drought_loss = numpyro.sample("drought_loss", dist.Normal(0.0, 1.0))
    gain = numpyro.sample("gain", dist.Normal(0.0, 1.0))
    noise = numpyro.sample("noise", dist.HalfNormal(1.0))
    with numpyro.plate("fields", dryness.shape[0]):
        water = numpyro.sample(
            "irrigated", dist.Bernoulli(logits=habit + urge * dryness), obs=irrigated
        )
        mean = fertility - drought_loss * dryness + gain * water
        numpyro.sample("crop", dist.Normal(mean, noise), obs=crop)


def make_records(key):
    """Dryness (standardised), whether irrigated, and tonnes a hectare; watering adds 0.8 t/ha."""
    key_dryness, key_water, key_crop = jax.random.split(key, 3)
    dryness = jax.random.normal(key_dryness, (FIELDS,))
    irrigated = jax.random.bernoulli(key_water, jax.nn.sigmoid(1.5 * dryness)).astype(int)
    crop = 6.0 - 0.7 * dryness + 0.8 * irrigated + 0.4 * jax.random.normal(key_crop, (FIELDS,))
    return dryness, irrigated, crop


def main():
    key_records, key_fit, key_do = jax.random.split(jax.random.key(7), 3)
    dryness, irrigated, crop = make_records(key_records)
    seen = crop[irrigated == 1].mean() - crop[irrigated == 0].mean()
    print(f"difference in the records: {seen:.2f} t/ha")

    mcmc = MCMC(NUTS(farm), num_warmup=300, num_samples=300, progress_bar=False)
    mcmc.run(key_fit, dryness, irrigated=irrigated, crop=crop)
    posterior = mcmc.get_samples()

    watered = handlers.do(farm, data={"irrigated": jnp.ones(FIELDS)})
    left_dry = handlers.do(farm, data={"irrigated": jnp.zeros(FIELDS)})
    # One key for both: the two worlds then differ in the watering and in nothing else.
    with_water = Predictive(watered, posterior_samples=posterior)(key_do, dryness)
    without = Predictive(left_dry, posterior_samples=posterior)(key_do, dryness)
    effect = (with_water["crop"] - without["crop"]).mean()
    print(f"effect of watering: {effect:.2f} t/ha (0.80 is true)")


if __name__ == "__main__":
    main()
