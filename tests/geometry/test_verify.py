"""Short runs of NUTS in both forms: verdicts, their limits, and what becomes of findings."""

from __future__ import annotations

import io
import json
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest
from cli.page import Page
from runtime.support import PREAMBLE, request_for

from numpyro_lint.analyst import Analyst
from numpyro_lint.check import Report
from numpyro_lint.cli import run
from numpyro_lint.cli.colour import Colour
from numpyro_lint.cli.formats import Outcome
from numpyro_lint.cli.html import render as html
from numpyro_lint.cli.main import main
from numpyro_lint.cli.progress import Progress as Bar
from numpyro_lint.cli.text import render
from numpyro_lint.config import Settings
from numpyro_lint.diagnostic import Severity
from numpyro_lint.text import Source
from numpyro_lint_runtime.codec import encode
from numpyro_lint_runtime.host import Host
from numpyro_lint_runtime.pilots import FormResult, Pilot, PilotResult, Progress, Scatter
from numpyro_lint_runtime.protocol import FileRequest
from numpyro_lint_runtime.values import Hierarchy
from numpyro_lint_runtime.worker.verdict import ROUNDS, Figures, verdict_of

pytestmark = [pytest.mark.trace, pytest.mark.verify]

MODELS = """
import time
from numpyro.infer.reparam import LocScaleReparam

y = jnp.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])

def groups(se, y):
    mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
    tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
    with numpyro.plate("group", 8):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("y", dist.Normal(theta, se), obs=y)

def by_hand(se, y):
    tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
    with numpyro.plate("group", 8):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        numpyro.sample("y", dist.Normal(tau * z, se), obs=y)

wrapped = handlers.reparam(groups, config={"theta": LocScaleReparam(0)})

def stops(se, y):
    theta = numpyro.sample("theta", dist.Normal(0.0, 1.0))
    time.sleep(100.0)
"""
THETA = Hierarchy("theta", "Normal", ("tau",))
WRAPPED = Hierarchy("theta_decentered", "Normal", ("tau",), standard=True)
Settle = Callable[..., PilotResult]


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with Host() as running:
        yield running


def asked(folder: Path, *targets: tuple[str, Pilot], deadline: float = 300.0) -> FileRequest:
    names = [name for name, _ in targets]
    file = request_for(folder / "m.py", PREAMBLE + MODELS, *names, deadline=deadline)
    pairs = zip(file.models, targets, strict=True)
    models = [replace(model, pilot=pilot) for model, (_, pilot) in pairs]
    return replace(file, models=tuple(models))


def test_little_data_call_for_the_decentred_form_and_strong_data_do_not(
    host: Host, tmp_path: Path
) -> None:
    weak = "groups(12.0, y)", Pilot((THETA,))
    strong = "wrapped(0.3, y)", Pilot((WRAPPED,), True)
    answers = list(host.verify(asked(tmp_path, weak, strong)))
    steps = [each for each in answers if isinstance(each, Progress)]
    assert all(0 <= step.done < step.total for step in steps)
    assert {step.text.partition(":")[0] for step in steps} == {"theta centred", "theta decentred"}
    first, second = (each for each in answers if isinstance(each, PilotResult))
    assert (first.verdict, second.verdict) == ("helps", "helps"), (first, second)
    assert [form.decentred for form in first.forms] == [False, True]
    assert [form.decentred for form in second.forms] == [True, False]
    for result in (first, second):
        own, other = result.forms
        assert own.chains == other.chains == 8
        assert own.draws == other.draws >= 8 * 150
        assert other.rate > 2 * own.rate
        assert other.r_hat < 1.05
        assert len(other.rates) == 2
        for form in (own, other):
            assert form.scatter is not None
            assert 300 < len(form.scatter.draws) <= 400
            assert len(form.scatter.divergent) == min(form.divergences, 200)
        shown = {(f.scatter.site, f.scatter.scale, f.scatter.is_log) for f in result.forms}
        ((site, scale, is_log),) = shown
        assert (site[:6], site[-1], scale, is_log) == ("theta[", "]", "tau", True)
        assert len(encode(result)) < 60_000
    # Both forms show the one posterior, in the same coordinates: that of the model at little data.
    values = [[value for value, _ in form.scatter.draws] for form in first.forms if form.scatter]
    assert abs(median(values[0]) - median(values[1])) < 3.0


