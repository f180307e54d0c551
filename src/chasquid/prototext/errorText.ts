import type { ProtoError } from './decode';
import { type Source, textOf } from './source';

/** protobuf-go's whole error line for an error, with the plain space that some builds have after `proto:`. */
export function errorText(source: Source, error: ProtoError): string {
  if (!error.positioned) return `proto: ${error.upstream}`;
  const lines = source.bytes.slice(0, error.start).split('\n');
  // A column counts runes, a stray byte being one.
  const column = Array.from(textOf(lines.at(-1)!)).length + 1;
  return `proto: ${error.syntax ? 'syntax error ' : ''}(line ${lines.length}:${column}): ${error.upstream}`;
}
