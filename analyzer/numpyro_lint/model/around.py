"""What the handlers of a file met in the traces of the stacks that they take part in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from numpyro_lint.facts.api import KEYED
from numpyro_lint.model.attach import Attached
from numpyro_lint.model.ir import Handler, Predicate
from numpyro_lint.model.keys import Missing, keys_of, near, scoped
from numpyro_lint.model.program import Stack
from numpyro_lint.model.values import given
from numpyro_lint.record import record
from numpyro_lint.text import Span

if TYPE_CHECKING:
    # The names alone are needed: static analysis does not load the runtime.
    from numpyro_lint_runtime.protocol import Around

# What these are given they hand on to the body of a control flow, where others work for them.
_CARRIED = ("condition", "substitute")


@record
class Witness:
    """A handler of the file that was there in traces: what it met in all runs in sight of it.

    `keys`: those of its table when it ran, None where it has none; `names` and `types` are of the
    messages that came to it, `hidden` the names of sites that a block further in hid from it.
    """

    handler: Handler
    keys: tuple[str, ...] | None
    met: tuple[tuple[str, str], ...]
    changed: int
    hidden: frozenset[str]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the sites that it met."""
        return tuple(dict.fromkeys(name for name, _ in self.met if name))

    def met_type(self, *types: str) -> bool:
        return any(type in types for _, type in self.met)


def witnesses(
    stacks: Iterable[Stack], traces: Mapping[Stack, Attached], inner: Collection[Span]
) -> Iterator[Witness]:
    """The handlers of which all runs in sight were traced as they are.

    `inner`: the handlers that stand inside of models, too, where no trace tells them apart.
    """
    parts: dict[Span, list[tuple[Handler, Around | None, frozenset[str]]]] = {}
    for stack in stacks:
        trace = traces.get(stack)
        hidden = frozenset(_hidden(trace))
        for handler, around in _paired(stack, trace):
            parts.setdefault(handler.span, []).append((handler, around, hidden))
    for span, found in parts.items():
        arounds = [around for _, around, _ in found if around is not None]
        if len(arounds) == len(found) and span not in inner:
            yield _witness(found[0][0], arounds, frozenset().union(*(each[2] for each in found)))


def _hidden(trace: Attached | None) -> Iterator[str]:
    for joined in trace.sites if trace is not None else ():
        if joined.traced.hidden:
            yield from (joined.traced.name, joined.traced.name_as_written)


def _paired(stack: Stack, trace: Attached | None) -> Iterator[tuple[Handler, Around | None]]:
    """The handlers of a stack with what the trace tells of each; None where it does not."""
    # The first one of a trace is the seed that it was run under.
    around = trace.result.around[1:] if trace is not None and trace.ok else ()
    kinds = [each.kind for each in around[: len(stack.handlers)]]
    is_known = kinds == [handler.kind for handler in stack.handlers]
    may_differ = trace is None or trace.repeats
    for index, handler in enumerate(stack.handlers):
        yield handler, around[index] if is_known and not may_differ else None


def _witness(handler: Handler, arounds: list[Around], hidden: frozenset[str]) -> Witness:
    keys = [each.keys for each in arounds]
    known = tuple(dict.fromkeys(key for each in keys for key in each or ()))
    return Witness(
        handler,
        None if None in keys else known,
        tuple(dict.fromkeys(met for each in arounds for met in each.met)),
        sum(each.changed for each in arounds),
        hidden,
    )


def works_elsewhere(witness: Witness) -> bool:
    """Whether a handler's work may be done by another one in its place."""
    return witness.handler.kind in _CARRIED and witness.met_type("control_flow")


def missed(witness: Witness) -> Iterator[Missing]:
    """The literal keys of a handler that named no site in any run."""
    if works_elsewhere(witness) or not witness.names:
        return
    for key in keys_of(witness.handler):
        if key.text in witness.names or key.text in witness.hidden:
            continue
        yield Missing(
            witness.handler,
            key,
            witness.names,
            scoped(key.text, witness.names),
            near(key.text, witness.names),
        )


def is_written_out(handler: Handler) -> bool:
    """Whether the names that a handler goes by stand in its text."""
    arguments = (given(handler, name) for name in KEYED.get(handler.kind, ()))
    return any(keys_of(handler)) or any(isinstance(each, Predicate) for each in arguments)
