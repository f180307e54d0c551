import * as vscode from 'vscode';
import { markdown } from '../app/window';
import { formatting } from '../chasquid/aliases/format';
import type { LineSource } from '../chasquid/aliases/file';
import { explainAddress, type Explained } from '../chasquid/aliases/explain';
import { completeAlias, hoverAlias } from '../chasquid/assist/aliases';
import { completeConfig, hoverConfig } from '../chasquid/assist/config';
import type { Suggestion } from '../chasquid/assist/suggestion';
import { formatConfig } from '../chasquid/config/format';
import { parsingConfig } from '../chasquid/config/parse';
import type { World } from '../chasquid/tree/world';
import { parsingUsers } from '../chasquid/users/parse';
import { lineRange, spanRange } from './convert';
import type { OpenAliases } from './openAliases';
import { contextOf, type Roots, usersOf, worldWith } from './roots';
import { aliasSymbols } from './aliasSymbols';
import { runSliced } from '../input/slices';

const conf = { language: 'chasquid-conf' };
const aliases = { language: 'chasquid-aliases' };
const users = { language: 'chasquid-users' };
/** How many aliases are offered. */
const mostNames = 2000;

/** Completion, hover, symbols, folding, formatting, inlay hints. */
export function registerFeatures(roots: Roots, open: OpenAliases): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(
      conf,
      {
        provideCompletionItems: (document, position) =>
          items(document, completeConfig(document.getText(), document.offsetAt(position), roots.version(document.uri))),
      },
      '"',
    ),
    vscode.languages.registerCompletionItemProvider(
      aliases,
      { provideCompletionItems: (document, position) => completeAliases(document, position, roots) },
      '@',
      ':',
      ',',
    ),
    vscode.languages.registerHoverProvider(conf, {
      provideHover: (document, position) => {
        const hover = hoverConfig(document.getText(), document.offsetAt(position), roots.version(document.uri));
        return hover && new vscode.Hover(markdown(hover.markdown), spanRange(document, hover.range));
      },
    }),
    vscode.languages.registerHoverProvider(aliases, {
      provideHover: (document, position) => hoverAliases(document, position, open),
    }),
    vscode.languages.registerDocumentSymbolProvider(conf, {
      provideDocumentSymbols: document => configSymbols(document, roots),
    }),
    vscode.languages.registerDocumentSymbolProvider(aliases, {
      provideDocumentSymbols: (document, token) => aliasSymbols(document, token, open),
    }),
    vscode.languages.registerDocumentSymbolProvider(users, {
      provideDocumentSymbols: document => userSymbols(document, roots),
    }),
    vscode.languages.registerDocumentFormattingEditProvider(conf, {
      provideDocumentFormattingEdits: async document => {
        const text = document.getText();
        const edits = formatConfig(await runSliced(parsingConfig(text, roots.version(document.uri))), text);
        return edits.map(edit => vscode.TextEdit.replace(spanRange(document, edit), edit.text));
      },
    }),
    vscode.languages.registerDocumentFormattingEditProvider(aliases, {
      provideDocumentFormattingEdits: document => formatAliasDocument(document, open),
    }),
    vscode.languages.registerFoldingRangeProvider([conf, aliases], {
      provideFoldingRanges: async document => (await runSliced(foldComments(document), () => document.isClosed)) ?? [],
    }),
    vscode.languages.registerInlayHintsProvider(aliases, {
      provideInlayHints: (document, range) => finalRecipients(document, range, open),
    }),
  );
}

const kinds: Record<Suggestion['kind'], vscode.CompletionItemKind> = {
  field: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.Value,
  user: vscode.CompletionItemKind.User,
  alias: vscode.CompletionItemKind.Reference,
  domain: vscode.CompletionItemKind.Module,
  template: vscode.CompletionItemKind.Snippet,
};

function items(document: vscode.TextDocument, suggestions: Suggestion[], line?: number): vscode.CompletionItem[] {
  return suggestions.map(({ label, kind, insert, range, detail, doc }) => {
    const item = new vscode.CompletionItem(label, kinds[kind]);
    item.insertText = new vscode.SnippetString(insert);
    item.range = line === undefined ? spanRange(document, range) : lineRange(line, range);
    if (kind === 'value') item.filterText = label;
    if (detail) item.detail = detail;
    if (doc) item.documentation = markdown(doc);
    return item;
  });
}

async function completeAliases(document: vscode.TextDocument, position: vscode.Position, roots: Roots) {
  const root = await roots.of(document);
  const version = roots.version(document.uri);
  const names = {
    users: root ? usersOf(root, version).map(user => user.address) : [],
    aliases: root ? aliasNames(root.world) : [],
    domains: root ? [...root.world.domains] : [],
  };
  const found = completeAlias(
    document.lineAt(position.line).text,
    position.character,
    contextOf(document, root, version),
    names,
  );
  return items(document, found, position.line);
}

/** Enough of them to choose from. */
function aliasNames({ files }: World): string[] {
  const names: string[] = [];
  for (const { entries } of files.values())
    for (const [key] of entries.keys()) if (names.push(key) === mostNames) return names;
  return names;
}

