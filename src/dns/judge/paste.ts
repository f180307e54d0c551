import type { Finding } from '../record';
import { finding } from '../findings';

/**
 * What went wrong when a value was pasted into a provider's page: quotation marks or backslashes of a zone file became part of it.
 * Gives the text as it was meant, so that the rest can still be looked at.
 */
export function pasteFindings(text: string, expected: string): { meant: string; findings: Finding[] } {
  const findings: Finding[] = [];
  let meant = text;
  if (/^\s*"/.test(meant) || /"\s*$/.test(meant) || /"\s+"/.test(meant)) {
    meant = meant.replace(/"\s*"/g, '').replace(/"/g, '').trim();
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
