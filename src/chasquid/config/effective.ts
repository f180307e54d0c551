import type { ScalarValue } from '../prototext/scalar';
import { goQuote } from '../text';
import { parseDuration } from './duration';
import { type ConfigFile, givenValues } from './parse';
import type { ConfigSchema } from './schema';

/** Every field with the value that counts: the file's where chasquid uses it, else the default. A list has several. */
export type EffectiveConfig = Map<string, ScalarValue[]>;

/**
 * What chasquid makes of a file without errors (internal/config/config.go: `Load`, `override`): some values that are written
 * are ignored. `hostname` is empty when the file does not give it: it is then the system's.
 */
export function effectiveConfig(file: ConfigFile): EffectiveConfig {
  const effective: EffectiveConfig = new Map();
  for (const field of file.schema.fields) {
    const given = givenValues(file, field.name) ?? [];
    const counts =
      field.repeated || file.schema.takesEmpty(field)
        ? given.length > 0
        : given[0] !== undefined && takesEffect(given[0]);
    effective.set(field.name, counts ? given : field.default.map(text => defaultValue(field.kind, text)));
  }
  return effective;
}

/** Whether `override` takes the value of a plain field. */
export function takesEffect(value: ScalarValue): boolean {
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

/** The text of `chasquid-util print-config`, with one space after each colon; `hostname` is the system's host name. */
export function printConfig(effective: EffectiveConfig, schema: ConfigSchema, hostname: string): string {
  let text = '';
  for (const field of schema.fields) {
    const { name, kind, repeated = false } = field;
    const values = name === 'hostname' && !effective.get(name)?.[0] ? [hostname] : (effective.get(name) ?? []);
    const always = repeated || values.length > 1 || schema.takesEmpty(field);
    for (const value of values) {
      if (!always && (value === '' || value === false || value === 0n)) continue;
      text += `${name}: ${kind === 'string' ? protoQuote(String(value)) : String(value)}\n`;
    }
  }
  return text;
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
