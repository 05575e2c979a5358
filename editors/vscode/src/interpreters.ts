// Which Python is meant: the one that the settings name, the one selected in the Python
// extension, the workspace's own environment, or what is on the path.

import { existsSync } from "node:fs";
import { delimiter, isAbsolute, join, relative } from "node:path";

import * as vscode from "vscode";

/** What is used of the Python extension's interface (ms-python.python, `PythonExtension`). */
interface PythonExtension {
  ready?: Promise<void>;
  environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(environment: {
      path: string;
    }): Promise<{ executable: { uri?: vscode.Uri } } | undefined>;
    onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

const WINDOWS = process.platform === "win32";
const IN_ENVIRONMENT = WINDOWS ? ["Scripts", "python.exe"] : ["bin", "python"];
const ON_PATH = WINDOWS ? ["python.exe", "py.exe"] : ["python3", "python"];

async function environments(): Promise<PythonExtension["environments"]> {
  const extension = vscode.extensions.getExtension<PythonExtension>("ms-python.python");
  try {
    const api = await extension?.activate();
    await api?.ready;
    return api?.environments;
  } catch {
    return undefined;
  }
}

/** Tells when another Python was selected in the Python extension, if there is one. */
export async function onDidSelectPython(listener: () => void): Promise<vscode.Disposable> {
  const changes = (await environments())?.onDidChangeActiveEnvironmentPath;
  return changes?.(listener) ?? new vscode.Disposable(() => undefined);
}

/** The Python that was chosen for a folder, in the settings or else in the Python extension. */
export async function selectedPython(folder?: vscode.Uri): Promise<string | null> {
  const configured = vscode.workspace
    .getConfiguration("numpyroLint", folder)
    .get<string | null>("python", null);
  const python = configured ? expanded(configured, folder) : await activePython(folder);
  return python && mayBeStarted(python) ? python : null;
}

async function activePython(folder?: vscode.Uri): Promise<string | null> {
  const known = await environments();
  const active = known?.getActiveEnvironmentPath(folder);
  const resolved = active && (await known?.resolveEnvironment(active));
  return resolved?.executable.uri?.fsPath ?? null;
}

/** All the Pythons that may have the server, the likeliest first. */
export async function interpreters(): Promise<string[]> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const selected = await Promise.all(folders.map((folder) => selectedPython(folder.uri)));
  const anywhere = folders.length ? null : await selectedPython();
  const own = folders.map((folder) => join(folder.uri.fsPath, ".venv", ...IN_ENVIRONMENT));
  const found = [...selected, anywhere, ...own.filter(existsSync), ...onPath(ON_PATH)];
  return [...new Set(found)].filter((each) => each !== null).filter(mayBeStarted);
}

/** The programs of these names, as the path has them. */
export function onPath(names: string[]): string[] {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter(isAbsolute);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .filter((path) => mayBeStarted(path) && existsSync(path));
}

/** Nothing that a workspace brings along is started before the workspace is trusted. */
export function mayBeStarted(path: string): boolean {
  return vscode.workspace.isTrusted || !inWorkspace(path);
}

function inWorkspace(path: string): boolean {
  return (vscode.workspace.workspaceFolders ?? []).some((folder) => {
    const way = relative(folder.uri.fsPath, path);
    return way !== "" && !way.startsWith("..") && !isAbsolute(way);
  });
}

/** A path of the settings of a folder, the first one by default, with `${workspaceFolder}` replaced. */
export function expanded(text: string, folder?: vscode.Uri): string {
  const own = folder ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  return text.replaceAll("${workspaceFolder}", own?.fsPath ?? "");
}
