"""`--fix`, `--unsafe-fixes` and `--diff`: what becomes of files, to the byte."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from numpyro_lint import text
from numpyro_lint.cli.save import save
from numpyro_lint.record import replace

Analyze = Callable[..., tuple[int, str, str]]

# Without shape_params NumPyro raises: that fix is safe. The key is a slip: that fix is unsafe.
PROGRAM = """\
import numpyro
import numpyro.distributions as dist
from numpyro.infer.reparam import LocScaleReparam


def model(y=None):
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    effect = numpyro.sample("effect", dist.StudentT(4.0, 0.0, spread))  # é,   kept
    numpyro.sample("y", dist.Normal(effect, 1.0), obs=y)


better = numpyro.handlers.reparam(model, config={"effect": LocScaleReparam(0)})
held = numpyro.handlers.condition(model, data={"spraed": 1.0})
"""
SAFE = PROGRAM.replace("LocScaleReparam(0)", 'LocScaleReparam(0, shape_params=["df"])')
BOTH = SAFE.replace('"spraed"', '"spread"')


def run(
    analyze: Analyze, folder: Path, *arguments: str, content: bytes | str = PROGRAM
) -> tuple[int, str, bytes]:
    """The exit status, the output and what is then in the file."""
    path = folder / "model.py"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    status, out, _ = analyze("--static", *arguments, "model.py", cwd=folder)
    return status, out, path.read_bytes()


def test_safe_fixes_alone(tmp_path: Path, analyze: Analyze) -> None:
    status, out, data = run(analyze, tmp_path, "--fix")
    assert data.decode() == SAFE
    assert status == 1
    assert "error[unknown-site-in-handler]" in out
    assert "unsupported-reparam" not in out
    assert "Fixed 1 finding in 1 file.\n1 more with --unsafe-fixes" in out


def test_unsafe_fixes_too_and_a_second_run_changes_nothing(
    tmp_path: Path, analyze: Analyze
) -> None:
    status, out, data = run(analyze, tmp_path, "--fix", "--unsafe-fixes")
    assert (status, data.decode()) == (0, BOTH)
    assert out.endswith("Fixed 2 findings in 1 file.\n")
    status, out, data = run(analyze, tmp_path, "--fix", "--unsafe-fixes", content=BOTH)
    assert (status, data.decode()) == (0, BOTH)
    assert out.endswith("Fixed 0 findings.\n")


def test_an_unsafe_fix_of_an_info_only_where_its_rule_is_named(
    tmp_path: Path, analyze: Analyze
) -> None:
    content = BOTH.replace("StudentT(4.0, ", "Normal(").replace(', shape_params=["df"]', "")
    content = content.partition("\n\n\nbetter")[0] + "\n"
    left = run(analyze, tmp_path, "--fix", "--unsafe-fixes", content=content)
    assert left[2] == content.encode()
    assert left[1].endswith(
        "Fixed 0 findings.\nWhat funnel found is less than a warning: "
        "--extend-select funnel has it mended too.\n"
    )
    named = run(analyze, tmp_path, "--fix", "--unsafe-fixes", "--select=funnel", content=content)
    assert b"@numpyro.handlers.reparam(config=" in named[2]


def test_what_is_not_shown_is_not_fixed(tmp_path: Path, analyze: Analyze) -> None:
    for hidden in ("--ignore=handlers", "--select=names"):
        assert run(analyze, tmp_path, "--fix", "--unsafe-fixes", hidden)[2] == PROGRAM.encode()
    marked = PROGRAM.replace(
        "LocScaleReparam(0)})",
        "LocScaleReparam(0)})  # numpyro-lint: ignore[unsupported-reparam] so",
    )
    assert run(analyze, tmp_path, "--fix", content=marked)[2] == marked.encode()


def test_diff_writes_nothing(tmp_path: Path, analyze: Analyze) -> None:
    status, out, data = run(analyze, tmp_path, "--diff", "--unsafe-fixes")
    assert (status, data) == (1, PROGRAM.encode())
    assert out.startswith("--- model.py\n+++ model.py\n@@")
    done = subprocess.run(["patch", "-p0"], input=out, text=True, cwd=tmp_path, check=False)
    if done.returncode == 0:
        assert (tmp_path / "model.py").read_text() == BOTH
    status, out, _ = run(analyze, tmp_path, "--diff", "--unsafe-fixes", content=BOTH)
    assert (status, out) == (0, "")


def test_diff_and_fix_write_nothing(tmp_path: Path, analyze: Analyze) -> None:
    assert run(analyze, tmp_path, "--diff", "--fix")[2] == PROGRAM.encode()


def test_a_diff_says_where_a_last_line_does_not_end(tmp_path: Path, analyze: Analyze) -> None:
    _, out, _ = run(analyze, tmp_path, "--diff", "--unsafe-fixes", content=PROGRAM.rstrip("\n"))
    assert out.count("\\ No newline at end of file\n") == 2


ENCODINGS = {
    "line ends of Windows": lambda text: text.replace("\n", "\r\n").encode(),
    "byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "coding comment": lambda text: b"# -*- coding: latin-1 -*-\n" + text.encode("latin-1"),
    "no last line end": lambda text: text.rstrip("\n").encode(),
    "tabs": lambda text: text.replace("    ", "\t").encode(),
    "form feed": lambda text: text.replace("\n\n\nbetter", "\n\x0c\n\nbetter").encode(),
}


@pytest.mark.parametrize("how", ENCODINGS)
def test_every_other_byte_is_kept(tmp_path: Path, analyze: Analyze, how: str) -> None:
    encode = ENCODINGS[how]
    _, _, data = run(analyze, tmp_path, "--fix", "--unsafe-fixes", content=encode(PROGRAM))
    assert data == encode(BOTH)


@pytest.mark.parametrize("how", ["byte order mark", "coding comment", "line ends of Windows"])
def test_standard_input_becomes_standard_output(how: str, analyze: Analyze) -> None:
    encode = ENCODINGS[how]
    command = [sys.executable, "-m", "numpyro_lint.cli.main", "--static", "--fix", "-"]
    done = subprocess.run(
        [*command, "--unsafe-fixes"],
        input=encode(PROGRAM),
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, encode(BOTH))
    assert b"Fixed 2 findings in 1 file." in done.stderr


def test_standard_input_without_anything_to_fix(analyze: Analyze) -> None:
    status, out, err = analyze("--static", "--fix", "-", stdin=BOTH)
    assert (status, out) == (0, BOTH)
    assert "Fixed 0 findings." in err


def test_what_cannot_be_parsed_is_left(tmp_path: Path, analyze: Analyze) -> None:
    broken = PROGRAM + "(\n"
    assert run(analyze, tmp_path, "--fix", content=broken)[2] == broken.encode()


def test_json_tells_what_remains(tmp_path: Path, analyze: Analyze) -> None:
    _, out, _ = run(analyze, tmp_path, "--fix", "--output-format", "json")
    rules = [each["rule"] for each in json.loads(out)["diagnostics"]]
    assert "unknown-site-in-handler" in rules
    assert "unsupported-reparam" not in rules


def test_a_link_stays_a_link_and_permissions_are_kept(tmp_path: Path, analyze: Analyze) -> None:
    target = tmp_path / "elsewhere" / "true.py"
    target.parent.mkdir()
    target.write_text(PROGRAM)
    target.chmod(0o755)
    (tmp_path / "model.py").symlink_to(target)
    analyze("--static", "--fix", "--unsafe-fixes", "model.py", cwd=tmp_path)
    assert (tmp_path / "model.py").is_symlink()
    assert target.read_text() == BOTH
    assert stat.S_IMODE(target.stat().st_mode) == 0o755
    assert [each.name for each in target.parent.iterdir()] == ["true.py"]


def test_a_file_that_has_changed_since_is_left(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text(PROGRAM)
    source = text.load(str(path))
    path.write_text(PROGRAM + "# more\n")
    with pytest.raises(ValueError, match="changed since"):
        save(source, replace(source, text=BOTH))


def test_a_file_that_cannot_be_written_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.py"
    path.write_text(PROGRAM)
    source = text.load(str(path))
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(PermissionError, match="write-protected"):
        save(source, replace(source, text=BOTH))
    monkeypatch.undo()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="No space left"):
        save(source, replace(source, text=BOTH))
    assert [each.name for each in tmp_path.iterdir()] == ["model.py"]
    assert path.read_text() == PROGRAM


def test_others_go_on_where_one_is_write_protected(tmp_path: Path, analyze: Analyze) -> None:
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text(PROGRAM)
    (tmp_path / "one.py").chmod(0o444)
    status, _, err = analyze("--static", "--fix", "one.py", "two.py", cwd=tmp_path)
    assert status == 2
    assert err == "analyze: one.py: not written: it is write-protected\n"
    assert (tmp_path / "two.py").read_text() == SAFE


HEAD, _, TAIL = PROGRAM.partition("\n\nbetter")


def cells(*sources: object) -> list[dict[str, object]]:
    code = [
        {
            "outputs": [{"data": {"text/plain": ["LocScaleReparam(0)"]}}],
            "source": source,
            "cell_type": "code",
            "metadata": {"z": 1, "a": "\u00e9"},
            "execution_count": 3,
        }
        for source in sources
    ]
    return [{"cell_type": "markdown", "source": "LocScaleReparam(0)", "metadata": {}}, *code]


def lines(source: str) -> list[str]:
    return source.splitlines(keepends=True)


@pytest.mark.parametrize("indent", [None, 1, 4, "\t"])
@pytest.mark.parametrize("ensure_ascii", [True, False])
@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize("form", [str, lines])
def test_in_a_notebook_only_lines_of_source_change(
    tmp_path: Path,
    analyze: Analyze,
    indent: int | str | None,
    ensure_ascii: bool,
    end: str,
    form: Callable[[str], object],
) -> None:
    def written(tail: str) -> str:
        sources = [form("%%time\n" + HEAD), form("this is broken ("), [], form("better" + tail)]
        notebook = {"nbformat": 4, "cells": cells(*sources), "metadata": {}}
        return json.dumps(notebook, indent=indent, ensure_ascii=ensure_ascii) + end

    path = tmp_path / "model.ipynb"
    path.write_bytes(written(TAIL).encode())
    analyze("--static", "--fix", "--unsafe-fixes", "model.ipynb", cwd=tmp_path)
    assert path.read_bytes() == written(BOTH.partition("\n\nbetter")[2]).encode()
    status, out, _ = analyze("--static", "--diff", "--unsafe-fixes", "model.ipynb", cwd=tmp_path)
    assert (status, out) == (0, "")


def test_the_diff_of_a_notebook_names_the_cell(tmp_path: Path, analyze: Analyze) -> None:
    notebook = {"nbformat": 4, "cells": cells(HEAD, "better" + TAIL)}
    (tmp_path / "model.ipynb").write_text(json.dumps(notebook))
    _, out, _ = analyze("--static", "--diff", "model.ipynb", cwd=tmp_path)
    assert out.startswith(
        "--- model.ipynb:cell 2\n+++ model.ipynb:cell 2\n@@ -1,2 +1,2 @@\n-better"
    )


@pytest.mark.trace
def test_with_traces(tmp_path: Path, analyze: Analyze) -> None:
    path = tmp_path / "model.py"
    path.write_text(PROGRAM)
    status, out, err = analyze("--fix", "--unsafe-fixes", "model.py", cwd=tmp_path, traced=True)
    assert (status, path.read_text()) == (0, BOTH), out + err
    assert "1 traced" in out
