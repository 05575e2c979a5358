"""The whole driver: a source, its settings and its traces in, a `Report` out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from numpyro_lint.choice import chosen, is_shown, level_of
from numpyro_lint.config import Settings
from numpyro_lint.context import Context, Rule
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Related, Severity, Stage
from numpyro_lint.model.attach import Attached
from numpyro_lint.model.lift import lift
from numpyro_lint.model.program import Module, Stack
from numpyro_lint.model.project import Project
from numpyro_lint.record import record, replace
from numpyro_lint.rule import meanings, nodes
from numpyro_lint.text import ELSEWHERE, Source, Span, concerns_us


@record
class Report:
    """What is known of one file, and what is wrong with it.

    `held`: what is wrong too, but known already by a baseline; None where there is none.
    """

    source: Source
    module: Module
    context: Context
    diagnostics: tuple[Diagnostic, ...]
    held: tuple[Diagnostic, ...] | None = None

    @property
    def found(self) -> tuple[Diagnostic, ...]:
        """All that is wrong with the file, in order of place."""
        return tuple(sorted((*self.diagnostics, *(self.held or ())), key=_place))


def check(
    source: Source,
    settings: Settings | None = None,
    traces: Mapping[int, Attached] | None = None,
    module: Module | None = None,
    project: Project | None = None,
    stacks: Mapping[Stack, Attached] | None = None,
    strict: bool = False,
) -> Report:
    """The findings of one file, in order of place. Never raises for what a file holds.

    `traces` are by the offset of the model's definition, those of `stacks` by stack;
    `module` where the file is read already. `strict` makes an internal error of a prediction that a
    trace refutes.
    What the file imports from others of a `project` is read there.
    """
    settings = settings or Settings()
    if module is None:
        module = _read(source, project)
    source = module.source
    context = Context(module, traces or {}, stacks=stacks or {}, strict=strict)
    if not concerns_us(source.text):
        return Report(source, module, context, ())
    rules = chosen(settings, source.path)
    found: Iterable[Diagnostic] = _found(context, rules, settings)
    if module.comments:
        found = _without_silenced(context, list(found), rules, settings)
    shown = [each for each in found if is_shown(each, settings)]
    shown.sort(key=_place)
    return Report(source, module, context, tuple(shown))


def _place(each: Diagnostic) -> tuple[Span, str, str]:
    return each.span, each.rule, each.message


def filtered(report: Report, least: Severity | None) -> Report:
    """A report without what is less severe than is to be shown."""
    if least is None:
        return report
    kept = tuple(each for each in report.diagnostics if each.severity >= least)
    held = report.held and tuple(each for each in report.held if each.severity >= least)
    return replace(report, diagnostics=kept, held=held)


def have_looked(report: Report, settings: Settings, by_text: bool = False) -> frozenset[str]:
    """The rules that have found all that they can find in a file: what they do not report is gone.

    Without a trace, those that need none, or `by_text` all; none where the file does not parse.
    """
    rules = chosen(settings, report.source.path)
    return _have_looked(report.context, report.found, rules, by_text)


def unread(source: Source, why: Exception | str) -> Report:
    """The report of a file that this program cannot read, for a fault of its own."""
    what = "reading this file"
    fault = _internal(f"{what} failed: {why}") if isinstance(why, str) else _fault(what, why)
    module = Module(source, {})
    return Report(source, module, Context(module), (fault,))


def _read(source: Source, project: Project | None) -> Module:
    if not concerns_us(source.text):
        return Module(source, {})
    return lift(source, project=project)


def _without_silenced(
    context: Context, found: list[Diagnostic], rules: Sequence[Rule], settings: Settings
) -> list[Diagnostic]:
    """The findings that no comment sets aside, and what is to be said of the comments."""
    from numpyro_lint import suppress

    module = context.module
    kept, remarks = suppress.apply(module, found)
    ran = _have_looked(context, found, rules)
    meaning = meanings()
    lost = any(suppress.unused(each, frozenset(), meaning, ran) for each in remarks)
    used: list[frozenset[str]] = [frozenset()] * len(remarks)
    if lost and context.traces:
        # What the trace refutes is still found without one, and then needs its comment.
        untraced = _found(Context(module), rules, settings)
        used = [each.used for each in suppress.apply(module, untraced)[1]]
    context.remarks = tuple(
        replace(each, unused=suppress.unused(each, others, meaning, ran))
        for each, others in zip(remarks, used, strict=True)
    )
    said = _found(context, rules, settings, of_comments=True)
    return [*kept, *suppress.apply(module, said)[0]]


def _have_looked(
    context: Context, found: Sequence[Diagnostic], rules: Sequence[Rule], by_text: bool = False
) -> frozenset[str]:
    """The rules that have found all that they can find in this file."""
    module = context.module
    if module.problems or module.stale or any(each.rule == "internal-error" for each in found):
        return frozenset()
    models = [f for f in module.functions.values() if f.role in ("model", "guide")]
    traces = [trace for model in models if (trace := context.users_trace(model.key)) is not None]
    is_traced = len(traces) == len(models) and all(trace.ok for trace in traces)
    is_valued = is_traced and all(trace.values is not None for trace in traces)
    come_to = Stage.VALUES if is_valued else Stage.TRACE if is_traced else Stage.TEXT
    return frozenset(rule.name for rule in rules if by_text or rule.stage <= come_to)


def _found(
    context: Context, rules: Sequence[Rule], settings: Settings, of_comments: bool = False
) -> list[Diagnostic]:
    """What some rules find, each mistake once, as severe as the user has it."""
    chosen = [rule for rule in rules if (rule.node == "Remark") == of_comments]
    found = list(_unless_told(context, list(_once(_reported(context, chosen)))))
    if not settings.severity:
        return found
    return [_at_level(each, settings) for each in found]


def _at_level(finding: Diagnostic, settings: Settings) -> Diagnostic:
    level = level_of(finding.rule, finding.category, settings.severity)
    return finding if level is None else replace(finding, severity=level)


def _reported(context: Context, rules: Sequence[Rule]) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    by_node: dict[str, list[Rule]] = {}
    for rule in rules:
        by_node.setdefault(rule.node, []).append(rule)
    for kind, group in by_node.items():
        try:
            reached = list(nodes(kind, context))
        except Exception as error:
            found.append(_fault(f"reading the {kind.lower()}s of this file", error))
            continue
        for node in reached:
            for rule in group:
                found += _run(rule, node, context)
    return found


def _run(rule: Rule, node: object, context: Context) -> list[Diagnostic]:
    """One check of one node; a rule that raises is one finding that names it."""
    context.rule = rule
    try:
        found = rule.check(node, context)
        if context.module.others:
            return [here for each in found if (here := _brought_here(each, context)) is not None]
        return list(found)
    except Exception as error:
        return [_fault(f"the rule {rule.name}", error)]


def _brought_here(finding: Diagnostic, context: Context) -> Diagnostic | None:
    """A finding in another file, at the call in this one that leads there: None without any."""
    if finding.span.start < ELSEWHERE:
        edits = finding.fix.edits if finding.fix else ()
        foreign = any(edit.span.start >= ELSEWHERE for edit in edits)
        return replace(finding, fix=None) if foreign else finding
    call = context.call_to(finding.span)
    if call is None:
        return None
    related = (Related(finding.span, "it stands here"), *finding.related)
    return replace(finding, span=call, related=related, fix=None, rewrite=None)


def _fault(what: str, error: Exception) -> Diagnostic:
    import traceback

    where = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{where.name}, line {where.lineno}"
    return _internal(f"{what} failed: {type(error).__name__}: {error} ({place})")


def _internal(message: str) -> Diagnostic:
    return Diagnostic(
        "internal-error",
        Category.TOOL,
        Severity.ERROR,
        Span(0, 0),
        f"{message}; please report it",
    )


def _once(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """One finding a mistake: text and trace may both see it, and helpers are met by many models."""
    best: dict[tuple[str, Span, str | None], Diagnostic] = {}
    for each in found:
        key = (each.rule, each.span, each.site)
        if key not in best:
            best[key] = each
        elif _rank(each) > _rank(best[key]):
            best[key] = _with_fix(each, best[key])
        else:
            best[key] = _with_fix(best[key], each)
    yield from best.values()


def _unless_told(context: Context, found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Without what stops a trace at a place where a rule says what is wrong there."""
    if not any(each.rule == "not-traced" for each in found):
        yield from found
        return
    names = {function.name_span for function in context.module.functions.values()}
    told = {
        each.span
        for each in found
        if each.rule != "not-traced" and each.source is Origin.TRACE
        if each.severity >= Severity.WARNING and each.span not in names
    }
    yield from (each for each in found if each.rule != "not-traced" or each.span not in told)


def _with_fix(finding: Diagnostic, other: Diagnostic) -> Diagnostic:
    """A finding with the fix of another of the same mistake, where it has none of its own."""
    if finding.fix or finding.rewrite or not (other.fix or other.rewrite):
        return finding
    return replace(finding, fix=other.fix, rewrite=other.rewrite)


def _rank(diagnostic: Diagnostic) -> tuple[int, bool]:
    return diagnostic.severity, diagnostic.source is not Origin.STATIC
