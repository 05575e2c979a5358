"""Labels the pairs of model and data in tests/geometry by long runs of NUTS in both forms.

    python scripts/label_geometry.py [--held-out | --seen] [--jobs N] [--table] [NAME ...]

Each form is run from two seeds: four chains, 1000 draws of warm-up and 2000 kept, float32, and
NumPyro's own settings of NUTS. A form's figure is the least bulk effective sample size of all
elements of `COMPARED` per thousand gradient evaluations of the kept draws. The label follows from
the figures alone:

    fails       in one of the seeds, r-hat is over 1.02 or over 0.5 % of the draws diverge
    both-fail   both forms fail
    decentre    only the centred form fails; or none does, and in each seed the decentred form's
                figure is at least twice the centred one's
    centre      the same, the other way round
    neutral     neither form fails, and neither is twice the other in each seed

The pairs are those of tests/geometry/pairs, and their figures go to tests/geometry/labels.json.
With `--held-out` they are those of tests/geometry/held_out, with tests/geometry/held_out.json: no
threshold was chosen on these. With `--seen` they are those that were held out once. A label
changes only by running its NUTS again.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from types import ModuleType
from typing import Any

# One core a process. To be said before jax is imported.
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")

import jax
import numpy as np
import numpyro
from numpyro.diagnostics import effective_sample_size, gelman_rubin
from numpyro.infer import MCMC, NUTS
from scipy.special import ndtri
from scipy.stats import rankdata

GEOMETRY = Path(__file__).resolve().parent.parent / "tests" / "geometry"
PAIRS, SEEN, HELD_OUT = (GEOMETRY / name for name in ("pairs", "seen", "held_out"))
TABLES = {
    PAIRS: GEOMETRY / "labels.json",
    SEEN: GEOMETRY / "seen.json",
    HELD_OUT: GEOMETRY / "held_out.json",
}
SEEDS, CHAINS, WARMUP, DRAWS = (0, 1), 4, 1000, 2000
MOST_RHAT, MOST_DIVERGENT, TIMES = 1.02, 0.005, 2.0
FORMS = ("centred", "decentred")

Figures = dict[str, Any]


def fails(runs: Sequence[Figures]) -> bool:
    """Whether a form is unsound in any of its runs. An r-hat that is not a number is none."""
    return any(
        not run["rhat"] <= MOST_RHAT or run["divergent"] > MOST_DIVERGENT * run["draws"]
        for run in runs
    )


def label(pair: Figures) -> str:
    """What the figures of a pair say, by the rule in the docstring of this module."""
    centred, decentred = (pair[form] for form in FORMS)
    failed = fails(centred), fails(decentred)
    if any(failed):
        return {(True, True): "both-fail", (True, False): "decentre"}.get(failed, "centre")
    ratios = [
        other["per_1000_gradients"] / one["per_1000_gradients"]
        for one, other in zip(centred, decentred, strict=True)
    ]
    if min(ratios) >= TIMES:
        return "decentre"
    return "centre" if max(ratios) <= 1 / TIMES else "neutral"


def pair_module(name: str, folder: Path = PAIRS) -> ModuleType:
    """The program of a pair of a folder, imported but not run."""
    spec = importlib.util.spec_from_file_location(f"pair_{name}", folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def names(folder: Path = PAIRS) -> list[str]:
    """The names of all pairs of a folder."""
    return sorted(path.stem for path in folder.glob("*.py"))


def ranked(draws: np.ndarray) -> np.ndarray:
    """Chains by draws by elements as normal scores of their ranks (Vehtari et al., 2021)."""
    ranks = rankdata(draws.reshape(-1, draws.shape[-1]), axis=0).reshape(draws.shape)
    return ndtri((ranks - 0.375) / (draws.shape[0] * draws.shape[1] + 0.25))


def diagnosed(draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bulk effective sample size and r-hat of each element, of chains by draws by elements.

    Both are of the halves of chains, rank-normalised; r-hat is the larger of that of the draws and
    that of their distances from the median. An element that is constant, as those above the
    diagonal of a Cholesky factor, has a nan for both.
    """
    half = draws.shape[1] // 2
    halves = np.concatenate([draws[:, :half], draws[:, half : 2 * half]]).astype(np.float64)
    folded = np.abs(halves - np.median(halves, axis=(0, 1)))
    constant = np.ptp(halves, axis=(0, 1)) == 0
    with np.errstate(invalid="ignore", divide="ignore"):
        ess = effective_sample_size(ranked(halves))
        rhat = np.maximum(gelman_rubin(ranked(halves)), gelman_rubin(ranked(folded)))
    return np.where(constant, np.nan, ess), np.where(constant, np.nan, rhat)


def sample(model: Callable[..., Any], pair: ModuleType) -> tuple[Figures, Figures, float]:
    """Draws and extra fields, chains first, of all seeds at once, and the seconds that it took.

    Chains are adapted one by one, so those of two seeds can run side by side.
    """
    keys = np.concatenate([jax.random.split(jax.random.PRNGKey(seed), CHAINS) for seed in SEEDS])
    mcmc = MCMC(
        NUTS(model),
        num_warmup=WARMUP,
        num_samples=DRAWS,
        num_chains=len(keys),
        chain_method="vectorized",
        progress_bar=False,
    )
    started = time.perf_counter()
    mcmc.run(keys, *pair.arguments, extra_fields=("num_steps", "diverging"), **pair.keywords)
    draws = jax.device_get(mcmc.get_samples(group_by_chain=True))
    extra = jax.device_get(mcmc.get_extra_fields(group_by_chain=True))
    return draws, extra, time.perf_counter() - started


