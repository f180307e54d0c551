import { type ConfigFile, givenValues, parseConfig } from '../../chasquid/config/parse';
import { decodeText } from '../../chasquid/text';
import type { Version } from '../../chasquid/versions';

export const readConf = (bytes: Uint8Array, version: Version): ConfigFile => parseConfig(decodeText(bytes), version);

/** A string field of chasquid.conf; undefined when it is unset or empty. */
export function confString(conf: ConfigFile, field: string): string | undefined {
  const value = givenValues(conf, field)?.[0];
  return typeof value === 'string' && value ? value : undefined;
}
