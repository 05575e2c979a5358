"""What stands for a value that could not be had: it says why as soon as it is used.

A slice holds more than a run needs, since the text does not tell what is used in the end. So a
statement that fails costs only those that look at the names it was to bind.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from ..protocol import Failure
from .failure import Unavailable
from .frames import is_users

_USES = """
add and bool call contains delitem divmod enter eq float floordiv ge getitem gt hash index int
invert iter le len lshift lt matmul mod mul ne neg next or pos pow radd rand
rdivmod rfloordiv rlshift rmatmul rmod rmul ror round rpow rrshift rshift rsub rtruediv rxor
setitem sub truediv xor array mro_entries instancecheck
""".split()


class Missing:
    """A value that is not there. Every use of it raises Unavailable with `failure`."""

    __slots__ = ("_failure",)

    def __init__(self, failure: Failure) -> None:
        object.__setattr__(self, "_failure", failure)

    def __getattr__(self, name: str) -> NoReturn:
        raise Unavailable(failure_in(self))

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise Unavailable(failure_in(self))


def failure_in(value: Missing) -> Failure:
    """Why the value is missing."""
    found: Failure = object.__getattribute__(value, "_failure")
    return found


def _raise(self: Missing, *_args: Any, **_kwargs: Any) -> NoReturn:
    raise Unavailable(failure_in(self))


for _use in _USES:
    setattr(Missing, f"__{_use}__", _raise)


def missing_in(value: Any, depth: int = 3) -> Iterator[Missing]:
    """The missing values among some arguments."""
    if isinstance(value, Missing):
        yield value
    elif depth and type(value) in (list, tuple):
        for item in value:
            yield from missing_in(item, depth - 1)
    elif depth and type(value) is dict:
        yield from missing_in(list(value.values()), depth - 1)


def as_unavailable(error: BaseException) -> BaseException:
    """An exception of a library that was given a missing value is about that value: the same with
    its reason. Others as they are."""
    given: list[Missing] = []
    traceback = error.__traceback__
    while traceback is not None:
        frame = traceback.tb_frame
        if is_users(frame.f_code.co_filename):
            given = []
        else:
            given += (value for value in frame.f_locals.values() if type(value) is Missing)
        traceback = traceback.tb_next
    if not given or isinstance(error, Unavailable):
        return error
    return Unavailable(failure_in(given[0])).with_traceback(error.__traceback__)
