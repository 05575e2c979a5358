"""The whole driver: a source, its settings and its traces in, a `Report` out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from numpyro_lint.config import Settings
from numpyro_lint.diagnostic import Category, Diagnostic, Origin, Severity
from numpyro_lint.model.attach import Attached
from numpyro_lint.model.lift import lift
from numpyro_lint.model.program import Module
from numpyro_lint.record import record
from numpyro_lint.rule import Context, Rule, nodes
from numpyro_lint.rules import all_rules
from numpyro_lint.suppress import suppressed
from numpyro_lint.text import Source, Span


@record
class Report:
    """What is known of one file, and what is wrong with it."""

    source: Source
    module: Module
    context: Context
    diagnostics: tuple[Diagnostic, ...]


def concerns_us(text: str) -> bool:
    """Whether a file can hold anything for us at all."""
    return "numpyro" in text


def check(
    source: Source,
    settings: Settings | None = None,
    traces: Mapping[int, Attached] | None = None,
    module: Module | None = None,
) -> Report:
    """The findings of one file, in order of place. Never raises for what a file holds.

    `traces` are by the offset of the model's definition; `module` where the file is read already.
    """
    settings = settings or Settings()
    if module is None:
        module = _read(source)
    context = Context(module, traces or {})
    if not concerns_us(source.text):
        return Report(source, module, context, ())
    found = list(suppressed(module, _once(_found(context, settings))))
    found.sort(key=lambda each: (each.span, each.rule, each.message))
    return Report(source, module, context, tuple(found))


def _read(source: Source) -> Module:
    if not concerns_us(source.text):
        return Module(source, {})
    return lift(source)


def is_selected(rule: Rule, settings: Settings) -> bool:
    def named(names: tuple[str, ...]) -> bool:
        return rule.name in names or rule.category.value in names or "ALL" in names

    if (
        rule.severity == Severity.HINT
        and not settings.pedantic
        and rule.name not in settings.select
    ):
        return False
    chosen = not settings.select or named(settings.select)
    return chosen and not named(settings.ignore)


def _found(context: Context, settings: Settings) -> Iterator[Diagnostic]:
    by_node: dict[str, list[Rule]] = {}
    for rule in all_rules().values():
        if is_selected(rule, settings):
            by_node.setdefault(rule.node, []).append(rule)
    for kind, rules in by_node.items():
        try:
            reached = list(nodes(kind, context))
        except Exception as error:
            yield _internal_error(f"reading the {kind.lower()}s of this file", error)
            continue
        for node in reached:
            for rule in rules:
                yield from _run(rule, node, context)


def _run(rule: Rule, node: object, context: Context) -> list[Diagnostic]:
    """One check of one node; a rule that raises is one finding that names it."""
    context.rule = rule
    try:
        return list(rule.check(node, context))
    except Exception as error:
        return [_internal_error(f"the rule {rule.name}", error)]


def _internal_error(what: str, error: Exception) -> Diagnostic:
    import traceback

    where = traceback.extract_tb(error.__traceback__)[-1]
    return Diagnostic(
        "internal-error",
        Category.TOOL,
        Severity.ERROR,
        Span(0, 0),
        f"{what} failed: {type(error).__name__}: {error} ({where.name}, line {where.lineno}); "
        "please report it",
    )


def _once(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """One finding a mistake: text and trace may both see it, and helpers are met by many models."""
    best: dict[tuple[str, Span, str | None], Diagnostic] = {}
    for each in found:
        key = (each.rule, each.span, each.site)
        if key not in best or _rank(each) > _rank(best[key]):
            best[key] = each
    yield from best.values()


def _rank(diagnostic: Diagnostic) -> tuple[int, bool]:
    return diagnostic.severity, diagnostic.source is not Origin.STATIC
