"""A run meets the names of the file as they are where it takes place."""

from __future__ import annotations

import pytest
from static.support import read

from numpyro_lint.check import Report

HELPER = """
    def helper(tag):
        numpyro.sample(f"{tag}_%s", dist.Normal(0.0, 1.0))
"""
MODEL = """
    def model():
        helper("x")
"""
RUN = """
    handlers.trace(handlers.seed(model, rng_seed=0)).get_trace()
"""


def told(report: Report) -> list[list[str]]:
    """The names of each run."""
    predictions = (report.context.prediction(stack) for stack in report.module.stacks)
    return [[effect.name.glob for effect in each.effects] for each in predictions]


def test_a_helper_that_is_defined_anew_between_two_runs() -> None:
    report = read(HELPER % "old" + MODEL + RUN + HELPER % "new" + RUN)
    assert told(report) == [["x_old"], ["x_new"]]


def test_a_helper_that_is_defined_anew_before_the_only_run() -> None:
    assert told(read(HELPER % "old" + MODEL + HELPER % "new" + RUN)) == [["x_new"]]


def test_a_model_that_is_defined_anew() -> None:
    other = """
    def model():
        helper("y")
    """
    assert told(read(HELPER % "a" + MODEL + RUN + other + RUN)) == [["x_a"], ["y_a"]]


def test_a_run_in_a_function_takes_place_nobody_knows_when() -> None:
    run = """
    def fit():
        handlers.trace(handlers.seed(model, rng_seed=0)).get_trace()
    """
    assert told(read(HELPER % "old" + MODEL + run + HELPER % "new")) == [["x_old"]]


@pytest.mark.parametrize(
    ("first", "second", "use"),
    [
        ('NAMES = ("a",)', 'NAMES = ("b", "c")', "[draw(name) for name in NAMES]"),
        ('PREFIX = "a"', 'PREFIX = "b"', 'draw(f"{PREFIX}")'),
        ("FLAG = True", "FLAG = False", 'draw("a") if FLAG else draw("b")'),
        ("def name(): return 'a'", "def name(): return 'b'", "draw(name())"),
        ("class Part:\n        name = 'a'", "class Part:\n        name = 'b'", "draw(Part.name)"),
        ("draws = [lambda: draw('a')]", "draws = [lambda: draw('b')]", "[f() for f in draws]"),
    ],
)
def test_what_a_model_uses_is_bound_anew(first: str, second: str, use: str) -> None:
    report = read(f"""
    def draw(name):
        numpyro.sample(name, dist.Normal(0.0, 1.0))

    {first}

    def model():
        {use}

    handlers.trace(handlers.seed(model, rng_seed=0)).get_trace()
    {second}
    handlers.trace(handlers.seed(model, rng_seed=0)).get_trace()
    """)
    names = [sorted(set(each) - {"c"}) for each in told(report)]
    flag = [["a", "b"], ["a", "b"]]
    assert names == (flag if "FLAG" in use else [["a"], ["b"]])


def test_an_object_keeps_the_class_that_it_was_made_of() -> None:
    report = read("""
    class Part:
        def draw(self):
            numpyro.sample("a", dist.Normal(0.0, 1.0))

    part = Part()

    def model():
        part.draw()
        Part().draw()

    class Part:
        def draw(self):
            numpyro.sample("b", dist.Normal(0.0, 1.0))

    handlers.trace(handlers.seed(model, rng_seed=0)).get_trace()
    """)
    assert told(report) == [["a", "b"]]
