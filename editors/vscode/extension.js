"use strict";
// Starts `segue lsp` and lets it answer for rule files and the two YAML files of a project.

const path = require("path");
const { commands, window, workspace } = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

let client;

function serverCommand() {
  const [program, ...args] = workspace.getConfiguration("segue").get("command", ["segue"]);
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  const relative = folder && program.includes("/") && !path.isAbsolute(program);
  return { command: relative ? path.join(folder, program) : program, args: [...args, "lsp"], transport: TransportKind.stdio };
}

async function start() {
  client = new LanguageClient("segue", "Segue", serverCommand(), {
    documentSelector: [
      { language: "segue" },
      { scheme: "file", pattern: "**/schema.yaml" },
      { scheme: "file", pattern: "**/segue.yaml" },
    ],
  });
  try {
    await client.start();
  } catch (error) {
    window.showErrorMessage(`Segue could not be started (${error.message}); the setting segue.command says how it is called.`);
  }
}

async function activate(context) {
  context.subscriptions.push(
    commands.registerCommand("segue.restart", async () => {
      await client?.stop();
      await start();
    }),
  );
  await start();
}

function deactivate() {
  return client?.stop();
}

module.exports = { activate, deactivate };