def test_what_cannot_be_done_says_why_and_costs_nothing_else(host: Host, tmp_path: Path) -> None:
    # As evidence tells of a site that is mixed before it is scaled.
    mixed = Hierarchy("z", "Normal", ("tau",), standard=True, locs=None)
    by_hand = "by_hand(12.0, y)", Pilot((mixed,), True)
    late = "stops(12.0, y)", Pilot((THETA,))
    request = asked(tmp_path, late, by_hand)
    models = (replace(request.models[0], deadline=3.0), request.models[1])
    found = [
        each
        for each in host.verify(replace(request, models=models))
        if isinstance(each, PilotResult)
    ]
    assert [each.verdict for each in found] == ["cannot tell"] * 2
    assert found[0].failure is not None
    assert found[0].failure.stage == "deadline"
    assert found[0].failure.advice == "--verify-timeout allows more"
    assert (found[1].status, found[1].forms) == ("ok", ())
    assert "its centred form would have to be written" in found[1].reason


def test_nothing_is_begun_after_the_deadline(tmp_path: Path) -> None:
    from numpyro_lint_runtime.worker import pilot

    late = replace(asked(tmp_path, ("groups(12.0, y)", Pilot((THETA,)))).models[0], deadline=0.0)
    assert late.pilot is not None
    target = pilot.Target(_model, (), {})
    result = pilot.pilot_call(late, target, "m.py", lambda step: None)
    assert (result.status, result.verdict, result.reason) == (
        "ok",
        "cannot tell",
        "0 s did not suffice",
    )
    assert result.forms == ()


def _model() -> None:
    import numpyro
    import numpyro.distributions as dist

    tau = numpyro.sample("tau", dist.HalfNormal(1.0))
    with numpyro.plate("group", 4):
        numpyro.sample("theta", dist.Normal(0.0, tau))


def test_a_worker_that_is_killed_in_the_middle_costs_one_verdict(
    host: Host, tmp_path: Path
) -> None:
    hand = Hierarchy("z", "Normal", standard=True)
    theta = "groups(12.0, y)", Pilot((THETA,))
    request = asked(tmp_path, theta, ("groups(1.0, y)", Pilot((hand,))))
    found = []
    for answer in host.verify(request):
        if isinstance(answer, PilotResult):
            found.append(answer)
        elif not found and host.pid is not None:
            os.kill(host.pid, signal.SIGKILL)
    assert [each.status for each in found] == ["failed", "ok"]
    assert found[0].failure is not None
    assert found[0].failure.stage == "crash"


PROGRAM = """\
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS


def model(se, y):
    mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
    tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
    with numpyro.plate("group", 8):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("y", dist.Normal(theta, se), obs=y)


y = jnp.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
mcmc = MCMC(NUTS(model), num_warmup=500, num_samples=500)
mcmc.run(jax.random.key(0), 12.0, y)
"""


