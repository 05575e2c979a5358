// Stands in for the Python extension: what we use of its interface, and a way to select a Python.

const vscode = require("vscode");

exports.activate = () => {
  const changed = new vscode.EventEmitter();
  let active = "";
  return {
    ready: Promise.resolve(),
    environments: {
      getActiveEnvironmentPath: () => ({ id: active, path: active }),
      resolveEnvironment: async ({ path }) =>
        path === "" ? undefined : { executable: { uri: vscode.Uri.file(path) } },
      onDidChangeActiveEnvironmentPath: changed.event,
    },
    select(path) {
      active = path;
      changed.fire({ id: path, path, resource: undefined });
    },
  };
};
