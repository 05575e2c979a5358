"""What a run of a model reaches, and what stands around it there."""

from __future__ import annotations

from collections.abc import Mapping

from numpyro_lint.model.binding import origins
from numpyro_lint.model.ir import Branch, Frame, Handler, Site, Use, Value
from numpyro_lint.model.name import Name
from numpyro_lint.model.program import Function
from numpyro_lint.record import record
from numpyro_lint.text import Span

Path = tuple[Span, ...]
# The branches taken to reach a step, each with the calls that lead to it.
Arms = tuple[tuple[Path, Branch], ...]


@record
class Active:
    """A handler or plate that is entered, at one depth of calls: two calls enter two of them."""

    frame: Handler | Frame | Control
    path: Path = ()
    name: Name = Name(())


@record
class Control:
    """The body of a `scan` or `cond` begins here: function number `arm` of `arms` in sight."""

    kind: str
    span: Span
    arm: int = 0
    arms: int = 1


@record
class Execution:
    """A primitive as a run of the model reaches it.

    `observed`: whether `obs=` gives a value; None when that is not known. `stack` stands around it,
    outermost first; its first `outer` entries stand around the whole model. `arms` are the branches
    taken, each with the calls that lead to it.
    """

    site: Site
    name: Name
    observed: bool | None
    stack: tuple[Active, ...]
    arms: Arms
    loops: tuple[Span, ...]
    path: Path
    values: Mapping[str, Value]
    function: Function | None
    outer: int = 0

    @property
    def active(self) -> tuple[Active, ...]:
        """What the model itself puts around this site, outermost first."""
        return self.stack[self.outer :]

    @property
    def conditional(self) -> bool:
        return bool(self.arms)

    @property
    def own_loops(self) -> tuple[Span, ...]:
        """The loops of its function that come back to it; not those told pass by pass."""
        return tuple(loop for loop in self.site.place.loops if loop in self.loops)

    def origins(self, value: Value | None) -> frozenset[Span]:
        """The sites that a value of this site's arguments was computed from."""
        if value is None:
            return frozenset()
        found = origins(value.depends, self.values)
        return frozenset(item for item in found if isinstance(item, Span))


@record
class Unseen:
    """A call of something that is not in sight: any message may be sent here."""

    display: str
    span: Span
    path: Path


@record
class Used:
    """A use of a value in a function that the model reaches, with `drawn` as the model sees it."""

    use: Use
    drawn: frozenset[Span]
    function: Function
    path: Path
    arms: Arms


Reached = Execution | Unseen | Used
