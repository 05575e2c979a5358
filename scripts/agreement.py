"""Agreement of text and trace: how many of the sites that a run meets the text tells beforehand.

    python scripts/agreement.py FOLDER...

Every model of the files that can be traced is traced. A traced site agrees when a static site of
the same model stands at the same place, with the same kind, a name or a pattern that fits, the same
plates, and a status that fits. Everything else is a miss, and is printed with its reason.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from numpyro_lint.config import Settings
from numpyro_lint.context import Context
from numpyro_lint.document import status
from numpyro_lint.model.attach import Attached, Joined, reason_of
from numpyro_lint.model.expand import Active, Execution
from numpyro_lint.model.ir import Arguments, Callee, Const, Frame, Handler, Text
from numpyro_lint.model.lift import lift
from numpyro_lint.model.name import Name
from numpyro_lint.model.program import Function, Module
from numpyro_lint.model.project import Project
from numpyro_lint.model.stack import Effect, Prediction, predict
from numpyro_lint.record import field, record
from numpyro_lint.text import Source, Span, concerns_us, load
from numpyro_lint.tracing import Tracer, trace_models

# Messages that users give no name, and those of a control flow as a whole.
_UNNAMED = frozenset({"subsample", "prng_key", "control_flow"})


@record
class Miss:
    """A traced site that the text did not tell, and why."""

    model: str
    name: str
    line: int | None
    why: str


@record(frozen=False)
class Measure:
    """What was found in one file, or in all.

    `phantoms`: what the text says for sure of all runs of a model, and a run refutes.
    """

    models: int = 0
    sites: int = 0
    joined: int = 0
    misses: list[Miss] = field(default_factory=list)
    untraced: list[tuple[str, str]] = field(default_factory=list)
    phantoms: list[str] = field(default_factory=list)

    @property
    def agreement(self) -> float:
        return self.joined / self.sites if self.sites else 1.0

    def add(self, other: Measure) -> None:
        self.models += other.models
        self.sites += other.sites
        self.joined += other.joined
        self.misses += other.misses
        self.untraced += other.untraced
        self.phantoms += other.phantoms


def measure(path: Path, tracer: Tracer, settings: Settings | None = None) -> Measure:
    """Traces the models of a file and compares each traced site with the text."""
    found = Measure()
    source = load(str(path))
    if not concerns_us(source.text):
        return found
    module = lift(source, project=Project())
    source = module.source
    for trace in trace_models(module, settings or Settings(), tracer):
        function = module.functions[trace.function]
        if not trace.ok:
            found.untraced.append((function.qualname, reason_of(trace.result.failure)))
            continue
        if not trace.is_users:
            # Names that are made up are in no text.
            found.untraced.append((function.qualname, "only with made-up arguments"))
            continue
        found.models += 1
        found.phantoms += _phantoms(module, function, trace)
        told = list(_told(module, function, trace))
        for joined in trace.sites:
            if joined.traced.type in _UNNAMED:
                continue
            found.sites += 1
            why = _disagreement(joined, told)
            if why is None:
                found.joined += 1
            else:
                found.misses.append(_miss(source, function, joined, why))
    return found


def _phantoms(module: Module, function: Function, trace: Attached) -> Iterator[str]:
    """Sites that every run meets by the text and this one did not, or the other way round."""
    prediction = Context(module).bare(function)
    names = {joined.traced.name for joined in trace.sites}
    for effect in prediction.effects:
        if effect.certain and effect.name.literal not in (None, *names):
            yield f"{function.qualname}: {effect.name.literal} is not met"
    places = {effect.site.span for effect in prediction.effects}
    for joined in trace.sites if prediction.complete else ():
        if joined.traced.type not in _UNNAMED and joined.span not in places:
            yield f"{function.qualname}: {joined.traced.name} is met, and no call is out of sight"


def _miss(source: Source, function: Function, joined: Joined, why: str) -> Miss:
    line = source.location(joined.span).line if joined.span else None
    return Miss(function.qualname, joined.traced.name, line, why)


@record
class Told:
    """A site as the text tells it: the effect of the bare model on it, and its execution."""

    effect: Effect
    execution: Execution


def _told(module: Module, function: Function, trace: Attached) -> Iterator[Told]:
    """What the text says of a model's sites, called as it is called in its file."""
    for prediction in _predictions(module, function, trace):
        executions = {(each.site, each.path): each for each in prediction.executions}
        for effect in prediction.effects:
            execution = executions.get((effect.site, effect.path))
            if execution is not None:
                yield Told(effect, execution)


