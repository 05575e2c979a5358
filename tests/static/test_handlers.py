"""Every way to put handlers around a model gives one stack, outermost first."""

from __future__ import annotations

import pytest
from static.support import effects, function, kinds, read, stack

MODEL = """
def model(y=None):
    level = numpyro.sample("level", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)
"""
SAME = [
    "handlers.seed(handlers.condition(model, {'level': 1.0}), 0)(2.0)",
    "handlers.seed(fn=handlers.condition(data={'level': 1.0}, fn=model), rng_seed=0)(2.0)",
    "handlers.seed(rng_seed=0)(handlers.condition(data={'level': 1.0})(model))(2.0)",
    "h = handlers.condition(model, {'level': 1.0})\nseeded = handlers.seed(h, 0)\nseeded(2.0)",
    "with handlers.seed(rng_seed=0), handlers.condition(data={'level': 1.0}):\n    model(2.0)",
    "with handlers.seed(rng_seed=0):\n with handlers.condition(data={'level': 1.0}):\n  model(2.0)",
    "with handlers.seed(rng_seed=0):\n    handlers.condition(model, {'level': 1.0})(2.0)",
    (
        "seed = handlers.seed(rng_seed=0)\nheld = handlers.condition(data={'level': 1.0})\n"
        "with seed, held:\n    model(2.0)"
    ),
    (
        "import contextlib\nwith contextlib.ExitStack() as es:\n"
        "    es.enter_context(handlers.seed(rng_seed=0))\n"
        "    es.enter_context(handlers.condition(data={'level': 1.0}))\n    model(2.0)"
    ),
    (
        "def wrap(fn):\n    return handlers.condition(fn, {'level': 1.0})\n"
        "handlers.seed(handlers.condition(functools.partial(model), {'level': 1.0}), 0)(y=2.0)"
    ),
]


@pytest.mark.parametrize("text", SAME)
def test_one_meaning(text: str) -> None:
    report = read(MODEL + text + "\n")
    assert kinds(report) == ["seed", "condition"]
    found = effects(report)
    assert (found["level"].value_from, found["level"].observed) == ("condition", True)
    assert (found["y"].value_from, found["y"].observed) == ("obs", True)


def test_decorators() -> None:
    report = read(
        """
        @handlers.seed(rng_seed=0)
        @handlers.condition(data={"level": 1.0})
        def model():
            numpyro.sample("level", dist.Normal(0.0, 1.0))
        model()
        """
    )
    assert [h.kind for h in function(report, "model").handlers] == ["seed", "condition"]
    assert kinds(report) == ["seed", "condition"]


FORMS = {
    "seed": "rng_seed=0",
    "trace": "",
    "condition": "data={'level': 1.0}",
    "substitute": "data={'level': 1.0}",
    "do": "data={'level': 1.0}",
    "block": "hide=['level']",
    "uncondition": "",
    "lift": "prior={'scale': dist.HalfNormal(1.0)}",
    "replay": "trace={}",
    "scope": "prefix='a'",
    "scale": "scale=2.0",
    "mask": "mask=False",
    "reparam": "config={'level': None}",
    "collapse": "",
    "infer_config": "config_fn=lambda site: {}",
}


@pytest.mark.parametrize("kind", FORMS)
def test_every_handler(kind: str) -> None:
    arguments = FORMS[kind]
    for text in (
        f"handlers.{kind}(model, {arguments})",
        f"handlers.{kind}({arguments})(model)",
        f"with handlers.{kind}({arguments}):\n    model()",
    ):
        report = read(f"{MODEL}{text}\n")
        assert kinds(report) == [kind]
        (handler,) = stack(report).handlers
        names = [part.partition("=")[0] for part in arguments.split(", ") if part]
        assert [name for name, _ in handler.args] == names


def test_a_wrapper_that_is_never_run_is_a_stack() -> None:
    report = read(f"{MODEL}held = handlers.condition(model, {{'level': 1.0}})\n")
    assert (stack(report).use, kinds(report)) == ("wrapper", ["condition"])


def test_a_wrapper_that_is_run_is_one_stack() -> None:
    report = read(
        f"{MODEL}held = handlers.condition(model, {{'level': 1.0}})\nhandlers.seed(held, 0)(1.0)\n"
    )
    assert [(each.use, len(each.handlers)) for each in report.module.stacks] == [("call", 2)]


def test_get_trace() -> None:
    report = read(f"{MODEL}tr = handlers.trace(handlers.seed(model, 0)).get_trace(1.0)\n")
    assert (stack(report).use, kinds(report)) == ("trace", ["trace", "seed"])
    assert effects(report)["y"].observed is True


def test_handlers_inside_a_model_are_no_stack_of_their_own() -> None:
    report = read(
        """
        def prior():
            return numpyro.sample("level", dist.Normal(0.0, 1.0))
        def model():
            with handlers.mask(mask=False):
                prior()
            handlers.scope(prior, prefix="a")()
        """
    )
    assert report.module.stacks == ()
    bare = report.context.bare(function(report, "model"))
    assert [(e.name.glob, e.masked) for e in bare.effects] == [("level", True), ("a/level", False)]


def test_a_model_of_a_parameter_is_not_known() -> None:
    report = read(
        """
        def predict(model, key):
            return handlers.seed(handlers.condition(model, {"a": 1.0}), key)()
        """
    )
    assert stack(report).model.function is None
    assert report.diagnostics == ()


def test_an_unknown_context_manager_may_be_any_handler() -> None:
    report = read(
        f"""
        import mine
        {MODEL.replace(chr(10), chr(10) + "        ")}
        with mine.context(), handlers.seed(rng_seed=0):
            model()
        """
    )
    assert kinds(report) == ["opaque", "seed"]
    assert report.diagnostics == ()


def test_context_managers_that_are_no_handlers() -> None:
    report = read(
        f"""
        import warnings
        {MODEL.replace(chr(10), chr(10) + "        ")}
        with warnings.catch_warnings(), open("f") as f, jax.disable_jit():
            handlers.seed(model, 0)()
        """
    )
    assert kinds(report) == ["seed"]


@pytest.mark.parametrize(
    ("site", "key", "meant"),
    [
        ("home_adv", "home_advantage", True),
        ("home_advantage", "home_adv", True),
        ("slope", "slope_of_each_school", False),
        ("mu", "multiplier", False),
    ],
)
def test_a_short_form_of_a_name_is_known(site: str, key: str, meant: bool) -> None:
    report = read(f"""
        def model():
            numpyro.sample("{site}", dist.Normal(0.0, 1.0))
            numpyro.sample("y", dist.Normal(0.0, 1.0), obs=1.0)


        held = handlers.do(model, {{"{key}": 0.0}})
        """)
    (finding,) = [each for each in report.diagnostics if each.rule == "unknown-site-in-handler"]
    assert (f"did you mean '{site}'?" in finding.message) == meant
