import * as vscode from "vscode";

import { selectedPython } from "./interpreters";

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

/** The settings that hold for a file or folder; without one, those of the first folder. */
export async function serverSettings(resource?: vscode.Uri): Promise<ServerSettings> {
  const scope = resource ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  const section = vscode.workspace.getConfiguration(SECTION, scope);
  return {
    select: section.get("select", null),
    extendSelect: section.get("extendSelect", null),
    severity: section.get("severity", null),
    minSeverity: section.get("minSeverity", null),
    ignore: section.get("ignore", null),
    pedantic: section.get("pedantic", false),
    python: await selectedPython(scope),
    trace: section.get("trace", "on"),
    debounceMs: section.get("debounceMs", 100),
    config: section.get("config", null),
  };
}

/** Does this change what decides which program is the server? */
export function meansAnotherServer(event: vscode.ConfigurationChangeEvent): boolean {
  return ["server.command", "python"].some((name) =>
    event.affectsConfiguration(`${SECTION}.${name}`),
  );
}
