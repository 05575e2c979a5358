"""Faults planted into correct programs are found, and the programs themselves are quiet."""

from __future__ import annotations

from pathlib import Path

import pytest
from plants import FAULTS
from seeded_faults import Tally, hosts, seed, table

from numpyro_lint.diagnostic import Severity
from numpyro_lint.rules import all_rules
from numpyro_lint_runtime.host import Host

HERE = Path(__file__).parent
# These are about the tool and not about a program. A prediction that a trace refutes is a mistake
# of the analyzer: no text is known to bring one about (tests/test_mispredicted.py makes them up).
NOT_PLANTED = {
    "additive-nonidentifiability",
    "correlated-latents",
    "invalid-notebook",
    "mispredicted-site",
    "needless-decentering",
    "not-traced",
    "uncertain-centering",
}


@pytest.fixture(scope="module")
def tally(tracer: Host) -> Tally:
    return seed(list(hosts([HERE / "hosts"])), places=1, most=3, tracer=tracer)


def test_hosts_are_correct(tally: Tally) -> None:
    assert tally.hosts >= 15
    assert [(path, line, each.message) for path, line, each in tally.originals] == []


def test_most_faults_are_found(tally: Tally) -> None:
    missed = [f"{each.fault.what}: {each.path}:{each.line}" for each in tally.missed]
    assert tally.rate >= 0.95, "\n".join([*missed, table(tally)])


def test_no_rule_misses_all_of_its_faults(tally: Tally) -> None:
    rules = {each.fault.rule for each in tally.attempts}
    assert rules - {each.fault.rule for each in tally.attempts if each.found} == set()


def test_every_rule_has_faults(tally: Tally) -> None:
    shown = {rule.name for rule in all_rules().values() if rule.severity > Severity.HINT}
    assert {fault.rule for fault in FAULTS} == shown - NOT_PLANTED
    hosts_of: dict[str, set[str]] = {}
    for each in tally.attempts:
        hosts_of.setdefault(each.fault.rule, set()).add(each.path)
    assert {rule for rule, paths in hosts_of.items() if len(paths) < 3} == set()