def figures(draws: Figures, extra: Figures, compared: Sequence[str]) -> Figures:
    """The figures of the chains of one seed."""
    ess, rhat = {}, {}
    for name in compared:
        sizes, ratios = diagnosed(draws[name].reshape(*draws[name].shape[:2], -1))
        # Chains that stand still have no size, and are the worst of all.
        moving = np.ptp(draws[name].reshape(-1, sizes.size), axis=0) > 0
        ess[name] = float(np.min(np.nan_to_num(sizes[moving], nan=0.0)))
        rhat[name] = float(np.max(np.nan_to_num(ratios[moving], nan=np.inf)))
    worst = min(ess, key=ess.__getitem__)
    gradients = int(extra["num_steps"].sum())
    return {
        "ess": round(ess[worst], 1),
        "worst": worst,
        "gradients": gradients,
        "per_1000_gradients": round(1000 * ess[worst] / gradients, 4),
        "rhat": round(max(rhat.values()), 4),
        "divergent": int(extra["diverging"].sum()),
        "draws": int(extra["diverging"].size),
    }


def measured(name: str, folder: Path = PAIRS) -> Figures:
    """All figures of a pair of a folder, and its label."""
    pair = pair_module(name, folder)
    result: Figures = {"site": pair.SITE, "seconds": {}}
    medians = {}
    for form in FORMS:
        draws, extra, seconds = sample(getattr(pair, form), pair)
        parts = [slice(CHAINS * each, CHAINS * (each + 1)) for each in range(len(SEEDS))]
        result[form] = [
            figures(
                {key: value[part] for key, value in draws.items()},
                {key: value[part] for key, value in extra.items()},
                pair.COMPARED,
            )
            for part in parts
        ]
        result["seconds"][form] = round(seconds, 1)
        medians[form] = {key: np.median(value, axis=(0, 1)) for key, value in draws.items()}
    result["label"] = label(result)
    better = max(FORMS, key=lambda form: (not fails(result[form]), worst_figure(result[form])))
    kappa = np.asarray(pair.kappa(medians[better]))
    result["kappa_at_posterior"] = {
        "median": round(float(np.median(kappa)), 4),
        "least": round(float(kappa.min()), 4),
        "most": round(float(kappa.max()), 4),
    }
    return result


def worst_figure(runs: Sequence[Figures]) -> float:
    """The lower of the seeds' effective sample sizes per thousand gradients."""
    return min(run["per_1000_gradients"] for run in runs)


def markdown(pairs: Figures) -> str:
    """The table of all pairs, each figure as that of one seed / that of the other."""
    head = (
        "pair|label|ESS/1000 centred|decentred|r-hat centred|decentred|divergent centred|decentred"
    )
    lines = [f"| {head.replace('|', ' | ')} | kappa median (range) |", "|-" * 9 + "|"]
    for name, pair in sorted(pairs.items()):
        cells = [name, pair["label"]]
        for key, form in (
            ("per_1000_gradients", "{:.3g}"),
            ("rhat", "{:.3f}"),
            ("divergent", "{}"),
        ):
            for each in FORMS:
                cells.append(" / ".join(form.format(run[key]) for run in pair[each]))
        kappa = pair["kappa_at_posterior"]
        cells.append(f"{kappa['median']:.2f} ({kappa['least']:.2f} to {kappa['most']:.2f})")
        lines.append(f"| {' | '.join(cells)} |")
    counts = {each: sum(pair["label"] == each for pair in pairs.values()) for each in LABELS}
    return "\n".join([*lines, "", ", ".join(f"{count} {each}" for each, count in counts.items())])


LABELS = ("decentre", "centre", "neutral", "both-fail")


def read(folder: Path) -> Figures:
    """The table of a folder as it is kept."""
    table = TABLES[folder]
    return json.loads(table.read_text()) if table.exists() else {"pairs": {}}


def keep(name: str, folder: Path, result: Figures) -> None:
    """Puts the figures of a pair into its folder's table, and leaves the others' as they are."""
    table = read(folder)
    made_with = {"jax": jax.__version__, "numpyro": numpyro.__version__}
    table["pairs"][name] = {**result, "made_with": made_with}
    table["pairs"] = {
        each: table["pairs"][each] for each in names(folder) if each in table["pairs"]
    }
    TABLES[folder].write_text(json.dumps(table, indent=1, sort_keys=True) + "\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the pairs that are named, or all, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="pairs to run (otherwise all)")
    parser.set_defaults(folder=PAIRS)
    others = parser.add_mutually_exclusive_group()
    for option, folder in (("--held-out", HELD_OUT), ("--seen", SEEN)):
        told = f"those of {folder.relative_to(GEOMETRY.parent.parent)}, not of tests/geometry/pairs"
        others.add_argument(option, dest="folder", action="store_const", const=folder, help=told)
    parser.add_argument("--jobs", type=int, default=1, help="pairs that run at once")
    parser.add_argument("--table", action="store_true", help="run nothing, print the table")
    options = parser.parse_args(arguments)
    if not options.table:
        chosen = options.names or names(options.folder)
        with ProcessPoolExecutor(options.jobs, multiprocessing.get_context("spawn")) as pool:
            running = {pool.submit(measured, name, options.folder): name for name in chosen}
            for done in as_completed(running):
                keep(running[done], options.folder, done.result())
                print(running[done], done.result()["label"], done.result()["seconds"], flush=True)
    print(markdown(read(options.folder)["pairs"]))


if __name__ == "__main__":
    main()
