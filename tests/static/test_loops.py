"""Loops over what is known are read pass by pass, and containers are followed into them."""

from __future__ import annotations

import pytest
from static.support import function, names, read, site, sites

DRAW = "numpyro.sample(name, dist.Normal(0.0, 1.0))"

KNOWN = [
    ('for name in ["a", "b"]:', ["a", "b"]),
    ('for name in ("a", "b"):', ["a", "b"]),
    ('for name in "ab":', ["a", "b"]),
    ("for name in NAMES:", ["first", "second"]),
    ("for name in PRIORS:", ["mu", "tau"]),
    ("for name in PRIORS.keys():", ["mu", "tau"]),
    ("for name in sorted(PRIORS):", ["mu", "tau"]),
    ("for name in reversed(NAMES):", ["second", "first"]),
    ("for name, prior in PRIORS.items():", ["mu", "tau"]),
    ("for i, name in enumerate(NAMES):", ["first", "second"]),
    ("for i, (name, prior) in enumerate(PRIORS.items()):", ["mu", "tau"]),
    ("for name, scale in zip(NAMES, [1.0, 2.0]):", ["first", "second"]),
    ('for name in [f"b_{i}" for i in range(2)]:', ["b_0", "b_1"]),
    ("for name in {n: 1.0 for n in NAMES}:", ["first", "second"]),
    ("for name in list(NAMES):", ["first", "second"]),
    ('for name in ["a"]:', ["a"]),
    ("for name in NAMES[1:]:", ["second"]),
    ("for i, name in enumerate(NAMES, start=1):", ["first", "second"]),
    ("for name in names:", [None]),
    ("for name in set_of_names():", [None]),
    ('for name in names.keys("of another kind"):', [None]),
]


@pytest.mark.parametrize(("head", "expected"), KNOWN)
def test_passes(head: str, expected: list[str | None]) -> None:
    report = read(
        f"""
        NAMES = ["first", "second"]
        PRIORS = {{"mu": 1.0, "tau": 2.0}}
        def model(names):
            {head}
                {DRAW}
        """
    )
    assert names(report) == expected
    assert not report.diagnostics


def test_range_and_enumerate_number_the_names() -> None:
    report = read(
        """
        def model(n):
            for i in range(2):
                numpyro.sample(f"a_{i}", dist.Normal(0.0, 1.0))
            for i in range(n):
                numpyro.sample(f"b_{i}", dist.Normal(0.0, 1.0))
            for i, name in enumerate(["x", "y"], 1):
                numpyro.sample(name + str(i), dist.Normal(0.0, 1.0))
            for i in range(100):
                numpyro.sample(f"c_{i}", dist.Normal(0.0, 1.0))
        """
    )
    assert names(report) == ["a_0", "a_1", "b_*", "x1", "y2", "c_*"]
    assert [each["repeats"] for each in sites(report)] == [False, False, True, False, False, True]


def test_loops_in_loops() -> None:
    report = read(
        """
        def model():
            for row in [["a", "b"], ["c"]]:
                for name in row:
                    numpyro.sample(name, dist.Normal(0.0, 1.0))
            for i in range(2):
                for j in range(2):
                    numpyro.sample(f"x{i}{j}", dist.Normal(0.0, 1.0))
        """
    )
    assert names(report) == ["a", "b", "c", "x00", "x01", "x10", "x11"]


def test_what_does_not_change_is_told_once() -> None:
    report = read(
        """
        def model():
            for i in range(3):
                numpyro.sample("same", dist.Normal(0.0, 1.0))
        """
    )
    assert names(report) == ["same"]
    assert site(report, "same")["repeats"]
    assert [each.rule for each in report.diagnostics] == ["constant-site-name-in-loop"]


def test_one_name_in_two_passes() -> None:
    report = read(
        """
        def model():
            for name in ["a", "b", "a"]:
                numpyro.sample(name, dist.Normal(0.0, 1.0))
        """
    )
    assert [each.rule for each in report.diagnostics] == ["duplicate-site"]


