import { access } from 'node:fs/promises';
import { loginAddress } from '../ssh/config/address';
import { resolveRoute } from '../ssh/connect/route';
import type { SshTarget } from '../ssh/config/target';
import { sameSecret, type SecretName, type Secrets } from './secrets';

/** A server entry, and where it leads. */
export interface Login {
  name: string;
  target: SshTarget;
}

/**
 * Stores what was given together with a server entry: the password for the server itself, never for a jump host; the
 * passphrase for the key files that the login would try.
 * @throws SshConfigError when nobody can tell where the entry leads
 */
export async function storeLogin(
  secrets: Secrets,
  { name, target }: Login,
  { password, passphrase }: { password?: string; passphrase?: string },
): Promise<void> {
  if (password === undefined && passphrase === undefined) return;
  const server = (await resolveRoute(target, { log: () => undefined })).at(-1)!;
  if (password !== undefined) await secrets.set(['password', loginAddress(server)], password, name);
  if (passphrase === undefined) return;
  for (const file of server.identityFiles) {
    const exists = await access(file).then(
      () => true,
      () => false,
    );
    if (exists) await secrets.set(['passphrase', file], passphrase, name);
  }
}

/**
 * Deletes the passwords and passphrases of an entry that was changed or removed, its jump hosts' included, which no entry
 * uses any more.
 * @param old as it was; its name is the one it has now
 * @param rest all entries as they are now
 */
export async function forgetUnused(secrets: Secrets, old: Login, rest: readonly Login[]): Promise<void> {
  const before = await namesOf(old);
  const now = (await Promise.all(rest.map(namesOf))).flat();
  const others = rest.map(login => login.name).filter(name => name !== old.name);
  for (const { name, servers } of await secrets.list()) {
    if (name[0] !== 'password' && name[0] !== 'passphrase') continue;
    const wasMine = servers.includes(old.name) || before.some(mine => sameSecret(mine, name));
    const isUsed = now.some(used => sameSecret(used, name)) || servers.some(server => others.includes(server));
    if (wasMine && !isUsed) await secrets.delete(name);
  }
}

/** The stored keys of DNS providers and TSIG keys that this server entry has used, and none of the `others`. */
export async function unusedDnsKeys(
  secrets: Secrets,
  server: string,
  others: readonly string[],
): Promise<SecretName[]> {
  const used = (await secrets.list()).filter(
    ({ name: [kind], servers }) =>
      (kind === 'dnsKeys' || kind === 'tsigKey') &&
      servers.includes(server) &&
      !servers.some(name => others.includes(name)),
  );
  return used.map(({ name }) => name);
}

/** What a login may ask for. Empty when the SSH configuration cannot be read. */
async function namesOf({ target }: Login): Promise<SecretName[]> {
  const route = await resolveRoute(target, { log: () => undefined }).catch(() => []);
  return route.flatMap((hop): SecretName[] => [
    ['password', loginAddress(hop)],
    ...hop.identityFiles.map(file => ['passphrase', file] as const),
  ]);
}
