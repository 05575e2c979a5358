import type * as vscode from "vscode";

/** What the server reads. */
export const DOCUMENTS = [
  { scheme: "file", language: "python" },
  { scheme: "untitled", language: "python" },
  { scheme: "vscode-notebook-cell", language: "python" },
];

export function isPython(document: vscode.TextDocument): boolean {
  return DOCUMENTS.some(
    ({ scheme, language }) => scheme === document.uri.scheme && language === document.languageId,
  );
}

/** Is this a file that numpyro-lint has something to say about? */
export function usesNumPyro(document: vscode.TextDocument): boolean {
  return isPython(document) && /\bnumpyro\b/.test(document.getText());
}
