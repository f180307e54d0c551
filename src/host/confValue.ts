import { lastValue, parseProto } from './textproto';

/** A string field of chasquid.conf; undefined when it is unset, empty, or the file does not parse. */
export function confString(conf: Uint8Array, field: string): string | undefined {
  try {
    const value = lastValue(parseProto(conf), field);
    return value?.kind === 'string' && value.bytes.length ? value.bytes.toString('utf8') : undefined;
  } catch {
    return undefined;
  }
}
