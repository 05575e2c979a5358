import * as vscode from "vscode";
import { LanguageClient, Trace, TransportKind } from "vscode-languageclient/node";
import type { ExecuteCommandSignature } from "vscode-languageclient/node";

import { DOCUMENTS } from "./documents";
import type { Program } from "./server";
import { SECTION, serverSettings } from "./settings";

/** Sees the commands that code lenses give; gives undefined for what is the server's alone. */
export type Handle = (command: string, args: unknown[]) => Promise<void> | undefined;

/** A client of a server that is not started yet. */
export async function createClient(
  program: Program,
  output: vscode.LogOutputChannel,
  fileEvents: vscode.FileSystemWatcher,
  handle: Handle,
): Promise<LanguageClient> {
  const { command, args } = program;
  const initializationOptions = {
    trusted: vscode.workspace.isTrusted,
    settings: await serverSettings(),
  };
  return new LanguageClient(
    SECTION,
    "numpyro-lint",
    { command, args, transport: TransportKind.stdio },
    {
      documentSelector: DOCUMENTS,
      outputChannel: output,
      initializationOptions,
      synchronize: { fileEvents },
      middleware: {
        executeCommand: (name: string, given: unknown[], next: ExecuteCommandSignature) =>
          handle(name, given) ?? next(name, given),
        workspace: { configuration: ({ items }) => Promise.all(items.map(configured)) },
      },
    },
  );
}

/** The answer to one item of `workspace/configuration`. */
async function configured(item: { section?: string; scopeUri?: string }): Promise<unknown> {
  const scope = item.scopeUri === undefined ? undefined : vscode.Uri.parse(item.scopeUri);
  return item.section === SECTION
    ? serverSettings(scope)
    : (vscode.workspace.getConfiguration(item.section, scope) ?? null);
}

export function messageTrace(): Trace {
  return Trace.fromString(vscode.workspace.getConfiguration(SECTION).get("messages", "off"));
}
