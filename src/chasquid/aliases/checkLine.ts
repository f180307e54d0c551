import type { Diagnostic } from '../diagnostics';
import { hasEscapes } from '../text';
import { lineErrors } from './lineErrors';
import { lineWarnings } from './lineWarnings';
import type { AliasContext, AliasLine } from './model';

/** Everything that can be said about a line by itself. Offsets count from the line's start. */
export function checkLine(text: string, line: AliasLine, context: AliasContext): Diagnostic[] {
  if (line.kind === 'blank') return [];
  const found: Diagnostic[] = [];
  if (line.kind !== 'comment') found.push(...lineErrors(text, line, context));
  if (line.kind === 'entry') found.push(...lineWarnings(text, line, context));
  const inner = text.indexOf('\r', line.start);
  if (inner >= 0 && inner < line.end) {
    found.push({
      code: 'alias-line-ending',
      severity: 'warning',
      message:
        'There is a carriage return inside the line. chasquid ends lines at line feeds only and reads on. End the lines with LF or CRLF.',
      range: { start: inner, end: inner + 1 },
      fixes: [{ title: 'End the line here', edits: [{ start: inner, end: inner + 1, text: '\n' }] }],
    });
  }
  if (line.kind !== 'comment' && !/^[\x00-\x7f]*$/.test(text) && hasEscapes(text)) {
    found.push({
      code: 'alias-encoding',
      severity: 'warning',
      message:
        'The line holds bytes that are not UTF-8. chasquid reads them as characters that no address has. Save the file as UTF-8.',
      range: { start: line.start, end: line.end },
    });
  }
  return found;
}
