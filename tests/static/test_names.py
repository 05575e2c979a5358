"""Site names: literal, made of parts, computed."""

from __future__ import annotations

import pytest
from static.support import names, read, sites

from numpyro_lint.model.name import Hole, Name

EXPRESSIONS = [
    ('"b"', "b", False),
    ('"a" "b"', "ab", False),
    ("PREFIX", "soil", False),
    ('PREFIX + "_b"', "soil_b", False),
    ('"a_" + str(i)', "a_*", True),
    ('f"{PREFIX}_b"', "soil_b", False),
    ('f"b_{i}"', "b_*", True),
    ('f"b_{3}"', "b_3", False),
    ('f"b_{i:02d}_c"', "b_*_c", True),
    ('f"{i!r}_b"', "*_b", True),
    ('"b_%d" % i', "b_*", True),
    ('"b_%s_%s" % (PREFIX, 2)', "b_soil_2", False),
    ('"100%%_%s" % PREFIX', "100%_soil", False),
    ('"{}_b".format(i)', "*_b", True),
    ('"{0}_{0}".format(PREFIX)', "soil_soil", False),
    ('"{name}_b".format(name=PREFIX)', "soil_b", False),
    ('"_".join(["a", "b"])', "a_b", False),
    ("i", None, False),
    ("NAMES[0]", "first", False),
    ('TABLE["k"]', "value", False),
    ("unknown.name", None, False),
    ('"b" if i else "c"', None, False),
    ('"b".upper()', "B", False),
    ('""', "", False),
]


@pytest.mark.parametrize(("expression", "name", "pattern"), EXPRESSIONS)
def test_expression(expression: str, name: str | None, pattern: bool) -> None:
    report = read(
        f"""
        PREFIX = "soil"
        NAMES = ["first", "second"]
        TABLE = {{"k": "value"}}
        def model(i):
            numpyro.sample({expression}, dist.Normal(0.0, 1.0))
        """
    )
    (found,) = sites(report)
    assert (found["name"], found["pattern"]) == (name, pattern)


def test_a_helpers_parameter() -> None:
    report = read(
        """
        def normal(name, suffix="raw", *, scale=1.0):
            return numpyro.sample(f"{name}_{suffix}", dist.Normal(0.0, scale))
        def model(names):
            normal("a")
            normal("b", suffix="c")
            normal(suffix="d", name="e", scale=2.0)
            normal(names)
            normal(*names)
        """
    )
    assert names(report) == ["a_raw", "b_c", "e_d", "*_raw", "*_*"]


def test_a_name_that_a_loop_changes() -> None:
    report = read(
        """
        def model():
            name = "x"
            for _ in range(3):
                numpyro.factor(name, 0.0)
                name += "x"
            numpyro.factor(name, 0.0)
        """
    )
    assert names(report)[0] is None


def test_a_name_that_is_bound_on_two_branches() -> None:
    report = read(
        """
        def model(flag):
            if flag:
                name = "a"
            else:
                name = "b"
            numpyro.factor(name, 0.0)
        """
    )
    assert names(report) == [None]


def test_self_attributes() -> None:
    report = read(
        """
        class Model:
            kind = "k"
            def __init__(self, given):
                self.prefix = "soil"
                self.given = given
            def __call__(self):
                numpyro.factor(f"{self.prefix}_a", 0.0)
                numpyro.factor(f"{self.kind}_a", 0.0)
                numpyro.factor(f"{self.given}_a", 0.0)
        """
    )
    assert names(report, "Model.__call__") == ["soil_a", "k_a", "*_a"]


def test_an_attribute_that_is_set_again_is_not_known() -> None:
    report = read(
        """
        class Model:
            def __init__(self):
                self.name = "a"
            def __call__(self):
                numpyro.factor(self.name, 0.0)
            def rename(self, name):
                self.name = name
        """
    )
    assert names(report, "Model.__call__") == [None]


def test_an_attribute_of_a_base_class_is_not_known() -> None:
    report = read(
        """
        class Base:
            name = "a"
            def __call__(self):
                numpyro.factor(self.name, 0.0)
        class Derived(Base):
            name = "b"
        """
    )
    assert names(report, "Base.__call__") == [None]


def test_a_global_that_is_bound_twice_is_not_known() -> None:
    report = read(
        """
        NAME = "a"
        def model():
            numpyro.factor(NAME, 0.0)
        NAME = "b"
        """
    )
    assert names(report) == [None]


@pytest.mark.parametrize(
    ("name", "key", "matches"),
    [
        (Name.of("a"), "a", True),
        (Name.of("a"), "b", False),
        (Name(("b_", Hole())), "b_1", None),
        (Name(("b_", Hole())), "c_1", False),
        (Name((Hole(),)), "anything", None),
        (Name(("a.", Hole())), "ab1", False),
    ],
)
def test_matches(name: Name, key: str, matches: bool | None) -> None:
    assert name.matches(key) is matches


def test_a_method_that_texts_have_too_may_be_that_of_anything() -> None:
    report = read(
        """
        def wait(workers):
            first, second = workers
            first.join()
            second.strip("a", "b", "c")
            for worker, number in workers:
                worker.join()
                worker.items(1)
        """
    )
    assert report.diagnostics == ()
