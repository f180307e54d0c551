import { readTextFile } from '../files/configFiles';
import { passwordRule, reasonOf, senderRule } from '../../chasquid/rules';
import { hashPassword, passwordMatches, storedPassword } from '../../chasquid/users/password';
import { contentHash, replaceFile } from '../files/replaceFile';
import { senderAddress } from './senderAddress';
import { HostError, type Shell } from '../protocol/shell';
import { reloadUsers } from './reloadUsers';
import { removeUser, setUser, userEntry, writtenEntry } from '../../chasquid/users/edit';
import { parseUsers, type UserEntry, usersError } from '../../chasquid/users/parse';
import { readUsersState, type UsersState } from './usersState';

export interface SenderChange {
  /** Where the former users file lies on the server; left out when there was none. */
  backup?: string;
  /** Owner or mode of the users file had to be fixed, so that the daemon can read it. */
  repaired: boolean;
  /** How the running daemon learnt of it. */
  effect: 'reloaded' | 'restarted' | 'not-running';
}

export interface PasswordCheck {
  ok: boolean;
  /** Why a login with this password would fail, in words for people. */
  reason?: string;
}

/**
 * Adds a sender. The password is hashed here: the server only ever gets the hash, on standard input.
 * @throws RangeError for an address or password that cannot be; HostError `sender-exists`, `no-domain`, `users-broken`,
 * `unreadable`, and those of `replaceFile`.
 */
export async function addSender(shell: Shell, address: string, password: string): Promise<SenderChange> {
  const reason = reasonOf(senderRule(address));
  if (reason !== undefined) throw new RangeError(reason);
  return change(shell, address, await newEntry(address, password), mustNotExist(address));
}

/** Gives a sender a new password. @throws as `addSender`, and HostError `no-sender`. */
export async function changePassword(shell: Shell, address: string, password: string): Promise<SenderChange> {
  return change(shell, address, await newEntry(address, password), mustExist(address));
}

/** Removes a sender. @throws as `addSender`, and HostError `no-sender`. */
export async function removeSender(shell: Shell, address: string): Promise<SenderChange> {
  return change(shell, address, undefined, mustExist(address));
}

/**
 * Takes a removal back: the sender gets the entry, and so the password, that it had in the backup of the removal.
 * @throws as `addSender`; HostError `no-backup` when the backup is gone or knows no such sender.
 */
export async function restoreSender(shell: Shell, address: string, backup: string): Promise<SenderChange> {
  const parsed = senderAddress(address);
  const [{ bytes }, { version }] = await Promise.all([readTextFile(shell, backup), readUsersState(shell, parsed)]);
  const entry = bytes && writtenEntry(bytes, version, parsed.user);
  if (!entry) {
    throw new HostError(
      'no-backup',
      `The backup ${backup} does not hold ${address} any more. Its password is nowhere else. Use Add Sender to create the sender again.`,
    );
  }
  return change(shell, address, entry, mustNotExist(address));
}

/**
 * Judges a password as the daemon would: the entry, its scheme, and whether the daemon can read the file at all.
 * @throws HostError when the server cannot be asked.
 */
export async function checkPassword(shell: Shell, address: string, password: string): Promise<PasswordCheck> {
  const parsed = senderAddress(address);
  const state = await readUsersState(shell, parsed);
  const no = (reason: string): PasswordCheck => ({ ok: false, reason });
  let users: UserEntry[];
  try {
    users = usersOf(state);
  } catch (error) {
    return no((error as Error).message);
  }
  const entry = users.findLast(user => user.name === parsed.user);
  if (!entry) {
    return no(
      `${address} is not a sender of this server. ${state.path} has no entry for it. Use Add Sender to make one.`,
    );
  }
  if (entry.scheme === 'denied') {
    return no(
      `${address} may only receive. Its entry has no password by design. Use Change Sender Password to let it send.`,
    );
  }
  if (!(await passwordMatches(password, storedPassword(entry)))) {
    return no(
      `The password of ${address} is wrong. The server keeps only its hash, so it cannot show the correct one. Try again, or use Change Sender Password.`,
    );
  }
  if (!state.readable) {
    return no(
      `The password is correct, but logging in fails: chasquid runs as ${state.daemonUser} and cannot read ${state.path}. ` +
        'Use Change Sender Password or Set Up Server: both make the file readable for chasquid again.',
    );
  }
  return { ok: true };
}

async function newEntry(address: string, password: string): Promise<string> {
  const { user } = senderAddress(address);
  const reason = reasonOf(passwordRule(password));
  if (reason !== undefined) throw new RangeError(`This password cannot be used. ${reason}`);
  return userEntry(user, await hashPassword(password));
}

const mustNotExist = (address: string) => (user: string, users: UserEntry[]) => {
  if (!users.some(entry => entry.name === user)) return;
  throw new HostError(
    'sender-exists',
    `${address} exists already. Adding it again would replace its password. Use Change Sender Password if that is what you want.`,
  );
};

const mustExist = (address: string) => (user: string, users: UserEntry[]) => {
  if (users.some(entry => entry.name === user)) return;
  throw new HostError(
    'no-sender',
    `${address} is not a sender of this server. Its domain has: ${
      users
        .map(entry => entry.name)
        .slice(0, 10)
        .join(', ') || 'none'
    }. Check the spelling, or refresh the list.`,
  );
};

/** Someone else may write between our reading and writing; then it is done again from what is there now. */
const tries = 5;

async function change(
  shell: Shell,
  address: string,
  entry: string | Uint8Array | undefined,
  allow: (user: string, users: UserEntry[]) => void,
): Promise<SenderChange> {
  const parsed = senderAddress(address);
  for (let attempt = 1; ; attempt++) {
    const state = await readUsersState(shell, parsed);
    allow(parsed.user, usersOf(state));
    const before = state.bytes ?? Buffer.alloc(0);
    const content =
      entry === undefined
        ? removeUser(before, state.version, parsed.user)
        : setUser(before, state.version, parsed.user, entry);
    try {
      const { readable, ...written } = await replaceFile(shell, {
        path: `${state.configDir}/${state.path}`,
        content,
        expectedHash: contentHash(state.bytes),
        forDaemon: true,
        usersFile: true,
      });
      const effect = await reloadUsers(shell, state.version, state.bytes === undefined);
      if (!readable) throw notReadable(state);
      return { ...written, effect };
    } catch (error) {
      if (!(error instanceof HostError) || error.code !== 'file-changed' || attempt === tries) throw error;
    }
  }
}

const notReadable = (state: UsersState): HostError =>
  new HostError(
    'unreadable',
    `The entry was written, but logging in will fail: chasquid runs as ${state.daemonUser} and cannot read ${state.path}, whose folder is closed to it. ` +
      'Run Set Up Server, which corrects the permissions.',
  );

/** @throws HostError `users-broken` */
function usersOf(state: UsersState): UserEntry[] {
  const file = parseUsers(state.bytes ?? Buffer.alloc(0), state.version);
  const error = usersError(file);
  if (error === undefined) return file.users;
  throw new HostError(
    'users-broken',
    `${state.path} cannot be understood (${error}). chasquid does not accept any sender of this domain as long as it is so. Correct that line, or restore the file from a backup.`,
  );
}
