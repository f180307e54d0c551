import type { Diagnostic } from '../diagnostics';
import { normalizeUser } from '../normalize';
import type { Bytes } from '../prototext/lexer';
import { printable } from '../text';
import type { Version } from '../versions';
import { drain } from '../drain';
import type { Severity } from '../../text/problem';
import { parsingUsers, type UsersFile } from './parse';

/** Everything to say about a users file by itself. No message repeats what may be a password. */
export function checkUsers(text: string, version: Version): Diagnostic[] {
  return drain(checkingUsers(text, version));
}

/** The same as a generator that can be left off after every user. */
export function* checkingUsers(text: string, version: Version): Generator<void, Diagnostic[]> {
  const file = yield* parsingUsers(text, version);
  const range = (at: Bytes) => ({ start: file.source.offset(at.start), end: file.source.offset(at.end) });
  const errors = file.errors.map((error): Diagnostic => {
    const denied = error.field === 'denied' && !version.features.deniedUsers;
    const what = denied
      ? 'Users without a password (“denied”) exist since chasquid 1.13.'
      : 'This is not valid here in a users file.';
    const how = denied
      ? 'Remove the user, or update chasquid.'
      : 'Correct the entry, or add the user again with chasquid-util.';
    return {
      code: denied ? 'users-denied' : 'users-syntax',
      severity: 'error',
      message: `${what} ${effect(version)} ${how}`,
      range: range(error),
      upstream: error.upstream,
    };
  });
  return [...errors, ...(yield* entryChecks(file)).map(({ at, ...rest }) => ({ ...rest, range: range(at) }))];
}

function effect({ text, features }: Version): string {
  if (features.fatalStart)
    return `chasquid ${text} stops within 30 seconds of reading the file and does not start again.`;
  if (features.fatalReload)
    return `chasquid ${text} stops within 30 seconds of reading the file, and then starts without the domain’s users.`;
  return `chasquid ${text} keeps the users it had; after a restart the domain has none.`;
}

/** More findings of a file nobody reads. */
const mostFound = 5000;

type Found = { code: string; severity: Severity; message: string; at: Bytes };

function* entryChecks(file: UsersFile): Generator<void, Found[]> {
  const found: Found[] = [];
  const report = (code: string, severity: Severity, at: Bytes, message: string) =>
    found.push({ code, severity, at, message });
  const seen = new Map<string, number>();
  for (const user of file.users) {
    yield;
    if (found.length >= mostFound) break;
    const shown = printable(user.name);
    if (seen.has(user.name)) {
      report(
        'users-duplicate',
        'warning',
        user.key,
        `“${shown}” appears in the file twice. chasquid uses the later entry. Remove one.`,
      );
    }
    seen.set(user.name, 1);
    const normal = normalizeUser(user.name);
    if (user.name === '' || normal.error !== undefined || normal.value !== user.name) {
      const instead = normal.value ? ` Write “${normal.value}”.` : ' Add the user again with chasquid-util.';
      report(
        'users-key-not-normal',
        'warning',
        user.key,
        `“${shown}” is not in the form in which chasquid compares names. chasquid never finds this user: no mail and no login.${instead}`,
      );
    } else if (user.name.includes('@')) {
      report(
        'users-key-not-normal',
        'warning',
        user.key,
        `“${shown}” holds an “@”. chasquid looks up only the part before the “@” and never finds this user. Write the part before the “@”.`,
      );
    }
    if (user.scheme === 'plain') {
      report(
        'users-plain-password',
        'warning',
        user.key,
        `The password of “${shown}” is stored in clear text. chasquid accepts that, but anyone who reads the file has it. Set it again with chasquid-util user-add.`,
      );
    } else if (!user.scheme && file.errors.length === 0) {
      report(
        'users-no-password',
        'warning',
        user.key,
        `“${shown}” has no password. chasquid accepts mail for the user but never a login. Set one with chasquid-util user-add, or write “denied: {}”.`,
      );
    }
  }
  return found;
}
