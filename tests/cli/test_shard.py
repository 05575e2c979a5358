"""`--shard` and `analyze merge`: all shards together are the whole run."""

from __future__ import annotations

import json
import random
from pathlib import Path

import jsonschema
import pytest
from cli.corpus import RENAMED, large, loaded, run, timeless

from numpyro_lint.cli.main import main
from numpyro_lint.cli.many.shards import Shard, part
from numpyro_lint.cli.schema import schema


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = large(tmp_path_factory.mktemp("corpus"))
    (folder / "own/names.py").write_text(RENAMED)
    return folder


@pytest.mark.parametrize(
    ("paths", "count"), [((".",), 3), (("tracing", "own", "faults", "agreement"), 4)]
)
def test_merged_shards_are_the_whole_run(
    corpus: Path, tmp_path: Path, paths: tuple[str, ...], count: int
) -> None:
    options = (*paths, "--output-format", "json", "--statistics")
    whole = run(corpus, *options)
    statuses, reports = [], []
    for number in range(count, 0, -1):
        status, out, _ = run(corpus, *options, "--shard", f"{number}/{count}")
        statuses.append(status)
        reports.append(tmp_path / f"{number}.json")
        reports[-1].write_text(out)
        jsonschema.Draft202012Validator(schema()).validate(loaded(out))
    merged = _merged(corpus, *map(str, reports))
    assert merged == whole
    assert max(statuses) == whole[0] == 1
    # What another file of the project means is known in whichever shard the two are.
    assert "did you mean 'your_slope'?" in merged[1]


def _merged(folder: Path, *reports: str) -> tuple[int, str, str]:
    return run(folder, *reports, before="import sys\nsys.argv[1:] = ['merge', *sys.argv[2:]]")


def test_the_exit_status_is_that_of_the_worst_shard(corpus: Path, tmp_path: Path) -> None:
    for options, expected in (("--exit-zero",), 0), (("--ignore", "ALL"), 0), ((), 1):
        for number in (1, 2):
            given = (".", "--output-format", "json", "--shard", f"{number}/2", *options)
            (tmp_path / f"{number}.json").write_text(run(corpus, *given)[1])
        status, out, _ = _merged(corpus, *(str(tmp_path / f"{n}.json") for n in (1, 2)))
        assert status == expected
        assert (loaded(out)["diagnostics"] == []) == ("ALL" in options)


def test_shards_have_every_file_once_and_about_as_much_to_read(tmp_path: Path) -> None:
    draw = random.Random(0)
    paths = []
    for number in range(200):
        paths.append(str(tmp_path / f"{number}.py"))
        Path(paths[-1]).write_bytes(b"x" * draw.randrange(20_000))
    for count in (1, 2, 7):
        parts = [part(paths, Shard(number + 1, count)) for number in range(count)]
        assert sorted(place for each in parts for place in each.values()) == list(range(200))
        assert all(paths[place] == path for each in parts for path, place in each.items())
        sizes = [sum(Path(path).stat().st_size for path in each) for each in parts]
        assert max(sizes) - min(sizes) < 1000
    assert part(paths, Shard(2, 7)) == part(paths, Shard(2, 7))


def test_there_may_be_more_shards_than_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one.py").write_text("x = 1\n")
    found = []
    for number in (1, 2, 3):
        given = ["--static", "--output-format", "json", "--shard", f"{number}/3", "."]
        assert main(given) == 0
        found.append([each["path"] for each in json.loads(capsys.readouterr().out)["files"]])
    assert sorted(found) == [[], [], ["one.py"]]


def test_what_is_no_whole_run_is_not_merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.py", "b.py"):
        Path(name).write_text("import numpyro\n")
    for shard in ("1/2", "2/2", "1/3"):
        main(["--static", "--output-format", "json", "--shard", shard, "."])
        Path(f"{shard[0]}of{shard[2]}.json").write_text(capsys.readouterr().out)
    main(["--static", "--output-format", "json", "."])
    Path("whole.json").write_text(capsys.readouterr().out)
    Path("broken.json").write_text("{")
    other = json.loads(Path("2of2.json").read_text())
    other["shard"]["places"] = json.loads(Path("1of2.json").read_text())["shard"]["places"]
    Path("other.json").write_text(json.dumps(other))
    for reports, said in {
        ("1of2.json",): "shard 2 of 2 is missing",
        ("1of2.json", "1of2.json"): "1of2.json and 1of2.json are the same shard",
        ("1of2.json", "1of3.json"): "1of3.json and 1of2.json are not of one run, or not by one ve",
        ("1of2.json", "other.json"): "other.json and 1of2.json are not of the same files",
        ("whole.json",): "whole.json: not the report of a shard",
        ("broken.json",): "broken.json: not the report of a shard",
        ("none.json",): "none.json: No such file or directory",
    }.items():
        assert main(["merge", *reports]) == 2
        out, errors = capsys.readouterr()
        assert (out, errors.startswith(f"analyze: {said}")) == ("", True), errors
    assert main(["merge", "2of2.json", "1of2.json"]) == 0
    assert timeless(capsys.readouterr().out) == timeless(Path("whole.json").read_text())


@pytest.mark.parametrize("given", ["0/2", "3/2", "2", "a/b", "1/0", "-1/2", "1/2/3"])
def test_a_shard_is_one_of_so_many(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--static", f"--shard={given}", "."])
    assert f"'{given}' is no shard: 2/8 is the second of eight" in capsys.readouterr().err


def test_standard_input_has_no_shards(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--static", "--shard", "1/2", "-"]) == 2
    assert "--shard parts files, and standard input is none" in capsys.readouterr().err
