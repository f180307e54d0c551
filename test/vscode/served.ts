import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { installExtensions } from './extensions';
import type { ServedVscode } from './install';

/** What is asked of a VS Code server. */
export interface ServerOptions {
  vscode: ServedVscode;
  /** Everything the server keeps: settings, state, logs. One folder for one server at a time. */
  dataFolder: string;
  /** The user's settings.json. */
  settings: Record<string, unknown>;
  /** Folders of extensions to install first. */
  extensions?: readonly string[] | undefined;
  /** Start only those of VS Code's own extensions that windows of tests show something of, in a third of the time. */
  fewBuiltIn?: boolean | undefined;
  /** Let the page take extensions under development and tests; VS Code then behaves a little unlike a user's. */
  forTests?: boolean | undefined;
  /** A unix socket to listen on. Without it: a free port of 127.0.0.1. */
  socket?: string | undefined;
  /** A command that runs another one where the server shall live, e.g. `['nsenter', '--net=/run/netns/demo', '--']`. */
  enter?: readonly string[] | undefined;
  /** Added to the environment of the server, and so of the extension host and its terminals. */
  environment?: Record<string, string | undefined> | undefined;
}

export interface Server {
  /** The port of 127.0.0.1, or the path of the unix socket. */
  address: number | string;
  dataFolder: string;
  /** Ends the server, its extension hosts and its terminals. */
  stop(): Promise<void>;
}

const readyWithinMs = 120_000;

/**
 * The settings.json of the user. This VS Code keeps the user's data with the server, on disk, so what is written here
 * before the window opens is the user's own settings, application scope included.
 */
export function userSettingsFile(dataFolder: string): string {
  return join(dataFolder, 'data', 'User', 'settings.json');
}

/** Put in front of a command: it is told to end when the process that started it dies, however that happens. */
export const withParent = ['setpriv', '--pdeathsig', 'TERM'];

/** Of VS Code's own extensions: colours, and the pages of Markdown. All others (git, TypeScript, Copilot, …) do nothing for mail servers. */
const seen = /^(theme-.*|markdown-.*|json|log|shellscript)$/;

/** A folder in `folder` with links to these. */
async function fewExtensions(vscode: ServedVscode, folder: string): Promise<string> {
  const all = join(vscode.root, 'extensions');
  const few = join(folder, 'built-in');
  await mkdir(few, { recursive: true });
  const names = (await readdir(all)).filter(name => seen.test(name));
  await Promise.all(names.map(name => symlink(join(all, name), join(few, name))));
  return few;
}

/** Starts VS Code's server. Throws with its last words when it ends or does not listen within two minutes. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { vscode, dataFolder, socket } = options;
  const settingsFile = userSettingsFile(dataFolder);
  await mkdir(dirname(settingsFile), { recursive: true });
  await writeFile(settingsFile, JSON.stringify(options.settings, undefined, 2));
  // What VS Code and the tests inside of it leave behind goes when the data folder does.
  const temporary = join(dataFolder, 'tmp');
  await mkdir(temporary, { recursive: true });
  await installExtensions(options.extensions ?? [], join(dataFolder, 'extensions'));
  const words = [
    ...withParent,
    ...(options.enter ?? []),
    vscode.node,
    join(vscode.root, 'out', 'server-main.js'),
    ...(socket ? ['--socket-path', socket] : ['--host', '127.0.0.1', '--port', '0']),
    '--without-connection-token',
    '--accept-server-license-terms',
    '--disable-workspace-trust',
    // Without it the page ignores the paths of an extension under development; with it there are no notification toasts.
    ...(options.forTests ? ['--enable-smoke-test-driver'] : []),
    '--disable-telemetry',
    '--telemetry-level',
    'off',
    '--server-data-dir',
    dataFolder,
    ...(options.fewBuiltIn ? ['--builtin-extensions-dir', await fewExtensions(vscode, dataFolder)] : []),
  ];
  const [command, ...args] = words as [string, ...string[]];
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: temporary, ...options.environment, npm_config_user_agent: undefined },
  });
  const stop = (): Promise<void> => stopGroup(child);
  try {
    const address = await listening(child, join(dataFolder, 'server.log'), socket);
    return { address, dataFolder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function listening(child: ChildProcess, log: string, socket: string | undefined): Promise<number | string> {
  const file = createWriteStream(log);
  const lines: string[] = [];
  return await new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`VS Code's server did not start. ${why} Its log is ${log}:\n${lines.slice(-20).join('\n')}`));
    };
    const timer = setTimeout(fail, readyWithinMs, `It did not listen within ${readyWithinMs / 1000} s.`);
    child.once('error', error => fail(`${error.message}.`));
    child.once('exit', (code, signal) => fail(`It ended with ${code ?? signal}.`));
    for (const stream of [child.stdout!, child.stderr!]) {
      createInterface({ input: stream }).on('line', line => {
        file.write(`${line}\n`);
        if (lines.length < 1000) lines.push(line);
        const found = /Extension host agent listening on (.+)$/.exec(line);
        if (!found) return;
        clearTimeout(timer);
        child.removeAllListeners('exit');
        resolve(socket ?? Number(found[1]));
      });
    }
  });
}

/** Ends a process that leads its own group, and the group with it. */
export async function stopGroup(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>(resolve => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(signalGroup, 5_000, child, 'SIGKILL');
  await gone;
  clearTimeout(timer);
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