def test_a_run_of_the_command_settles_a_funnel(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reports: list[Report] = []
    analyze = run.analyze
    monkeypatch.setattr(run, "analyze", lambda *given: reports.extend(analyze(*given)) or reports)
    file = tmp_path / "m.py"
    file.write_text(PROGRAM)
    status = main(["--verify", "--verify-timeout", "300", "--output-format", "json", str(file)])
    (finding,) = json.loads(capsys.readouterr().out)["diagnostics"]
    assert (status, finding["rule"], finding["severity"]) == (1, "funnel", "warning")
    assert "in short runs of NUTS that helps (" in finding["message"]
    told = finding["evidence"]["verify"]
    assert told["verdict"] == "helps"
    assert [form["form"] for form in told["forms"]] == ["centred", "decentred"]
    own, other = (form["ess_per_1000_gradients"] for form in told["forms"])
    assert other > 2 * own
    page = Page(html.render(reports, "", "normal"))
    assert (page.count("svg", "nl-graph"), page.count("svg", "nl-plot")) == (1, 1)
    (title,) = {each for each in page.words if each.endswith(" against log tau")}
    assert title.startswith("theta[")


class Sampler:
    """Says what it is told to say, in place of NUTS."""

    def __init__(self, result: PilotResult, before: Callable[[], None] = lambda: None) -> None:
        self.result, self.before = result, before
        self.asked: list[FileRequest] = []

    def verify(self, request: FileRequest) -> Iterator[PilotResult | Progress]:
        self.asked.append(request)
        for model in request.models:
            yield Progress(model.id, 1, 4, "theta centred: warming up")
            self.before()
            yield replace(self.result, id=model.id)


@pytest.fixture(scope="module")
def analyst() -> Iterator[Analyst]:
    with Analyst(Settings(timeout=90.0), static=False, values=True, verify=60.0) as running:
        yield running


def reported(analyst: Analyst, sampler: Sampler, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(Host, "verify", lambda self, request: sampler.verify(request))
    report = analyst.report(Source("m.py", PROGRAM))
    return [f"{each.severity.label} {each.rule}: {each.message}" for each in report.diagnostics]


def test_what_becomes_of_a_funnel_by_its_verdict(
    analyst: Analyst, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = PilotResult("", "ok", reason="why")
    found = {
        verdict: reported(analyst, Sampler(replace(result, verdict=verdict)), monkeypatch)
        for verdict in ("helps", "hurts", "no difference", "cannot tell")
    }
    assert found["hurts"] == []
    assert found["helps"][0].startswith("warning funnel: ")
    assert found["helps"][0].endswith("; in short runs of NUTS that helps (why)")
    assert found["no difference"][0].startswith("info funnel: ")
    assert found["no difference"][0].endswith("that makes no difference (why)")
    assert found["cannot tell"][0].startswith("warning funnel: ")
    assert found["cannot tell"][0].endswith("cannot tell (why)")


def test_an_interruption_leaves_the_findings_as_they_were(
    analyst: Analyst, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    result = PilotResult("", "ok", verdict="hurts")
    sampler = Sampler(result, interrupt)
    for _ in range(2):
        (finding,) = reported(analyst, sampler, monkeypatch)
        assert finding.startswith("warning funnel: ")
    assert analyst.interrupted
    assert len(sampler.asked) == 1
    analyst.interrupted = False


GOOD = Figures(1200, 0, 10_000, 600.0, 1.005)
SLOW = replace(GOOD, ess=150.0)
STUCK = replace(GOOD, ess=20.0, r_hat=1.3)
DIVERGING = replace(GOOD, divergences=60)


@pytest.mark.parametrize(
    ("own", "other", "verdict"),
    [
        ((GOOD, GOOD), (GOOD, GOOD), "no difference"),
        ((SLOW, SLOW), (GOOD, GOOD), "helps"),
        ((GOOD, GOOD), (SLOW, SLOW), "hurts"),
        ((STUCK, STUCK), (GOOD, GOOD), "helps"),
        ((GOOD, GOOD), (STUCK, STUCK), "hurts"),
        ((DIVERGING, DIVERGING), (GOOD, GOOD), "helps"),
        ((DIVERGING, DIVERGING), (SLOW, SLOW), "cannot tell"),
        ((DIVERGING, GOOD), (GOOD, GOOD), "cannot tell"),
        ((SLOW, GOOD), (GOOD, GOOD), "cannot tell"),
        ((SLOW, GOOD), (GOOD, SLOW), "cannot tell"),
        ((STUCK, STUCK), (DIVERGING, DIVERGING), "cannot tell"),
        ((replace(STUCK, ess=float("nan")),) * 2, (GOOD, GOOD), "helps"),
    ],
)
def test_a_verdict_is_clear_only_where_all_seeds_say_the_same(
    own: tuple[Figures, ...], other: tuple[Figures, ...], verdict: str
) -> None:
    assert verdict_of(own, other)[0] == verdict


def at(ess: float) -> tuple[Figures, Figures]:
    """Both seeds with so many effective draws."""
    return (replace(GOOD, ess=ess),) * 2


@pytest.mark.parametrize(
    ("own", "draws", "verdict"),
    [
        ((GOOD, GOOD), 300, "cannot tell"),
        ((GOOD, GOOD), 1200, "no difference"),
        ((SLOW, SLOW), 300, "cannot tell"),
        ((SLOW, SLOW), 600, "helps"),
        (at(140.0), 300, "cannot tell"),
        (at(110.0), 300, "helps"),
        ((STUCK, STUCK), 300, "helps"),
        ((DIVERGING, DIVERGING), 1200, "cannot tell"),
        ((DIVERGING, DIVERGING), 2400, "helps"),
        (at(350.0), 1200, "cannot tell"),
        (at(350.0), 2400, "no difference"),
    ],
)
def test_an_early_look_tells_large_differences_alone(
    own: tuple[Figures, ...], draws: int, verdict: str
) -> None:
    assert verdict_of(own, (GOOD, GOOD), dict(ROUNDS)[draws])[0] == verdict


@pytest.mark.parametrize(
    ("own", "verdict"),
    [(245.0, "helps"), (255.0, "cannot tell"), (320.0, "cannot tell"), (340.0, "no difference")],
)
def test_what_is_about_twice_is_not_told(own: float, verdict: str) -> None:
    told, why = verdict_of(at(own), (GOOD, GOOD))
    assert told == verdict
    assert (verdict == "cannot tell") == why.startswith("too near to twice: ")


FEW = replace(GOOD, divergences=6)
HARDLY = replace(GOOD, r_hat=1.04)


@pytest.mark.parametrize(
    ("own", "other", "verdict"),
    [
        # In trouble or not, the other form has four times as many effective draws.
        ((replace(SLOW, divergences=6), SLOW), (GOOD, GOOD), "helps"),
        # They would be all that speaks for it.
        ((FEW, FEW), (GOOD, GOOD), "cannot tell"),
        ((SLOW, SLOW), (FEW, FEW), "cannot tell"),
        # Both forms may be in trouble.
        ((STUCK, STUCK), (FEW, GOOD), "cannot tell"),
        ((DIVERGING, DIVERGING), (FEW, FEW), "cannot tell"),
        ((replace(FEW, divergences=20),) * 2, (FEW, FEW), "cannot tell"),
        # Neither may have mixed.
        ((HARDLY, HARDLY), (DIVERGING, DIVERGING), "cannot tell"),
        ((HARDLY, GOOD), (SLOW, SLOW), "cannot tell"),
        ((replace(HARDLY, r_hat=1.03),) * 2, (SLOW, SLOW), "hurts"),
    ],
)
def test_what_may_be_chance_decides_nothing(
    own: tuple[Figures, ...], other: tuple[Figures, ...], verdict: str
) -> None:
    told, why = verdict_of(own, other)
    assert told == verdict
    assert (verdict == "cannot tell") == why.startswith("few divergences or an r-hat, which ")


def test_seeds_are_taken_together_where_they_are_not_far_from_each_other() -> None:
    assert verdict_of((at(300.0)[0], at(180.0)[0]), (GOOD, GOOD))[0] == "helps"
    assert verdict_of((at(400.0)[0], at(100.0)[0]), (GOOD, GOOD))[0] == "cannot tell"
    assert verdict_of((GOOD, GOOD), (at(300.0)[0], at(180.0)[0]))[0] == "hurts"


def test_where_nothing_moves_no_number_is_told() -> None:
    still = (replace(STUCK, ess=0.0), STUCK)
    told, why = verdict_of(still, (GOOD, GOOD))
    assert told == "helps"
    assert why.startswith("many and 30 times the effective draws per gradient")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--verify", "--static"], "--verify samples from models, and --static draws nothing"),
        (["--verify", "--no-values"], "--verify samples from models, and --no-values draws"),
        (["--verify", "--verify-timeout", "0"], "--verify-timeout is to be above 0, not 0"),
    ],
)
def test_what_cannot_be_verified_is_wrong_usage(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*options, "m.py"]) == 2
    assert f"analyze: {said}" in capsys.readouterr().err


def test_a_terminal_shows_how_far_runs_are_and_text_has_both_forms(
    analyst: Analyst, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms = (
        FormResult(False, 8, 1200, 9, 24_000, 48.0, "tau", 1.12, (1.0, 3.0)),
        FormResult(True, 8, 1200, 0, 12_000, 600.0, "tau", 1.01, (40.0, 60.0)),
    )
    sampler = Sampler(PilotResult("", "ok", verdict="helps", reason="why", forms=forms))
    monkeypatch.setattr(Host, "verify", lambda self, request: sampler.verify(request))
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", terminal)
    with Bar(1) as progress:
        (report,) = run.analyze([Source("m.py", PROGRAM)], analyst, progress)
    assert "0/1 m.py: 25 % theta centred: warming up" in terminal.getvalue()
    shown = render(Outcome([report], 0.0, "", "normal", Severity.WARNING), Colour(False))
    table = [
        line.split() for line in shown.splitlines() if "centred" in line and " of 1200" in line
    ]
    assert [row[-10:] for row in table] == [
        ["theta", "centred", "9", "of", "1200", "2", "1.120", "8", "x", "150", "tau"][-10:],
        ["decentred", "0", "of", "1200", "50", "1.010", "8", "x", "150", "tau"],
    ]
    assert "    decentring theta helps: why\n" in shown


def test_a_page_has_the_runs_with_their_draws(
    analyst: Analyst, monkeypatch: pytest.MonkeyPatch
) -> None:
    scatter = Scatter("theta[4]", "tau", True, ((1.0, 2.0), (3.0, -4.0)), ((0.5, 0.5),))
    forms = (
        FormResult(False, 8, 1200, 1, 24_000, 48.0, "tau", 1.12, (1.0, 3.0), scatter=scatter),
        FormResult(True, 8, 1200, 0, 12_000, 600.0, "tau", 1.01, (40.0, 60.0), scatter=scatter),
    )
    for verdict, told in (("helps", "Decentring theta helps: why"), ("hurts", "hurts: why")):
        sampler = Sampler(PilotResult("", "ok", verdict=verdict, reason="why", forms=forms))
        monkeypatch.setattr(Host, "verify", lambda self, request, s=sampler: s.verify(request))
        report = analyst.report(Source("m.py", PROGRAM))
        page = Page(html.render([report], "", "normal"))
        assert told in page.text
        assert page.count("section", "runs") == page.count("svg", "nl-plot") == 1
        assert "2 of 1199 draws" in page.words
        (runs,) = page.all("section", "runs")
        # A finding that was refuted is silent, and what refuted it is shown.
        linked = [at for at in page.all("a") if at["href"] == f"#{runs['id']}"]
        assert len(linked) == len(report.diagnostics) == int(verdict == "helps")
        assert page.count("article", "finding") == len(linked)
    bare = PilotResult("", "ok", verdict="cannot tell", reason="no time")
    monkeypatch.setattr(Host, "verify", lambda self, request: Sampler(bare).verify(request))
    page = Page(html.render([analyst.report(Source("m.py", PROGRAM))], "", "normal"))
    assert page.count("section", "runs") == 1
    assert page.count("svg", "nl-plot") == 0
    assert "Cannot tell which form of theta is better: no time" in page.words
