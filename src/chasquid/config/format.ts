import type { Edit } from '../diagnostics';
import type { ConfigFile } from './parse';

/**
 * Lays chasquid.conf out with one field on each line as `name: value`, without indentation and without `,` or `;` behind it.
 * Comments and strings stay. A file with errors is left alone.
 */
export function formatConfig(file: ConfigFile, text: string): Edit[] {
  if (file.errors.length > 0) return [];
  const edits: Edit[] = [];
  const replace = (start: number, end: number, to: string): void => {
    if (text.slice(start, end) !== to) edits.push({ start, end, text: to });
  };
  let before = 0;
  for (const field of file.fields) {
    const [start, nameEnd, end] = [field.start, field.nameEnd, field.end].map(byte => file.source.offset(byte)) as [
      number,
      number,
      number,
    ];
    const lead = /^[ \t\r\n,;]*$/.exec(text.slice(before, start))
      ? leading(text, before, start)
      : indentation(text, start);
    if (lead) replace(lead.start, lead.end, lead.text);
    const valueStart = file.source.offset((field.list ?? field.values[0] ?? { start: field.end }).start);
    if (/^[ \t]*:[ \t]*$/.test(text.slice(nameEnd, valueStart))) replace(nameEnd, valueStart, ': ');
    const after = /^[ \t]*(?:[,;][ \t]*)?(?=\r?\n|$|#)/.exec(text.slice(end));
    before = end;
    if (after && after[0] !== '') {
      const comment = text[end + after[0].length] === '#';
      replace(end, end + after[0].length, comment ? ' ' : '');
      before = end + after[0].length;
    }
  }
  return edits;
}

/** What stands between two fields when it is blank: at least one line feed, no indentation. */
function leading(text: string, from: number, start: number): Edit {
  const between = text.slice(from, start);
  const feeds = between.replace(/[ \t,;]/g, '');
  if (from === 0) return { start: from, end: start, text: feeds };
  return { start: from, end: start, text: feeds.includes('\n') ? feeds : '\n' };
}

function indentation(text: string, start: number): Edit | undefined {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  return /^[ \t]+$/.test(text.slice(line, start)) ? { start: line, end: start, text: '' } : undefined;
}
