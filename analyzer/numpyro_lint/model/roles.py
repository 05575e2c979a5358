"""What each function of a file is for, and which compositions of handlers are runs of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from numpyro_lint.model.files import File
from numpyro_lint.model.ir import Call, Handler, Site, Step
from numpyro_lint.model.program import Function, Role, Stack
from numpyro_lint.record import replace

# A function, and what it is at later runs.
Versions = Mapping[int, Sequence[Function]]


def versions_of(file: File, changed: Mapping[int, Mapping[int, Function]]) -> Versions:
    """Every function, as it was read and as later runs meet it."""
    found = {key: [function] for key, function in file.functions.items()}
    for functions in changed.values():
        for key, function in functions.items():
            found.setdefault(key, []).append(function)
    return found


def _reaches(versions: Versions, key: int, seen: dict[int, bool]) -> bool:
    """Whether a function sends messages to its callers, not merely under a seed of its own."""
    if key in seen:
        return seen[key]
    seen[key] = False
    seen[key] = any(
        _sends(versions, step, seen) for function in versions.get(key, ()) for step in function.body
    )
    return seen[key]


def _sends(versions: Versions, step: Step, seen: dict[int, bool]) -> bool:
    if any(isinstance(frame, Handler) and frame.kind == "seed" for frame in step.place.frames):
        return False
    if isinstance(step, Site):
        return step.kind not in ("prng_key", "subsample")
    callee = step.callee
    if any(handler.kind == "seed" for handler in callee.handlers):
        return False
    return callee.function is not None and _reaches(versions, callee.function, seen)


def _is_open(versions: Versions, key: int | None, seen: set[int]) -> bool:
    """Whether a function calls what only its own caller tells: a parameter, an object's method."""
    if key is None or key in seen:
        return False
    seen.add(key)
    return any(
        call.callee.is_late or _is_open(versions, call.callee.function, seen)
        for function in versions.get(key, ())
        for call in function.calls
    )


def with_roles(file: File, versions: Versions) -> dict[int, Function]:
    """Every function of a file with its role."""
    # What runs inference in its own lines is a program, whatever it sends: nobody infers it.
    runs = (run.stack.within for run in file.runs if run.stack is not None)
    reaching = {key: False for key in runs if key is not None}
    for key in file.functions:
        _reaches(versions, key, reaching)
    guides = {run.guide.model.function for run in file.runs if run.guide}
    run_models = {
        run.stack.model.function
        for run in file.runs
        if run.stack and not (run.kind == "predictive" and run.stack.model.function in guides)
    }
    stack_models = {
        stack.model.function for stack in file.stacks if not _is_inner(file, stack, reaching)
    }
    called = {
        step.callee.function
        for key, function in file.functions.items()
        if reaching[key]
        for step in function.body
        if isinstance(step, Call) and step.callee.function != key
    }
    roles: dict[int, Role] = {}
    for key in file.functions:
        run = key in run_models or key in stack_models
        if not reaching[key] and not (run and _is_open(versions, key, set())):
            roles[key] = "other"
        elif key in guides and key not in run_models:
            roles[key] = "guide"
        elif run or key not in called:
            roles[key] = "model"
        else:
            roles[key] = "helper"
    return {key: replace(f, role=roles[key]) for key, f in sorted(file.functions.items())}


def _is_inner(file: File, stack: Stack, reaching: dict[int, bool]) -> bool:
    """A composition that is part of a model, not a run of one."""
    if stack.within is None or not reaching.get(stack.within, False):
        return False
    return not any(handler.kind in ("seed", "trace") for handler in stack.handlers)


def kept_stacks(file: File, functions: dict[int, Function]) -> list[Stack]:
    """The compositions that are runs of a model, in order of place."""
    reaching = {key: function.role != "other" for key, function in functions.items()}
    kept = []
    for stack in file.stacks:
        function = functions.get(stack.model.function) if stack.model.function is not None else None
        if _is_inner(file, stack, reaching) or (function is not None and function.role == "other"):
            continue
        kept.append(stack)
    return sorted(kept, key=lambda stack: stack.span)
