"""One linear regression under every effect handler of NumPyro, combined in every usual way.

The data: a spring, the weights hung on it, and its length each time. Each function below is one
use of handlers that is right, and prints what it did. They show the four ways to write a handler:

- as a wrapper around a model:             handlers.seed(spring, rng_seed=0)
- as a context:                            with handlers.condition(data=...):
- several in one `with`, outermost first:  with handlers.trace() as tr, handlers.seed(rng_seed=0):
- as a decorator:                          @handlers.scope(prefix="left")

A handler sees a site's name as it is at the handler's own place: inside a `scope` without the
prefix, outside with it.
"""

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.distributions import constraints
from numpyro.infer.reparam import LocScaleReparam

WEIGHT = jnp.array([0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5])
LENGTH = jnp.array([10.1, 11.4, 12.4, 13.9, 14.9, 16.3, 17.4, 18.8])


def spring(weight, length=None):
    rest = numpyro.sample("rest", dist.Normal(10.0, 2.0))
    stretch = numpyro.sample("stretch", dist.Normal(2.0, 2.0))
    noise = numpyro.sample("noise", dist.HalfNormal(1.0))
    mean = numpyro.deterministic("mean", rest + stretch * weight)
    with numpyro.plate("trials", weight.shape[0]):
        return numpyro.sample("length", dist.Normal(mean, noise), obs=length)


def ideal_spring(weight, length=None):
    """The same line with parameters to be optimised instead of priors."""
    rest = numpyro.param("rest", 10.0)
    stretch = numpyro.param("stretch", 1.0)
    noise = numpyro.param("noise", 1.0, constraint=constraints.positive)
    with numpyro.plate("trials", weight.shape[0]):
        numpyro.sample("length", dist.Normal(rest + stretch * weight, noise), obs=length)


def spring_guide(weight, length=None):
    numpyro.sample("rest", dist.Normal(10.0, 0.1))
    numpyro.sample("stretch", dist.Normal(2.5, 0.1))
    numpyro.sample("noise", dist.HalfNormal(0.2))


def log_density(trace):
    """The sum of the log densities of a trace's sample sites."""
    sites = [site for site in trace.values() if site["type"] == "sample"]
    return sum(
        (1.0 if site["scale"] is None else site["scale"]) * site["fn"].log_prob(site["value"]).sum()
        for site in sites
    )


def show(title, *values):
    print(f"{title:<24}", *values)


def seed_and_trace():
    """Wrappers: `seed` gives the randomness, `trace` records every site."""
    trace = handlers.trace(handlers.seed(spring, rng_seed=0)).get_trace(WEIGHT, length=LENGTH)
    show("seed, trace", *trace)


def several_in_one_with():
    """Contexts in one statement: the first is the outermost."""
    with handlers.trace() as trace, handlers.seed(rng_seed=0):
        spring(WEIGHT)
    show("several in one with", "observed:", trace["length"]["is_observed"])


def nested_contexts():
    """Contexts in contexts. `condition` stands inside `trace`, which records what it did."""
    with handlers.seed(rng_seed=0):
        with handlers.trace() as trace:
            with handlers.condition(data={"stretch": 2.5, "length": LENGTH}):
                spring(WEIGHT)
    seen = [name for name, site in trace.items() if site.get("is_observed")]
    show("condition", "observed:", *seen)


def substitute_posterior_draw():
    """`substitute` sets values and leaves their sites latent: one draw, plugged in to predict."""
    draw = {"rest": 10.0, "stretch": 2.5, "noise": 0.1}
    model = handlers.substitute(handlers.seed(spring, rng_seed=0), data=draw)
    trace = handlers.trace(model).get_trace(WEIGHT)
    show("substitute", f"heaviest weight: {trace['length']['value'][-1]:.1f}")


def stiffer_spring():
    """`do`: what would the lengths be if the spring were twice as stiff?"""
    stiffer = handlers.do(spring, data={"stretch": 1.25})
    lengths = handlers.seed(stiffer, rng_seed=0)(WEIGHT)
    show("do", f"heaviest weight: {lengths[-1]:.1f}")


def block_from_outside():
    """`block` runs a site and hides it from what stands outside: here `trace`, but not `seed`."""
    with handlers.trace() as trace, handlers.block(hide=["noise"]), handlers.seed(rng_seed=0):
        spring(WEIGHT)
    show("block", *trace)


