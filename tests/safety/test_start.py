"""Interpreters that cannot trace: each is said once, clearly, and soon."""

from __future__ import annotations

import sys

import pytest
from safety.support import IMPORTS, Place, model

from numpyro_lint_runtime.host import Host

pytestmark = pytest.mark.trace

TEXT = IMPORTS + model("one") + model("two")


def interpreter(place: Place, *lines: str, python: str = sys.executable) -> str:
    """A script that stands where an interpreter should."""
    path = place.folder / "python"
    path.write_text("\n".join(("#!/bin/sh", *lines, f'exec "{python}" "$@"')) + "\n")
    path.chmod(0o755)
    return str(path)


def with_module(place: Place, name: str, text: str) -> str:
    """An interpreter that finds this module before any other."""
    folder = place.folder / "modules"
    folder.mkdir()
    (folder / f"{name}.py").write_text(text)
    return interpreter(
        place,
        f'PYTHONPATH="{folder}" PYTHONDONTWRITEBYTECODE=1',
        "export PYTHONPATH PYTHONDONTWRITEBYTECODE",
    )


def said(place: Place, python: str) -> str:
    models = place.trace(TEXT, python=python)
    assert models["one"].message == models["two"].message
    assert models["one"].status == "failed"
    return models["one"].message


def test_numpyro_is_missing(place: Place) -> None:
    python = interpreter(place, f'exec "{sys.executable}" -S -E "$@"')
    message = said(place, python)
    assert message.startswith(f"{sys.executable} cannot import numpyro: No module named 'jax'")
    assert "pip install numpyro" in message


def test_it_is_said_once_for_all_models_of_a_file(place: Place) -> None:
    python = interpreter(place, f'exec "{sys.executable}" -S -E "$@"')
    place.write("program.py", TEXT)
    status, out, err = place.analyze("program.py", python=python)
    assert (status, err) == (0, "")
    (said,) = [line for line in out.splitlines() if "[not-traced]" in line]
    assert "'one' and 'two' were not traced: " in said
    assert f"; `{sys.executable} -m pip install numpyro` may help; --python names another" in said
    assert "traced with" not in out


def test_numpyro_is_too_old(place: Place) -> None:
    message = said(place, with_module(place, "numpyro", "__version__ = '0.9.2'\n"))
    assert "has numpyro 0.9.2, and tracing needs 0." in message
    assert "pip install --upgrade numpyro" in message


def test_numpyro_is_something_else(place: Place) -> None:
    message = said(place, with_module(place, "numpyro", ""))
    assert "cannot import numpyro: module 'numpyro' has no attribute '__version__'" in message


def test_numpyro_does_not_go_with_jax(place: Place) -> None:
    message = said(place, with_module(place, "numpyro", "raise AttributeError('jax.core.pp')\n"))
    assert "cannot import numpyro: jax.core.pp" in message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import os; os._exit(3)\n", "it ended without a word"),
        ("import sys; sys.exit('no licence')\n", "no licence"),
        ("import ctypes; ctypes.string_at(0)\n", "it ended without a word"),
    ],
)
def test_numpyro_ends_the_interpreter(place: Place, text: str, expected: str) -> None:
    assert f"cannot trace: {expected}" in said(place, with_module(place, "numpyro", text))


def test_python_is_too_old(place: Place) -> None:
    older = "import sys; sys.version_info = (3, 8, 1); exec(sys.argv.pop(1))"
    python = interpreter(place, "shift", f'exec "{sys.executable}" -c "{older}" "$@"')
    assert "it is Python 3.8, and tracing needs 3.10 or later" in said(place, python)


def test_it_is_no_python(place: Place) -> None:
    python = interpreter(place, "echo this is no python >&2; exit 1")
    assert f"{python} cannot trace: this is no python" in said(place, python)


def test_it_does_not_exist(place: Place) -> None:
    place.write("program.py", TEXT)
    status, _, err = place.analyze("program.py", python=str(place.folder / "python"))
    assert status == 2
    assert err == f"analyze: --python: {place.folder / 'python'} is no file\n"


def test_it_cannot_be_executed(place: Place) -> None:
    path = place.folder / "python"
    path.write_text("")
    assert said(place, str(path)).startswith(f"{path} cannot be run: Permission denied")


def test_it_hangs_at_the_start(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(place.temporary))
    with Host(with_module(place, "numpyro", "import time; time.sleep(1000)\n"), start=0.5) as host:
        failure = host.start().failure
        assert host.pid is None
    assert failure is not None
    assert failure.message.endswith("cannot trace: it has not imported numpyro within 0.5 s")


def test_a_start_that_fails_is_not_waited_for_again_and_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(place.temporary))
    starts = place.folder / "starts"
    text = f"import time\nopen({str(starts)!r}, 'a').write('.')\ntime.sleep(1000)\n"
    with Host(with_module(place, "numpyro", text), start=4.0) as host:
        assert host.start().failure == host.start().failure
        assert starts.read_text() == "."
        monkeypatch.setattr("numpyro_lint_runtime.host.AGAIN", 0.0)
        host._unready = None
        host.start()
        host.start()
        assert starts.read_text() == "..."


def test_a_platform_that_is_not_there(place: Place) -> None:
    place.write("numpyro-lint.toml", 'platform = "tpu"\n')
    message = said(place, sys.executable)
    assert "Unable to initialize backend 'tpu'" in message


def test_what_it_finds_in_its_surroundings(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = ("MY_TOKEN", "aws_secret_thing", "DB_PASSWORD", "Credential_File", "api_key", "X_KEY")
    kept = ("KEYBOARD", "MONKEY", "PATHS")
    place.environment |= dict.fromkeys((*secrets, *kept), "x")
    place.environment |= {"JAX_PLATFORMS": "tpu", "XLA_PYTHON_CLIENT_MEM_FRACTION": ".9"}
    text = (
        IMPORTS
        + "import os, sys\n"
        + model(
            "model",
            f"assert not set({secrets}) & set(os.environ)",
            f"assert set({kept}) <= set(os.environ)",
            "assert jax.default_backend() == 'cpu' == os.environ['JAX_PLATFORMS']",
            "assert os.environ['XLA_PYTHON_CLIENT_PREALLOCATE'] == 'false'",
            "assert sys.stdin.read() == '' and os.read(0, 1) == b''",
        )
    )
    assert place.trace(text)["model"].message == ""
