import type { ServerEntry } from '../app/settings';

export interface Target {
  target: Pick<ServerEntry, 'host' | 'user' | 'port'>;
  problem: string | undefined;
}

/**
 * Reads what people paste as an address of a server: `host`, `user@host`, `host:2222`, `[v6]:22`, `ssh://…` and
 * `ssh -p 2222 user@host`. Ports and users that are absent are left out.
 */
export function parseTarget(text: string): Target {
  let rest = text
    .trim()
    .replace(/^ssh:\/\//i, '')
    .replace(/\/$/, '');
  let port: number | undefined;
  if (/^ssh\s/i.test(rest)) {
    rest = rest.slice(4).trim();
    const option = /(?:^|\s)-p\s*(\d+)(?=\s|$)/.exec(rest);
    if (option) {
      port = Number(option[1]);
      rest = (rest.slice(0, option.index) + ' ' + rest.slice(option.index + option[0].length)).trim();
    }
  }
  const at = rest.lastIndexOf('@');
  const user = at > 0 ? rest.slice(0, at) : undefined;
  let host = rest.slice(at + 1);
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(host);
  const plain = /^([^:]+):(\d+)$/.exec(host);
  const split = bracketed ?? plain;
  if (split) {
    host = split[1]!;
    if (split[2] !== undefined) port = Number(split[2]);
  }
  const problem =
    validateHost(host) ??
    (user === undefined ? undefined : validateUser(user)) ??
    (port === undefined || (port >= 1 && port <= 65535)
      ? undefined
      : `Port ${port} does not exist. TCP ports go from 1 to 65535; SSH is usually 22.`);
  return {
    target: { host, ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port }) },
    problem,
  };
}

/** The same in one line, as a person may type it: `user@host:port`. */
export function targetText({ host, user, port }: Target['target']): string {
  const address = port === undefined ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return user === undefined ? address : `${user}@${address}`;
}

/** A host name, an IP address, or a Host of the SSH config: no blanks, no shell characters, no leading dash. */
export function validateHost(host: string): string | undefined {
  if (host === '') return 'Enter the name or address of your server, such as mail.example.com or 203.0.113.7.';
  const strange = /[^\p{L}\p{M}\p{N}._:%-]/u.exec(host);
  if (strange)
    return `A host name cannot contain ${describe(strange[0])}. Enter just the name or address, such as mail.example.com.`;
  if (host.startsWith('-')) return 'A host name cannot begin with a dash. Enter just the name or address.';
  return undefined;
}

export function validateUser(user: string): string | undefined {
  if (user === '') return 'Enter the user to log in as; on a new server that is usually root.';
  const strange = /[^\p{L}\p{N}._@\\+-]/u.exec(user);
  if (strange) return `A user name cannot contain ${describe(strange[0])}.`;
  return user.startsWith('-') ? 'A user name cannot begin with a dash.' : undefined;
}

export function validateName(name: string, taken: readonly string[]): string | undefined {
  if (name.trim() === '') return 'Enter a name; it is what the sidebar shows.';
  if (/[\u0000-\u001f\u007f]/.test(name)) return 'A name cannot contain line breaks or control characters.';
  if (name.length > 100) return 'That name is too long for the sidebar. Take at most 100 characters.';
  return taken.includes(name) ? `There is already a server named “${name}”. Choose another name.` : undefined;
}

function describe(character: string): string {
  if (character === ' ') return 'a blank';
  return /[\u0000-\u001f\u007f]/.test(character) ? 'a line break or control character' : `“${character}”`;
}
