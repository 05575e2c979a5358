"""What JAX compiles is kept for the next worker, and only where all has gone well."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from runtime.support import PREAMBLE, request_for

from numpyro_lint_runtime import compiled
from numpyro_lint_runtime.host import Host

MODELS = """
import time

def plain(y):
    level = numpyro.sample("level", dist.Normal(1.0, 2.0))
    numpyro.sample("y", dist.Normal(level, 1.0), obs=y)

def slow(y):
    time.sleep(100.0)
"""


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "caches"
    folder.mkdir()
    monkeypatch.setattr(compiled, "user_caches", lambda: str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.mark.trace
def test_what_was_compiled_is_kept_but_not_by_a_worker_with_a_death(
    caches: Path, tmp_path: Path
) -> None:
    def values(*targets: str, deadline: float, keeps: bool = True) -> list[str]:
        request = request_for(tmp_path / "m.py", PREAMBLE + MODELS, *targets, deadline=deadline)
        with Host(keeps=keeps) as host:
            # As the analyzer does, which is content with the last model.
            next(host.trace(request_for(tmp_path / "m.py", PREAMBLE + MODELS, "plain(1.0)")))
            return [each.status for each in host.values(request)]

    assert values("slow(1.0)", deadline=2.0) == ["failed"]
    assert list(caches.rglob("*-cache")) == []
    assert values("plain(1.0)", deadline=90.0, keeps=False) == ["ok"]
    assert list(caches.rglob("*-cache")) == []
    assert values("plain(1.0)", deadline=90.0) == ["ok"]
    first = {each: each.stat().st_mtime_ns for each in caches.rglob("*-cache")}
    assert any(each.name.startswith("jit_at-") for each in first)
    assert all(each.parent.stat().st_mode & 0o777 == 0o700 for each in first)
    assert values("plain(1.0)", deadline=90.0) == ["ok"]
    again = {each: each.stat().st_mtime_ns for each in caches.rglob("*-cache")}
    assert again == first


def test_what_is_old_or_too_much_goes(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = caches.parent / "scratch"
    (scratch / "jax").mkdir(parents=True)
    (scratch / "jax" / "new-cache").write_bytes(b"x" * 600)
    (scratch / "jax" / "no entry").write_bytes(b"x")
    folder = Path(compiled.kept() or "")
    folder.mkdir(parents=True)
    for name, age in (("recent-cache", 10.0), ("less-recent-cache", 20.0), ("old-cache", 1e9)):
        (folder / name).write_bytes(b"x" * 600)
        os.utime(folder / name, (time.time() - age,) * 2)
    monkeypatch.setattr(compiled, "MOST", 1500)
    compiled.keep(str(scratch))
    assert {each.name for each in folder.iterdir()} == {"new-cache", "recent-cache"}


def test_what_was_kept_is_lent_as_links(caches: Path) -> None:
    folder, scratch = Path(compiled.kept() or ""), caches.parent / "scratch"
    folder.mkdir(parents=True)
    (folder / "one-cache").write_bytes(b"one")
    for _ in range(2):
        compiled.lend(str(scratch))
    lent = scratch / "jax" / "one-cache"
    assert (lent.is_symlink(), lent.read_bytes()) == (True, b"one")
    compiled.keep(str(scratch))
    assert [each.name for each in folder.iterdir()] == ["one-cache"]
