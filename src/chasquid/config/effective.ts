import type { ScalarValue } from '../prototext/scalar';
import { goQuote } from '../text';
import type { Version } from '../versions';
import { parseDuration } from './duration';
import { type ConfigFile, givenValues } from './parse';
import { configField, fieldsOf } from './schema';

/** Every field with the value that counts: the file's where chasquid heeds it, else the default. A list has several. */
export type EffectiveConfig = Map<string, ScalarValue[]>;

/**
 * What chasquid makes of a file without errors (internal/config/config.go: `Load`, `override`): some values that are written
 * are ignored. `hostname` is empty when the file does not give it: it is then the system's.
 */
export function effectiveConfig(file: ConfigFile): EffectiveConfig {
  const optional = file.version.features.emptySeparators;
  const effective: EffectiveConfig = new Map();
  for (const field of fieldsOf(file.version)) {
    const given = givenValues(file, field.name) ?? [];
    const counts = field.repeated
      ? given.length > 0
      : optional && (field.name === 'suffix_separators' || field.name === 'drop_characters')
        ? given.length > 0
        : given[0] !== undefined && heeded(given[0]);
    effective.set(field.name, counts ? given : field.default.map(text => defaultValue(field.kind, text)));
  }
  return effective;
}

/** Whether `override` takes the value of a plain field. */
export function heeded(value: ScalarValue): boolean {
  return typeof value === 'bigint' ? value > 0n : Boolean(value);
}

function defaultValue(kind: string, text: string): ScalarValue {
  return kind === 'bool' ? text === 'true' : kind === 'string' ? text : BigInt(text);
}

/** The only value that `Load` itself refuses (≥ 1.16), in its words. */
export function durationError(effective: EffectiveConfig): string | undefined {
  const value = effective.get('give_up_send_after')?.[0];
  if (typeof value !== 'string') return undefined;
  const duration = parseDuration(value);
  return duration.error === undefined
    ? undefined
    : `invalid give_up_send_after value ${goQuote(value)}: ${duration.error}`;
}

/** The text of `chasquid-util print-config`, with one blank after each colon; `hostname` is the system's host name. */
export function printConfig(effective: EffectiveConfig, version: Version, hostname: string): string {
  const optional = version.features.emptySeparators;
  let text = '';
  for (const { name, kind } of fieldsOf(version)) {
    const values = name === 'hostname' && !effective.get(name)?.[0] ? [hostname] : (effective.get(name) ?? []);
    const always = optional && (name === 'suffix_separators' || name === 'drop_characters');
    const list = values.length > 1 || fieldIsList(name);
    for (const value of values) {
      if (!list && !always && (value === '' || value === false || value === 0n)) continue;
      text += `${name}: ${kind === 'string' ? protoQuote(String(value)) : String(value)}\n`;
    }
  }
  return text;
}

function fieldIsList(name: string): boolean {
  return configField(name)?.repeated ?? false;
}

/** protobuf-go's string output (`appendString`). */
function protoQuote(text: string): string {
  const short: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  const escaped = text.replace(/["\\\x00-\x1f\x7f-\x9f]/g, char => {
    const code = char.charCodeAt(0).toString(16);
    return short[char] ?? (char <= '\x7f' ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`);
  });
  return `"${escaped}"`;
}
