"""Fixes applied: those that are allowed, one after the other, until none is left.

A fix is kept where a second reading finds its finding gone and the text no worse to parse; an
unsafe one also brings no error or warning that was not there. What does not hold is not applied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from numpyro_lint.diagnostic import Applicability, Diagnostic, Edit, Fix, Severity, fix_of
from numpyro_lint.record import record
from numpyro_lint.rewrite.edits import changed
from numpyro_lint.syntax.parse import parse
from numpyro_lint.text import Source

# Each round reads the text anew, and with traces runs its models anew.
ROUNDS = 12

Reader = Callable[[Source], Sequence[Diagnostic]]
Allows = Callable[[Diagnostic, Fix], bool]
_Pair = tuple[Diagnostic, Fix]
_Identity = tuple[str, str | None]


@record
class Fixed:
    """A text with fixes applied, what they mended, and what could not be mended by its fix."""

    source: Source
    mended: tuple[Diagnostic, ...] = ()
    refused: tuple[Diagnostic, ...] = ()


def allows(unsafe: bool, named: frozenset[str] = frozenset()) -> Allows:
    """Which fixes to apply: the safe ones alone, or the unsafe ones of errors and warnings too.

    What is less than a warning may well be wanted as it is: its unsafe fix is applied only where
    the rule is one of `named`.
    """

    def allowed(finding: Diagnostic, fix: Fix) -> bool:
        if fix.applicability is Applicability.SAFE:
            return True
        return unsafe and (finding.severity >= Severity.WARNING or finding.rule in named)

    return allowed


def fixed(source: Source, found: Sequence[Diagnostic], read: Reader, allowed: Allows) -> Fixed:
    """Applies the allowed fixes of what is found in a text; `read` finds what is in a new one."""
    mended: list[Diagnostic] = []
    refused: dict[tuple[_Identity, str], Diagnostic] = {}
    for _ in range(ROUNDS):
        pairs = [
            (each, fix)
            for each in found
            if (_identity(each), source.slice(each.span)) not in refused
            if (fix := fix_of(each)) is not None and allowed(each, fix)
        ]
        chosen = apart(pairs)
        if not chosen:
            break
        held = _held(source, found, chosen, read)
        if held is None and len(chosen) > 1:
            chosen, held = _first_that_holds(source, found, chosen, read)
        if held is None:
            for each, _ in chosen:
                refused[_identity(each), source.slice(each.span)] = each
            continue
        source, found = held
        mended += [each for each, _ in chosen]
    return Fixed(source, tuple(mended), tuple(refused.values()))


def holds(source: Source, found: Sequence[Diagnostic], pair: _Pair, read: Reader) -> bool:
    """Whether one fix mends its finding and brings no other."""
    return _held(source, found, [pair], read) is not None


def _first_that_holds(
    source: Source, found: Sequence[Diagnostic], pairs: list[_Pair], read: Reader
) -> tuple[list[_Pair], tuple[Source, Sequence[Diagnostic]] | None]:
    """The first fix that holds by itself, or else all of them, refused."""
    for pair in pairs:
        held = _held(source, found, [pair], read)
        if held is not None:
            return [pair], held
    return pairs, None


def _held(
    source: Source, found: Sequence[Diagnostic], pairs: Sequence[_Pair], read: Reader
) -> tuple[Source, Sequence[Diagnostic]] | None:
    """The text with some fixes made and what is found in it; None where they do not hold."""
    each_once = dict.fromkeys(edit for _, fix in pairs for edit in fix.edits)
    edits = sorted(each_once, key=lambda edit: edit.span)
    new = changed(source, edits)
    if new.text == source.text or len(parse(new).unreadable) > len(parse(source).unreadable):
        return None
    after = read(new)
    before, now = _counted(found), _counted(after)
    aimed = Counter(_identity(each) for each, _ in pairs)
    gone = all(now[key] <= before[key] - times for key, times in aimed.items())
    if all(fix.applicability is Applicability.SAFE for _, fix in pairs):
        # What was hidden behind an exception may well come to light.
        return (new, after) if gone else None
    grave, graver = _counted(found, Severity.WARNING), _counted(after, Severity.WARNING)
    return (new, after) if gone and graver <= grave else None


def _identity(diagnostic: Diagnostic) -> _Identity:
    return diagnostic.rule, diagnostic.site


def _counted(found: Sequence[Diagnostic], least: Severity = Severity.HINT) -> Counter[_Identity]:
    return Counter(_identity(each) for each in found if each.severity >= least)


def apart(pairs: Sequence[_Pair]) -> list[_Pair]:
    """The first of the fixes and all others that touch none of those before them.

    Fixes may share an edit, such as the import that both need.
    """
    chosen: list[_Pair] = []
    taken: set[Edit] = set()
    for pair in pairs:
        edits = pair[1].edits
        if edits and not any(_touch(edit, other) for edit in edits for other in taken):
            chosen.append(pair)
            taken.update(edits)
    return chosen


def _touch(one: Edit, other: Edit) -> bool:
    if one == other:
        return False
    return one.span.start <= other.span.end and other.span.start <= one.span.end
