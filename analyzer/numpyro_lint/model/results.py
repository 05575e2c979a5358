"""Results of inference: which names are read of them, and where they may have gained others."""

from __future__ import annotations

from numpyro_lint.model.ir import Arguments, Key, Result, Text, Value
from numpyro_lint.model.program import Read
from numpyro_lint.model.scope import Body
from numpyro_lint.text import Span


def note_read(body: Body, result: Result, index: Value, span: Span) -> None:
    """`result[index]`: recorded where nothing in sight can have put the name there.

    What stands on a branch may be there only where the name is.
    """
    file, engine = body.file, None if body.branches else result.engine
    literal = index.name.literal if isinstance(index, Text) else None
    if literal is None or engine is None or engine in file.handed_on:
        return
    if all(key.text != literal for key in result.keys):
        file.reads.append(Read(engine, Key(literal, span, index)))


def note_change(body: Body, held: Value) -> None:
    """A result gains names. NumPyro keeps one dictionary: every reader sees them."""
    if isinstance(held, Result) and held.engine is not None:
        body.file.changed.add(held.engine)


def hand_on(body: Body, arguments: Arguments) -> None:
    """What is called with a result may write to it."""
    for item in arguments.items:
        if isinstance(item.value, Result) and item.value.engine is not None:
            body.file.handed_on.add(item.value.engine)
