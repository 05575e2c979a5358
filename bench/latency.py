"""What an editor waits for, through a real client: findings as one types, hover, trace on saving.

A file of 300 lines with models is typed into, a key every 50 ms for a minute. Told are: from a key
to the findings of the text that it made, beyond the wait for a pause that is asked for (a pass is
due when nothing has come for 100 ms, and at least every 300 ms); how many passes there were;
whether findings came of a text that was no longer the one being typed. Then hover, and from saving
to what the trace finds, with a warm worker; and the server's memory over 5,000 changes. `ruff
server` and basedpyright are given the same keys in the same run: what they take from a key to their
findings is told as a ratio. Exits with 1 where a goal is missed. `--quick` types for ten seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lsp.client import Client

ROOT = Path(__file__).resolve().parent.parent
FLOORS = os.pathsep.join(str(ROOT / name) for name in ("analyzer", "runtime", "lsp_server"))
KEY, DEBOUNCE, PATIENCE = 0.05, 0.1, 0.3
# Seconds for a message to come from the server while the next key is on its way to it.
FLIGHT = 0.025
HOVERS, SAVES, CHANGES = 200, 12, 5_000
# Milliseconds; passes in a minute; mebibytes.
GOALS = {
    "p50": 25.0,
    "p95": 60.0,
    "hover p95": 20.0,
    "save p50": 400.0,
    "save, others": 400.0,
    "growth": 8.0,
}
PASSES = 150
EXAMPLES = (
    "clean_model",
    "colliding_scopes",
    "intervention",
    "column_of_observations",
    "eight_schools",
)
# What the trace alone finds in this file.
TRACED = "broadcast-observation"
LINE = '    extra_{n} = numpyro.sample("extra_{n}", dist.Normal(0.0, 1.0))\n'


def model_text() -> str:
    """Some of the examples as one file."""
    return "\n\n".join((ROOT / "examples" / f"{each}.py").read_text() for each in EXAMPLES)


def keys() -> Iterator[str]:
    """What is typed into the first line of a model, one sample after the other."""
    number = 0
    while True:
        yield from LINE.format(n=number)
        number += 1


def place_of(text: str) -> int:
    """Where it is typed: at the first line of a model."""
    return text.index("\n", text.index("def eight_schools")) + 1


async def typed(client: Client, seconds: float) -> None:
    """Someone types, a key at a time, and ends a line that is begun."""
    at, pressed = place_of(client.text), keys()
    end = due = time.perf_counter()
    end += seconds
    key = ""
    while due < end or key != "\n":
        key = next(pressed)
        client.insert(at, key)
        at += 1
        due += KEY
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
    await client.told()


def dues(sent: Sequence[float]) -> list[float]:
    """When a pass is due, by when the changes were sent."""
    found: list[float] = []
    first = last = None
    for at in sent:
        if first is not None and last is not None:
            due = min(last + DEBOUNCE, first + PATIENCE)
            if at > due:
                found.append(due)
                first = None
        first, last = (at if first is None else first), at
    if first is not None and last is not None:
        found.append(min(last + DEBOUNCE, first + PATIENCE))
    return found


def waits(client: Client, debounced: bool) -> tuple[list[float], int, int]:
    """From the change of each version to its findings, in milliseconds, beyond the debounce if
    there is one; how many versions were told of, and how many of them too late."""
    due = dues(list(client.sent.values())) if debounced else []
    newest = list(client.sent.items())
    found: dict[int, float] = {}
    stale = 0
    for each in client.published:
        if each.version is None or each.version not in client.sent or each.version in found:
            continue
        sent = client.sent[each.version]
        later = next((at for at in due if at >= sent), sent)
        begun = later if later < each.at else sent
        found[each.version] = 1000 * (each.at - begun)
        stale += any(v > each.version and at < each.at - FLIGHT - KEY for v, at in newest)
    return list(found.values()), len(found), stale


def at_most(times: Sequence[float], part: float) -> float:
    """A quantile."""
    return sorted(times)[min(len(times) - 1, int(part * len(times)))]


def resident(pid: int) -> float:
    """What a process has in memory, in MiB."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.partition("VmRSS:")[2].split()[0]) / 1024


async def hovered(client: Client) -> list[float]:
    """What hover takes on the names of sites, in milliseconds."""
    lines = client.text.splitlines()
    sites = [n for n, line in enumerate(lines) if 'numpyro.sample("' in line]
    found = []
    for number in range(HOVERS):
        line = sites[number % len(sites)]
        place = {"line": line, "character": lines[line].index('sample("') + 9}
        begun = time.perf_counter()
        asked = {"textDocument": {"uri": client.uri}, "position": place}
        assert await client.ask("textDocument/hover", asked)
        found.append(1000 * (time.perf_counter() - begun))
    return found


