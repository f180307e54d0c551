import { readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';

export function activate(context) {
  const folder = process.env.CHASQUID_CALLS;
  if (!folder) return;
  const seen = new Set();
  const timer = setInterval(async () => {
    for (const name of await readdir(folder)) {
      if (!name.endsWith('.call') || seen.has(name)) continue;
      seen.add(name);
      void answer(join(folder, name));
    }
  }, 50);
  context.subscriptions.push({ dispose: () => clearInterval(timer) });
}

async function answer(file) {
  const { command, args, exported } = JSON.parse(await readFile(file, 'utf8'));
  let told;
  try {
    const extension = vscode.extensions.getExtension('chasquid-tools.chasquid');
    const result = exported
      ? (await extension.activate()).run(command, args[0])
      : vscode.commands.executeCommand(`chasquid.${command}`, ...args);
    told = { result: plain(await result) };
  } catch (error) {
    told = { error: error.message };
  }
  await writeFile(`${file}.part`, JSON.stringify(told));
  await rename(`${file}.part`, file.replace(/\.call$/, '.answer'));
}

/** What of a result can be written down; of a document its address and text. */
function plain(result) {
  return typeof result?.getText === 'function'
    ? { uri: result.uri.toString(), languageId: result.languageId, text: result.getText() }
    : result;
}
