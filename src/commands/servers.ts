import * as os from 'node:os';
import * as vscode from 'vscode';
import type { App } from './composedApp';
import { Cancelled } from '../app/cancelled';
import type { Login } from '../app/loginSecrets';
import { sshTarget } from '../app/ports';
import type { SecretName } from '../app/secrets';
import { secretTitle } from '../app/secretTitle';
import type { ServerSession } from '../app/session';
import { readServers, writeServers, type ServerEntry } from '../app/settings';
import { confirm, showInformation } from '../app/window';
import { Wizard } from '../views/wizard';
import { connected, defineCommand, followUp, pickServer, RemediableError, type ServerArgs } from './command';
import { parseTarget, targetText, validateHost, validateName, validateUser } from '../app/serverInputs';

interface ServerInputs extends Partial<ServerEntry> {
  password?: string;
  passphrase?: string;
}

type LoginMethod = 'agent' | 'password' | 'file';

export const addServer = defineCommand(async (app: App, args: ServerInputs, { interactive }) => {
  const entry = await askEntry(app, 'Add Server', args, undefined);
  await save(app, entry, undefined, args);
  return test(app, entry, interactive);
});

export const editServer = defineCommand(async (app: App, args: ServerInputs & ServerArgs, { interactive }) => {
  const session = await pickServer(app, args, 'Edit Server');
  const entry = await askEntry(app, `Edit ${session.name}`, args, session.entry);
  await save(app, entry, session.entry, args);
  return test(app, entry, interactive);
});

interface RemoveArgs extends ServerArgs {
  /** Deletes the stored keys of its DNS too. */
  forgetDnsKeys?: boolean;
}

export const removeServer = defineCommand(async (app: App, args: RemoveArgs, { interactive, mustConfirm }) => {
  const session = await pickServer(app, args, 'Remove Server');
  if (mustConfirm) {
    await confirm(`Remove ${session.name} from the list?`, {
      detail: 'The server itself is not touched. Its stored passwords are forgotten here.',
      button: 'Remove',
    });
  }
  const { entry } = session;
  const rest = readServers().filter(other => other.name !== entry.name);
  await writeServers(rest);
  const { forgetUnused, unusedDnsKeys } = await import('../app/loginSecrets');
  await forgetUnused(app.secrets, login(entry), rest.map(login));
  const left = await unusedDnsKeys(
    app.secrets,
    entry.name,
    rest.map(({ name }) => name),
  );
  if (args.forgetDnsKeys) for (const name of left) await app.secrets.delete(name);
  else if (interactive) void afterRemoval(app, entry, left);
  return entry;
});

/** Says that an entry was removed, and offers what may be wanted then. */
async function afterRemoval(app: App, entry: ServerEntry, dnsKeys: readonly SecretName[]): Promise<void> {
  const forget = 'Delete DNS Keys';
  const removed = `${entry.name} was removed from the list.`;
  const choice =
    dnsKeys.length === 0
      ? await showInformation(removed, 'Undo')
      : await showInformation(`${removed} Still stored: ${dnsKeys.map(secretTitle).join('; ')}.`, 'Undo', forget);
  if (choice === 'Undo') await writeServers([...readServers(), entry]);
  if (choice !== forget) return;
  await Promise.all(dnsKeys.map(name => app.secrets.delete(name)));
  void showInformation('The DNS keys were deleted.');
}

export const connect = defineCommand(async (app: App, args: ServerArgs, { interactive }) => {
  const session = await reach(await pickServer(app, args, 'Connect'), interactive);
  return session.knownFacts();
});

export const disconnect = defineCommand(async (app: App, args: ServerArgs) => {
  (await pickServer(app, args, 'Disconnect')).disconnect();
});

export const refresh = defineCommand(async (app: App, args: ServerArgs) => {
  if (args.server === undefined && app.sessions.all().length !== 1) return app.sessions.refreshConnected();
  const session = await connected(await pickServer(app, args, 'Refresh'));
  return session.refresh();
});

