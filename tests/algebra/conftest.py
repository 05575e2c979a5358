"""Says at the end of a session what the differential test has been through."""

from __future__ import annotations

from collections import Counter

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    handlers: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    cases = raised = 0
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in getattr(report, "user_properties", ()):
            if name == "algebra" and getattr(report, "when", "") == "call":
                cases, raised = cases + value[0], raised + value[1]
                handlers.update(value[2])
                for pair, count in value[3]:
                    pairs[tuple(pair)] += count
    if not cases:
        return
    names = sorted(handlers)
    write = terminalreporter.write_line
    terminalreporter.section("handler algebra")
    write(f"{cases} programs, {raised} of which NumPyro refuses")
    write("outer \\ inner" + "".join(f"{name[:6]:>7}" for name in names) + "    all")
    for outer in names:
        counts = "".join(f"{pairs[outer, inner]:7}" for inner in names)
        write(f"{outer:<13}{counts}{handlers[outer]:7}")