async function hoverAliases(document: vscode.TextDocument, position: vscode.Position, open: OpenAliases) {
  const { root, file } = await open(document);
  const world = root
    ? { ...worldWith(root, file.context.domain, file.entries), hooked: root.world.hooked }
    : alone(file);
  const text = document.lineAt(position.line).text;
  const hover = hoverAlias(text, file.line(position.line), position.character, world, file.context);
  return hover && new vscode.Hover(markdown(hover.markdown), lineRange(position.line, hover.range));
}

/** The world of a file about whose server nothing is known. */
function alone(file: LineSource) {
  return {
    ...file.context,
    domains: new Set([file.context.domain, 'localhost']),
    aliases: file.entries,
    userExists: () => false,
  };
}

async function configSymbols(document: vscode.TextDocument, roots: Roots): Promise<vscode.DocumentSymbol[]> {
  const { version } = document;
  const work = parsingConfig(document.getText(), roots.version(document.uri));
  const file = await runSliced(work, () => document.isClosed || document.version !== version);
  if (!file) return [];
  return file.fields.map(field => {
    const offset = (byte: number) => file.source.offset(byte);
    const range = spanRange(document, { start: offset(field.start), end: offset(Math.max(field.end, field.nameEnd)) });
    const name = spanRange(document, { start: offset(field.start), end: offset(field.nameEnd) });
    const value = field.values[0];
    const detail = value
      ? document.getText(spanRange(document, { start: offset(value.start), end: offset(value.end) }))
      : '';
    return new vscode.DocumentSymbol(field.name, detail, vscode.SymbolKind.Property, range, name);
  });
}

async function userSymbols(document: vscode.TextDocument, roots: Roots): Promise<vscode.DocumentSymbol[]> {
  const { version } = document;
  const work = parsingUsers(document.getText(), roots.version(document.uri));
  const file = await runSliced(work, () => document.isClosed || document.version !== version);
  if (!file) return [];
  return file.users.map(user => {
    const range = ({ start, end }: { start: number; end: number }) =>
      spanRange(document, { start: file.source.offset(start), end: file.source.offset(end) });
    return new vscode.DocumentSymbol(
      user.name || '(no name)',
      user.scheme ?? 'no password',
      vscode.SymbolKind.Key,
      range(user.entry),
      range(user.key),
    );
  });
}

async function formatAliasDocument(document: vscode.TextDocument, open: OpenAliases): Promise<vscode.TextEdit[]> {
  const { file } = await open(document);
  const { version } = document;
  const lines = await runSliced(formatting(file), () => document.isClosed || document.version !== version);
  const edits: vscode.TextEdit[] = [];
  for (const [index, formatted] of lines?.entries() ?? []) {
    const { range, text } = document.lineAt(index);
    const wanted = formatted.replace(/\r$/, '');
    if (text !== wanted) edits.push(vscode.TextEdit.replace(range, wanted));
  }
  return edits;
}

/** Runs of comment lines, and blocks that a comment heads up to the next empty line. */
function* foldComments(document: vscode.TextDocument): Generator<undefined, vscode.FoldingRange[]> {
  const ranges: vscode.FoldingRange[] = [];
  const comment = (line: number) => line < document.lineCount && /^\s*#/.test(document.lineAt(line).text);
  const empty = (line: number) => line >= document.lineCount || document.lineAt(line).isEmptyOrWhitespace;
  for (let line = 0; line < document.lineCount; line++) {
    yield;
    if (!comment(line) || comment(line - 1 < 0 ? Infinity : line - 1)) continue;
    let end = line;
    while (comment(end + 1)) end++;
    if (end > line) ranges.push(new vscode.FoldingRange(line, end, vscode.FoldingRangeKind.Comment));
    let last = end;
    while (!empty(last + 1) && !comment(last + 1)) last++;
    if (last > end)
      ranges.push(new vscode.FoldingRange(end === line ? line : end, last, vscode.FoldingRangeKind.Region));
  }
  return ranges;
}

/** At the end of a line whose recipients are aliases themselves: who finally gets the mail. */
async function finalRecipients(
  document: vscode.TextDocument,
  range: vscode.Range,
  open: OpenAliases,
): Promise<vscode.InlayHint[]> {
  const { root, file } = await open(document);
  if (!root) return [];
  const world = worldWith(root, file.context.domain, file.entries);
  const hints: vscode.InlayHint[] = [];
  for (let index = range.start.line; index <= Math.min(range.end.line, file.lineCount - 1); index++) {
    const line = file.line(index);
    if (line.kind !== 'entry' || !line.recipients || file.entries.lineOf(line.key) !== index) continue;
    const tree = explainAddress(world, line.key.startsWith('*@') ? `anyone${line.key.slice(1)}` : line.key);
    if (!tree.children.some(child => child.children.length > 0)) continue;
    const ends = [...new Set(leaves(tree))];
    const shown = ends.length > 4 ? [...ends.slice(0, 4), `and ${ends.length - 4} more`] : ends;
    const hint = new vscode.InlayHint(new vscode.Position(index, line.end), `→ ${shown.join(', ')}`);
    hint.paddingLeft = true;
    hint.tooltip = 'Who finally gets the mail';
    hints.push(hint);
  }
  return hints;
}

function leaves(tree: Explained): string[] {
  if (tree.children.length > 0) return tree.children.flatMap(leaves);
  if (tree.kind === 'too deep') return ['nobody: too many steps'];
  return [tree.kind === 'pipe' ? `| ${tree.text}` : tree.text];
}
