"""What is kept of static runs: never another report than without it, whatever has changed."""

from __future__ import annotations

import ast
import os
import pickle
import subprocess
import time
from pathlib import Path

import pytest
from cli.corpus import MODELS, NAMES, RENAMED, command, environment, large, project, run, timeless

from numpyro_lint import text
from numpyro_lint.check import check
from numpyro_lint.cli.main import main
from numpyro_lint.cli.many import amount, cache, static
from numpyro_lint.cli.many.packed import Notes, Noting, Wants, pack, reduced, unpack
from numpyro_lint.config import Settings
from numpyro_lint.model.ir import Predicate
from numpyro_lint.text import Source


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's caches; and how little is not looked up does not matter."""
    folder = tmp_path / "caches"
    folder.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setattr(amount, "KEPT", 1)
    return folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    return project(tmp_path / "project")


class Runs:
    """Runs in this process: what they print, and which files they read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.read: list[str] = []
        self._capsys = capsys
        monkeypatch.setattr(static, "check", self._check)

    def _check(self, source: Source, *rest: object, **named: object) -> object:
        if text.concerns_us(source.text):
            self.read.append(source.path)
        return check(source, *rest, **named)  # type: ignore[arg-type]

    def __call__(self, *arguments: str) -> str:
        self.read.clear()
        main(["--static", "--output-format", "concise", *arguments])
        return self._capsys.readouterr().out


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runs:
    return Runs(monkeypatch, capsys)


def _entries(caches: Path) -> list[Path]:
    return sorted(each for each in caches.rglob("*") if each.is_file())


@pytest.mark.parametrize("form", ["text", "json", "html", "concise"])
def test_a_warm_run_reports_what_a_run_without_cache_does(tmp_path: Path, form: str) -> None:
    caches = tmp_path / "caches"
    (tmp_path / "corpus").mkdir()
    caches.mkdir()
    corpus = large(tmp_path / "corpus")
    arguments = (".", "--output-format", form)
    without = run(corpus, *arguments, "--no-cache", caches=caches)
    assert _entries(caches) == []
    assert run(corpus, *arguments, "--jobs", "2", caches=caches) == without
    kept = _entries(caches)
    assert len(kept) > 50
    assert run(corpus, *arguments, caches=caches) == without
    assert _entries(caches) == kept


def test_what_has_not_changed_is_not_read_again(caches: Path, folder: Path, runs: Runs) -> None:
    first = runs(".")
    assert (runs.read, first) == (["models.py"], "")
    assert (runs("."), runs.read) == (first, [])
    (folder / "models.py").write_text(MODELS.format(package="") + "\n")
    assert (runs("."), runs.read) == (first, ["models.py"])
    # As it was before, and kept still.
    (folder / "models.py").write_text(MODELS.format(package=""))
    assert (runs("."), runs.read) == (first, [])


def test_another_file_that_was_read_counts(caches: Path, folder: Path, runs: Runs) -> None:
    assert runs(".") == ""
    (folder / "names.py").write_text(RENAMED)
    assert "did you mean 'your_slope'?" in runs(".")
    (folder / "names.py").write_text(NAMES)
    assert runs(".") == ""
    os.unlink(folder / "names.py")
    assert runs.read == ["models.py"]
    runs(".")
    assert runs.read == ["models.py"]


def test_a_new_file_that_an_import_now_means_counts(caches: Path, folder: Path, runs: Runs) -> None:
    assert runs(".") == ""
    # A package comes before the module of its name.
    (folder / "names").mkdir()
    os.rename(folder / "names.py", folder / "names/elsewhere.py")
    (folder / "names/__init__.py").write_text(RENAMED)
    assert "did you mean 'your_slope'?" in runs(".")


@pytest.mark.parametrize(
    "arguments",
    [["--ignore", "names"], ["--pedantic"], ["--output-format", "text"]],
)
def test_settings_and_formats_count(
    caches: Path, folder: Path, runs: Runs, arguments: list[str]
) -> None:
    runs(".")
    runs(".", *arguments)
    assert runs.read == ["models.py"]


def test_another_version_of_this_program_counts(
    caches: Path, folder: Path, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs(".")
    own = cache._own_sources()
    monkeypatch.setattr(cache, "_own_sources", lambda: own + "changed")
    runs(".")
    assert runs.read == ["models.py"]


def test_no_cache_neither_reads_nor_writes(caches: Path, folder: Path, runs: Runs) -> None:
    runs(".", "--no-cache")
    assert _entries(caches) == []
    runs(".")
    runs(".", "--no-cache")
    assert runs.read == ["models.py"]
    assert len(_entries(caches)) == 1


@pytest.mark.parametrize("damage", [b"", b"x", b"half", b"other"])
def test_a_damaged_entry_is_as_if_it_was_not_there(
    caches: Path, folder: Path, runs: Runs, damage: bytes
) -> None:
    (folder / "names.py").write_text(RENAMED)
    first = runs(".")
    (entry,) = _entries(caches)
    good = entry.read_bytes()
    entry.write_bytes(good[: len(good) // 2] if damage == b"half" else damage)
    if damage == b"other":
        changed = bytearray(good)
        changed[-20] ^= 1
        entry.write_bytes(changed)
    assert (runs("."), runs.read) == (first, ["models.py"])
    assert entry.read_bytes() == good


def test_what_cannot_be_kept_is_told_to_those_who_ask(
    caches: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (caches / "numpyro-lint").write_text("no folder")
    assert main(["--static", "."]) == 0
    assert capsys.readouterr().err == ""
    assert main(["--static", "--verbose", "."]) == 0
    assert capsys.readouterr().err.startswith("analyze: reports are not kept for the next run: ")


def test_a_full_disk_leaves_no_half_entry(
    caches: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, runs: Runs
) -> None:
    def full(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert (runs("."), runs.read) == ("", ["models.py"])
    assert _entries(caches) == []


def test_it_does_not_grow_without_end(
    caches: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, runs: Runs
) -> None:
    kept = Path(cache.folder() or "")
    kept.mkdir(parents=True)
    for name, age in (("recent", 10.0), ("less recent", 20.0), ("old", 1e9)):
        (kept / name).write_bytes(b"x" * 10_000)
        os.utime(kept / name, (time.time() - age,) * 2)
    monkeypatch.setattr(cache, "MOST", 15_000)
    runs(".")
    names = {each.name for each in kept.iterdir()}
    assert "recent" in names
    assert not names & {"less recent", "old"}
    assert len(names) == 2


def test_runs_at_the_same_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "caches").mkdir()
    corpus, caches = large(tmp_path / "corpus"), tmp_path / "caches"
    alone = run(corpus, ".", "--output-format", "concise", "--no-cache")[1]
    both = [
        subprocess.Popen(
            command("--static", ".", "--output-format", "concise"),
            cwd=corpus,
            text=True,
            env=environment(caches),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    assert [(timeless(out), err) for out, err in (each.communicate() for each in both)] == [
        (alone, "")
    ] * 2
    assert all(len(each.name) == 40 for each in _entries(caches))


def test_few_files_are_not_worth_it(tmp_path: Path) -> None:
    caches = tmp_path / "caches"
    caches.mkdir()
    project(tmp_path)
    loaded = "import atexit, os, sys\nexit = os._exit\ndef leave(status):\n"
    loaded += "    heavy = {'pickle', 'multiprocessing', 'hashlib', 'rich'} & set(sys.modules)\n"
    loaded += "    sys.stderr.write(f'{sorted(heavy)}')\n    sys.stderr.flush()\n    exit(status)\n"
    loaded += "os._exit = leave\n"
    status, _, errors = run(tmp_path, "models.py", caches=caches, before=loaded)
    assert (status, errors) == (0, "[]")
    assert _entries(caches) == []


def test_an_entry_makes_nothing_but_records() -> None:
    source = Source("model.py", MODELS.format(package="other."))
    report = reduced(check(source), Wants())
    again, notes = unpack(pack(report, Notes()), source)
    assert (again.module, again.diagnostics, notes) == (report.module, report.diagnostics, Notes())

    class Harmful:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, ("true",)

    for harmful in (Harmful(), text.load, Noting, ast.parse, ast.NodeVisitor):
        with pytest.raises(ValueError, match="is not part of a report"):
            unpack(pickle.dumps((Notes(), (), harmful, ())), source)


def test_an_entry_may_hold_the_condition_of_a_handler() -> None:
    hidden = "numpyro.handlers.block(model, hide_fn=lambda site: site['name'] == 'slope')\n"
    source = Source("model.py", MODELS.format(package="other.") + hidden)
    again, _ = unpack(pack(reduced(check(source), Wants()), Notes()), source)
    condition = again.module.stacks[-1].handlers[0].arg("hide_fn")
    assert isinstance(condition, Predicate)
    assert ast.unparse(condition.test) == "site['name'] == 'slope'"


def test_what_cannot_be_packed_is_read_all_the_same(
    caches: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, runs: Runs
) -> None:
    def too_deep(*given: object) -> bytes:
        raise RecursionError

    monkeypatch.setattr(static, "pack", too_deep)
    (folder / "names.py").write_text(RENAMED)
    assert "did you mean 'your_slope'?" in runs(".")
    assert _entries(caches) == []
    assert static.sent(Settings(), Wants(), text.load("models.py")) == b""
