import { type LineSource, stride } from './file';
import type { EntryLine } from './model';

/** Beyond this width a name is not aligned with the others. */
const widest = 32;

/**
 * The lines of the file laid out evenly: recipients of neighbouring entries aligned, one space after each comma, no spaces at
 * the ends. Comments stay, and so does every line that chasquid does not take as it was meant. What the file means is kept.
 */
export function formatAliases(file: LineSource): string[] {
  const work = formatting(file);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** The same as a generator that can be left off after every few lines. */
export function* formatting(file: LineSource): Generator<void, string[]> {
  const formatted: string[] = [];
  for (let index = 0; index < file.lineCount;) {
    const block: { text: string; line: EntryLine }[] = [];
    while (index + block.length < file.lineCount) {
      if ((index + block.length) % stride === 0) yield;
      const line = file.line(index + block.length);
      if (line.kind !== 'entry' || !canFormat(line, file.lineText(index + block.length))) break;
      block.push({ text: file.lineText(index + block.length), line });
    }
    let width = 0;
    for (const { line } of block) {
      const own = line.left.end - line.left.start;
      if (own <= widest) width = Math.max(width, own);
    }
    for (const { text, line } of block) {
      if (formatted.length % stride === 0) yield;
      formatted.push(formatEntry(text, line, width));
    }
    index += block.length;
    if (block.length === 0) formatted.push(formatOther(file, index++));
  }
  return formatted;
}

function canFormat(line: EntryLine, text: string): boolean {
  const first = line.targets[0];
  // A list whose first element begins with "|" would become a pipe.
  const pipeLike = first && !line.pipe && text.startsWith('|', first.start);
  return !line.error && !pipeLike && text.length < 4000 && (line.pipe !== undefined || line.targets.length > 0);
}

function formatEntry(text: string, line: EntryLine, width: number): string {
  const name = text.slice(line.left.start, line.left.end);
  const right = line.pipe
    ? `| ${text.slice(line.pipe.start, line.pipe.end)}`
    : line.targets.map(target => text.slice(target.start, target.end)).join(', ');
  return `${`${name}:`.padEnd(Math.min(width, widest) + 1)} ${right}${ending(text)}`;
}

function formatOther(file: LineSource, index: number): string {
  const text = file.lineText(index);
  const line = file.line(index);
  if (line.kind === 'blank') return ending(text);
  return line.kind === 'comment' ? text.slice(line.start, line.end) + ending(text) : text;
}

/** A carriage return that belongs to the line ending. */
function ending(text: string): string {
  return text.endsWith('\r') ? '\r' : '';
}
