"""Why something was not done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .sites import Position

Status = Literal["ok", "failed", "skipped"]
Stage = Literal["start", "import", "slice", "arguments", "model", "deadline", "crash", "refused"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the guard refused, and the line of the user's that asked for it."""

    message: str
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a model was not traced. `position` is the innermost frame in the user's own file.

    `refusal` is the last thing that was refused before the failure, where the user's code went on
    without it.

    `through` are the functions of NumPyro that the exception passed after that frame, outermost
    first; `raised_by` is the package that raised it, "" for the user's own code; `site` is the name
    of the message that was on its way.
    """

    stage: Stage
    exception: str
    message: str
    position: Position | None = None
    advice: str | None = None
    through: tuple[str, ...] = ()
    raised_by: str = ""
    site: str | None = None
    refusal: Refusal | None = None