def _predictions(module: Module, function: Function, trace: Attached) -> Iterator[Prediction]:
    yield Context(module).bare(function)
    seed = Handler("seed", Span(-1, -1), (("rng_seed", Const(0)),))
    if trace.origin.kind == "none":
        callee = Callee(function.key, function.name)
        yield predict(module, (seed, *function.handlers), callee, Arguments(), draws=False)
    stacks = [*module.stacks, *(run.stack for run in module.runs if run.stack is not None)]
    for stack in stacks:
        if stack.model.function == function.key and stack.arguments is not None:
            handlers = (seed, *function.handlers)
            yield predict(module, handlers, stack.model, stack.arguments, draws=False)


def _disagreement(joined: Joined, told: Sequence[Told]) -> str | None:
    """Why no static site is this traced one; None where one is."""
    if joined.span is None:
        position = joined.traced.position
        return "in another file" if position is not None else "in a library"
    here = [each for each in told if each.effect.site.span == joined.span]
    if not here:
        return "not reached by the text" if joined.site is not None else "no site in the text"
    reasons = [_difference(joined, each) for each in here]
    return None if None in reasons else max(filter(None, reasons), key=_closeness)


_CHECKED = ("kind", "unknown name", "name", "status", "plates")


def _closeness(reason: str) -> int:
    """How far the comparison came before it failed."""
    return _CHECKED.index(reason.partition(":")[0])


def _difference(joined: Joined, told: Told) -> str | None:
    traced, effect, execution = joined.traced, told.effect, told.execution
    kind = "param" if effect.type.endswith("module") else effect.type
    if kind != traced.type:
        return "kind"
    if effect.name.is_opaque:
        return "unknown name"
    if not _fits(effect.name, traced.name):
        return f"name: it is {effect.name.glob} in the text"
    if kind == "sample" and not _may_be(told, traced.observed):
        return "status"
    plates = [_plate_name(execution.active, index) for index in _plates(execution.active)]
    met = [plate.name for plate in traced.plates]
    if len(plates) != len(met) or not all(map(_fits, plates, met)):
        return f"plates: {', '.join(met)} are {', '.join(each.glob for each in plates)} in the text"
    return None


def _fits(name: Name, traced: str) -> bool:
    return not name.is_opaque and name.matches(traced) is not False


def _may_be(told: Told, observed: bool) -> bool:
    if told.effect.observed is not None:
        return told.effect.observed == observed
    return status(told.execution) == "optional" or observed


def _plates(active: Sequence[Active]) -> Iterator[int]:
    return (i for i, each in enumerate(active) if isinstance(each.frame, Frame))


def _plate_name(active: Sequence[Active], index: int) -> Name:
    """The name of a plate as the outside sees it: with the scopes around it."""
    name = active[index].name
    for each in reversed(active[:index]):
        if isinstance(each.frame, Handler) and each.frame.kind == "scope":
            prefix, divider = each.frame.arg("prefix"), each.frame.arg("divider")
            head = prefix.name if isinstance(prefix, Text) else Name(())
            name = head + (divider.name if isinstance(divider, Text) else Name.of("/")) + name
    return name


def files(folders: Sequence[str]) -> Iterator[Path]:
    """The Python files and notebooks of folders, in order."""
    for folder in map(Path, folders):
        if folder.is_file():
            yield folder
        else:
            found = (path for path in folder.rglob("*") if path.suffix in (".py", ".ipynb"))
            yield from sorted(found)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the agreement of each file and of all."""
    from numpyro_lint_runtime.host import Host

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--untraced", action="store_true", help="say why models were not traced")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that traces")
    options = parser.parse_args(arguments)
    total = Measure()
    reasons: Counter[str] = Counter()
    with Host(options.python) as tracer:
        for path in files(options.folders):
            found = measure(path, tracer)
            total.add(found)
            reasons.update(miss.why.partition(":")[0] for miss in found.misses)
            if found.models:
                print(f"{path}: {found.models} models, {found.joined} of {found.sites} sites")
            for miss in found.misses:
                print(f"  {miss.model}:{miss.line}: {miss.name}: {miss.why}")
            for phantom in found.phantoms:
                print(f"  {phantom}")
            if options.untraced:
                for name, why in found.untraced:
                    print(f"  {path}: {name} not traced: {why}")
    print(f"{total.models} models traced, {len(total.untraced)} not")
    print(f"{total.joined} of {total.sites} sites agree ({total.agreement:.1%})", dict(reasons))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
