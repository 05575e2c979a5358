"""Which plates stand around a site, outermost first."""

from __future__ import annotations

import pytest
from static.support import effects, function, names, read, site, sites

BODIES = {
    "with": """
        with numpyro.plate("p", 3):
            numpyro.sample("a", dist.Normal(0.0, 1.0))
    """,
    "nested": """
        with numpyro.plate("q", 2, dim=-2):
            with numpyro.plate("p", 3):
                numpyro.sample("a", dist.Normal(0.0, 1.0))
    """,
    "several on one with": """
        with numpyro.plate("q", 2, dim=-2), numpyro.plate("p", 3, dim=-1) as index:
            numpyro.sample("a", dist.Normal(0.0, 1.0))
    """,
    "in a variable": """
        plate = numpyro.plate("p", 3)
        with plate:
            numpyro.sample("a", dist.Normal(0.0, 1.0))
    """,
    "in a tuple": """
        q, p = numpyro.plate("q", 2, dim=-2), numpyro.plate("p", 3, dim=-1)
        with q, p:
            numpyro.sample("a", dist.Normal(0.0, 1.0))
    """,
    "in a dictionary": """
        plates = {"rows": numpyro.plate("p", 3)}
        with plates["rows"]:
            numpyro.sample("a", dist.Normal(0.0, 1.0))
    """,
    "in a list": """
        plates = [numpyro.plate("q", 2), numpyro.plate("p", 3)]
        with plates[-1]:
            numpyro.sample("a", dist.Normal(0.0, 1.0))
    """,
    "walrus": """
        with (p := numpyro.plate("p", 3)):
            numpyro.sample("a", dist.Normal(0.0, 1.0))
    """,
    "enter_context": """
        import contextlib
        with contextlib.ExitStack() as stack:
            stack.enter_context(numpyro.plate("q", 2, dim=-2))
            stack.enter_context(numpyro.plate("p", 3, dim=-1))
            numpyro.sample("a", dist.Normal(0.0, 1.0))
    """,
    "around a helper": """
        def helper():
            return numpyro.sample("a", dist.Normal(0.0, 1.0))
        with numpyro.plate("p", 3):
            helper()
    """,
    "given to a helper": """
        def helper(plate):
            with plate:
                return numpyro.sample("a", dist.Normal(0.0, 1.0))
        helper(numpyro.plate("p", 3))
    """,
    "given on in a dictionary": """
        def inner(plates):
            with plates["rows"]:
                return numpyro.sample("a", dist.Normal(0.0, 1.0))
        def helper(plates, name):
            return inner(plates=plates)
        helper({"rows": numpyro.plate("p", 3), "columns": numpyro.plate("q", 3)}, "rows")
    """,
    "given in a tuple of tuples": """
        def helper(plates):
            with plates[0][1]:
                return numpyro.sample("a", dist.Normal(0.0, 1.0))
        p = numpyro.plate("p", 3)
        helper(((None, p), None))
    """,
    "entered by a helper that keeps it open": """
        import contextlib
        def helper(plate):
            with contextlib.ExitStack() as stack:
                stack.enter_context(plate)
                numpyro.sample("a", dist.Normal(0.0, 1.0))
        helper(numpyro.plate("p", 3))
    """,
    "in a dictionary that grows": """
        plates = {}
        plates["rows"] = numpyro.plate("p", 3)
        with plates["rows"]:
            numpyro.sample("a", dist.Normal(0.0, 1.0))
    """,
    "in dict()": """
        plates = dict(rows=numpyro.plate("p", 3), columns=numpyro.plate("q", 3))
        with plates.get("rows"):
            numpyro.sample("a", dist.Normal(0.0, 1.0))
    """,
    "in a dictionary of a helper": """
        def build(name, size):
            return {"rows": numpyro.plate(name, size), "columns": numpyro.plate("q", 3)}
        plates = build("p", 3)
        with plates["rows"]:
            numpyro.sample("a", dist.Normal(0.0, 1.0))
    """,
    "of a helper by its name": """
        def rows(name):
            return numpyro.plate(name, 3)
        with rows("p"):
            numpyro.sample("a", dist.Normal(0.0, 1.0))
    """,
    "of a closure": """
        p = numpyro.plate("p", 3)
        def helper():
            with p:
                return numpyro.sample("a", dist.Normal(0.0, 1.0))
        helper()
    """,
    "one of two": """
        p = numpyro.plate("p", 3) if flag else numpyro.plate("p", 4, subsample_size=2)
        with p:
            numpyro.sample("a", dist.Normal(0.0, 1.0))
    """,
    "of a helper": """
        def rows():
            return numpyro.plate("p", 3)
        with rows():
            numpyro.sample("a", dist.Normal(0.0, 1.0))
    """,
}
EXPECTED = {
    "nested": ["q", "p"],
    "several on one with": ["q", "p"],
    "in a tuple": ["q", "p"],
    "enter_context": ["q", "p"],
}