async def saved(client: Client, model: str) -> list[float]:
    """From saving a file, after a change in a model, to what the trace of `wrong` finds, in ms."""
    found = []
    for number in range(SAVES):
        at = client.text.index("\n", client.text.index(f"def {model}(")) + 1
        client.insert(at, f"    # {number}\n")
        await client.until(lambda each: each.version == client.version)
        begun = time.perf_counter()
        client.save()
        seen = await client.until(lambda e: e.version == client.version and TRACED in e.codes)
        found.append(1000 * (seen.at - begun))
    # The first one may wait for the worker.
    return found[2:]


async def grown(client: Client) -> tuple[float, float]:
    """The server's memory after a tenth of many changes, and after all of them, in MiB."""
    first, at = 0.0, place_of(client.text)
    for number in range(CHANGES):
        client.insert(at, "#" if number % 10 else "\n")
        if number % 50 == 49:
            await client.until(lambda each: each.version == client.version)
        if number == CHANGES // 10:
            first = resident(client.process.pid)
    return first, resident(client.process.pid)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": FLOORS, "JAX_PLATFORMS": "cpu"}


async def measured(command: Sequence[str], seconds: float, debounced: bool) -> Any:
    """A server with the file open, typed into."""
    folder = Path(tempfile.mkdtemp(prefix="latency-"))
    try:
        (folder / "model.py").write_text(model_text())
        client = Client(folder, model_text())
        settings = {"python": sys.executable, "trace": "on"}
        options = {"trusted": True, "settings": settings} if debounced else {}
        await client.start(command, options, environment())
        await client.until(lambda each: not debounced or TRACED in each.codes)
        await typed(client, seconds)
        times = waits(client, debounced)
        rest = (
            (
                await hovered(client),
                (await saved(client, "wrong"), await saved(client, "bicycles")),
                await grown(client),
            )
            if debounced
            else ()
        )
        await client.stop()
        return times, rest
    finally:
        shutil.rmtree(folder)


def others() -> dict[str, list[str]]:
    """The servers to compare with, where they are installed."""
    folder = Path(sys.executable).parent
    path = os.pathsep.join((str(folder), os.environ.get("PATH", "")))
    found = {
        "ruff server": ("ruff", "server"),
        "basedpyright": ("basedpyright-langserver", "--stdio"),
    }
    return {
        name: [where, *rest]
        for name, (program, *rest) in found.items()
        if (where := shutil.which(program, path=path))
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="type for ten seconds, not for sixty")
    seconds = 10.0 if parser.parse_args().quick else 60.0
    server = [sys.executable, "-m", "numpyro_lint_server"]
    (times, passes, stale), (hovers, saves, memory) = asyncio.run(measured(server, seconds, True))
    figures = {
        "p50": statistics.median(times),
        "p95": at_most(times, 0.95),
        "hover p95": at_most(hovers, 0.95),
        # What is edited is traced first; other models of the file are after it.
        "save p50": statistics.median(saves[0]),
        "save, others": statistics.median(saves[1]),
        "growth": memory[1] - memory[0],
    }
    lines = model_text().count("\n")
    print(f"{lines} lines, a key every {KEY * 1000:.0f} ms for {seconds:.0f} s")
    for name, value in figures.items():
        print(f"{name:12} {value:8.1f}  (goal {GOALS[name]:g})")
    goal = PASSES * seconds / 60
    print(f"{'passes':12} {passes:8}  (goal {goal:g}), {stale} of them stale")
    first, last = memory
    print(
        f"{'memory':12} {first:8.1f} MiB after {CHANGES // 10} changes, {last:.1f} after {CHANGES}"
    )
    for name, command in others().items():
        (theirs, count, _), _ = asyncio.run(measured(command, seconds, False))
        if not theirs:
            print(f"{name}: no findings of any version that was typed")
            continue
        middle, late = statistics.median(theirs), at_most(theirs, 0.95)
        print(
            f"{name}: p50 {middle:.1f}, p95 {late:.1f} ms in {count} passes; ours is "
            f"{figures['p50'] / middle:.2f} and {figures['p95'] / late:.2f} times that"
        )
    missed = [name for name, value in figures.items() if value > GOALS[name]]
    missed += ["passes"] if passes < goal else []
    missed += ["stale"] if stale else []
    if missed:
        print(f"over their goals: {', '.join(missed)}")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
