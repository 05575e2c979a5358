"""What a free name stands for: never a global that something nearer hides, nor one that changes."""

from __future__ import annotations

import textwrap

import pytest
from static.support import function, names, read

HIDDEN = {
    "a parameter": """
        def make(name):
            SITES
    """,
    "a starred parameter": """
        def make(*rest, **name):
            SITES
    """,
    "a keyword parameter": """
        def make(*, name):
            SITES
    """,
    "a loop variable": """
        def make(names):
            for name in names:
                SITES
    """,
    "a context": """
        def make(path):
            with open(path) as name:
                SITES
    """,
    "an exception": """
        def make():
            try:
                pass
            except ValueError as name:
                SITES
    """,
    "a capture": """
        def make(given):
            match given:
                case [name, *_]:
                    SITES
    """,
    "unpacking": """
        def make(pairs):
            (name, _), *rest = pairs
            SITES
    """,
    "an assignment on a branch": """
        def make(flag):
            if flag:
                name = "z"
            SITES
    """,
}
MODEL = """def model():
{i}    numpyro.factor(name, 0.0)
{i}    numpyro.factor("a", 0.0)"""


@pytest.mark.parametrize("form", HIDDEN)
def test_a_global_is_hidden(form: str) -> None:
    text = textwrap.dedent(HIDDEN[form])
    indent = next(line for line in text.splitlines() if "SITES" in line).partition("SITES")[0]
    report = read("name = 'a'\n" + text.replace("SITES", MODEL.format(i=indent)))
    (model,) = [each for each in report.module.functions.values() if each.name == "model"]
    assert names(report, model.qualname) in ([None, "a"], ["z", "a"])
    assert report.diagnostics == ()


def test_a_lambda_in_a_comprehension() -> None:
    report = read(
        """
        name = "a"
        models = [
            lambda: (numpyro.factor(name, 0.0), numpyro.factor("a", 0.0)) for name in ["b", "c"]
        ]
        """
    )
    assert report.diagnostics == ()


def test_the_nearest_binding_counts() -> None:
    report = read(
        """
        name = "global"
        def make():
            name = "local"
            def model():
                numpyro.factor(name, 0.0)
            return model
        def model():
            numpyro.factor(name, 0.0)
        """
    )
    assert names(report, "make.<locals>.model") == ["local"]
    assert names(report) == ["global"]


@pytest.mark.parametrize("word", ["global", "nonlocal"])
def test_a_name_that_a_function_rebinds(word: str) -> None:
    report = read(
        f"""
        def outer():
            name = "a"
            def model():
                numpyro.factor(name, 0.0)
            def rename(given):
                {word} name
                name = given
        name = "a"
        """
    )
    assert names(report, "outer.<locals>.model") == [None]


def test_a_function_that_is_defined_on_two_branches() -> None:
    report = read(
        """
        import sys
        if sys.platform == "linux":
            def prior():
                return numpyro.factor("a", 0.0)
        else:
            def prior():
                return numpyro.factor("b", 0.0)
        def model():
            prior()
        """
    )
    assert not report.context.bare(function(report, "model")).complete


def test_an_import_that_may_fail_is_taken_for_one_that_does_not() -> None:
    report = read(
        """
        try:
            import numpyro
            from numpyro import sample
        except ImportError:
            numpyro = sample = None
        def model():
            sample("a", numpyro.distributions.Normal(0.0, 1.0))
        """,
        preamble="",
    )
    assert names(report) == ["a"]


def test_a_class_body_is_no_scope_for_its_methods() -> None:
    report = read(
        """
        name = "global"
        class Model:
            name = "attribute"
            def model(self):
                numpyro.factor(name, 0.0)
        """
    )
    assert names(report, "Model.model") == ["global"]
