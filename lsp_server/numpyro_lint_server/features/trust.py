"""`numpyroLint/trust {"trusted": true}`: the editor says that code may be run, or no longer."""

from __future__ import annotations

from typing import Any

from numpyro_lint_server.server import Server

TRUST = "numpyroLint/trust"


def _trust(ls: Server, params: Any) -> None:
    trusted = getattr(params, "trusted", None)
    if isinstance(trusted, bool):
        ls.tracing.trust(trusted)


def register(server: Server) -> None:
    server.feature(TRUST)(_trust)