async function askEntry(
  app: App,
  title: string,
  given: ServerInputs,
  old: ServerEntry | undefined,
): Promise<ServerEntry> {
  const others = readServers()
    .map(entry => entry.name)
    .filter(name => name !== old?.name);
  const entry: Partial<ServerEntry> = { ...old, ...pickFields(given) };
  let method: LoginMethod | undefined;
  let isUserGiven = false;
  let isKeyGiven = false;
  await new Wizard(title, [
    async wizard => {
      if (given.host !== undefined) return refuse(validateHost(given.host));
      const text = await wizard.text({
        prompt: 'Host name or address of the server. A Host of your SSH config works too.',
        placeholder: 'mail.example.com, root@203.0.113.7 or ssh -J jump.example.com root@mail.example.com',
        value: entry.host === undefined ? '' : targetText({ ...entry, host: entry.host }),
        validate: value => parseTarget(value).problem,
      });
      const { target } = parseTarget(text);
      isUserGiven = target.user !== undefined;
      isKeyGiven = target.identityFile !== undefined;
      delete entry.port;
      delete entry.proxyJump;
      Object.assign(entry, target);
    },
    async wizard => {
      if (given.user !== undefined) return refuse(validateUser(given.user));
      if (given.host !== undefined || isUserGiven) return;
      entry.user = await wizard.text({
        prompt: 'User to log in as: root, or one that may use sudo.',
        value: entry.user ?? (await configuredUser(entry.host!)) ?? 'root',
        validate: validateUser,
      });
    },
    async wizard => {
      if (given.host !== undefined || isKeyGiven) return;
      method = await wizard.pick<LoginMethod>('How do you log in?', [
        { label: '$(key) SSH agent or default keys', description: 'what ssh itself would use', value: 'agent' },
        { label: '$(file) A key file…', value: 'file' },
        {
          label: '$(lock) Password',
          description: 'asked when it is needed; you can have it remembered',
          value: 'password',
        },
      ]);
      if (method !== 'file') delete entry.identityFile;
      else entry.identityFile = await askKeyFile(entry.identityFile);
    },
    async wizard => {
      if (given.name !== undefined) return refuse(validateName(given.name, others));
      if (given.host !== undefined && entry.name === undefined) {
        entry.name = given.host;
        return refuse(validateName(entry.name, others));
      }
      entry.name = await wizard.text({
        prompt: 'Name in the sidebar.',
        value: old?.name ?? entry.host ?? '',
        validate: value => validateName(value, others),
      });
    },
  ]).run();
  return entry as ServerEntry;
}

/** Whom the SSH configuration logs in at this host, when it names somebody. An error in it is for the login to tell. */
async function configuredUser(host: string): Promise<string | undefined> {
  const { resolveConfig } = await import('../ssh/config/config');
  const config = await resolveConfig(sshTarget({ host }), { log: () => undefined }).catch(() => undefined);
  return config && config.user !== os.userInfo().username ? config.user : undefined;
}

async function askKeyFile(present: string | undefined): Promise<string> {
  const folder = vscode.Uri.file(present ?? `${os.homedir()}/.ssh`);
  const files = await vscode.window.showOpenDialog({
    title: 'Private key file',
    openLabel: 'Use This Key',
    defaultUri: folder,
    canSelectMany: false,
  });
  if (!files?.[0]) throw new Cancelled();
  return files[0].fsPath;
}

function pickFields(given: ServerInputs): Partial<ServerEntry> {
  const { name, host, port, user, identityFile, proxyJump } = given;
  const fields = { name, host, port, user, identityFile, proxyJump };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new Error(problem);
}

async function save(app: App, entry: ServerEntry, old: ServerEntry | undefined, secrets: ServerInputs): Promise<void> {
  const servers = readServers();
  const index = old ? servers.findIndex(other => other.name === old.name) : -1;
  await writeServers(index < 0 ? [...servers, entry] : servers.with(index, entry));
  const { forgetUnused, storeLogin } = await import('../app/loginSecrets');
  if (old) {
    if (old.name !== entry.name) await app.secrets.renameServer(old.name, entry.name);
    await forgetUnused(app.secrets, { ...login(old), name: entry.name }, readServers().map(login));
  }
  await storeLogin(app.secrets, login(entry), secrets);
}

function login(entry: ServerEntry): Login {
  return { name: entry.name, target: sshTarget(entry) };
}

/** The connection test at the end of Add Server. The entry is kept when it fails: the row says why, and Edit Server fixes it. */
async function test(app: App, entry: ServerEntry, interactive: boolean): Promise<ServerEntry> {
  const session = app.sessions.get(entry.name);
  if (!session)
    throw new Error(
      `The server “${entry.name}” could not be saved in the settings. A policy or a read-only settings file may forbid it. Open the setting chasquid.servers and add it there.`,
    );
  await reach(session, interactive);
  return entry;
}

/** A key that is not the one we know is no matter of trying again: nothing may lead past it with one press. */
const notByTrying = ['host-key-changed', 'host-key-revoked'];

/** Connects; a user is offered to try again or to correct the entry. */
async function reach(session: ServerSession, interactive: boolean): Promise<ServerSession> {
  try {
    return await connected(session);
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (!interactive || !(error instanceof Error) || error instanceof Cancelled || notByTrying.includes(code))
      throw error;
    const inputs = { server: session.name };
    throw new RemediableError(error, [
      { title: 'Try Again', run: () => followUp('connect', inputs) },
      { title: 'Edit Server…', run: () => followUp('editServer', inputs) },
    ]);
  }
}
