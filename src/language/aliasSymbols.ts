import * as vscode from 'vscode';
import { type LineSource, stride } from '../chasquid/aliases/file';
import type { EntryLine } from '../chasquid/aliases/model';
import { lineRange } from './convert';
import type { OpenAliases } from './openAliases';
import { runSliced } from '../input/slices';

/**
 * VS Code asks for all symbols again after each edit and packs them in one go, during which nobody else gets a turn: that is
 * how many it packs in a few milliseconds.
 */
const mostSymbols = 500;

/** The aliases of a file; in a large file stretches of them, from one name to another. */
export async function aliasSymbols(
  document: vscode.TextDocument,
  token: vscode.CancellationToken,
  open: OpenAliases,
): Promise<vscode.DocumentSymbol[]> {
  const { file } = await open(document);
  const { version } = document;
  const stop = () => token.isCancellationRequested || document.isClosed || document.version !== version;
  return (await runSliced(collectSymbols(file), stop)) ?? [];
}

function* collectSymbols(file: LineSource): Generator<undefined, vscode.DocumentSymbol[]> {
  const lines: number[] = [];
  for (let index = 0; index < file.lineCount; index++) {
    if (index % stride === 0) yield;
    // A line with an error is a symbol too while it is being written.
    if (file.entry(index) || file.line(index).kind === 'entry') lines.push(index);
  }
  const length = Math.ceil(lines.length / mostSymbols);
  const symbols: vscode.DocumentSymbol[] = [];
  for (let at = 0; at < lines.length; at += length) {
    if (at % stride === 0) yield;
    const last = Math.min(at + length, lines.length) - 1;
    symbols.push(at === last ? symbolOf(file, lines[at]!) : stretchOf(file, lines[at]!, lines[last]!, last - at + 1));
  }
  return symbols;
}

function symbolOf(file: LineSource, index: number): vscode.DocumentSymbol {
  const line = file.line(index) as EntryLine;
  const kind = line.key.startsWith('*@')
    ? vscode.SymbolKind.Event
    : line.pipe
      ? vscode.SymbolKind.Function
      : vscode.SymbolKind.Variable;
  const detail = file.lineText(index).slice(line.right.start, line.right.end);
  return new vscode.DocumentSymbol(
    nameIn(file, index),
    detail,
    kind,
    lineRange(index, line),
    lineRange(index, line.left),
  );
}

function stretchOf(file: LineSource, first: number, last: number, count: number): vscode.DocumentSymbol {
  const start = file.line(first) as EntryLine;
  return new vscode.DocumentSymbol(
    `${nameIn(file, first)} … ${nameIn(file, last)}`,
    `${count} aliases`,
    vscode.SymbolKind.Namespace,
    new vscode.Range(first, start.start, last, (file.line(last) as EntryLine).end),
    lineRange(first, start.left),
  );
}

function nameIn(file: LineSource, index: number): string {
  const { left } = file.line(index) as EntryLine;
  return file.lineText(index).slice(left.start, left.end);
}
