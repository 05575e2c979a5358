"""Inference: which model is run, under which handlers, with which arguments."""

from __future__ import annotations

import pytest
from static.support import Report, function, read

from numpyro_lint.model.fit import latents
from numpyro_lint.model.program import Run

MODEL = """
def model(x, y=None):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(level * x, 1.0), obs=y)
def guide(x, y=None):
    numpyro.sample("level", dist.Normal(numpyro.param("loc", 0.0), 1.0))
"""
RUNS = [
    ("mcmc = MCMC(NUTS(model), num_warmup=1)\nmcmc.run(key, 1.0, y=2.0)", "mcmc"),
    ("mcmc = MCMC(sampler=NUTS(model=model))\nmcmc.run(rng_key=key, x=1.0, y=2.0)", "mcmc"),
    ("kernel = NUTS(model)\nMCMC(kernel).warmup(key, 1.0, 2.0, collect_warmup=True)", "mcmc"),
    (
        (
            "from numpyro.infer import HMC, HMCGibbs\n"
            'MCMC(HMCGibbs(HMC(model), step, ["level"])).run(key, 1.0, 2.0)'
        ),
        "mcmc",
    ),
    ("SVI(model, guide, None, Trace_ELBO()).run(key, 10, 1.0, y=2.0)", "svi"),
    ("svi = SVI(model, guide, None, loss=None)\nstate = svi.init(key, 1.0, 2.0)", "svi"),
    ("svi = SVI(model, guide, None, None)\nsvi.update(state, 1.0, 2.0)", "svi"),
    ("Predictive(model, num_samples=3)(key, 1.0, 2.0)", "predictive"),
    ("predict = Predictive(model, samples)\npredict(key, 1.0, y=2.0)", "predictive"),
    (
        "from numpyro.infer import log_likelihood\nlog_likelihood(model, samples, 1.0, y=2.0)",
        "log_likelihood",
    ),
    ("numpyro.render_model(model, model_args=(1.0, 2.0))", "render"),
    (
        (
            "from numpyro.infer.inspect import render_model\n"
            'render_model(model, (1.0,), {"y": 2.0}, render_params=True)'
        ),
        "render",
    ),
]


def observed(report: Report, run: Run) -> dict[str, bool | None]:
    assert run.stack is not None
    prediction = report.context.prediction(run.stack)
    return {effect.name.glob: effect.observed for effect in prediction.effects}


@pytest.mark.parametrize(("text", "kind"), RUNS, ids=[text for text, _ in RUNS])
def test_run(text: str, kind: str) -> None:
    report = read(f"{MODEL}key = jax.random.key(0)\n{text}\n")
    (run,) = report.module.runs
    assert run.kind == kind
    assert run.stack is not None
    assert run.stack.model.function == function(report, "model").key
    assert observed(report, run) == {"level": False, "y": True}
    assert report.diagnostics == ()


def test_a_guide_is_known() -> None:
    report = read(f"{MODEL}SVI(model, guide, None, None).run(0, 1, 1.0)\n")
    (run,) = report.module.runs
    assert run.guide is not None
    assert run.guide.model.function == function(report, "guide").key
    assert function(report, "guide").role == "guide"


FITS = [
    "SVI(model, guide, None, Trace_ELBO()).run(key, 10, 1.0, y=2.0)",
    "SVI(model, guide, None, Trace_ELBO(num_particles=3), y=2.0).update(state, 1.0)",
    "SVI(loss=Trace_ELBO(), model=model, guide=guide, optim=None, y=2.0).init(key, x=1.0)",
    "Trace_ELBO().loss(key, {}, model, guide, 1.0, y=2.0)",
    "SVI(model, lambda x, y: guide(x, y), None, Trace_ELBO()).run(key, 10, 1.0, 2.0)",
    "from numpyro.infer.elbo import *\nSVI(model, guide, None, Trace_ELBO()).init(key, 1.0, 2.0)",
]


@pytest.mark.parametrize("text", FITS)
def test_model_and_guide_are_a_pair(text: str) -> None:
    report = read(f"{MODEL}key = jax.random.key(0)\n{text}\n")
    (fit,) = report.context.fits
    assert fit.loss == "Trace_ELBO"
    assert fit.written is not None
    assert [effect.observed for effect in fit.model.effects] == [False, True]
    assert [effect.name.glob for effect in latents(fit.written)] == ["level"]
    assert report.diagnostics == ()


def test_the_model_of_an_autoguide_and_its_handlers() -> None:
    report = read(
        f"from numpyro.infer.autoguide import AutoNormal\n{MODEL}"
        'guide = AutoNormal(handlers.block(model, hide=["level"]))\n'
        "SVI(model, guide, None, Trace_ELBO()).run(0, 1, 1.0)\n"
    )
    (fit,) = report.context.fits
    assert fit.auto is not None
    assert fit.auto.kind == "AutoNormal"
    assert fit.written is None
    assert fit.guide is not None
    assert [effect.hidden for effect in fit.guide.effects] == [True, False]


