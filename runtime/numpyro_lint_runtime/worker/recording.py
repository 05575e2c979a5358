"""Recording what a block of code sends, in this process, as tests do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..protocol import TracedSite
from .recorder import Recorder, installed


class Recording:
    """The sites of a block of code, to be read once the block has ended, or within it."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    @property
    def sites(self) -> list[TracedSite]:
        return self._recorder.sites()

    def __iter__(self) -> Iterator[TracedSite]:
        return iter(self.sites)

    def __len__(self) -> int:
        return len(self._recorder.drafts)

    def __getitem__(self, name: str) -> TracedSite:
        """The last site of this name, as NumPyro's own trace has it."""
        found = [site for site in self.sites if site.name == name]
        if not found:
            raise KeyError(name)
        return found[-1]


@contextmanager
def recording(own: str | None = None) -> Iterator[Recording]:
    """Record what the code in the block sends, in this process: `with recording() as sites:`.

    Only primitives under at least one handler send messages. `depends` stays None.
    """
    with installed(Recorder(own)) as recorder:
        yield Recording(recorder)
