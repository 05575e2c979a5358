"""The shapes of a trace as `numpyro.util.format_shapes` lays them out, and more of its sites."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from numpyro_lint.cli.excerpt import width
from numpyro_lint.model.attach import Attached
from numpyro_lint_runtime.protocol import TracedSite

Shape = tuple[int, ...]
Row = tuple[str, Shape, Shape | None]
_SAMPLED = ("sample", "factor")


def shapes(trace: Attached) -> list[str]:
    """Params, then plates and samples: batch shape `|` event shape of what each has.

    What is hidden is left out, as it is absent from NumPyro's own trace. The log density has the
    shape to which value and distribution broadcast.
    """
    visible = {j.traced.name: j.traced for j in trace.sites if not j.traced.hidden}
    params = [(s.name, s.shape or (), None) for s in visible.values() if s.type == "param"]
    others = [row for site in visible.values() for row in _rows(site)]
    rows: list[Row | str] = ["Trace Shapes:", "Param Sites:", *params, "Sample Sites:", *others]
    return list(_laid_out(rows))


def _rows(site: TracedSite) -> Iterator[Row]:
    shape = site.shape or ()
    if site.type == "plate":
        yield f"{site.name} plate", shape, ()
    elif site.type in _SAMPLED:
        batch, event = site.batch_shape or (), site.event_shape or ()
        yield f"{site.name} dist", batch, event
        split = max(len(shape) - len(event), 0)
        yield "value", shape[:split], shape[split:]
        yield "log_prob", broadcast(batch, shape[:split]), ()


def broadcast(first: Shape, second: Shape) -> Shape:
    """The shape of what is computed of two arrays that fit each other."""
    pairs = zip_longest(reversed(first), reversed(second), fillvalue=1)
    return tuple(b if a == 1 else a for a, b in pairs)[::-1]


def _laid_out(rows: Sequence[Row | str]) -> Iterator[str]:
    """Names and batch shapes, with the bar that ends them, end in one column each."""
    told = [("", (), None) if isinstance(row, str) else row for row in rows]
    names = [row if isinstance(row, str) else row[0] for row in rows]
    heads = [[str(n) for n in first] + ["|"] * (second is not None) for _, first, second in told]
    tails = [[str(n) for n in second or ()] for _, _, second in told]
    head, tail = max(map(len, heads)), max(map(len, tails))
    table = [
        [name, *[""] * (head - len(first)), *first, *second, *[""] * (tail - len(second))]
        for name, first, second in zip(names, heads, tails, strict=True)
    ]
    widths = [max(map(width, column)) for column in zip(*table, strict=True)]
    for cells in table:
        padded = (" " * (w - width(cell)) + cell for cell, w in zip(cells, widths, strict=True))
        yield " ".join(padded).rstrip()
