import * as vscode from 'vscode';
import type { Span } from '../chasquid/aliases/model';
import { type Diagnostic, type Edit, type Fix, shownMessage } from '../chasquid/diagnostics';
import type { Severity } from '../text/problem';

const severities: Record<Severity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

const documentation = 'https://github.com/chasquid-tools/vscode-chasquid/blob/main/docs/diagnostics.md';

/** A diagnostic of VS Code that still knows its fixes. */
export class FixableDiagnostic extends vscode.Diagnostic {
  fixes: { title: string; safe: boolean; edits: vscode.TextEdit[] }[] = [];
}

/** A span on one line, counted from its start. */
export function lineRange(line: number, span: Span): vscode.Range {
  return new vscode.Range(line, span.start, line, span.end);
}

export function spanRange(document: vscode.TextDocument, span: Span): vscode.Range {
  return new vscode.Range(document.positionAt(span.start), document.positionAt(span.end));
}

/** Offsets of the diagnostic count from `base`. */
export function toDiagnostic(document: vscode.TextDocument, diagnostic: Diagnostic, base = 0): FixableDiagnostic {
  const range = (span: Span) => spanRange(document, { start: span.start + base, end: span.end + base });
  const result = new FixableDiagnostic(
    range(diagnostic.range),
    shownMessage(diagnostic.message),
    severities[diagnostic.severity],
  );
  result.source = 'chasquid';
  result.code = { value: diagnostic.code, target: vscode.Uri.parse(`${documentation}#${diagnostic.code}`) };
  if (diagnostic.unused) result.tags = [vscode.DiagnosticTag.Unnecessary];
  if (diagnostic.related) {
    result.relatedInformation = diagnostic.related.map(
      related =>
        new vscode.DiagnosticRelatedInformation(
          new vscode.Location(document.uri, spanRange(document, related.range)),
          shownMessage(related.message),
        ),
    );
  }
  const edit = ({ start, end, text }: Edit) => vscode.TextEdit.replace(range({ start, end }), text);
  result.fixes = (diagnostic.fixes ?? []).map(({ title, safe, edits }: Fix) => ({
    title,
    safe: safe ?? false,
    edits: edits.map(edit),
  }));
  return result;
}
