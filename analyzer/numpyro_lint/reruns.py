"""How the runs of models are traced, besides the one whose arguments a model's own trace has."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator

from numpyro_lint.jobs import Job, request_of
from numpyro_lint.model.program import Stack
from numpyro_lint.record import replace
from numpyro_lint.slicing import Plan, Slicer
from numpyro_lint.stacking import EACH, StackPlan, repeated, statements_around
from numpyro_lint.text import Span


class Reruns:
    """The runs of models that no handlers stand around, by the calls that they are."""

    def __init__(self, slicer: Slicer) -> None:
        self.slicer = slicer
        self._stacks: dict[tuple[int | None, Span | None], list[Stack]] = {}
        for run in slicer.module.runs:
            for stack in (run.stack, run.guide, run.auto):
                if stack is not None and not stack.handlers:
                    key = stack.model.function, stack.call_span
                    self._stacks.setdefault(key, []).append(stack)

    def of(self, job: Job, plan: Plan) -> StackPlan | None:
        """The runs whose arguments a way to a model has."""
        calls = (plan.origin.at, *plan.same) if plan.request.sure else ()
        found = [self._stacks.get((job.function.key, at), []) for at in calls if at is not None]
        stacks = tuple(stack for each in found for stack in each)
        again = repeated(self.slicer, stacks)
        return StackPlan(stacks, plan.request, plan.origin, repeats=again) if stacks else None

    def further(self, job: Job) -> Iterator[StackPlan]:
        """The runs of a model that its own trace is none of.

        None of a model of which the user says what it is to be called with.
        """
        if any(plan.origin.kind in ("comment", "config") for plan in job.plans):
            return
        by_call: dict[Span | None, list[Plan]] = {}
        for plan in job.plans:
            by_call.setdefault(plan.origin.at, []).append(plan)
        by_call.pop(job.plans[0].origin.at, None)
        for at, plans in by_call.items():
            found = self.of(job, plans[0])
            if found is None or at is None or _may_raise(self.slicer, found.stacks[0]):
                continue
            request = request_of(plans)
            request = dataclasses.replace(
                request, id=f"run {at.start} {request.id}", deadline=min(request.deadline, EACH)
            )
            yield replace(found, request=request)


def _may_raise(slicer: Slicer, stack: Stack) -> bool:
    """Whether what a run raises is caught, or is what a test expects."""
    for node in statements_around(slicer, stack):
        if isinstance(node, ast.Try):
            return True
        if isinstance(node, ast.With):
            return any("raises" in ast.unparse(item.context_expr) for item in node.items)
    return False
