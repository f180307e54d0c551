import { type Diagnostic, shift } from '../diagnostics';
import { checkLine } from './checkLine';
import { type CheckWorld, WorldChecks } from './checkWorld';
import type { AliasFile } from './file';

/** All findings of an aliases file, in the order of its lines. Without a world only what a line tells by itself. */
export function checkAliases(file: AliasFile, world?: CheckWorld): Diagnostic[] {
  const found: Diagnostic[] = [];
  const checks = world && new WorldChecks(file, world);
  for (let index = 0; index < file.lineCount; index++) {
    const entry = file.entry(index);
    const diagnostics = entry?.plain ? [] : checkLine(file.lineText(index), file.line(index), file.context);
    checks?.line(index, entry, diagnostics);
    if (diagnostics.length === 0) continue;
    diagnostics.sort((a, b) => a.range.start - b.range.start);
    for (const diagnostic of diagnostics) found.push(shift(diagnostic, file.start(index)));
  }
  return found;
}
