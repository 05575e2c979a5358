"""Sites by their names in all files of a project, from whichever of them one asks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from numpyro_lint.check import check
from numpyro_lint.context import Context
from numpyro_lint.editor import across
from numpyro_lint.editor.complete import complete
from numpyro_lint.editor.hover import hover
from numpyro_lint.editor.occurrences import NoRename
from numpyro_lint.importers import Importers
from numpyro_lint.model.project import Project
from numpyro_lint.rewrite import applied
from numpyro_lint.text import Source, load

HEAD = """\
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.infer import MCMC, NUTS, SVI, Predictive, Trace_ELBO, init_to_value
"""
FILES = {
    "pyproject.toml": "",
    "models/__init__.py": "from .line import model\n",
    "models/line.py": f"""{HEAD}

def model(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(slope * x, 1.0), obs=y)
""",
    "fit.py": f"""{HEAD}from models.line import model

held = handlers.condition(model, data={{"slope": 0.5}})
scoped = handlers.scope(model, prefix="left")
mcmc = MCMC(NUTS(model, init_strategy=init_to_value(values={{"slope": 0.0}})), num_warmup=1)
mcmc.run(key, 1.0)
print(mcmc.get_samples()["slope"])
other = {{"slope": "not ours"}}
""",
    "guide.py": f"""{HEAD}from models import model


def guide(x, y=None):
    numpyro.sample("slope", dist.Normal(0.0, 1.0))


svi = SVI(model, guide, None, Trace_ELBO())
svi.run(key, 10, 1.0)
""",
    "later.py": f"""{HEAD}from fit import scoped

print(handlers.do(scoped, {{"left/slope": 1.0}}))
""",
    "elsewhere.py": f"""{HEAD}

def model():
    numpyro.sample("slope", dist.Normal(0.0, 1.0))
""",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


class Reader:
    """The files of a project on disk."""

    def __init__(self) -> None:
        self.importers, self.project = Importers(), Project()
        self.read: list[str] = []

    def look(self, path: str, word: str) -> Context | None:
        source = load(path, word.encode())
        if word not in source.text:
            return None
        self.read.append(Path(path).name)
        return check(source, project=self.project).context

    def leading(self, path: str) -> Iterable[str]:
        return self.importers.reach(path)


def asked(folder: Path, name: str, at: str) -> tuple[Context, int]:
    source = load(str(folder / name))
    return check(source, project=Project()).context, source.text.index(at) + 1


def found(folder: Path, name: str, at: str, declared: bool = True) -> dict[str, list[str]]:
    context, offset = asked(folder, name, at)
    reader = Reader()
    names: dict[str, list[str]] = {}
    for source, span in across.references(
        context, offset, reader.look, reader.leading, declared=declared
    ):
        path = Path(source.path).resolve().relative_to(folder.resolve())
        names.setdefault(path.as_posix(), []).append(source.slice(span))
    return names


def renamed(folder: Path, name: str, at: str, new: str) -> dict[str, str]:
    """The files that another name of a site changes, as they then are."""
    context, offset = asked(folder, name, at)
    reader = Reader()
    edits = across.rename(context, offset, new, reader.look, reader.leading)
    return {
        Path(source.path).resolve().relative_to(folder.resolve()).as_posix(): applied(
            source.text, each
        )
        for source, each in edits
    }


PLACES = [
    ("models/line.py", '"slope"'),
    ("fit.py", '"slope": 0.5'),
    ("fit.py", '"slope"])'),
    ("guide.py", '"slope"'),
    ("later.py", '"left/slope"'),
]


@pytest.mark.parametrize(("name", "at"), PLACES)
def test_all_that_mean_a_site_are_found_from_each(project: Path, name: str, at: str) -> None:
    assert found(project, name, at) == {
        "models/line.py": ['"slope"'],
        "fit.py": ['"slope"'] * 3,
        "guide.py": ['"slope"'],
        "later.py": ['"left/slope"'],
    }


def test_the_site_itself_may_be_left_out(project: Path) -> None:
    assert found(project, "models/line.py", '"slope"', declared=False) == {
        "fit.py": ['"slope"'] * 3,
        "later.py": ['"left/slope"'],
    }


@pytest.mark.parametrize(("name", "at"), PLACES)
def test_a_site_is_renamed_in_all_files(project: Path, name: str, at: str) -> None:
    changed = renamed(project, name, at, "gradient")
    kept = '{"gradient": "not ours"}'
    assert changed == {
        path: FILES[path].replace('slope"', 'gradient"').replace(kept, '{"slope": "not ours"}')
        for path in ("models/line.py", "fit.py", "guide.py", "later.py")
    }


def test_only_what_leads_there_and_has_the_name_is_read(project: Path) -> None:
    for path in ("models/line.py", "elsewhere.py", "guide.py"):
        (project / path).write_text(FILES[path].replace("slope", "rare"))
    context, offset = asked(project, "models/line.py", '"rare"')
    reader = Reader()
    across.references(context, offset, reader.look, reader.leading)
    assert reader.read == ["guide.py"]


@pytest.mark.parametrize(
    ("path", "old", "new", "why"),
    [
        ("fit.py", "mcmc.run(key, 1.0)", "mcmc.run(key, 1.0", "fit.py does not parse"),
        (
            "guide.py",
            'numpyro.sample("slope"',
            'numpyro.sample("taken", dist.Normal(0.0, 1.0))\n    numpyro.sample("slope"',
            "'taken' is the name of another site",
        ),
        ("fit.py", 'data={"slope": 0.5}', 'data={"sl" "ope": 0.5}', "one plain string everywhere"),
    ],
)
def test_what_another_file_stands_against_is_said(
    project: Path, path: str, old: str, new: str, why: str
) -> None:
    text = FILES[path]
    assert old in text
    (project / path).write_text(text.replace(old, new))
    with pytest.raises(NoRename, match=re.escape(why)):
        renamed(project, "models/line.py", '"slope"', "taken")


def test_a_notebook_names_the_site_of_a_file(project: Path) -> None:
    cells = [f"{HEAD}from models import model", 'held = handlers.condition(model, {"slope": 1.0})']
    content = {
        "cells": [{"cell_type": "code", "source": each} for each in cells],
        "nbformat": 4,
    }
    (project / "trial.ipynb").write_text(json.dumps(content))
    assert found(project, "models/line.py", '"slope"')["trial.ipynb"] == ['"slope"']


def test_another_file_s_sites_are_offered_and_told(project: Path) -> None:
    text = FILES["fit.py"] + 'more = handlers.do(scoped, {"'
    source = Source(str(project / "fit.py"), text)
    offered = complete(source, len(text), Project())
    assert offered is not None
    assert offered.names == ("left/slope", "left/y")
    assert offered.details[0] == "dist.Normal(0.0, 1.0)"
    report = check(load(str(project / "later.py")), project=Project())
    shown = hover(report, FILES["later.py"].index('"left/slope"') + 1)
    assert shown is not None
    assert "**slope** (latent)" in shown.text
