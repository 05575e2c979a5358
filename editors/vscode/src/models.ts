// What is asked of the server about one model: by a code lens, which names it, or by a command,
// which means the one at the cursor.

import * as vscode from "vscode";
import {
  CodeLensRequest,
  ExecuteCommandRequest,
  LSPErrorCodes,
  ResponseError,
} from "vscode-languageclient/node";
import type { LanguageClient } from "vscode-languageclient/node";

import { isPython } from "./documents";

export const GRAPH = "numpyroLint.graph";
export const TRACE = "numpyroLint.trace";
export const VERIFY = "numpyroLint.verify";

/** A model as the server's commands take it. */
export interface Model {
  uri: string;
  model: string;
}

/** What is used of the answers (MODEL and DIAGNOSTIC in the documentation). */
interface Traced {
  name: string;
  trace: null | {
    status: "ok" | "failed" | "skipped";
    reason: string | null;
    seconds: number;
    sites: { name: string; type: string; distribution: string | null; shape: number[] | null }[];
  };
}
interface Finding {
  rule: string;
  message: string;
}

/** Ask for a command of the server. Raises what the server says against it. */
export function ask<R>(client: LanguageClient, command: string, model: Model): Promise<R> {
  return client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [model] });
}

/** The model that the cursor is in or below, or that the user picks; undefined for none. */
export async function modelAtCursor(client: LanguageClient): Promise<Model | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || !isPython(editor.document)) {
    void vscode.window.showInformationMessage("numpyro-lint: open a file with a model first.");
    return undefined;
  }
  const uri = client.code2ProtocolConverter.asUri(editor.document.uri);
  // What the server offers above each model says best how that model is named.
  const lenses = await client.sendRequest(CodeLensRequest.type, { textDocument: { uri } });
  const offered = (lenses ?? []).filter((lens) => lens.command?.command === GRAPH);
  const above = offered.filter((lens) => lens.range.start.line <= editor.selection.active.line);
  const models = offered.map((lens) => (lens.command!.arguments as [Model])[0].model);
  const model = above.length > 0 ? models[above.length - 1] : await pick(models);
  return model === undefined ? undefined : { uri, model };
}

async function pick(names: string[]): Promise<string | undefined> {
  if (names.length === 0) {
    void vscode.window.showInformationMessage("numpyro-lint: this file has no model.");
  }
  return names.length > 1
    ? vscode.window.showQuickPick(names, { placeHolder: "Which model?" })
    : names[0];
}

/** Was a request given up, by the user or by a text that moved on? */
export function wasCancelled(error: unknown): boolean {
  const codes: number[] = [LSPErrorCodes.RequestCancelled, LSPErrorCodes.ServerCancelled];
  return error instanceof ResponseError && codes.includes(error.code);
}

/** Tell what came of a trace: in short to the user, site by site in the output. */
export async function tellTrace(
  traced: Traced | null,
  output: vscode.LogOutputChannel,
): Promise<void> {
  const trace = traced?.trace;
  if (!traced || !trace || trace.status !== "ok") {
    const reason = trace?.reason ?? "the server has no trace of it";
    await vscode.window.showWarningMessage(`Not traced: ${reason}`);
    return;
  }
  output.info(`${traced.name}, traced in ${trace.seconds.toFixed(2)} s`);
  for (const site of trace.sites) {
    const shape = site.shape === null ? "" : `(${site.shape.join(", ")})`;
    output.info(`  ${[site.name, site.type, site.distribution ?? "", shape].join("  ")}`);
  }
  const choice = await vscode.window.showInformationMessage(
    `${traced.name}: traced, ${trace.sites.length} sites.`,
    "Show Sites",
  );
  if (choice !== undefined) {
    output.show();
  }
}

/** Tell what short runs of NUTS have shown. */
export async function tellVerified(found: Finding[] | null, model: Model): Promise<void> {
  if (!found?.length) {
    await vscode.window.showInformationMessage(
      `${model.model}: no site is drawn in a form that does it harm.`,
    );
    return;
  }
  const text = found.map((each) => `${each.rule}: ${each.message}`).join("; ");
  const choice = await vscode.window.showWarningMessage(`${model.model}: ${text}`, "Show Problems");
  if (choice !== undefined) {
    await vscode.commands.executeCommand("workbench.actions.view.problems");
  }
}
