import { durationError, effectiveConfig, printConfig } from './effective';
import { errorText } from '../prototext/errorText';
import { parseConfig } from './parse';
import type { Version } from '../versions';

/**
 * What chasquid makes of a `chasquid.conf`, for people: as `chasquid-util print-config` prints it, below a comment. Where the
 * file gives no hostname, a comment stands for it, since it is the system's. A file that chasquid refuses becomes its words.
 * @param name of the file
 */
export function shownConfig(text: string, version: Version, name: string): string {
  const file = parseConfig(text, version);
  const effective = effectiveConfig(file);
  const refused = file.errors[0]
    ? `parsing config: ${errorText(file.source, file.errors[0])}`
    : durationError(effective);
  if (refused !== undefined)
    return `# chasquid ${version.text} does not start with this file:\n# ${refused.trim().replaceAll('\n', '\n# ')}\n`;
  const given = effective.get('hostname')?.[0] ? '' : '# hostname: the host name of the server\n';
  const printed = printConfig(effective, file.schema, '').replace('hostname: ""\n', '');
  return `# What chasquid ${version.text} makes of ${name}\n${given}${printed}`;
}
