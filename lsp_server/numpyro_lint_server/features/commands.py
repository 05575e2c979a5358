"""Commands: `numpyroLint.trace`, `.graph`, `.verify` of `[{uri, model}]`, and `.restartWorker`."""

from __future__ import annotations

import asyncio
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from numpyro_lint import document as interface
from numpyro_lint.addresses import NoModel, the_model
from numpyro_lint.check import Report
from numpyro_lint.document_findings import diagnostic
from numpyro_lint.model.program import Function
from numpyro_lint.pictures.layout import Undrawable
from numpyro_lint.pictures.models import picture_of, untraced
from numpyro_lint.pictures.svg import svg
from numpyro_lint.verifying import findings_about, unsettled
from numpyro_lint_server.analysis import Reading
from numpyro_lint_server.documents import Document
from numpyro_lint_server.progress import shown
from numpyro_lint_server.server import Server
from numpyro_lint_server.tracing import title_of

Json = dict[str, Any]


class Refused(JsonRpcException):
    """What is asked for cannot be done, for a reason that the user is to read."""

    CODE = types.LSPErrorCodes.RequestFailed.value


async def _trace(ls: Server, params: types.ExecuteCommandParams) -> Json | None:
    """Traces a file and gives the MODEL of that name; None where none is named."""
    document, name = _asked(ls, params)
    if not ls.tracing.allows(document):
        raise Refused(ls.tracing.refusal)
    async with shown(ls, title_of(document), params.work_done_token):
        reading = await ls.tracing.now(document)
    return interface.model(reading.report, _model(reading, name)) if name else None


async def _graph(ls: Server, params: types.ExecuteCommandParams) -> str:
    """A model as SVG: as its trace shows it where code may be run, as its text tells it else."""
    document, name = _asked(ls, params)
    reading = await ls.read(document)
    _model(reading, name)
    if ls.tracing.allows(document):
        async with shown(ls, title_of(document), params.work_done_token):
            reading = await ls.tracing.known(document)
    file = ls.folders.name_of(reading.source.path)
    picture = picture_of(reading.report, _model(reading, name), file)
    try:
        return await asyncio.to_thread(svg, picture)
    except Undrawable as error:
        raise Refused(str(error)) from error


async def _verify(ls: Server, params: types.ExecuteCommandParams) -> list[Json]:
    """The DIAGNOSTICs on a model, those on the form of its sites settled by runs of NUTS."""
    document, name = _asked(ls, params)
    if not ls.tracing.allows(document):
        raise Refused(ls.tracing.refusal)
    async with shown(ls, f"Verifying {name}", params.work_done_token) as say:
        say("tracing", None)
        reading = await ls.tracing.now(document, values=True)
        context, found = reading.report.context, reading.report.diagnostics
        if why := _unverifiable(reading.report, _model(reading, name)):
            raise Refused(f"{name or 'the model'} cannot be verified: {why}")
        asked = unsettled(context, found, _model(reading, name))
        if asked:
            try:
                await ls.verifying.settle(document, reading, asked, say)
            finally:
                ls.spawn(ls.tell(document))
            reading = await ls.read(document)
    report = reading.report
    about = findings_about(report.context, report.diagnostics, _model(reading, name))
    return [diagnostic(each, report.source) for each in about]


async def _restart(ls: Server, params: types.ExecuteCommandParams) -> None:
    await ls.tracing.restart()


def _unverifiable(report: Report, model: Function) -> str:
    """Why nothing can be sampled of a model; empty where something can."""
    trace = report.context.traces.get(model.key)
    if trace is not None and trace.ok and not trace.is_users:
        return "its arguments are made up"
    return untraced(report, model)


def _asked(ls: Server, params: types.ExecuteCommandParams) -> tuple[Document, str]:
    """The document and the model of a command's argument."""
    asked = params.arguments[0] if params.arguments else None
    uri, name = _field(asked, "uri"), _field(asked, "model")
    document = ls.document_of(uri) if isinstance(uri, str) else None
    if document is None:
        raise JsonRpcInvalidParams(f"{params.command} needs the uri of an open document")
    return document, name if isinstance(name, str) else ""


def _field(arguments: object, name: str) -> object:
    return arguments.get(name) if isinstance(arguments, dict) else getattr(arguments, name, None)


def _model(reading: Reading, name: str) -> Function:
    try:
        return the_model(reading.report.module, name)
    except NoModel as error:
        raise JsonRpcInvalidParams(str(error)) from error


def register(server: Server) -> None:
    server.command("numpyroLint.trace")(_trace)
    server.command("numpyroLint.graph")(_graph)
    server.command("numpyroLint.verify")(_verify)
    server.command("numpyroLint.restartWorker")(_restart)