@pytest.mark.parametrize(
    ("kernel", "kinds"),
    [
        ("NUTS(model)", ["NUTS"]),
        ("DiscreteHMCGibbs(NUTS(model))", ["DiscreteHMCGibbs", "NUTS"]),
        (
            "Gibbs([(DiscreteGibbs(model), None), (HMC(model), None)])",
            ["Gibbs", "DiscreteGibbs", "HMC"],
        ),
    ],
)
def test_kernels(kernel: str, kinds: list[str]) -> None:
    imports = "from numpyro.infer import HMC, DiscreteHMCGibbs\n"
    imports += "from numpyro.infer.gibbs import DiscreteGibbs, Gibbs\n"
    report = read(f"{imports}{MODEL}MCMC({kernel}).run(0, 1.0)\n")
    (fit,) = report.context.fits
    assert [each.kind for each in fit.kernels] == kinds


def test_other_algorithms_are_runs() -> None:
    report = read(
        f"{MODEL}"
        "from numpyro.contrib.einstein import SteinVI\n"
        "from numpyro.contrib.nested_sampling import NestedSampler\n"
        "SteinVI(model, guide, None, None).run(0, 10, 1.0, y=2.0)\n"
        "NestedSampler(model).run(0, 1.0, y=2.0)\n"
    )
    assert [run.kind for run in report.module.runs] == ["stein", "nested"]
    for run in report.module.runs:
        assert observed(report, run) == {"level": False, "y": True}


def test_config_enumerate_is_a_handler() -> None:
    report = read(
        "from numpyro.contrib.funsor import config_enumerate\n"
        f"{MODEL}MCMC(NUTS(config_enumerate(model))).run(0, 1.0)\n"
    )
    (run,) = report.module.runs
    assert run.stack is not None
    assert [handler.kind for handler in run.stack.handlers] == ["infer_config"]


def test_an_autoguide_is_none_of_ours() -> None:
    report = read(
        f"from numpyro.infer.autoguide import AutoNormal\n{MODEL}"
        "SVI(model, AutoNormal(model), None, None).run(0, 1, 1.0)\n"
    )
    (run,) = report.module.runs
    assert run.guide is None or run.guide.model.function is None


def test_handlers_around_the_model() -> None:
    report = read(
        f"{MODEL}h = handlers.condition(model, data={{'y': 1.0}})\nMCMC(NUTS(h)).run(0, 1.0)\n"
    )
    (run,) = report.module.runs
    assert run.stack is not None
    assert [handler.kind for handler in run.stack.handlers] == ["condition"]
    assert observed(report, run) == {"level": False, "y": True}


def test_in_a_function_and_a_method() -> None:
    report = read(
        f"""
        {MODEL.replace(chr(10), chr(10) + "        ")}
        def fit(key, x, y):
            mcmc = MCMC(NUTS(model))
            mcmc.run(key, x, y)
            return mcmc.get_samples()
        class Fit:
            def model(self, x):
                numpyro.sample("a", dist.Normal(x, 1.0))
            def fit(self, key):
                MCMC(NUTS(self.model)).run(key, 1.0)
        """
    )
    keys = [run.stack.model.function for run in report.module.runs if run.stack]
    assert keys == [function(report, "model").key, function(report, "Fit.model").key]


def test_an_engine_that_is_never_run_is_no_run() -> None:
    report = read(f"{MODEL}mcmc = MCMC(NUTS(model))\npredict = Predictive(model, num_samples=1)\n")
    assert report.module.runs == ()


def test_samples_are_a_table_without_known_keys() -> None:
    report = read(
        f"{MODEL}mcmc = MCMC(NUTS(model))\nmcmc.run(0, 1.0, 2.0)\n"
        "held = handlers.condition(model, data=mcmc.get_samples())\n"
        "drawn = handlers.substitute(model, data=Predictive(model, num_samples=1)(0, 1.0))\n"
    )
    assert report.diagnostics == ()


def test_what_runs_inference_is_no_model():
    report = read("""
        def model(y):
            numpyro.sample("y", dist.Normal(numpyro.sample("a", dist.Normal(0.0, 1.0)), 1.0), obs=y)


        def main(y):
            mcmc = MCMC(NUTS(model), num_warmup=1, num_samples=1)
            mcmc.run(jax.random.key(0), y)
            return handlers.substitute(model, mcmc.get_samples())(y)
        """)
    assert [f.name for f in report.module.functions.values() if f.role == "model"] == ["model"]
