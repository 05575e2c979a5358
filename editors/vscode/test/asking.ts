// What tests ask of VS Code: by its API, which only functions that run in it can reach, and by its
// page.

import { join } from "node:path";
import type { SuiteContext, TestContext } from "node:test";

import type { Locator } from "playwright-core";
import type * as vscode from "vscode";

import { type Program, until } from "./program.ts";

export interface Finding {
  rule: string;
  message: string;
  severity: vscode.DiagnosticSeverity;
  source: string | undefined;
  /** What it marks. */
  text: string;
}

/** Open a file or a notebook of the workspace. */
export async function show(program: Program, name: string): Promise<void> {
  await program.host(async (vscode, path) => {
    const uri = vscode.Uri.file(path);
    if (path.endsWith(".ipynb")) {
      await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(uri));
    } else {
      await vscode.window.showTextDocument(uri, { preview: false });
    }
  }, program.path(name));
}

/** The findings in a file, or in all cells of a notebook. */
export function findings(program: Program, name: string): Promise<Finding[]> {
  return program.host((vscode, path) => {
    const marked = vscode.languages.getDiagnostics().filter(([uri]) => uri.path === path);
    return marked.flatMap(([uri, found]) => {
      const document = vscode.workspace.textDocuments.find((each) => `${each.uri}` === `${uri}`);
      return found.map(({ code, message, severity, source, range }) => ({
        rule: String(typeof code === "object" ? code.value : code),
        message,
        severity,
        source,
        text: document?.getText(range) ?? "",
      }));
    });
  }, program.path(name));
}

/** Wait for a finding of a rule. */
export function finding(program: Program, name: string, rule: string): Promise<Finding> {
  return until(`${rule} in ${name}`, async () => {
    const found = await findings(program, name);
    return found.find((each) => each.rule === rule);
  });
}

/** The text of a file as the editor has it. */
export function textOf(program: Program, name: string): Promise<string> {
  return program.host(async (vscode, path) => {
    return (await vscode.workspace.openTextDocument(vscode.Uri.file(path))).getText();
  }, program.path(name));
}

/** Write something in place of a text, where that stands first. */
export async function replace(
  program: Program,
  name: string,
  text: string,
  other: string,
): Promise<void> {
  await program.host(
    async (vscode, { path, text, other }) => {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
      const start = document.getText().indexOf(text);
      const place = new vscode.Range(
        document.positionAt(start),
        document.positionAt(start + text.length),
      );
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, place, other);
      await vscode.workspace.applyEdit(edit);
    },
    { path: program.path(name), text, other },
  );
}

/** What hovering tells at the first place of a text. */
export function hover(program: Program, name: string, text: string): Promise<string> {
  return program.host(
    async (vscode, { path, text }) => {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
      const found: vscode.Hover[] = await vscode.commands.executeCommand(
        "vscode.executeHoverProvider",
        document.uri,
        document.positionAt(document.getText().indexOf(text)),
      );
      const parts = found.flatMap((each) => each.contents);
      return parts.map((part) => (typeof part === "string" ? part : part.value)).join("\n");
    },
    { path: program.path(name), text },
  );
}

/** Put the cursor at the first place of a text, and bring it into view. */
export async function goTo(program: Program, name: string, text: string): Promise<void> {
  await show(program, name);
  await program.host((vscode, text) => {
    const editor = vscode.window.activeTextEditor!;
    const start = editor.document.positionAt(editor.document.getText().indexOf(text));
    editor.selection = new vscode.Selection(start, start);
    editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenter);
  }, text);
}

export async function command(program: Program, name: string): Promise<void> {
  await program.host(async (vscode, name) => {
    await vscode.commands.executeCommand(name);
  }, name);
}

/** Start a command that lasts until the user has answered. */
export async function begin(program: Program, name: string): Promise<void> {
  await program.host((vscode, name) => void vscode.commands.executeCommand(name), name);
}

export async function configure(program: Program, name: string, value: unknown): Promise<void> {
  await program.host(
    (vscode, { name, value }) =>
      vscode.workspace
        .getConfiguration("numpyroLint")
        .update(name, value ?? undefined, vscode.ConfigurationTarget.Global),
    { name, value },
  );
}

/** What the status says beside the language, once it says what is expected. */
export function status(program: Program, expected: RegExp): Promise<string> {
  const { page } = program;
  return until(`the status says ${expected}`, async () => {
    await page.locator("[id='status.languageStatus']").click();
    const said = await page.locator(".hover-language-status").allInnerTexts();
    await page.keyboard.press("Escape");
    const text = said.join("\n");
    return expected.test(text) && text;
  });
}

/** The names of the sites in the graph that is shown; undefined where there is none. */
export async function drawn(program: Program): Promise<string[] | undefined> {
  for (const frame of program.page.frames()) {
    // A frame may go while it is asked.
    const names = await frame.locator("svg.nl-graph .name").allTextContents().catch(() => []);
    if (names.length > 0) {
      return names;
    }
  }
  return undefined;
}

/** A message that the user is shown, once it is there. */
export async function notified(program: Program, text: string): Promise<Locator> {
  const message = program.page.locator(".notification-list-item", { hasText: text });
  await until(`a message says ${text}`, async () => {
    await command(program, "notifications.showList");
    return message.first().isVisible();
  });
  return message.first();
}

/** Click on what is offered above a model. */
export async function clickLens(program: Program, title: string): Promise<void> {
  await program.page.locator(".codelens-decoration a", { hasText: title }).first().click();
}

/** Take pictures of a test that has failed, and of our output, into the folder FAILURES, if that is set. */
export async function keepFailure(
  program: Program,
  context: TestContext | SuiteContext,
): Promise<void> {
  const folder = process.env.FAILURES;
  if (folder && "passed" in context && !context.passed) {
    await program.page.screenshot({ path: join(folder, `${context.name}.png`) });
    await command(program, "numpyroLint.showOutput");
    await program.page.waitForTimeout(500);
    await program.page.screenshot({ path: join(folder, `${context.name}, output.png`) });
  }
}
