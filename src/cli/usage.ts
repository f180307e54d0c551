import { parseArgs, type ParseArgsConfig } from 'node:util';
import { newest, parseVersion, type Version } from '../chasquid/versions';
import { messageOf } from '../text/problem';

/** Wrong usage: ends with status 2 and the usage text. */
export class Usage extends Error {
  static readonly text = [
    'Usage:',
    '  chasquid-check lint    [--format text|json|sarif|github] [--chasquid VERSION] PATH…',
    '  chasquid-check lint    [--format …] [--chasquid VERSION] --stdin-name aliases|users|chasquid.conf -',
    '  chasquid-check resolve [--format text|json] [--chasquid VERSION] CONFIG_DIR ADDRESS…',
    '  chasquid-check dns     [--format text|json] [--resolver HOST:PORT]… --host FQDN [--ipv4 A]… [--ipv6 A]… [--dkim SELECTOR=FILE]…',
    '                         [--certificate FILE] [--keep-mx] [--never-sends NAME]… DOMAIN',
    '  chasquid-check message [--format text|json] [--resolver HOST:PORT]… FILE.eml',
    'Exit status: 0 nothing worse than a warning, 1 an error found, 2 wrong usage or an unreadable input.',
  ].join('\n');
}

/** An input that cannot be read: ends with status 2. */
export class Unreadable extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>;

/** `util.parseArgs` whose complaints are `Usage`. */
export function parseCommand<const Given extends Options>(args: string[], options: Given) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new Usage(messageOf(error));
  }
}

/** One of the formats. */
export function formatOf<const Format extends string>(
  given: string | undefined,
  formats: readonly [Format, ...Format[]],
): Format {
  const format = formats.find(each => each === (given ?? formats[0]));
  if (!format) throw new Usage(`There is no format “${given ?? ''}”. Use one of ${formats.join(', ')}.`);
  return format;
}

/** The version of `--chasquid`, without a distribution's additions; the newest when none is given, or `HEAD`. */
export function versionOf(given: string | undefined): Version {
  if (given === undefined || given === 'HEAD') return newest;
  const version = parseVersion(given);
  if (!version) throw new Usage(`“${given}” is not a version. Write it as in 1.16.0.`);
  return { ...version, text: given.replace(/^v/, '') };
}
