import { type Diagnostic, shift } from '../diagnostics';
import { checkLine } from './checkLine';
import { checkWorld, type CheckWorld } from './checkWorld';
import type { AliasFile } from './file';

/** All findings of an aliases file, in the order of its lines. Without a world only what a line tells by itself. */
export function checkAliases(text: string, file: AliasFile, version: string, world?: CheckWorld): Diagnostic[] {
  const textOf = (line: number): string => {
    const end =
      line + 1 < file.starts.length ? file.starts[line + 1]! - 1 : text.endsWith('\n') ? text.length - 1 : text.length;
    return text.slice(file.starts[line]!, end);
  };
  const found: { line: number; diagnostic: Diagnostic }[] = [];
  for (const [index, line] of file.lines.entries()) {
    for (const diagnostic of checkLine(textOf(index), line, file.context, version))
      found.push({ line: index, diagnostic });
  }
  if (world) for (const finding of checkWorld(file, textOf, world)) if (finding) found.push(finding);
  found.sort((a, b) => a.line - b.line || a.diagnostic.range.start - b.diagnostic.range.start);
  return found.map(({ line, diagnostic }) => shift(diagnostic, file.starts[line] ?? 0));
}