def test_plates_and_scopes_of_a_pass() -> None:
    report = read(
        """
        def model():
            for name in ["a", "b"]:
                with numpyro.plate(f"{name}_plate", 3), handlers.scope(prefix=name):
                    numpyro.sample("x", dist.Normal(0.0, 1.0))
            plates = [numpyro.plate(f"p{i}", 2) for i in range(2)]
            for i, plate in enumerate(plates):
                with plate:
                    numpyro.sample(f"y{i}", dist.Normal(0.0, 1.0))
        """
    )
    inside = [(each["plates"], each["scope"]) for each in sites(report) if each["name"] == "x"]
    assert inside == [(["a_plate"], ["a"]), (["b_plate"], ["b"])]
    assert site(report, "y1")["plates"] == ["p1"]
    assert not report.diagnostics


def test_helpers_loop_over_what_they_are_given() -> None:
    report = read(
        """
        def draw(priors, *more, **others):
            for name, prior in priors.items():
                numpyro.sample(name, prior)
            for name in more:
                numpyro.sample(name, dist.Normal(0.0, 1.0))
            for name, scale in others.items():
                numpyro.sample(name, dist.Normal(0.0, scale))
        def model():
            draw({"a": dist.Normal(0.0, 1.0)}, "b", "c", d=1.0)
            draw(dict(e=dist.Normal(0.0, 1.0)), *["f"], **{"g": 1.0})
        """
    )
    assert names(report) == ["a", "b", "c", "d", "e", "f", "g"]


def test_functions_and_objects_of_a_pass() -> None:
    report = read(
        """
        class Part:
            def __init__(self, name):
                self.name = name
            def __call__(self):
                return numpyro.sample(self.name, dist.Normal(0.0, 1.0))
            def scale(self):
                return numpyro.sample(f"{self.name}_scale", dist.HalfNormal(1.0))
        def one(name):
            return numpyro.sample(f"one_{name}", dist.Normal(0.0, 1.0))
        def two(name):
            return numpyro.sample(f"two_{name}", dist.Normal(0.0, 1.0))
        def model():
            for draw in (one, two):
                draw("x")
            for part in [Part("a"), Part("b")]:
                part()
                part.scale()
        """
    )
    assert names(report) == ["one_x", "two_x", "a", "a_scale", "b", "b_scale"]


def test_branches_on_what_a_pass_is_given() -> None:
    report = read(
        """
        def model():
            for name, obs in {"a": 1.0, "b": None}.items():
                if obs is not None:
                    numpyro.sample(name, dist.Normal(0.0, 1.0), obs=obs)
                else:
                    numpyro.sample(f"free_{name}", dist.Normal(0.0, 1.0))
        """
    )
    assert [(each["name"], each["status"]) for each in sites(report)] == [
        ("a", "observed"),
        ("free_b", "latent"),
    ]


def test_arguments_that_are_handed_on() -> None:
    report = read(
        """
        def inner(name, scale=1.0):
            return numpyro.sample(name, dist.Normal(0.0, scale))
        def outer(*args, **kwargs):
            return inner(*args, **kwargs)
        def model():
            outer("a")
            outer(name="b", scale=2.0)
        """
    )
    assert names(report) == ["a", "b"]


def test_containers_that_are_changed_are_not_known() -> None:
    report = read(
        """
        def add(table):
            table["late"] = 1.0
        def changed(table):
            table.pop("a")
            for name in table:
                numpyro.sample(name, dist.Normal(0.0, 1.0))
        def model():
            table = {"a": 1.0, "b": 2.0}
            add(table)
            for name in table:
                numpyro.sample(name, dist.Normal(0.0, 1.0))
        def other():
            changed({"a": 1.0, "b": 2.0})
        """
    )
    assert names(report) == [None]
    assert names(report, "other") == [None]


