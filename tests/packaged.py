"""What the project is shipped as: built as `make build` builds it, by the installed hatchling."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def built(target: str, into: Path, root: Path = ROOT) -> Path:
    """The file of a target of hatchling, sdist or wheel, made of the project in `root`."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory"]
    done = subprocess.run(
        [*command, str(into)], cwd=root, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    (file,) = into.glob({"sdist": "*.tar.gz", "wheel": "*.whl"}[target])
    return file


def unpacked(sdist: Path, into: Path) -> Path:
    """The folder that an sdist holds."""
    with tarfile.open(sdist) as archive:
        archive.extractall(into, filter="data")
    return into / sdist.name.removesuffix(".tar.gz")
