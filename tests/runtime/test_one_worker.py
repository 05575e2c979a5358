"""However many models a run has, one worker traces them, unless more are allowed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from numpyro_lint.cli.main import main
from numpyro_lint_runtime.process import WorkerProcess

MODELS = 200
HEADER = "import numpyro\nimport numpyro.distributions as dist\nfrom numpyro import handlers\n"
MODEL = """
def model_{n}(size):
    loc = numpyro.sample("loc", dist.Normal(0, 5))
    with numpyro.plate("plate", size):
        numpyro.sample("x", dist.Normal(loc, 1))


handlers.trace(handlers.seed(model_{n}, 0)).get_trace({n} + 1)
"""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes of the workers that are started."""
    pids: list[int] = []
    begin = WorkerProcess.__init__

    def counted(self: WorkerProcess, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        pids.append(self.pid)

    monkeypatch.setattr(WorkerProcess, "__init__", counted)
    return pids


@pytest.mark.parametrize("files", [1, 20])
def test_one_worker_for_all_models(
    files: int, tmp_path: Path, started: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    each = MODELS // files
    for index in range(files):
        models = (MODEL.format(n=n) for n in range(index * each, (index + 1) * each))
        (tmp_path / f"models_{index}.py").write_text(HEADER + "".join(models))
    options = ["--no-values", "--exit-zero", "--jobs", "1", "--output-format", "json"]
    main([*options, str(tmp_path)])
    found = json.loads(capsys.readouterr().out)
    shapes = [
        site["shape"]
        for file in found["files"]
        for model in file["models"]
        for site in model["trace"]["sites"]
        if site["name"] == "x"
    ]
    assert sorted(shapes) == [[n + 1] for n in range(MODELS)]
    assert found["summary"]["not_traced"] == 0
    assert len(started) == 1