def test_steps_are_counted_once() -> None:
    report = read(
        """
        def model():
            for i in range(3):
                numpyro.sample(f"x{i}", dist.Normal(0.0, 1.0))
        """
    )
    assert len(function(report, "model").body) == 1


def test_lists_that_a_loop_fills() -> None:
    report = read(
        """
        def model(some):
            names, others = [], []
            for letter in "xy":
                names.append(f"beta_{letter}")
                if letter == some:
                    others.append(letter)
            for name in names:
                numpyro.sample(name, dist.Normal(0.0, 1.0))
            for name in others:
                numpyro.sample(name, dist.Normal(0.0, 1.0))
        """
    )
    assert names(report) == ["beta_x", "beta_y", None]


def test_generators_and_contexts() -> None:
    report = read(
        """
        import contextlib
        def stream(n):
            for i in range(n):
                yield numpyro.sample(f"s{i}", dist.Normal(0.0, 1.0))
        @contextlib.contextmanager
        def group(name, size):
            scale = numpyro.sample(f"{name}_scale", dist.HalfNormal(1.0))
            with handlers.scope(prefix=name), numpyro.plate("plate", size):
                yield scale
        def model():
            total = sum(stream(2))
            with group("a", 3):
                numpyro.sample("x", dist.Normal(0.0, 1.0))
            with group("b", 3):
                numpyro.sample("x", dist.Normal(0.0, 1.0))
        """
    )
    assert names(report) == ["s0", "s1", "a_scale", "plate", "x", "b_scale", "plate", "x"]
    inside = [(each["scope"], each["plates"]) for each in sites(report) if each["name"] == "x"]
    assert inside == [(["a"], ["plate"]), (["b"], ["plate"])]
    assert [each["conditional"] for each in sites(report)][:3] == [True, True, False]
    assert not report.diagnostics


def test_classes_whose_annotations_make_their_init() -> None:
    report = read(
        """
        import dataclasses
        @dataclasses.dataclass
        class Variable:
            name: str
            suffix: str = "raw"
            def sample(self):
                return numpyro.sample(f"{self.name}_{self.suffix}", dist.Normal(0.0, 1.0))
        @dataclasses.dataclass
        class Wide(Variable):
            scale: float = 1.0
        def model():
            Variable("a").sample()
            Wide(name="b", suffix="wide").sample()
        """
    )
    assert names(report) == ["a_raw", "b_wide"]


def test_map_calls_a_function_for_each() -> None:
    report = read(
        """
        def draw(name):
            return numpyro.sample(name, dist.Normal(0.0, 1.0))
        def model():
            return list(map(draw, ["a", "b"]))
        """
    )
    assert names(report) == ["a", "b"]


def test_loops_in_loops_in_helpers_are_not_all_spelt_out() -> None:
    report = read(
        """
        def inner(prefix):
            for k in range(10):
                numpyro.sample(f"{prefix}_{k}", dist.Normal(0.0, 1.0))
        def middle(prefix):
            for j in range(10):
                inner(f"{prefix}_{j}")
        def model():
            for i in range(10):
                middle(f"x_{i}")
        """
    )
    assert names(report) == [f"x_{i}_*_*" for i in range(10)]


def test_comparisons_that_an_argument_settles() -> None:
    report = read(
        """
        def prior(kind, n=1):
            if kind == "normal":
                numpyro.sample("normal", dist.Normal(0.0, 1.0))
            elif kind != "student":
                numpyro.sample("other", dist.Cauchy(0.0, 1.0))
            else:
                numpyro.sample("student", dist.StudentT(3.0, 0.0, 1.0))
            if n == 2:
                numpyro.sample("second", dist.Normal(0.0, 1.0))
        def model():
            prior("student", 2)
        def other(kind):
            prior("normal")
            prior(kind, kind)
        """
    )
    assert [(each["name"], each["conditional"]) for each in sites(report)] == [
        ("student", False),
        ("second", False),
    ]
    assert names(report, "other") == ["normal", "normal", "other", "student", "second"]


