"""Models that are spread over the files of a project."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from numpyro_lint.check import Report, check
from numpyro_lint.document import sites_of
from numpyro_lint.document_findings import diagnostic
from numpyro_lint.model.project import Project
from numpyro_lint.text import load

PRIORS = """
    import numpyro
    import numpyro.distributions as dist

    WIDTH = 2.5


    def normal(name, scale=WIDTH):
        return numpyro.sample(name, dist.Normal(0.0, scale))


    class Intercept:
        def __init__(self, prefix):
            self.prefix = prefix

        def __call__(self):
            return numpyro.sample(f"{self.prefix}_intercept", dist.Normal(0.0, 1.0))
"""
MODEL = """
    import numpyro
    import numpyro.distributions as dist
    {imports}


    def model(x, y=None):
        slope = {normal}("slope")
        level = {intercept}("a")()
        numpyro.sample("y", dist.Normal(level + slope * x, 1.0), obs=y)
"""
WAYS = {
    "relative": ("from .priors import Intercept, normal", "normal", "Intercept"),
    "relative module": ("from . import priors", "priors.normal", "priors.Intercept"),
    "absolute": ("from pkg.priors import Intercept, normal", "normal", "Intercept"),
    "absolute module": ("import pkg.priors as p", "p.normal", "p.Intercept"),
    "whole path": ("import pkg.priors", "pkg.priors.normal", "pkg.priors.Intercept"),
    "star": ("from .priors import *", "normal", "Intercept"),
    "re-exported": ("from pkg import Intercept, normal", "normal", "Intercept"),
    "renamed": ("from pkg import normal as n, Intercept as I", "n", "I"),
}


def project(folder: Path, files: dict[str, str]) -> Path:
    """Writes files under a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    return folder


def read(path: Path) -> Report:
    return check(load(str(path)), project=Project())


@pytest.mark.parametrize("root", ["", "src/"])
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_helpers_of_another_file(way: tuple[str, str, str], root: str, tmp_path: Path) -> None:
    imports, normal, intercept = way
    text = MODEL.format(imports=imports, normal=normal, intercept=intercept)
    files = {
        "setup.py": "",
        f"{root}pkg/__init__.py": "from .priors import Intercept, normal\n",
        f"{root}pkg/priors.py": PRIORS,
        f"{root}pkg/model.py": text,
    }
    report = read(project(tmp_path, files) / root / "pkg/model.py")
    (model,) = report.module.functions.values()
    assert report.context.bare(model).complete
    found = list(sites_of(report, model))
    assert [site["name"] for site in found] == ["slope", "a_intercept", "y"]
    assert [Path(site["path"]).name for site in found] == ["priors.py", "priors.py", "model.py"]
    assert [site["line"] for site in found][:2] == [9, 17]
    assert report.diagnostics == ()


def test_a_script_runs_a_model_of_another_file(tmp_path: Path) -> None:
    models = """
        import numpyro
        import numpyro.distributions as dist


        def model(y=None):
            level = numpyro.sample("level", dist.Normal(0.0, 1.0))
            numpyro.sample("y", dist.Normal(level, 1.0), obs=y)
    """
    run = """
        import jax
        from models import model
        from numpyro.handlers import condition
        from numpyro.infer import MCMC, NUTS

        held = condition(model, data={"levle": 0.0})
        MCMC(NUTS(held), num_warmup=1, num_samples=1).run(jax.random.key(0), 1.0)
    """
    report = read(project(tmp_path, {"models.py": models, "run.py": run}) / "run.py")
    (finding,) = report.diagnostics
    assert finding.rule == "unknown-site-in-handler"
    assert "did you mean 'level'" in finding.message


def test_a_finding_in_another_file_stands_at_the_call_that_leads_there(tmp_path: Path) -> None:
    helper = """
        import numpyro
        import numpyro.distributions as dist


        def level():
            return numpyro.sample("level", dist.Normal(0.0, 1.0))
    """
    model = """
        import numpyro
        import numpyro.distributions as dist
        from helper import level


        def model(y):
            numpyro.sample("level", dist.Normal(0.0, 1.0))
            numpyro.sample("y", dist.Normal(level(), 1.0), obs=y)
    """
    report = read(project(tmp_path, {"helper.py": helper, "model.py": model}) / "model.py")
    (finding,) = report.diagnostics
    assert finding.rule == "duplicate-site"
    assert report.source.slice(finding.span) == "level()"
    told = diagnostic(finding, report.source)
    assert (told["line"], Path(told["path"]).name) == (9, "model.py")
    assert [Path(each["path"]).name for each in told["related"]] == ["helper.py", "model.py"]
    assert told["related"][0]["line"] == 7


def test_files_that_import_each_other(tmp_path: Path) -> None:
    first = """
        import numpyro
        import numpyro.distributions as dist
        import b


        def model():
            return b.helper()


        def level():
            return numpyro.sample("level", dist.Normal(0.0, 1.0))
    """
    second = """
        import a
        import numpyro
        import numpyro.distributions as dist


        def helper():
            return numpyro.sample("helper", dist.Normal(0.0, 1.0))
    """
    report = read(project(tmp_path, {"a.py": first, "b.py": second}) / "a.py")
    models = {function.name: function for function in report.module.functions.values()}
    assert [site["name"] for site in sites_of(report, models["model"])] == ["helper"]


def test_what_is_not_of_the_project_may_send_anything(tmp_path: Path) -> None:
    text = """
        import numpyro
        from elsewhere import prior
        from .missing import other


        def model():
            prior()
            other()
    """
    report = read(project(tmp_path, {"model.py": text}) / "model.py")
    (model,) = report.module.functions.values()
    assert not report.context.bare(model).complete


def test_without_a_project_other_files_are_not_read(tmp_path: Path) -> None:
    text = MODEL.format(imports="from priors import *", normal="normal", intercept="Intercept")
    folder = project(tmp_path, {"model.py": text, "priors.py": PRIORS})
    report = check(load(str(folder / "model.py")))
    assert not report.module.others
