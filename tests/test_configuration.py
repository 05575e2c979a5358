"""Configurations: what may stand in them, what is said of what may not, and what they do."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from numpyro_lint.check import check
from numpyro_lint.config import ConfigError, Settings, matches
from numpyro_lint.config_schema import problem, schema
from numpyro_lint.configuration import load
from numpyro_lint.diagnostic import Severity
from numpyro_lint.text import Source

VALIDATOR = jsonschema.Draft202012Validator(schema())

EVERYTHING = """
select = ["ALL"]
extend-select = ["funnel", "geometry"]
ignore = ["tool"]
exclude = ["old/", "*_pb2.py"]
pedantic = true
min-severity = "hint"
fail-on = "info"
python = ".venv/bin/python"
seed = 4294967295
timeout = 2

[per-file-ignores]
"tests/*" = ["ALL"]
"**/data.py" = ["funnel", "tool"]

[severity]
funnel = "error"
tool = "hint"

[models."models/schools.py:schools"]
args = { J = "8", sigma = "jnp.ones(8)" }
"""
BAD = {
    'ignor = ["funnel"]': "unknown key 'ignor'; did you mean 'ignore'?",
    'extend_select = ["funnel"]': "unknown key 'extend_select'; did you mean 'extend-select'?",
    'select = "funnel"': "'select' must be a list of rules, categories or ALL, not 'funnel'",
    'select = ["funel"]': "each of 'select' must be a rule, a category or ALL, not 'funel'; "
    "did you mean 'funnel'?",
    "ignore = [3]": "each of 'ignore' must be a rule, a category or ALL, not 3",
    "seed = true": "'seed' must be a whole number from 0 to 2**32 - 1, not True",
    "seed = -1": "'seed' must be a whole number from 0 to 2**32 - 1, not -1",
    "seed = 4294967296": "'seed' must be a whole number from 0 to 2**32 - 1, not 4294967296",
    "seed = 1.5": "'seed' must be a whole number from 0 to 2**32 - 1, not 1.5",
    "timeout = 0": "'timeout' must be a number of seconds above 0, a day at the most, not 0",
    "timeout = inf": "'timeout' must be a number of seconds above 0, a day at the most, not inf",
    "pedantic = 1": "'pedantic' must be true or false, not 1",
    'python = ""': "'python' must be the path of an interpreter, not ''",
    'fail-on = "warn"': "'fail-on' must be one of error, warning, info, hint, not 'warn'; "
    "did you mean 'warning'?",
    'severity = "error"': "'severity' must be a table of severities, not 'error'",
    'severity = { funel = "error" }': "the key 'severity.funel' must be a rule or a category, "
    "not 'funel'; did you mean 'funnel'?",
    "severity = { funnel = 3 }": "'severity.funnel' must be one of error, warning, info, hint, "
    "not 3",
    'per-file-ignores = ["tests"]': "'per-file-ignores' must be a table of patterns of paths, "
    "not ['tests']",
    'per-file-ignores = { "tests/*" = "ALL" }': "'per-file-ignores.tests/*' must be a list of "
    "rules, categories or ALL, not 'ALL'",
    "exclude = [1]": "each of 'exclude' must be a pattern of paths, not 1",
    "models = 3": "'models' must be a table of models, not 3",
    'models = { "a.py" = { args = {} } }': "the key 'models.a.py' must be written as "
    "path.py:model, not 'a.py'",
    'models = { "a.py:m" = {} }': "'models.a.py:m' must have 'args', a table of Python "
    "expressions as text",
    'models = { "a.py:m" = { arg = {} } }': "'models.a.py:m' must have 'args', a table of Python "
    "expressions as text",
    'models = { "a.py:m" = { args = { x = 1 } } }': "'models.a.py:m.args.x' must be a Python "
    "expression as text, not 1",
    'models = { "a.py:m" = { args = {}, seed = 1 } }': "unknown key 'models.a.py:m.seed'",
}
MODEL = """\
import numpyro
import numpyro.distributions as dist


def model(y=None):
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    effect = numpyro.sample("effect", dist.Normal(0.0, spread))
    numpyro.sample("y", dist.Normal(effect, 1.0), obs=y)


