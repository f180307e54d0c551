import { visible } from './visible';

/**
 * What a server, the DNS, a message or a file says is text, never markup: what means something in Markdown is taken literally, and
 * so are the dots and colons by which a renderer finds links without brackets.
 */
export function escape(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]<>|&~]|[.:](?=\S)/g, '\\$&')
    .replace(/^\s*(?:(?=[#+=-])|\d+(?=[.)]))/, '$&\\');
}

/** A code span that its own text cannot end, without line breaks. */
export function code(text: string): string {
  const shown = oneLine(text);
  const longest = longestRun(shown);
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}

/** A block of text as it is, that its own lines cannot end. */
export function block(lines: readonly string[]): string {
  const text = lines
    .join('\n')
    .split('\n')
    .map(line => visible(line.replaceAll('\r', ''), Infinity))
    .join('\n');
  const fence = '`'.repeat(Math.max(2, longestRun(text)) + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** A table. @param rows cells that are Markdown already, each as long as `head`. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  // Within a code span a border of a cell is a border all the same (GFM, tables).
  const cell = (markdown: string): string => markdown.replace(/\\?\|/g, '\\|');
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function oneLine(text: string): string {
  return visible(text.replace(/[\r\n\t]/g, ' '));
}

function longestRun(text: string): number {
  return text.split(/[^`]+/).reduce((longest, run) => Math.max(longest, run.length), 0);
}
