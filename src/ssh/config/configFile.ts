import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, parse as parsePath, sep } from 'node:path';
import SSHConfig, { type Directive } from 'ssh-config';
import { SshConfigError } from '../errors';
import { isMissing, readLocalText, smallFile, whyUnreadable } from './localFile';
import { matchPattern } from './pattern';

/** One effective line of an OpenSSH configuration, in the order of reading; `Include` is already followed. */
export interface ConfigLine {
  /** Lower case. */
  keyword: string;
  words: string[];
  /** The `Host` and `Match` lines under which it stands, outermost first: all must match. */
  conditions: { keyword: 'host' | 'match'; words: string[] }[];
  file: string;
}

/** How deep `Include` may nest: OpenSSH's READCONF_MAX_DEPTH. */
const maxDepth = 16;

/**
 * Reads a configuration file and what it includes; relative names of included files are looked for in `base`.
 * A file that does not exist is empty.
 * @throws SshConfigError for a file that is there but cannot be read or understood.
 */
export async function readConfigFile(file: string, base: string): Promise<ConfigLine[]> {
  return read(file, base, [], 0);
}

async function read(file: string, base: string, outer: ConfigLine['conditions'], depth: number): Promise<ConfigLine[]> {
  if (depth > maxDepth) {
    throw new SshConfigError('config', {
      what: `The SSH configuration ${file} cannot be used.`,
      why: `Its Include lines nest more than ${maxDepth} deep.`,
      fix: 'Look for a file that includes itself.',
    });
  }
  const text = await readText(file);
  if (text === undefined) return [];
  const lines: ConfigLine[] = [];
  for (const { directive, conditions } of flatten(parse(text, file), outer)) {
    const keyword = directive.param.toLowerCase();
    const words = wordsOf(directive.value);
    if (keyword === 'include') {
      for (const pattern of words) {
        for (const included of await glob(expandHome(pattern), base)) {
          lines.push(...(await read(included, base, conditions, depth + 1)));
        }
      }
    } else {
      lines.push({ keyword, words, conditions, file });
    }
  }
  return lines;
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readLocalText(file, smallFile);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new SshConfigError(
      'config',
      {
        what: `The SSH configuration ${file} cannot be read.`,
        why: whyUnreadable(error, smallFile),
        fix: 'Put a file there that you can read, or remove its Include.',
      },
      { cause: error },
    );
  }
}

function parse(text: string, file: string): SSHConfig {
  try {
    return strictlyParsed(text);
  } catch (error) {
    const line = text.split(/\r?\n/).findIndex(one => !parses(one)) + 1;
    throw new SshConfigError(
      'config',
      {
        what: `The SSH configuration ${file} cannot be understood.`,
        why: line > 0 ? `Line ${line} lacks a value or a closing quote.` : 'Its syntax is broken.',
        fix: `Correct it; "ssh -G somehost" shows what OpenSSH makes of it.`,
      },
      { cause: error },
    );
  }
}

/** The library takes the next line as the value of a keyword that has none; here that is an error, as with OpenSSH. */
function strictlyParsed(text: string): SSHConfig {
  const config = SSHConfig.parse(text);
  for (const { directive } of flatten(config, [])) {
    if (/\s/.test(directive.param) || wordsOf(directive.value).every(word => word === '')) {
      throw new SyntaxError(`no value for ${directive.param.split(/\s/)[0]}`);
    }
  }
  return config;
}

function parses(line: string): boolean {
  try {
    strictlyParsed(line);
    return true;
  } catch {
    return false;
  }
}

/** The directives in order with the conditions they stand under. */
function* flatten(
  config: SSHConfig,
  outer: ConfigLine['conditions'],
): Generator<{ directive: Directive; conditions: ConfigLine['conditions'] }> {
  for (const line of config) {
    if (line.type !== SSHConfig.DIRECTIVE) continue;
    const keyword = line.param.toLowerCase();
    if ((keyword === 'host' || keyword === 'match') && 'config' in line) {
      yield* flatten(line.config, [...outer, { keyword, words: wordsOf(line.value) }]);
    } else {
      yield { directive: line, conditions: outer };
    }
  }
}

function wordsOf(value: Directive['value']): string[] {
  return typeof value === 'string' ? [value] : value.map(word => word.val);
}

export function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

/** The files a glob(7) pattern names, sorted; relative ones are looked for in `base`. */
async function glob(pattern: string, base: string): Promise<string[]> {
  const full = isAbsolute(pattern) ? pattern : join(base, pattern);
  const { root } = parsePath(full);
  let found = [root];
  for (const part of full.slice(root.length).split(sep === '\\' ? /[\\/]/ : sep)) {
    if (!/[*?]/.test(part)) {
      found = found.map(directory => join(directory, part));
      continue;
    }
    const inside = await Promise.all(
      found.map(async directory => {
        const names = await readdir(directory).catch(() => [] as string[]);
        return names
          .filter(name => (!name.startsWith('.') || part.startsWith('.')) && matchPattern(name, part))
          .sort()
          .map(name => join(directory, name));
      }),
    );
    found = inside.flat();
  }
  return found;
}