LEFT = [
    ("if i == 1: break", "after", ["a_0", "a_1"]),
    ("if i == 1: break", "before", ["a_0"]),
    ("if i == 1: continue", "before", ["a_0", "a_2"]),
    ("if i % 2 == 0: continue", "before", ["a_1"]),
    ("if not i: continue", "before", ["a_1", "a_2"]),
    ("if i in (0, 2): continue", "before", ["a_1"]),
    ("if i < 1 or i > 1: continue", "before", ["a_1"]),
    ("if i == 1: return", "before", ["a_0"]),
]


@pytest.mark.parametrize(("leave", "where", "expected"), LEFT)
def test_passes_that_are_left(leave: str, where: str, expected: list[str]) -> None:
    draw = 'numpyro.sample(f"a_{i}", dist.Normal(0.0, 1.0))'
    lines = [leave, draw] if where == "before" else [draw, leave]
    report = read(
        f"""
        def model():
            for i in range(3):
                {lines[0]}
                {lines[1]}
            {"" if "return" in leave else 'numpyro.sample("z", dist.Normal(0.0, 1.0))'}
        """
    )
    end = [] if "return" in leave else ["z"]
    assert names(report) == expected + end
    assert not any(each["conditional"] for each in sites(report))


def test_a_loop_that_may_be_left() -> None:
    report = read(
        """
        def model(n):
            for i in range(3):
                if i == n:
                    break
                numpyro.sample(f"a_{i}", dist.Normal(0.0, 1.0))
            numpyro.sample("z", dist.Normal(0.0, 1.0))
        """
    )
    assert [(each["name"], each["conditional"]) for each in sites(report)] == [
        ("a_0", True), ("a_1", True), ("a_2", True), ("z", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "test", "step", "expected"),
    [
        ("0", "i < 2", "i += 1", ["a_0", "a_1"]),
        ("2", "i > 0", "i -= 1", ["a_2", "a_1"]),
        ("1", "i != 3", "i = i + 1", ["a_1", "a_2"]),
        ("0", "i < n", "i += 1", ["a_*"]),
        ("0", "i < 2", "i *= 2", ["a_*"]),
    ],
)
def test_a_while_that_counts(start: str, test: str, step: str, expected: list[str]) -> None:
    report = read(
        f"""
        def model(n):
            i = {start}
            while {test}:
                numpyro.sample(f"a_{{i}}", dist.Normal(0.0, 1.0))
                {step}
        """
    )
    assert names(report) == expected


def test_numbers_made_of_a_loop_variable() -> None:
    report = read(
        """
        def model():
            for i in range(2):
                numpyro.sample(f"a_{i + 1}_{2 * i}", dist.Normal(0.0, 1.0))
            names = ["x", "y"]
            for i in range(len(names)):
                numpyro.sample(names[i], dist.Normal(0.0, 1.0))
        """
    )
    assert names(report) == ["a_1_0", "a_2_2", "x", "y"]


def test_functions_inside_a_loop_see_its_variable() -> None:
    report = read(
        """
        def model():
            for i in range(2):
                def inner(end):
                    numpyro.sample(f"{i}_{end}", dist.Normal(0.0, 1.0))
                inner("a")
                inner("b")
        """
    )
    assert names(report) == ["0_a", "0_b", "1_a", "1_b"]


def test_steps_of_nested_loops_are_told_in_order() -> None:
    report = read(
        """
        def prior(scale):
            return dist.Normal(0.0, scale)
        def model():
            for row in ("a", "b"):
                for i in range(2):
                    numpyro.sample(f"{row}{i}_x", dist.Normal(0.0, 1.0))
                    numpyro.sample(f"{row}{i}_y", prior(2.0))
        """
    )
    assert names(report)[:4] == ["a0_x", "a0_y", "a1_x", "a1_y"]
