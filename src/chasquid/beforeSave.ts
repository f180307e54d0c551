import { AliasFile } from './aliases/file';
import { checkAliases } from './aliases/checkFile';
import { aliasContext } from './aliases/context';
import { checkConfig } from './config/check';
import type { Diagnostic } from './diagnostics';
import { Positions } from './positions';
import { checkUsers } from './users/check';
import type { Version } from './versions';

export interface Consequence {
  /** From 1. */
  line: number;
  /** What is wrong, what that chasquid does with it, how to fix it. */
  message: string;
}

/** What becomes of a server when a file is put there as it stands. */
export interface Consequences {
  /** chasquid stops, does not start again, or refuses the whole file. */
  errors: Consequence[];
  /** Lines of an aliases file from which that chasquid makes nothing of use. */
  lost: Consequence[];
}

/**
 * Judges a file of chasquid's configuration by itself, before it is saved.
 * @param path of the server; what is neither `chasquid.conf` nor an aliases or users file of a domain has no consequences.
 */
export function consequencesOf(path: string, text: string, version: Version): Consequences {
  const found = check(path, text, version);
  const positions = new Positions(text);
  const told = (each: Diagnostic): Consequence => ({
    line: positions.at(each.range.start).line + 1,
    message: each.message,
  });
  return {
    errors: found.filter(({ severity }) => severity === 'error').map(told),
    lost: found.filter(({ severity, code }) => severity === 'warning' && refusals.has(code)).map(told),
  };
}

/** What newer versions refuse, and older ones skip without a word. */
const refusals = new Set([
  'alias-missing-colon',
  'alias-missing-side',
  'alias-left-at',
  'alias-pipe-empty',
  'alias-via-empty',
  'alias-address-refused',
]);

function check(path: string, text: string, version: Version): Diagnostic[] {
  const [, folder = '', file = ''] = /(?:^|\/)domains\/([^/]+)\/(aliases|users)$/.exec(path) ?? [];
  if (file === 'users') return checkUsers(text, version);
  if (file === 'aliases') return checkAliases(new AliasFile(text, aliasContext(folder, version)));
  return /(?:^|\/)chasquid\.conf$/.test(path) ? checkConfig(text, version) : [];
}
