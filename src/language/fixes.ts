import * as vscode from 'vscode';
import type { FixableDiagnostic } from './convert';
import type { Diagnostics } from './diagnostics';
import { runSliced } from '../input/slices';

const fixAll = vscode.CodeActionKind.SourceFixAll.append('chasquid');

/** Quick fixes for single findings, and the safe ones for the whole file at once. */
export function registerFixes(diagnostics: Diagnostics): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    [{ language: 'chasquid-conf' }, { language: 'chasquid-aliases' }],
    {
      async provideCodeActions(document, range, context) {
        // Asked for by the user or on saving; it must not act on what an earlier one left behind. The light bulb is not to wait.
        if (context.only) await diagnostics.settled(document);
        const found = diagnostics.of(document);
        const actions: vscode.CodeAction[] = [];
        if (!context.only || context.only.intersects(vscode.CodeActionKind.QuickFix)) {
          for (const each of found) if (each.range.intersection(range)) actions.push(...quickFixes(document, each));
        }
        if (
          !context.only ||
          fixAll.intersects(context.only) ||
          context.only.intersects(vscode.CodeActionKind.SourceFixAll)
        ) {
          const { version } = document;
          const all = await runSliced(
            allFixes(document, diagnostics.fixable(document)),
            () => document.isClosed || document.version !== version,
          );
          if (all) actions.push(all);
        }
        return actions;
      },
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, fixAll] },
  );
}

function quickFixes(document: vscode.TextDocument, diagnostic: FixableDiagnostic): vscode.CodeAction[] {
  return diagnostic.fixes.map(({ title, safe, edits }, index) => {
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    action.diagnostics = [diagnostic];
    action.edit = new vscode.WorkspaceEdit();
    action.edit.set(document.uri, edits);
    if (index === 0 && safe) action.isPreferred = true;
    return action;
  });
}

/** The first safe fix of each finding, as far as they do not touch each other. */
function* allFixes(
  document: vscode.TextDocument,
  found: Iterable<FixableDiagnostic>,
): Generator<void, vscode.CodeAction | undefined> {
  const chosen: vscode.TextEdit[] = [];
  /** The chosen edits by the lines they touch. */
  const byLine = new Map<number, vscode.TextEdit[]>();
  let count = 0;
  for (const { fixes } of found) {
    yield;
    const fix = fixes.find(each => each.safe);
    const touches = (edit: vscode.TextEdit) =>
      linesOf(edit).some(line => byLine.get(line)?.some(other => other.range.intersection(edit.range) !== undefined));
    if (!fix || fix.edits.some(touches)) continue;
    chosen.push(...fix.edits);
    for (const edit of fix.edits)
      for (const line of linesOf(edit)) byLine.set(line, [...(byLine.get(line) ?? []), edit]);
    count++;
  }
  if (count === 0) return undefined;
  const action = new vscode.CodeAction(
    count === 1 ? 'Fix the problem that can be fixed safely' : `Fix all ${count} problems that can be fixed safely`,
    fixAll,
  );
  action.edit = new vscode.WorkspaceEdit();
  action.edit.set(document.uri, chosen);
  return action;
}

function linesOf({ range: { start, end } }: vscode.TextEdit): number[] {
  return Array.from({ length: end.line - start.line + 1 }, (_, index) => start.line + index);
}
