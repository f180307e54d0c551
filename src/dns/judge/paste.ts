import type { Finding } from '../records/record';
import { finding } from '../check/findings';
import { hasPastedQuotes, unquoted, withoutZoneLine } from '../records/zoneLine';

/**
 * What went wrong when a value was pasted into a provider's page: quotation marks or backslashes of a zone file, or its whole line,
 * became part of it. Gives the text as it was meant, so that the rest can still be looked at.
 */
export function pasteFindings(text: string, expected: string): { meant: string; findings: Finding[] } {
  const findings: Finding[] = [];
  let meant = withoutZoneLine(text);
  if (meant !== text) {
    findings.push(
      finding('value-is-zone-line', 'The value contains a whole line of a zone file.', `Enter only this: ${expected}`),
    );
  } else if (hasPastedQuotes(text)) {
    meant = unquoted(text);
    findings.push(
      finding('value-in-quotes', 'The value contains quotation marks.', `Enter it without them: ${expected}`),
    );
  }
  if (/\\;/.test(meant)) {
    meant = meant.replace(/\\;/g, ';');
    findings.push(
      finding(
        'value-with-backslashes',
        'The value contains backslashes before semicolons.',
        `Enter it without them: ${expected}`,
      ),
    );
  }
  return { meant, findings };
}
