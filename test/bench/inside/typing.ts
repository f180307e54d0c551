/** Runs inside the extension host: types into a large aliases file, and watches how long nobody else gets a turn. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { manyAliases } from './manyAliases';

/** Times in milliseconds. */
export interface TypingResult {
  /** From each call of `applyEdit` until `onDidChangeDiagnostics` tells of the finding that it makes or fixes. */
  keystrokes: number[];
  /** From opening the file until its findings are there. */
  open: number;
  /** The longest times without a turn: while the file is opened, and while it is edited and the whole server looked at. */
  blockedAtOpen: number[];
  blocked: number[];
  /** The same in a plain text file: what VS Code itself needs. */
  plainAtOpen: number[];
  plain: number[];
}

const lines = 10_000;
const rounds = 30;
const wrong = 'x y ';

export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'chasquid-typing-'));
  try {
    writeFileSync(process.env['CHASQUID_TEST_RESULT']!, JSON.stringify(await measure(folder)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string): Promise<TypingResult> {
  const file = (path: string, text: string): string => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    return join(folder, path);
  };
  const small = file('small/domains/example.com/aliases', 'bad\n');
  const large = file('conf/domains/example.com/aliases', `${manyAliases(lines)}bad\n`);
  file('conf/domains/example.com/users', 'users: { key: "postmaster" value: { denied: {} } }\n');
  const plainText = file('many.txt', manyAliases(lines));
  // The extension's code is loaded before the clock runs.
  const loaded = told(small, found => found.length > 0);
  await open(small);
  await loaded;

  let plainDocument!: vscode.TextDocument;
  const plainAtOpen = await blocks(async () => {
    plainDocument = await open(plainText);
    await pause(2000);
  });
  const plain = await blocks(() => typeInto(plainDocument, () => Promise.resolve()));

  let document!: vscode.TextDocument;
  let opening = 0;
  const blockedAtOpen = await blocks(async () => {
    const start = performance.now();
    const found = told(large, all => all.length > 0);
    document = await open(large);
    await found;
    opening = performance.now() - start;
    await pause(2000);
  });

  // Apart from each other: watching the turns keeps a processor busy.
  const blocked = await blocks(() => typeInto(document, () => Promise.resolve()));
  const keystrokes: number[] = [];
  await typeInto(document, async (line, isWrong) => {
    const start = performance.now();
    await told(large, found => found.some(each => each.range.start.line === line) === isWrong);
    keystrokes.push(performance.now() - start);
  });
  return { keystrokes, open: opening, blockedAtOpen, blocked, plainAtOpen, plain };
}

/** Makes lines wrong and right again, one edit after the other with rests in between, all over the file. */
async function typeInto(
  document: vscode.TextDocument,
  shown: (line: number, isWrong: boolean) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const line = 10 * (Math.floor((round / rounds) * (lines / 10)) + 1);
    const at = document.lineAt(line).text.indexOf(':') + 2;
    for (const isWrong of [true, false]) {
      const seen = shown(line, isWrong);
      const edit = new vscode.WorkspaceEdit();
      if (isWrong) edit.insert(document.uri, new vscode.Position(line, at), wrong);
      else edit.delete(document.uri, new vscode.Range(line, at, line, at + wrong.length));
      await vscode.workspace.applyEdit(edit);
      await seen;
      await pause(300);
    }
  }
}

async function open(path: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
  await vscode.window.showTextDocument(document);
  return document;
}

/** Until the Problems panel is told of such findings. */
function told(path: string, enough: (found: vscode.Diagnostic[]) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no findings for ${path}`)), 20_000);
    const listener = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      const uri = uris.find(each => each.fsPath === path);
      if (!uri || !enough(vscode.languages.getDiagnostics(uri))) return;
      clearTimeout(late);
      listener.dispose();
      resolve();
    });
  });
}

/**
 * The ten longest times between two turns of the event loop while something is done. Time in which the thread had no
 * processor, because other programs had them all, is not counted.
 */
async function blocks(action: () => Promise<void>): Promise<number[]> {
  const gaps: number[] = [];
  let running = true;
  let last = performance.now();
  let used = busyTime();
  const turn = (): void => {
    const now = performance.now();
    const busy = busyTime();
    const gap = Math.min(now - last, busy - used);
    if (gap > 4) gaps.push(gap);
    last = performance.now();
    used = busy;
    if (running) setImmediate(turn);
  };
  turn();
  await action();
  running = false;
  return gaps.sort((a, b) => b - a).slice(0, 10);
}

/** How long the thread has had a processor, in milliseconds; elsewhere than on Linux all threads of the process. */
function busyTime(): number {
  if (existsSync('/proc/self/schedstat'))
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms));
