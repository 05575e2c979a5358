"""What NumPyro does that is easily taken for granted otherwise, one small program each."""

from __future__ import annotations

import textwrap

import pytest
from algebra.compare import disagreements, predicted, recorder_disagreements, stage
from algebra.generate import HEADER

PROGRAMS = {
    # What is transformed may be masked by itself.
    "the base of a TransformReparam keeps its mask": """
        from numpyro.infer.reparam import TransformReparam

        def model():
            base = dist.Uniform(0.0, 1.0).mask(False)
            affine = dist.transforms.AffineTransform(0.0, 2.0)
            numpyro.sample("x", dist.TransformedDistribution(base, affine))
            numpyro.sample("y", dist.TransformedDistribution(dist.Uniform(0.0, 1.0), affine))

        config = {"x": TransformReparam(), "y": TransformReparam()}
        reparameterised = handlers.reparam(handlers.seed(model, rng_seed=0), config=config)
        traced = handlers.trace(reparameterised)
        traced.get_trace()
        """,
    # The body of a scan is conditioned by the names inside it: outer scopes come later.
    "condition reaches into a scan under the inner name": """
        def step(carry, x):
            numpyro.sample("x", dist.Normal(0.0, 1.0))
            return carry, None

        def model():
            scan(step, 0.0, None, length=2)

        scoped = handlers.scope(handlers.seed(model, rng_seed=0), prefix="s")
        tr = handlers.trace(handlers.condition(scoped, data={"{}": 1.0})).get_trace()
        """,
    # The body has used its draw by the time that `do` meets the site.
    "do comes too late for a scan": """
        def step(carry, x):
            numpyro.sample("x", dist.Normal(0.0, 1.0))
            return carry, None

        def model():
            scan(step, 0.0, None, length=2)

        tr = handlers.trace(handlers.do(handlers.seed(model, rng_seed=0), {"x": 1.0})).get_trace()
        """,
    "replay has a scan draw once more, without it": """
        def step(carry, x):
            numpyro.sample("x", dist.Normal(0.0, 1.0))
            return carry, None

        def model():
            scan(step, 0.0, None, length=2)

        earlier = handlers.trace(handlers.seed(model, rng_seed=0)).get_trace()
        mark()
        traced = handlers.trace(handlers.replay(model, trace=earlier))
        traced.get_trace()
        """,
    "a number does not fit a plate in a scan": """
        def step(carry, x):
            with numpyro.plate("N", 3):
                numpyro.sample("x", dist.Normal(0.0, 1.0))
            return carry, None

        def model():
            scan(step, 0.0, None, length=2)

        traced = handlers.trace(handlers.condition(handlers.seed(model, rng_seed=0), {"x": 1.0}))
        traced.get_trace()
        """,
    "a scan leaves a StudentT that cannot be redrawn": """
        def step(carry, x):
            numpyro.sample("x", dist.StudentT(3.0, 0.0, 1.0), obs=1.0)
            return carry, None

        def model():
            scan(step, 0.0, None, length=2)

        traced = handlers.trace(handlers.uncondition(handlers.seed(model, rng_seed=0)))
        traced.get_trace()
        """,
    "the functions of a cond must send the same sites": """
        def model():
            numpyro.sample("a", dist.Normal(0.0, 1.0))
            cond(True, lambda x: numpyro.sample("x", dist.Normal(0.0, 1.0)), lambda x: x, 0.0)

        traced = handlers.trace(handlers.seed(model, rng_seed=0))
        traced.get_trace()
        """,
    "a plate around a scan": """
        def model():
            with numpyro.plate("N", 3):
                scan(lambda c, x: (c, numpyro.deterministic("d", c)), 0.0, None, length=2)

        traced = handlers.trace(handlers.seed(model, rng_seed=0))
        traced.get_trace()
        """,
    # block asks its function about the random keys that it lets through.
    "a hide_fn that reads the name meets messages without one": """
        def model(y=1.0):
            numpyro.sample("x", dist.Normal(0.0, 1.0), obs=y)

        named = handlers.block(hide_fn=lambda site: site["name"] == "z")
        with handlers.trace() as tr, handlers.seed(rng_seed=0), named:
            handlers.uncondition(model)()
        """,
    "an intervention outside a scope sends its site through the scope again": """
        def model():
            numpyro.sample("z", dist.Normal(0.0, 1.0))

        inner = handlers.scope(handlers.seed(model, rng_seed=0), prefix="s")
        tr = handlers.trace(handlers.do(inner, data={"s/z": 1.0})).get_trace()
        """,
    "two interventions on one site never end": """
        def model():
            numpyro.sample("z", dist.Normal(0.0, 1.0))

        once = handlers.do(handlers.seed(model, rng_seed=0), data={"z": 1.0})
        traced = handlers.trace(handlers.do(once, data={"z": 2.0}))
        traced.get_trace()
        """,
    "a masked site cannot be decentred": """
        def model():
            numpyro.sample("z", dist.Normal(0.0, 1.0))

        masked = handlers.mask(handlers.seed(model, rng_seed=0), mask=False)
        traced = handlers.trace(handlers.reparam(masked, config={"z": LocScaleReparam()}))
        traced.get_trace()
        """,
    "replay remembers what was observed in its trace": """
        def model(y=None):
            numpyro.sample("z", dist.Normal(0.0, 1.0), obs=y)

        free = handlers.uncondition(handlers.seed(model, rng_seed=0))
        earlier = handlers.trace(free).get_trace(1.0)
        mark()
        tr = handlers.trace(handlers.replay(model, trace=earlier)).get_trace()
        """,
    "a trace inside a scope has the names of the outside": """
        def model():
            numpyro.sample("z", dist.Normal(0.0, 1.0))

        with handlers.trace() as tr, handlers.seed(rng_seed=0), handlers.scope(prefix="s"):
            with handlers.trace() as inside:
                model()
        """,
    "a lifted param keeps the value that a handler gave it": """
        def model():
            numpyro.param("p", 1.0)

        fixed = handlers.substitute(handlers.seed(model, rng_seed=0), data={"p": 2.0})
        tr = handlers.trace(handlers.lift(fixed, prior={"p": dist.Normal(0.0, 1.0)})).get_trace()
        """,
    "the indices of a plate are an array": """
        def model():
            with numpyro.plate("N", 3):
                numpyro.sample("z", dist.Normal(0.0, 1.0))

        fixed = handlers.substitute(handlers.seed(model, rng_seed=0), data={"N": 2.0})
        traced = handlers.trace(fixed)
        traced.get_trace()
        """,
    "what is only factored can be made to look free": """
        def model():
            numpyro.factor("f", 1.0)

        tr = handlers.trace(handlers.uncondition(handlers.seed(model, rng_seed=0))).get_trace()
        """,
    "a transform may be that of a family with a name of its own": """
        from numpyro.infer.reparam import TransformReparam

        def model():
            numpyro.sample("z", dist.LogNormal(0.0, 1.0))

        seeded = handlers.seed(model, rng_seed=0)
        tr = handlers.trace(handlers.reparam(seeded, config={"z": TransformReparam()})).get_trace()
        """,
    "a circular site leaves a factor": """
        from numpyro.infer.reparam import CircularReparam

        def model():
            numpyro.sample("z", dist.VonMises(0.0, 1.0))

        flat = handlers.reparam(handlers.seed(model, rng_seed=0), {"z": CircularReparam()})
        tr = handlers.trace(handlers.substitute(flat, data={"z_unwrapped": 1.0})).get_trace()
        """,
    "a circular site must be given a value": """
        from numpyro.infer.reparam import CircularReparam

        def model():
            numpyro.sample("z", dist.VonMises(0.0, 1.0))

        flat = handlers.reparam(handlers.seed(model, rng_seed=0), {"z": CircularReparam()})
        traced = handlers.trace(flat)
        traced.get_trace()
        """,
}
# Those with two keys to try.
_KEYS = {"condition reaches into a scan under the inner name": ("x", "s/x")}
CASES = [(name, key) for name in PROGRAMS for key in _KEYS.get(name, ("",))]
REFUSED = {
    "replay has a scan draw once more, without it",
    "a number does not fit a plate in a scan",
    "a scan leaves a StudentT that cannot be redrawn",
    "the functions of a cond must send the same sites",
    "a plate around a scan",
    "a hide_fn that reads the name meets messages without one",
    "two interventions on one site never end",
    "a masked site cannot be decentred",
    "the indices of a plate are an array",
    "a circular site must be given a value",
}


@pytest.mark.parametrize(("name", "key"), CASES)
def test_prediction_holds(name: str, key: str) -> None:
    text = HEADER + textwrap.dedent(PROGRAMS[name].replace("{}", key))
    _, prediction = predicted(text)
    assert list(disagreements(prediction, stage(text))) == []
    assert list(recorder_disagreements(prediction, stage(text, record=True).sites)) == []
    assert (prediction.raises is not None) == (name in REFUSED)
