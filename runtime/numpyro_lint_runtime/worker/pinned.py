"""What a model may call, and must not have its way with: the process is not the model's to end."""

from __future__ import annotations

import faulthandler
import os
from collections.abc import Callable
from typing import Any, NoReturn

from .failure import Left
from .frames import asker


def _nothing(*args: Any, **kwargs: Any) -> None:
    """Faults are reported already, to where they are read."""


def pin(own: Callable[[], str]) -> None:
    """Replace what would take the process from under the trace, or its fault reports away.

    `own()` is the file whose lines are named.
    """

    def leave(status: int) -> NoReturn:
        position, _, _ = asker(own())
        raise Left(f"a trace may not end its process: os._exit({status})", position)

    os._exit = leave
    faulthandler.enable = faulthandler.disable = _nothing
