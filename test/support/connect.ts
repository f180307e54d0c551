import { rootShell, userShell, type RootShell } from '../../src/host/protocol/privilege';
import type { Shell } from '../../src/host/protocol/shell';
import { SshConnection } from '../../src/ssh/connection';
import type { SshDeps } from '../../src/ssh/config/target';
import type { Host } from '../sandbox/host';
import { passwords } from '../sandbox/passwords';

const nobody = (): Promise<undefined> => Promise.reject(new Error('Nobody is here to answer.'));

/** Trusts exactly the keys which the sandbox gave to the host. */
function depsFor(host: Host): SshDeps {
  return {
    prompts: {
      password: nobody,
      passphrase: nobody,
      keyboardInteractive: nobody,
      unknownHostKey: ask => Promise.resolve(host.hostKeys.some(key => key.sha256 === ask.sha256)),
    },
    trustStore: { get: () => Promise.resolve([]), add: () => Promise.resolve() },
    log: () => undefined,
  };
}

/** Our own SSH connection to a host of the sandbox, with the user's key; `by`: another address that leads to it. */
export function connect(
  host: Host,
  user = 'root',
  by: { host: string; port: number } = { host: host.ipv4, port: 22 },
): Promise<SshConnection> {
  const target = {
    ...by,
    user,
    identityFile: host.clientKeyFile,
    configFile: 'none',
    knownHostsFiles: [],
    agent: 'none',
  };
  return SshConnection.connect(target, depsFor(host));
}

/** A root shell over such a connection; `close` ends the connection. */
export async function connectRoot(host: Host, user = 'root'): Promise<RootShell & { connection: SshConnection }> {
  const connection = await connect(host, user);
  const password = (passwords as Record<string, string>)[user];
  const shell = await rootShell(connection, () => Promise.resolve(password));
  return Object.assign(shell, { connection });
}

export async function connectUser(host: Host, user: string): Promise<Shell & { connection: SshConnection }> {
  const connection = await connect(host, user);
  return Object.assign(userShell(connection), { connection });
}
