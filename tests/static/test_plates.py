"""Which plates stand around a site, outermost first."""

from __future__ import annotations

import pytest
from static.support import names, read, site, sites

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
    report = read("def model():" + BODIES[form].replace("\n    ", "\n"))
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


def test_a_plate_that_is_given_to_a_helper() -> None:
    report = read(
        """
        def helper(plate):
            with plate:
                return numpyro.sample("a", dist.Normal(0.0, 1.0))
        def model():
            helper(numpyro.plate("p", 3))
        """
    )
    # What a parameter holds is not entered: it may be any handler, and nothing is claimed.
    assert names(report) == ["p", "a"]
    assert report.diagnostics == ()


def test_a_plate_of_the_object() -> None:
    report = read(
        """
        class Model:
            def __call__(self):
                self.rows = numpyro.plate("p", 3)
                with self.rows:
                    numpyro.sample("a", dist.Normal(0.0, 1.0))
        """
    )
    # What an attribute holds is not followed; the site is still found, and nothing is claimed.
    assert "a" in names(report, "Model.__call__") or None in names(report, "Model.__call__")
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
            for i in range(3):
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
