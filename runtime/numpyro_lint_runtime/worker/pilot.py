"""The third stage: a model is sampled for a short while in both forms of some of its sites."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace

from ..codec import encode
from ..pilots import FormResult, Pilot, PilotResult, Progress
from ..protocol import ModelRequest
from .centre import NotRun, NoTwin
from .chains import STEP, WARM_UP, Chains
from .failure import failure_of, text_of
from .forms import DECENTRED, form_of
from .scatter import scatters
from .slice import Target
from .verdict import LAST, ROUNDS, verdict_of

# What of the deadline may go by before no further step is taken.
_SHARE = 0.9

Say = Callable[[Progress], None]
# The forms of a model that have been run, which other sites of it are compared with as well.
Kept = dict[str, Chains]


def pilot_call(
    request: ModelRequest, target: Target, own: str, say: Say, kept: Kept | None = None
) -> PilotResult:
    """The third stage for one request; what it raises is in the result."""
    result = PilotResult(request.id, "ok", seed=request.seed)
    assert request.pilot is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            run = _Run(request, target, say, {} if kept is None else kept)
            return run.result(result)
        except NotRun as error:
            return replace(result, reason=str(error))
        except Exception as error:
            failure = failure_of(error, "model", own)
            return replace(result, status="failed", reason=text_of(error), failure=failure)


class _Run:
    """Both forms of some sites, sampled until it is clear which one does better."""

    def __init__(self, request: ModelRequest, target: Target, say: Say, kept: Kept) -> None:
        assert request.pilot is not None
        self._end = time.perf_counter() + _SHARE * request.deadline
        self._request, self._pilot, self._target = request, request.pilot, target
        self._say, self._kept = say, kept
        self._most = 2 * (WARM_UP + ROUNDS[-1][0]) // STEP
        self._done = 0
        first = self._pilot.decentred
        # A form that cannot be made is known before any is run.
        made = [(form, *form_of(target, self._pilot, form)) for form in (first, not first)]
        self.forms = [self._chains(model, form) for form, model, _ in made]
        self.sites = made[0][2]
        self.names = _compared(self._pilot, self.sites, *(form.sizes for form in self.forms))
        for name in self.names:
            if not all(name in form.sites for form in self.forms):
                raise NoTwin(f"'{name}' is not a site in both forms")

    def _chains(self, model: object, decentred: bool) -> Chains:
        self._tell(decentred, "compiling")
        key = _key(self._request, self._pilot, decentred)
        if key not in self._kept:
            if time.perf_counter() > self._end:
                raise NotRun(self._late())
            self._kept[key] = Chains(model, self._target, self._request.seed)
        return self._kept[key]

    def _late(self) -> str:
        return f"{self._request.deadline:g} s did not suffice"

    def _tell(self, decentred: bool, doing: str) -> None:
        names = ", ".join(site.name.removesuffix(DECENTRED) for site in self._pilot.sites)
        form = "decentred" if decentred else "centred"
        text = f"{names} {form}: {doing}"
        self._say(Progress(self._request.id, self._done, self._most, text))

    def result(self, result: PilotResult) -> PilotResult:
        """The result with its verdict: by the first round in which that is clear."""
        for draws, bar in ROUNDS:
            late = not self._draw(draws)
            if late and min(form.drawn for form in self.forms) < ROUNDS[0][0]:
                return self._with(replace(result, reason=self._late()))
            own, other = (form.figures(self.names) for form in self.forms)
            verdict, reason = verdict_of(own, other, LAST if late else bar)
            result = replace(result, verdict=verdict, reason=reason)
            if late or verdict != "cannot tell":
                break
        return self._with(result)

    def _draw(self, draws: int) -> bool:
        """Have both forms so many draws. False where the time is up first."""
        while any(form.drawn < draws for form in self.forms):
            for number, form in enumerate(self.forms):
                if form.drawn >= draws:
                    continue
                if time.perf_counter() > self._end:
                    return False
                warming = form.done < WARM_UP
                doing = "warming up" if warming else f"{form.drawn} draws of a chain"
                self._tell(self._pilot.decentred != bool(number), doing)
                form.advance()
                self._done += 1
        return True

    def _with(self, result: PilotResult) -> PilotResult:
        own = self._pilot.decentred
        scales = [site.scales for site in self._pilot.sites]
        shown = scatters(dict(zip(self.sites, scales, strict=True)), *self.forms)
        told = zip(self.forms, (own, not own), shown, strict=True)
        results: list[FormResult] = [
            replace(form.result(self.names, is_it), scatter=each) for form, is_it, each in told
        ]
        return replace(result, forms=tuple(results))


def _key(request: ModelRequest, pilot: Pilot, decentred: bool) -> str:
    """What tells a form of a model from another."""
    changed = replace(pilot, decentred=decentred)
    if decentred:  # it does not matter which of the sites are compared
        every = sorted({*pilot.sites, *pilot.others}, key=lambda site: site.name)
        changed = Pilot(tuple(every), True)
    return encode(replace(request, id="", pilot=changed))


def _compared(pilot: Pilot, sites: Sequence[str], *sizes: dict[str, int]) -> list[str]:
    """What is compared: the sites, the latents that scale them, and those that are one number."""
    both = [name for name in sizes[0] if name in sizes[1]]
    scales = {scale for site in pilot.sites for scale in site.scales}
    rest = (name for name in both if sizes[0][name] == 1 or name in scales)
    return list(dict.fromkeys([*sites, *rest]))