def forget_the_data():
    """`uncondition` outside `condition`: observed sites are drawn from the model again."""
    observed = handlers.condition(spring, data={"length": LENGTH})
    fresh = handlers.uncondition(observed)
    trace = handlers.trace(handlers.seed(fresh, rng_seed=0)).get_trace(WEIGHT)
    show("uncondition", "observed:", trace["length"]["is_observed"])


def parameters_as_variables():
    """`lift` turns parameters into latent sites."""
    priors = {"rest": dist.Normal(10.0, 2.0), "noise": dist.HalfNormal(1.0)}
    lifted = handlers.lift(ideal_spring, prior=priors)
    trace = handlers.trace(handlers.seed(lifted, rng_seed=0)).get_trace(WEIGHT, length=LENGTH)
    show("lift", *(f"{name}: {site['type']}" for name, site in trace.items()))


def elbo_by_hand():
    """`replay` runs the model with the draws of a guide."""
    guide_trace = handlers.trace(handlers.seed(spring_guide, rng_seed=0)).get_trace(WEIGHT)
    model = handlers.replay(handlers.seed(spring, rng_seed=1), trace=guide_trace)
    model_trace = handlers.trace(model).get_trace(WEIGHT, length=LENGTH)
    elbo = log_density(model_trace) - log_density(guide_trace)
    show("replay", f"ELBO of one draw: {elbo:.1f}")


def partial_spring(weight, length, measured, stands_for):
    """A model with handlers in it, around the observations alone.

    `scale` lets each trial stand for several, `mask` leaves out those that were not measured.
    """
    rest = numpyro.sample("rest", dist.Normal(10.0, 2.0))
    stretch = numpyro.sample("stretch", dist.Normal(2.0, 2.0))
    noise = numpyro.sample("noise", dist.HalfNormal(1.0))
    plate = numpyro.plate("trials", weight.shape[0])
    with plate, handlers.scale(scale=stands_for), handlers.mask(mask=measured):
        numpyro.sample("length", dist.Normal(rest + stretch * weight, noise), obs=length)


def half_of_the_trials():
    """Every second trial stands for two, and one of them was never measured."""
    weight, length = WEIGHT[::2], LENGTH[::2]
    measured = jnp.array([True, True, False, True])
    gaps = jnp.where(measured, length, jnp.nan)
    model = handlers.seed(partial_spring, rng_seed=0)
    trace = handlers.trace(model).get_trace(weight, gaps, measured, 2.0)
    show("scale", "scale of length:", trace["length"]["scale"], "of rest:", trace["rest"]["scale"])
    show("mask", "finite:", bool(jnp.isfinite(log_density(trace))))


@handlers.scope(prefix="left")
def left_spring(weight):
    return spring(weight)


@handlers.scope(prefix="right")
def right_spring(weight):
    return spring(weight)


def two_springs(weight):
    """`scope` as a decorator: one component twice, under two prefixes."""
    numpyro.deterministic("difference", left_spring(weight) - right_spring(weight))


def keys_outside_a_scope():
    """From outside a scope, keys carry the prefix. Inside, they do not."""
    outside = handlers.condition(two_springs, data={"left/stretch": 2.5, "right/stretch": 2.0})
    trace = handlers.trace(handlers.seed(outside, rng_seed=0)).get_trace(WEIGHT)
    stretches = [float(trace[name]["value"]) for name in ("left/stretch", "right/stretch")]
    with handlers.trace() as inner_trace, handlers.seed(rng_seed=0):
        with handlers.scope(prefix="only"), handlers.condition(data={"stretch": 2.0}):
            spring(WEIGHT)
    show("scope", *stretches, float(inner_trace["only/stretch"]["value"]))


def other_coordinates():
    """`reparam` gives the sampler other coordinates; the site itself becomes deterministic."""
    model = handlers.reparam(spring, config={"stretch": LocScaleReparam(0)})
    trace = handlers.trace(handlers.seed(model, rng_seed=0)).get_trace(WEIGHT)
    show("reparam", *(name for name in trace if name.startswith("stretch")))


def main():
    seed_and_trace()
    several_in_one_with()
    nested_contexts()
    substitute_posterior_draw()
    stiffer_spring()
    block_from_outside()
    forget_the_data()
    parameters_as_variables()
    elbo_by_hand()
    half_of_the_trials()
    keys_outside_a_scope()
    other_coordinates()


if __name__ == "__main__":
    main()
