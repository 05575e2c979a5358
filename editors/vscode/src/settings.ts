import * as vscode from "vscode";

export const SECTION = "numpyroLint";

/** The settings as the server knows them (see `initializationOptions` in the documentation). */
export interface ServerSettings {
  select: string[] | null;
  extendSelect: string[] | null;
  severity: Record<string, string> | null;
  minSeverity: string | null;
  ignore: string[] | null;
  pedantic: boolean;
  python: string | null;
  trace: "on" | "manual" | "off";
  debounceMs: number;
  config: string | null;
}

export function serverSettings(): ServerSettings {
  const section = vscode.workspace.getConfiguration(SECTION);
  return {
    select: section.get("select", null),
    extendSelect: section.get("extendSelect", null),
    severity: section.get("severity", null),
    minSeverity: section.get("minSeverity", null),
    ignore: section.get("ignore", null),
    pedantic: section.get("pedantic", false),
    python: section.get("python", null),
    trace: section.get("trace", "on"),
    debounceMs: section.get("debounceMs", 100),
    config: section.get("config", null),
  };
}

/** The program that starts the server, and its arguments. */
export function serverCommand(): { command: string; args: string[] } {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  const configured = vscode.workspace
    .getConfiguration(SECTION)
    .get<string[]>("server.command", []);
  const [command, ...args] = configured.map((part) =>
    part.replaceAll("${workspaceFolder}", folder),
  );
  return { command: command ?? "numpyro-lint-server", args };
}

/** What takes effect only when the server is started anew. */
export function needsRestart(event: vscode.ConfigurationChangeEvent): boolean {
  return event.affectsConfiguration(`${SECTION}.server.command`);
}
