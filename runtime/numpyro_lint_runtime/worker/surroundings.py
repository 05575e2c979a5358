"""What a program finds around it when it is run for its models alone: no screen, no keyboard,
no disk to write to."""

from __future__ import annotations

import builtins
import contextlib
import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from .failure import Refused
from .patches import Patches
from .stand_ins import Nothing


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Within it nothing is drawn, asked or written, and progress bars are silent."""
    patches = Patches()
    try:
        patches.set(builtins, "input", _input)
        opened = _lost(builtins.open)
        patches.set(builtins, "open", opened)
        patches.set(io, "open", opened)
        patches.set(os, "mkdir", _skipped(os.mkdir))
        for module, action in _AFTER_IMPORT.items():
            patches.after_import(module, action)
        yield
    finally:
        patches.undo()


def _input(prompt: object = "") -> NoReturn:
    raise EOFError("the program asks for input, and nobody is there to answer")


def _lost(open_file: Callable[..., Any]) -> Callable[..., Any]:
    """`open`; what may not be written goes nowhere, so that the program goes on."""

    def opened(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        try:
            return open_file(file, mode, *args, **kwargs)
        except Refused:
            return open_file(os.devnull, mode.replace("x", "w"), *args, **kwargs)

    return opened


def _skipped(action: Callable[..., None]) -> Callable[..., None]:
    def skipped(*args: Any, **kwargs: Any) -> None:
        with contextlib.suppress(Refused):
            action(*args, **kwargs)

    return skipped


def _nothing(*_: Any, **__: Any) -> Any:
    return Nothing()


def _without(*names: str) -> Callable[[Patches], None]:
    """Functions, as `module:function` or `module:Class.method`, that do nothing."""

    def replace(patches: Patches) -> None:
        for place in names:
            module, _, path = place.partition(":")
            owner: Any = sys.modules[module]
            *outer, name = path.split(".")
            for part in outer:
                owner = getattr(owner, part, None)
            if hasattr(owner, name):
                patches.set(owner, name, _nothing)

    return replace


def _silence(patches: Patches) -> None:
    bar: Any = sys.modules["tqdm.std"].tqdm
    build = bar.__init__

    def silent(self: Any, *args: Any, **kwargs: Any) -> None:
        build(self, *args, **{**kwargs, "disable": True})

    patches.set(bar, "__init__", silent)


def _without_plots(module: str, named: str) -> Callable[[Patches], None]:
    """A library's own plots, which may take longer than the models: those with axes give them."""

    def replace(patches: Patches) -> None:
        owner = sys.modules[module]
        for name, value in list(vars(owner).items()):
            if re.fullmatch(named, name) and callable(value):
                patches.set(owner, name, _on_axes)

    return replace


def _on_axes(*_: Any, ax: Any = None, **__: Any) -> Any:
    return Nothing() if ax is None else ax


def _without_screen(patches: Patches) -> None:
    pyplot: Any = sys.modules["matplotlib.pyplot"]
    switch = pyplot.switch_backend
    patches.set(pyplot, "switch_backend", lambda _: switch("agg"))
    _without(*(f"matplotlib.pyplot:{name}" for name in ("show", "pause", "tight_layout")))(patches)


_AFTER_IMPORT: dict[str, Callable[[Patches], None]] = {
    "tqdm.std": _silence,
    "matplotlib.figure": _without(
        "matplotlib.figure:Figure.savefig", "matplotlib.figure:Figure.tight_layout"
    ),
    "matplotlib.backends.backend_agg": _without(
        "matplotlib.backends.backend_agg:FigureCanvasAgg.draw"
    ),
    "matplotlib.animation": _without("matplotlib.animation:Animation.save"),
    "matplotlib.pyplot": _without_screen,
    "arviz": _without_plots("arviz", "plot_.*"),
    "seaborn": _without_plots("seaborn", ".*(plot|map|Grid)"),
    # These write from C, which no audit event tells of.
    "xarray.core.dataset": _without(
        "xarray.core.dataset:Dataset.to_netcdf", "xarray.core.dataset:Dataset.to_zarr"
    ),
}
