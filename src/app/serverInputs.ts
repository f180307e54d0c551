import type { ServerEntry } from './settings';

export interface Target {
  target: Pick<ServerEntry, 'host' | 'user' | 'port' | 'identityFile' | 'proxyJump'>;
  problem: string | undefined;
}

/** The options of ssh (ssh(1)) that say where to go and as whom; all others belong in the SSH configuration. */
const options = { p: 'port', l: 'user', i: 'identityFile', J: 'proxyJump' } as const;

/**
 * Reads what people paste as an address of a server: `host`, `user@host`, `host:2222`, `[v6]:22`, `ssh://…` and a command
 * line of ssh with `-p`, `-l`, `-i` and `-J`, such as `ssh -J bastion -p 2222 user@host`. What is absent is left out.
 */
export function parseTarget(text: string): Target {
  const command = /^ssh\s+(\S.*)$/is.exec(text.trim());
  if (!command) return parseAddress(text.trim(), {});
  const given: Target['target'] = { host: '' };
  let address = '';
  const words = command[1]!.split(/\s+/);
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    const name = options[word[1] as keyof typeof options];
    if (!word.startsWith('-')) address = address === '' ? word : `${address} ${word}`;
    else if (!name)
      return {
        target: given,
        problem: `The option ${word} is not supported here. Put it into your SSH config as a Host, and enter that Host.`,
      };
    else {
      const value = word.slice(2) || (words[++index] ?? '');
      if (name === 'port') given.port = Number(value);
      else given[name] = value;
    }
  }
  return parseAddress(address, given);
}

function parseAddress(text: string, given: Partial<Target['target']>): Target {
  const rest = text.replace(/^ssh:\/\//i, '').replace(/\/$/, '');
  const at = rest.lastIndexOf('@');
  let host = rest.slice(at + 1);
  let { port } = given;
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(host);
  const plain = /^([^:]+):(\d+)$/.exec(host);
  const split = bracketed ?? plain;
  if (split) {
    host = split[1]!;
    if (split[2] !== undefined) port = Number(split[2]);
  }
  const user = at > 0 ? rest.slice(0, at) : given.user;
  const target = { ...given, host, ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port }) };
  return { target, problem: problemOf(target) };
}

function problemOf({ host, user, port, identityFile, proxyJump }: Target['target']): string | undefined {
  return (
    validateHost(host) ??
    (user === undefined ? undefined : validateUser(user)) ??
    (port === undefined || (Number.isInteger(port) && port >= 1 && port <= 65535)
      ? undefined
      : `Port ${port} does not exist. TCP ports go from 1 to 65535; SSH is usually 22.`) ??
    (identityFile === '' ? 'Behind -i comes the path of a private key file.' : undefined) ??
    (proxyJump === undefined ? undefined : validateJumps(proxyJump))
  );
}

/** Jump hosts as ssh -J takes them: `[user@]host[:port]`, separated by commas; each is judged as a server itself. */
export function validateJumps(text: string): string | undefined {
  for (const hop of text.split(',')) {
    const problem = parseAddress(hop, {}).problem;
    if (problem !== undefined) return `The jump host “${hop}” cannot be: ${problem}`;
  }
  return undefined;
}

/** The same in one line, as a user may type it: `user@host:port`, and as a command of ssh where there is a jump host. */
export function targetText({ host, user, port, proxyJump }: Target['target']): string {
  const address = port === undefined ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const login = user === undefined ? address : `${user}@${address}`;
  return proxyJump === undefined ? login : `ssh -J ${proxyJump} ${login}`;
}

/** A host name, an IP address, or a Host of the SSH config: no spaces, no shell characters, no leading dash. */
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
  if (name.length > 100) return 'That name is too long for the sidebar. Use at most 100 characters.';
  return taken.includes(name) ? `There is already a server named “${name}”. Choose another name.` : undefined;
}

function describe(character: string): string {
  if (character === ' ') return 'a space';
  return /[\u0000-\u001f\u007f]/.test(character) ? 'a line break or control character' : `“${character}”`;
}
