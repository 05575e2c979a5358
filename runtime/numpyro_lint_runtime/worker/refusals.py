"""What was refused while a model was traced, told with the failure that it may have caused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from ..codec import decode, encode
from ..protocol import Answer, Began, Refusal, Result
from .failure import Refused, text_of

_WORD = "refused "


class Refusals:
    """The refusals of one process, the last one in front of the failure that may come of it.

    `write` takes a report of each to where it is read should the process die.
    """

    def __init__(self, write: Callable[[bytes], None] = lambda data: None) -> None:
        self._write = write
        self._model = ""
        self._last: Refusal | None = None
        self._told: set[Refusal] = set()

    def add(self, refused: Refused) -> None:
        refusal = Refusal(text_of(refused), refused.position)
        self._last = refusal
        if refusal not in self._told:  # a loop may try again and again
            self._told.add(refusal)
            data = json.dumps([self._model, encode(refusal)])
            self._write(f"\n{_WORD}{data}\n".encode())

    def seen(self, answer: Answer) -> Answer:
        """An answer on its way out: a model that begins, or one that failed after a refusal."""
        if isinstance(answer, Began):
            self._model = answer.id
            self._told.clear()
            # Files that were imported are not run again; the statements of the file are.
            if self._last and self._last.position and self._last.position.path is None:
                self._last = None
        elif isinstance(answer, Result) and answer.failure and answer.status == "failed":
            if answer.failure.stage != "refused":
                return replace(answer, failure=replace(answer.failure, refusal=self._last))
        return answer


def last_reported(faults: str, model: str | None) -> Refusal | None:
    """The last refusal of a model (None: of any), in what the process has reported."""
    found: Refusal | None = None
    for line in faults.splitlines():
        if line.startswith(_WORD):
            try:
                id, data = json.loads(line.removeprefix(_WORD))
                found = decode(Refusal, data) if model in (id, None) else found
            except (ValueError, KeyError, TypeError):
                continue  # cut in the middle
    return found
