import type { Diagnostic } from '../diagnostics';
import { checkValues } from './checkValues';
import { configErrors } from './errors';
import { drain } from '../drain';
import { parsingConfig } from './parse';
import type { Version } from '../versions';

/** Everything to say about a chasquid.conf by itself, in the order of the text. */
export function checkConfig(text: string, version: Version): Diagnostic[] {
  return drain(checkingConfig(text, version));
}

/** The same as a generator that can be left off while the file is read. */
export function* checkingConfig(text: string, version: Version): Generator<void, Diagnostic[]> {
  const file = yield* parsingConfig(text, version);
  const errors = configErrors(file, text);
  // The first of chasquid's own errors comes first, wherever it stands: it is the one that chasquid prints.
  const more = checkValues(file, text).sort((a, b) => a.range.start - b.range.start);
  return [...errors, ...more];
}
