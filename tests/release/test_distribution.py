"""Wheel and sdist: what is in them, and that the wheel runs in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.programs import CLEAN, SLIP
from packaged import ROOT, built, unpacked
from packaging.metadata import Metadata
from pages import Page

from numpyro_lint import __version__

pytestmark = [pytest.mark.release, pytest.mark.slow]

Run = Callable[..., "subprocess.CompletedProcess[str]"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = [
    ROOT / name for name in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
]
SITE = PROJECT["project"]["urls"]["Documentation"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("release")


@pytest.fixture(scope="module")
def wheel(folder: Path) -> Path:
    return built("wheel", folder / "dist")


@pytest.fixture(scope="module")
def sdist(folder: Path) -> Path:
    return built("sdist", folder / "dist")


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Metadata:
    """What the wheel says of itself; raises where a package index would refuse it."""
    with zipfile.ZipFile(wheel) as archive:
        return Metadata.from_email(archive.read(f"{_information()}/METADATA"))


@pytest.fixture(scope="module")
def run(folder: Path, wheel: Path) -> Run:
    """Runs a program of an environment that has the wheel, and no NumPyro."""
    environment = folder / "environment"
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}

    def run(program: str | Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [str(environment / "bin" / program), *map(str, arguments)]
        return subprocess.run(
            command, cwd=folder, env=clean, capture_output=True, text=True, timeout=300
        )

    assert run(sys.executable, "-m", "venv", environment).returncode == 0
    pins = ("--constraint", ROOT / "constraints.txt")
    done = run("python", "-m", "pip", "--quiet", "install", *pins, wheel)
    assert done.returncode == 0, done.stderr
    return run


def _information() -> str:
    return f"numpyro_lint-{__version__}.dist-info"


def _sources(folder: Path) -> set[Path]:
    return {
        each for each in folder.rglob("*") if each.is_file() and "__pycache__" not in each.parts
    }


def test_the_wheel_has_the_packages_and_nothing_else(wheel: Path) -> None:
    expected = {
        file.relative_to(each.parent).as_posix() for each in PACKAGES for file in _sources(each)
    }
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    own = {name for name in names if name.startswith(_information())}
    assert names - own == expected
    assert {f"{each.name}/py.typed" for each in PACKAGES} <= names
    assert f"{_information()}/licenses/LICENSE" in own


def test_the_sdist_has_what_make_needs(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {each.name.partition("/")[2] for each in archive if each.isfile()}
    top = "Makefile README.md LICENSE pyproject.toml constraints.txt .pre-commit-hooks.yaml"
    assert set(top.split()) <= names
    for part in ("analyzer", "bench", "docs", "examples", "scripts", "tests"):
        missing = {each.relative_to(ROOT).as_posix() for each in _sources(ROOT / part)} - names
        assert not missing
    scratch = ("node_modules", "__pycache__", ".env", ".git/", "build/", "dist/", ".vsix")
    assert [name for name in names if any(each in f"/{name}" for each in scratch)] == []


def test_the_sdist_makes_the_same_wheel(wheel: Path, sdist: Path, folder: Path) -> None:
    again = built("wheel", folder / "again", root=unpacked(sdist, folder))
    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


def test_metadata(metadata: Metadata) -> None:
    assert (metadata.name, str(metadata.version)) == ("numpyro-lint", __version__)
    assert (metadata.license_expression, metadata.license_files) == ("Apache-2.0", ["LICENSE"])
    assert str(metadata.requires_python) == ">=3.11"
    assert metadata.project_urls == {"Documentation": SITE}
    assert "Typing :: Typed" in (metadata.classifiers or [])
    required = {each.name for each in metadata.requires_dist or [] if not each.marker}
    assert required == {"libcst", "pygls", "rich"}
    extras = set(PROJECT["project"]["optional-dependencies"])
    assert set(metadata.provides_extra or []) == extras


def test_the_description_links_to_pages_that_there_are(metadata: Metadata, tmp_path: Path) -> None:
    """A package index shows it, where no file of the project stands beside it."""
    assert metadata.description_content_type == "text/markdown"
    (tmp_path / "README.md").write_text(metadata.description or "")
    shown = Page(tmp_path / "README.md")
    assert len(shown.blocks) == len(Page(ROOT / "README.md").blocks)
    links = [each.removeprefix(SITE).lstrip("/") for each in shown.links if each.startswith(SITE)]
    assert len(links) > 15
    assert [each for each in links if not (ROOT / f"docs/{each or 'index'}.md").is_file()] == []
    others = {each for each in shown.links if not each.startswith(SITE)}
    assert others == {"https://num.pyro.ai"}


def test_it_is_installed_whole(run: Run) -> None:
    done = run("python", "-m", "pip", "check")
    assert done.returncode == 0, done.stdout
    assert run("python", "-c", "import numpyro").returncode == 1


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("analyze", "numpyro-lint"),
        ("numpyro-lint", "numpyro-lint"),
        ("numpyro-lint-server", "numpyro-lint-server"),
        ("python -m numpyro_lint", "numpyro-lint"),
        ("python -m numpyro_lint_server", "numpyro-lint-server"),
    ],
)
def test_every_program_starts(command: str, name: str, run: Run) -> None:
    done = run(*command.split(), "--version")
    assert (done.returncode, done.stdout) == (0, f"{name} {__version__}\n"), done.stderr


def test_the_server_says_what_it_takes(run: Run) -> None:
    done = run("numpyro-lint-server", "--help")
    assert done.returncode == 0, done.stderr
    assert "--tcp HOST:PORT" in done.stdout


def test_it_analyzes(run: Run, folder: Path) -> None:
    (folder / "slip.py").write_text(SLIP)
    (folder / "clean.py").write_text(CLEAN)
    done = run("analyze", "--static", "slip.py")
    assert done.returncode == 1, done.stderr
    assert "error[unknown-site-in-handler]" in done.stdout
    done = run("analyze", "--static", "clean.py")
    assert done.returncode == 0, done.stderr
    assert "1 model" in done.stdout


def test_it_says_that_numpyro_is_missing(run: Run, folder: Path) -> None:
    (folder / "untraced.py").write_text(CLEAN)
    done = run("analyze", "untraced.py")
    assert done.returncode == 0, done.stderr
    assert "info[not-traced]" in done.stdout
    assert run("analyze", "--require-trace", "untraced.py").returncode == 1


def test_it_explains_and_has_its_schemas(run: Run) -> None:
    done = run("analyze", "explain", "funnel")
    assert done.returncode == 0, done.stderr
    assert "## Why is this bad" in done.stdout
    done = run("analyze", "config-schema")
    assert done.stdout.strip() == (ROOT / "docs/config.schema.json").read_text().strip()
