"""The worker's own modules keep their byte code; nothing else that a worker imports does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import numpyro_lint_runtime

PROGRAM = """
from runtime.support import PREAMBLE, request_for
from pathlib import Path
from numpyro_lint_runtime.host import Host
text = PREAMBLE + "import beside\\ndef model():\\n    numpyro.sample('x', dist.Normal(0, 1))\\n"
with Host() as host:
    (result,) = host.trace(request_for(Path("user/model.py"), text, "model"))
assert result.status == "ok", result.failure
"""


@pytest.mark.parametrize("keeps", [True, False])
def test_byte_code(keeps: bool, tmp_path: Path) -> None:
    package = tmp_path / "numpyro_lint_runtime"
    source = Path(numpyro_lint_runtime.__file__).parent
    shutil.copytree(source, package, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "user").mkdir()
    (tmp_path / "user" / "beside.py").write_text("")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[1])])
    if not keeps:
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
    subprocess.run([sys.executable, "-c", PROGRAM], cwd=tmp_path, env=environment, check=True)
    assert bool([*package.glob("worker/__pycache__/trace.*.pyc")]) == keeps
    assert not [*(tmp_path / "user").rglob("*.pyc")]
