"""Scopes around sites, and the names that come out."""

from __future__ import annotations

from static.support import effects, function, read, site


def test_prefixes_outermost_first() -> None:
    report = read(
        """
        def model(name):
            with handlers.scope(prefix="a"), handlers.scope(prefix=f"b_{name}", divider="."):
                numpyro.sample("x", dist.Normal(0.0, 1.0))
            with handlers.scope(prefix=name):
                numpyro.sample("y", dist.Normal(0.0, 1.0))
        """
    )
    assert site(report, "x")["scope"] == ["a", "b_*"]
    assert len(site(report, "y")["scope"]) == 1


def test_names_as_the_outside_sees_them() -> None:
    report = read(
        """
        def model():
            with handlers.scope(prefix="a"):
                numpyro.sample("x", dist.Normal(0.0, 1.0))
                with handlers.scope(prefix="b", divider="."):
                    with numpyro.plate("p", 3):
                        numpyro.sample("y", dist.Normal(0.0, 1.0))
            with handlers.scope(prefix="c", hide_types=["plate"]):
                with numpyro.plate("q", 3):
                    numpyro.sample("z", dist.Normal(0.0, 1.0))
        handlers.seed(model, 0)()
        """
    )
    assert list(effects(report)) == ["a/x", "a/b.p", "a/b.y", "q", "c/z"]


def test_around_a_function_and_in_a_decorator() -> None:
    report = read(
        """
        @handlers.scope(prefix="d")
        def decorated():
            numpyro.sample("x", dist.Normal(0.0, 1.0))
        def model():
            decorated()
            handlers.scope(decorated, prefix="w")()
        handlers.seed(model, 0)()
        """
    )
    assert list(effects(report)) == ["d/x", "w/d/x"]
    bare = report.context.bare(function(report, "decorated"))
    assert [effect.name.glob for effect in bare.effects] == ["d/x"]


def test_a_prefix_that_a_caller_gives() -> None:
    report = read(
        """
        def part(prefix, divider="/"):
            with handlers.scope(prefix=prefix, divider=divider):
                numpyro.sample("x", dist.Normal(0.0, 1.0))
        def model(names):
            part("a")
            part("b", divider="_")
            part(names)
        handlers.seed(model, 0)(["c"])
        """
    )
    assert list(effects(report)) == ["a/x", "b_x", "*/x"]
