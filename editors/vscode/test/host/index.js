// Lets a test run a function of its own where extensions run: the function's text comes over a
// socket, it is called with the API of VS Code and an argument, and its answer goes back.

const http = require("node:http");
const vscode = require("vscode");

async function answer(text) {
  try {
    const { body, argument } = JSON.parse(text);
    return { value: await new Function(`return (${body})`)()(vscode, argument) };
  } catch (error) {
    return { error: error instanceof Error ? error.stack : String(error) };
  }
}

/** Serves until it is asked to end: VS Code then says that the tests are over. */
exports.run = () =>
  new Promise((resolve, reject) => {
    const server = http.createServer(async (request, response) => {
      if (request.url === "/end") {
        response.end("{}", resolve);
        return;
      }
      const text = (await request.setEncoding("utf8").toArray()).join("");
      response.end(JSON.stringify(await answer(text)));
    });
    server.on("error", reject);
    server.listen(process.env.NUMPYRO_LINT_TEST_SOCKET);
  });
