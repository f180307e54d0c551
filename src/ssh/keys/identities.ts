import type { ParsedKey } from 'ssh2';
import { messageOf } from '../../text/problem';
import { type Agent, openAgent } from './agent';
import type { HostConfig } from '../config/config';
import { type Attempt, KeyFileError } from '../errors';
import { sha256Fingerprint } from './fingerprint';
import { decryptKey, type KeyFile, readKeyFile } from './keyFile';
import type { Ssh2 } from '../library';
import type { SshDeps } from '../config/target';

/** A key to try: its public half is offered first, and only when the server wants it is it asked to sign. */
export interface Identity {
  /** For people: the file, or the agent's name for it. */
  label: string;
  /** Asks for a passphrase only where the file does not tell the public half. @throws Error as `sign` does */
  publicKey(): Promise<ParsedKey>;
  /** The raw signature. May ask for a passphrase. @throws Error with the reason, fit for a list of attempts */
  sign(data: Buffer, hash: 'sha256' | 'sha512' | undefined): Promise<Buffer>;
}

const passphraseTries = 3;

/**
 * The keys to try, in OpenSSH's order: the user's own choice; the agent's keys that the configuration names; its
 * other keys (not with IdentitiesOnly); key files. What cannot be used is told in `skipped`.
 * @throws KeyFileError when the file that was chosen for this very server cannot be used
 */
export async function gatherIdentities(
  config: HostConfig,
  deps: Pick<SshDeps, 'prompts' | 'log'>,
  ssh2: Ssh2,
  signal?: AbortSignal,
): Promise<{ identities: Identity[]; skipped: Attempt[] }> {
  const skipped: Attempt[] = [];
  const skip = (what: string, result: string) => skipped.push({ method: 'publickey', what, result });

  const files: KeyFile[] = [];
  let chosen: KeyFile | undefined;
  for (const [index, file] of config.identityFiles.entries()) {
    const mine = config.chosenIdentity && index === 0;
    try {
      const read = await readKeyFile(file, ssh2);
      files.push(read);
      if (mine) chosen = read;
    } catch (error) {
      if (!(error instanceof KeyFileError) || mine) throw error;
      if (error.reason !== 'missing' || index < config.namedIdentities) skip(file, lowerFirst(error.problem.why));
    }
  }

  const agent = config.agent ? await reachAgent(config.agent, ssh2, skip, deps) : undefined;
  const held: { identity: Identity; file?: KeyFile }[] = [];
  for (const { key, type, comment } of agent?.keys ?? []) {
    const label = `the agent's key ${comment || (key ? sha256Fingerprint(key.getPublicSSH()) : type)}`;
    if (!key) {
      skip(label, `its type ${type} is not supported here`);
      continue;
    }
    const blob = key.getPublicSSH();
    const file = files.find(one => publicKeyOf(one)?.getPublicSSH().equals(blob));
    if (!file && config.identitiesOnly) continue;
    const sign: Identity['sign'] = (data, hash) => agent!.sign(key, data, hash);
    const identity = { label: file ? `${file.file} (agent)` : label, publicKey: async () => key, sign };
    held.push({ identity, ...(file && { file }) });
  }

  const fromFiles = files
    .filter(file => !held.some(one => one.file === file))
    .flatMap(file => {
      const identity = identityOf(file, deps, ssh2, signal);
      if (!identity) skip(file.file, 'it is a public key and no agent holds the private one');
      return identity ? [{ file, identity }] : [];
    });
  const ordered = [
    ...held.filter(one => one.file).map(({ file, identity }) => ({ file, identity })),
    ...held.filter(one => !one.file).map(({ identity }) => ({ file: undefined, identity })),
    ...fromFiles,
  ];
  const first = ordered.filter(one => chosen && one.file === chosen);
  const rest = ordered.filter(one => !first.includes(one));
  return { identities: [...first, ...rest].map(one => one.identity), skipped };
}

async function reachAgent(
  socket: string,
  ssh2: Ssh2,
  skip: (what: string, result: string) => void,
  deps: Pick<SshDeps, 'log'>,
): Promise<Agent | undefined> {
  try {
    return await openAgent(socket, ssh2);
  } catch (error) {
    const reason = messageOf(error);
    deps.log('info', `The SSH agent at ${socket} does not answer: ${reason}.`);
    skip(`the agent at ${socket}`, `it does not answer (${lowerFirst(reason)})`);
    return undefined;
  }
}

function identityOf(
  file: KeyFile,
  deps: Pick<SshDeps, 'prompts'>,
  ssh2: Ssh2,
  signal?: AbortSignal,
): Identity | undefined {
  if (file.kind === 'public') return undefined;
  if (file.kind === 'private') {
    const { key } = file;
    return { label: file.file, publicKey: async () => key, sign: async (data, hash) => signWith(key, data, hash) };
  }
  let opened: Promise<ParsedKey> | undefined;
  const open = () => (opened ??= unlock(file, deps, ssh2, signal));
  return {
    label: file.file,
    publicKey: async () => file.publicKey ?? open(),
    sign: async (data, hash) => signWith(await open(), data, hash),
  };
}

async function unlock(
  { file, text }: Extract<KeyFile, { kind: 'encrypted' }>,
  deps: Pick<SshDeps, 'prompts'>,
  ssh2: Ssh2,
  signal?: AbortSignal,
): Promise<ParsedKey> {
  for (let attempt = 1; attempt <= passphraseTries; attempt++) {
    const passphrase = await deps.prompts.passphrase({ keyFile: file, attempt }, signal);
    if (passphrase === undefined) throw new Error('its passphrase was not given');
    const key = decryptKey(file, text, passphrase, ssh2);
    if (key) return key;
  }
  throw new Error(`wrong passphrase, ${passphraseTries} times`);
}

function signWith(key: ParsedKey, data: Buffer, hash: string | undefined): Buffer {
  const signature: Buffer | Error = key.sign(data, hash);
  if (signature instanceof Error) throw signature;
  return signature;
}

function publicKeyOf(file: KeyFile): ParsedKey | undefined {
  return file.kind === 'encrypted' ? file.publicKey : file.key;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
}
