/** What a server, the DNS or a message says is text, never markup: Markdown's own characters are taken literally. */
export function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>&~:]/g, '\\$&').replace(/[\u0000-\u001f\u007f]/g, ' ');
}

/** A code span that its own text cannot end; without line breaks and cell borders. */
export function code(text: string): string {
  const shown = text.replace(/[\u0000-\u001f\u007f]/g, ' ').replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(match => match[0].length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}

/** A block of text as it is, that its own lines cannot end. */
export function block(lines: readonly string[]): string {
  const text = lines.join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(match => match[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** A table. @param rows cells that are Markdown already, each as long as `head`. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