held = numpyro.handlers.condition(model, data={"slop": 1.0})
"""
FUNNEL, KEY = "funnel", "unknown-site-in-handler"


def found(path: str = "a.py", **settings: Any) -> dict[str, str]:
    report = check(Source(path, MODEL), Settings(**settings))
    return {each.rule: each.severity.label for each in report.diagnostics}


def test_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_everything_that_may_be_said(tmp_path: Path) -> None:
    VALIDATOR.validate(tomllib.loads(EVERYTHING))
    path = tmp_path / "numpyro-lint.toml"
    path.write_text(EVERYTHING)
    assert load(str(path)) == Settings(
        select=("ALL",),
        extend_select=("funnel", "geometry"),
        ignore=("tool",),
        exclude=("old/", "*_pb2.py"),
        pedantic=True,
        min_severity=Severity.HINT,
        fail_on=Severity.INFO,
        python=str(tmp_path / ".venv/bin/python"),
        seed=4294967295,
        timeout=2,
        per_file_ignores={"tests/*": ("ALL",), "**/data.py": ("funnel", "tool")},
        severity={"funnel": Severity.ERROR, "tool": Severity.HINT},
        models={"models/schools.py:schools": {"J": "8", "sigma": "jnp.ones(8)"}},
        root=str(tmp_path),
    )


@pytest.mark.parametrize(("text", "message"), BAD.items(), ids=BAD)
def test_what_may_not_be_said(tmp_path: Path, text: str, message: str) -> None:
    assert not VALIDATOR.is_valid(tomllib.loads(text))
    path = tmp_path / "pyproject.toml"
    path.write_text(f"[tool.numpyro-lint]\n{text}\n")
    with pytest.raises(ConfigError) as error:
        load(str(path))
    assert str(error.value) == f"{path}: {message}"


def test_defaults_of_the_schema_are_those_of_the_settings() -> None:
    said = {
        key: each["default"] for key, each in schema()["properties"].items() if "default" in each
    }
    assert problem(said) is None
    VALIDATOR.validate(said)
    for key, value in said.items():
        meant = getattr(Settings(), key.replace("-", "_"))
        meant = meant.label if isinstance(meant, Severity) else meant
        assert (list(meant) if isinstance(meant, tuple) else meant) == value


def test_select_and_ignore() -> None:
    assert set(found()) == {FUNNEL, KEY}
    assert set(found(select=(FUNNEL,))) == {FUNNEL}
    assert set(found(select=("handlers",))) == {KEY}
    assert set(found(select=("handlers",), extend_select=(FUNNEL,))) == {FUNNEL, KEY}
    assert set(found(ignore=("geometry",))) == {KEY}
    assert set(found(ignore=("ALL",))) == set()
    assert set(found(select=())) == set()


def test_the_closer_name_outdoes_the_other() -> None:
    assert set(found(ignore=("geometry",), extend_select=(FUNNEL,))) == {FUNNEL, KEY}
    assert set(found(select=("geometry",), ignore=(FUNNEL,))) == set()
    assert set(found(select=("handlers",), ignore=("ALL",))) == {KEY}
    assert set(found(select=(FUNNEL,), ignore=(FUNNEL,))) == set()


def test_ignored_in_some_files() -> None:
    own = {"tests/*": (FUNNEL,), "old.py": ("ALL",)}
    assert set(found("src/a.py", per_file_ignores=own)) == {FUNNEL, KEY}
    assert set(found("tests/unit/a.py", per_file_ignores=own)) == {KEY}
    assert set(found("src/old.py", per_file_ignores=own)) == set()
    assert set(found("old.py", per_file_ignores=own, select=(KEY,))) == {KEY}


def test_severities_of_ones_own() -> None:
    assert found(severity={FUNNEL: Severity.ERROR}) == {FUNNEL: "error", KEY: "error"}
    assert found(severity={"geometry": Severity.WARNING})[FUNNEL] == "warning"
    both = {"handlers": Severity.INFO, KEY: Severity.WARNING}
    assert found(severity=both)[KEY] == "warning"


def test_hints_are_for_those_who_ask() -> None:
    hint = {FUNNEL: Severity.HINT}
    assert set(found(severity=hint)) == {KEY}
    assert found(severity=hint, pedantic=True)[FUNNEL] == "hint"
    assert found(severity=hint, extend_select=(FUNNEL,))[FUNNEL] == "hint"
    assert set(found(severity=hint, select=("geometry",))) == set()


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("a.py", "a.py", True),
        ("a.py", "src/a.py", True),
        ("src", "src/a.py", True),
        ("src/", "src/deep/a.py", True),
        ("src/deep", "src/deep/a.py", True),
        ("./src/*", "src/a.py", True),
        ("**/a.py", "a.py", True),
        ("src/**/a.py", "src/a.py", True),
        ("src/**/a.py", "src/deep/er/a.py", True),
        ("*.ipynb", "src/a.py", False),
        ("deep/a.py", "src/deep/a.py", False),
        ("A.py", "a.py", False),
        ("ork", "a.py", False),
    ],
)
def test_patterns(tmp_path: Path, pattern: str, path: str, expected: bool) -> None:
    assert matches(path, (pattern,), None) == expected
    assert matches(str(tmp_path / path), (pattern,), str(tmp_path)) == expected


def test_patterns_start_from_the_configuration(tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "src").mkdir()
    monkeypatch.chdir(tmp_path / "src")
    assert matches("a.py", ("src/a.py",), str(tmp_path))
    assert not matches("a.py", (tmp_path.name,), str(tmp_path))
