"""A worker that runs models as if the current folder were another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from numpyro_lint_runtime.host import Host
from numpyro_lint_runtime.pilots import PilotResult, Progress
from numpyro_lint_runtime.protocol import FileRequest, TraceResult
from numpyro_lint_runtime.values import ValueResult


@dataclass(frozen=True, slots=True)
class Rooted:
    """A host, and the folder of the workspace in which it is to run: paths start there."""

    host: Host
    root: str

    def trace(self, request: FileRequest) -> Iterator[TraceResult]:
        return self.host.trace(replace(request, root=self.root))

    def values(self, request: FileRequest) -> Iterator[ValueResult]:
        return self.host.values(replace(request, root=self.root))

    def verify(self, request: FileRequest) -> Iterator[PilotResult | Progress]:
        return self.host.verify(replace(request, root=self.root))