@pytest.mark.parametrize("form", BODIES)
def test_form(form: str) -> None:
    report = read("def model(flag=True):" + BODIES[form].replace("\n    ", "\n"))
    assert site(report, "a")["plates"] == EXPECTED.get(form, ["p"])
    assert report.diagnostics == ()


def test_the_plate_is_a_site_itself() -> None:
    report = read(
        """
        def model():
            with numpyro.plate("q", 2, dim=-2):
                with numpyro.plate("p", 3):
                    pass
        """
    )
    assert [(s["name"], s["type"], s["status"], s["plates"]) for s in sites(report)] == [
        ("q", "plate", "plate", []),
        ("p", "plate", "plate", ["q"]),
    ]


def test_a_site_after_the_with_stands_in_no_plate() -> None:
    report = read(
        """
        def model():
            with numpyro.plate("p", 3):
                pass
            numpyro.sample("a", dist.Normal(0.0, 1.0))
        """
    )
    assert site(report, "a")["plates"] == []


def test_a_plate_that_nobody_gives() -> None:
    report = read(
        """
        def model(plate):
            with plate:
                return numpyro.sample("a", dist.Normal(0.0, 1.0))
        """
    )
    # What a parameter holds may be any handler: nothing is claimed.
    assert site(report, "a")["plates"] == []
    assert report.diagnostics == ()


def test_a_handler_that_is_given_to_a_helper() -> None:
    report = read(
        """
        def helper(around):
            with around:
                return numpyro.sample("a", dist.Normal(0.0, 1.0))
        def model():
            helper(handlers.scope(prefix="s"))
        trace = handlers.trace(handlers.seed(model, 0)).get_trace()
        """
    )
    assert list(effects(report)) == ["s/a"]


@pytest.mark.parametrize("where", ["__init__", "__call__", "prepare"])
def test_a_plate_of_the_object(where: str) -> None:
    text = """
        class Model:
            def __init__(self):
                pass
            def prepare(self):
                pass
            def __call__(self):
                self.prepare()
                with self.rows:
                    numpyro.sample("a", dist.Normal(0.0, 1.0))
                    self.inner()
            def inner(self):
                with self.columns["only"]:
                    numpyro.sample("b", dist.Normal(0.0, 1.0))
        """
    built = """
                self.rows = numpyro.plate("p", 3, dim=-2)
                self.columns = {"only": numpyro.plate("q", 4, dim=-1)}"""
    report = read(text.replace(f"def {where}(self):", f"def {where}(self):{built}"))
    assert site(report, "a", "Model.__call__")["plates"] == ["p"]
    assert site(report, "b", "Model.__call__")["plates"] == ["p", "q"]
    assert report.diagnostics == ()


def test_plates_of_a_dictionary_that_is_computed() -> None:
    report = read(
        """
        def model(sizes):
            plates = {name: numpyro.plate(name, size) for name, size in sizes.items()}
            with plates["rows"]:
                numpyro.sample("a", dist.Normal(0.0, 1.0))
        """
    )
    assert site(report, "a")["plates"] == ["*"]
    assert report.diagnostics == ()


def test_plate_stack() -> None:
    report = read(
        """
        def model():
            with numpyro.plate_stack("grid", [2, 3]):
                numpyro.sample("a", dist.Normal(0.0, 1.0))
        """
    )
    assert names(report) == ["grid_0", "grid_1", "a"]
    assert sorted(site(report, "a")["plates"]) == ["grid_0", "grid_1"]


def test_plate_stack_of_unknown_sizes() -> None:
    report = read(
        """
        def model(sizes):
            with numpyro.plate_stack("grid", sizes):
                numpyro.sample("a", dist.Normal(0.0, 1.0))
        """
    )
    assert site(report, "a")["plates"] == ["grid_*"]


def test_computed_names() -> None:
    report = read(
        """
        def model(groups):
            for i in range(groups):
                with numpyro.plate(f"plate_{i}", 3):
                    numpyro.sample(f"a_{i}", dist.Normal(0.0, 1.0))
        def rows(name):
            with numpyro.plate(f"{name}_rows", 3):
                numpyro.sample(name, dist.Normal(0.0, 1.0))
        def other():
            rows("b")
        """
    )
    assert site(report, "a_*")["plates"] == ["plate_*"]
    assert site(report, "b", "other")["plates"] == ["b_rows"]


def test_loops_over_plates_do_not_claim_one() -> None:
    report = read(
        """
        def model(plates):
            for plate in plates:
                with plate:
                    numpyro.factor("a", 0.0)
        """
    )
    assert report.diagnostics == ()


def test_plates_of_funsor_are_not_told() -> None:
    report = read(
        """
        from numpyro.contrib.funsor import plate
        def model():
            with plate("rows", 3):
                numpyro.sample("a", dist.Normal(0.0, 1.0))
        """
    )
    prediction = report.context.bare(function(report, "model"))
    assert not prediction.complete
