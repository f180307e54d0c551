import * as os from 'node:os';
import * as path from 'node:path';
import type * as vscode from 'vscode';
import type { Shell } from '../host/protocol/shell';
import type { Remote } from '../ssh/remote';
import type { SshTarget } from '../ssh/config/target';
import { askSudoPassword, loginWindow } from './prompts';
import type { Secrets } from './secrets';
import type { SessionPorts } from './session';
import { setting, type ServerEntry } from './settings';
import { shortReason } from './shortReason';

/** How sessions reach servers from inside VS Code. SSH and what asks the server are loaded when first needed. */
export function sessionPorts(log: vscode.LogOutputChannel, secrets: Secrets, storage: string): SessionPorts {
  return {
    async connect(entry, signal, onQuestion) {
      const [{ SshConnection }, { FileTrustStore }, { LoginPrompts, silentWindow }] = await Promise.all([
        import('../ssh/connection'),
        import('../ssh/hostKeys/trustStore'),
        import('./login'),
      ]);
      const prompts = new LoginPrompts(entry.name, secrets, onQuestion ? silentWindow(onQuestion) : loginWindow);
      const connection = await SshConnection.connect(
        sshTarget(entry),
        {
          prompts,
          trustStore: new FileTrustStore(path.join(storage, 'known_hosts')),
          log: (level, text) => log[level](`${entry.name}: ${text}`),
        },
        signal,
      );
      // The login has succeeded, whatever the keyring of the system says.
      await prompts
        .succeeded()
        .catch((error: unknown) => log.warn(`${entry.name}: The password could not be remembered: ${String(error)}`));
      return connection;
    },
    askSudoPassword: ({ user, problem }) => askSudoPassword(`sudo password of ${user}`, problem),
    async openRootShell(remote, askPassword) {
      const { rootShell } = await import('../host/protocol/privilege');
      return rootShell(remote, askPassword);
    },
    async readFacts(remote, shell) {
      const { readFacts } = await import('../host/facts/readFacts');
      return readFacts(shell ?? (await ordinaryShell(remote)));
    },
    log: (level, text) => log[level](text),
    shortReason,
  };
}

async function ordinaryShell(remote: Remote): Promise<Shell> {
  const { userShell } = await import('../host/protocol/privilege');
  return userShell(remote);
}

/** The entry as SSH is to take it; what it leaves out comes from the OpenSSH configuration. */
export function sshTarget(entry: Omit<ServerEntry, 'name'>): SshTarget {
  const { host, port, user, identityFile, proxyJump } = entry;
  const configFile = setting('ssh.configFile', '');
  const knownHosts = setting('ssh.knownHostsFile', '');
  return {
    host,
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
    ...(identityFile === undefined ? {} : { identityFile: expandHome(identityFile) }),
    ...(proxyJump === undefined ? {} : { proxyJump }),
    ...(configFile === '' || configFile === '~/.ssh/config' ? {} : { configFile: expandHome(configFile) }),
    ...(knownHosts === '' ? {} : { knownHostsFiles: [expandHome(knownHosts)] }),
  };
}

function expandHome(file: string): string {
  return file.startsWith('~/') ? path.join(os.homedir(), file.slice(2)) : file;
}
