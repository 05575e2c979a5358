"""What a trace may not do, and that the rest still works."""

from __future__ import annotations

from pathlib import Path

import pytest
from runtime.support import PREAMBLE, Ask, request_for

from numpyro_lint_runtime.host import Host

pytestmark = pytest.mark.trace

REFUSED = {
    "open({place!r}, 'w')": "write",
    "os.remove({place!r})": "remove",
    "os.mkdir({place!r} + '.folder')": "mkdir",
    "os.rename({place!r}, {place!r} + '.new')": "rename",
    "np.save({place!r}, np.ones(3))": "write",
    "subprocess.run(['touch', {place!r}])": "run a program",
    "os.system('touch ' + {place!r})": "run a program",
    "os.fork()": "fork",
    "os.kill(os.getppid(), 9)": "send a signal",
    "socket.create_connection(('127.0.0.1', 9))": "network",
}


@pytest.mark.parametrize("action", REFUSED)
def test_refused(ask: Ask, tmp_path: Path, action: str) -> None:
    place = tmp_path / "kept.txt"
    place.write_text("kept")
    text = "import os, socket, subprocess\ndef model():\n    " + action.format(place=str(place))
    (result,) = ask(text, "model")
    assert result.failure is not None
    assert (result.failure.stage, result.failure.exception) == ("refused", "Refused")
    assert REFUSED[action] in result.failure.message
    assert result.failure.position is not None
    assert result.failure.position.line == 9
    assert place.read_text() == "kept"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.txt", "model.py"]


def test_what_survives_a_refusal_is_traced(ask: Ask, tmp_path: Path) -> None:
    text = f"""
try:
    open({str(tmp_path / "log")!r}, "w")
except OSError:
    pass
def model(): numpyro.sample("x", dist.Normal())
"""
    (result,) = ask(text, "model")
    assert (result.status, result.failure) == ("ok", None)


def test_reading_and_temporary_files_are_allowed(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("1,2\n3,4\n")
    text = """
import tempfile, platform, ctypes.util
def model():
    x = np.loadtxt("data.csv", delimiter=",")
    with tempfile.TemporaryFile() as file:
        file.write(b"x")
    platform.platform(); ctypes.util.find_library("c")
    numpyro.sample("x", dist.Normal(x, 1.0))
"""
    (result,) = ask(text, "model")
    assert result.failure is None
    assert result.sites[0].shape == (2, 2)


def test_the_users_cache_folder_may_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    text = f"""
import os
os.makedirs(os.path.join({str(cache)!r}, "some_package"), exist_ok=True)
def model(): numpyro.sample("x", dist.Normal())
"""
    path = tmp_path / "model.py"
    path.write_text(PREAMBLE + text)
    with Host() as host:
        (result,) = host.trace(request_for(path, PREAMBLE + text, "model"))
    assert (result.status, result.failure) == ("ok", None)
    assert (cache / "some_package").is_dir()
