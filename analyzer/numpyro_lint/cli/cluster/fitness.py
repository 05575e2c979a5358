"""Whether a cluster will do: it has workers, and all of them the same versions."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpyro_lint
from numpyro_lint.cli.cluster import task
from numpyro_lint.cli.files import UsageError

if TYPE_CHECKING:
    from distributed import Client

# Seconds for a first worker to be there.
WORKERS = 10.0
_SHOWN = 3


def check(client: Client, address: str, python: str | None) -> None:
    """Raises UsageError where a cluster cannot trace, or each worker would in its own way.

    `python`: as for `Cluster`; what it has installed is told by itself.
    """
    try:
        client.wait_for_workers(1, timeout=WORKERS)
    except TimeoutError:
        problem = f"the cluster has no workers, and none has come within {WORKERS:g} s"
    else:
        problem = _unlike(client) or ("" if python else _apart(client))
    if problem:
        raise UsageError(f"--scheduler {address}: {problem}")


def _unlike(client: Client) -> str:
    """What is wrong with the numpyro-lint of the workers."""
    here = numpyro_lint.__version__
    # A function that every worker has, whatever else it lacks.
    found = _asked(client, pkgutil.resolve_name, "numpyro_lint:__version__")
    others = {
        worker: "none" if isinstance(each, ImportError) else str(each)
        for worker, each in found.items()
        if each != here
    }
    return f"its workers need numpyro-lint {here}, as here: {_told(others)}" if others else ""


def _apart(client: Client) -> str:
    """What is wrong with the packages by which the workers trace."""
    found = _asked(client, task.versions)
    for name in task.PACKAGES:
        by_worker = {
            worker: (each[name] or "none") if isinstance(each, dict) else str(each)
            for worker, each in found.items()
        }
        if len(set(by_worker.values())) > 1:
            return f"its workers need the same {name}: {_told(by_worker)}"
        if "none" in by_worker.values():
            return f"its workers need {name}; --python names another interpreter on all of them"
    return ""


def _asked(client: Client, *call: Any) -> dict[str, Any]:
    """What a function gives, or raises, on each worker that is there."""
    found: dict[str, Any] = client.run(*call, on_error="return")
    return {worker: each for worker, each in found.items() if not isinstance(each, OSError)}


def _told(found: Mapping[str, str]) -> str:
    shown = [f"{worker} has {each}" for worker, each in list(found.items())[:_SHOWN]]
    more = len(found) - len(shown)
    return ", ".join(shown) + (f", and {more} more" if more else "")
