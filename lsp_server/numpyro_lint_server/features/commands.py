"""Commands: `numpyroLint.trace [{uri, model}]` and `numpyroLint.restartWorker`."""

from __future__ import annotations

from typing import Any

from pygls.exceptions import JsonRpcInvalidParams

from numpyro_lint import document as interface
from numpyro_lint_server.server import Server
from numpyro_lint_server.tracing import UNTRUSTED


async def _trace(ls: Server, *arguments: Any) -> dict[str, Any] | None:
    """Traces a file and gives the MODEL of that name; None where the file has none."""
    asked = arguments[0] if arguments else None
    uri, name = _field(asked, "uri"), _field(asked, "model")
    document = ls.document_of(uri) if isinstance(uri, str) else None
    if document is None:
        raise JsonRpcInvalidParams("numpyroLint.trace needs the uri of an open document")
    if not ls.tracing.trusted:
        raise JsonRpcInvalidParams(UNTRUSTED)
    reading = await ls.tracing.now(document)
    file = interface.document([reading.report], 0.0)["files"][0]
    return next((model for model in file["models"] if model["name"] == name), None)


def _field(arguments: object, name: str) -> object:
    return arguments.get(name) if isinstance(arguments, dict) else getattr(arguments, name, None)


async def _restart(ls: Server, *arguments: Any) -> None:
    await ls.tracing.restart()


def register(server: Server) -> None:
    server.command("numpyroLint.trace")(_trace)
    server.command("numpyroLint.restartWorker")(_restart)
