import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BrowserContext, Page } from 'playwright-core';
import { projectRoot } from '../cache';
import { provideServed } from '../install';
import { openBrowser, pageAddress, whenRestored, type Size } from '../page';
import { startServer, stopGroup, withParent } from '../served';
import { patienceMs } from './actor';
import { quietSettings, themes, type Theme } from '../settings';

/** How a window is opened. */
export interface WindowOptions {
  /** The folder or `.code-workspace` file to open; without it an empty window. */
  folder?: string;
  /** The user's settings, added to those that keep the window quiet. */
  settings?: Record<string, unknown>;
  /** Folders of extensions to install; the project itself, as it would be packaged, when left out. */
  extensions?: readonly string[];
  /** See {@link ServerOptions.fewBuiltIn}. */
  fewBuiltIn?: boolean;
  theme?: Theme;
  size?: Size;
  /** Added to the environment of the extension host and its terminals. */
  environment?: Record<string, string | undefined>;
  /**
   * A command that runs another one in the network where VS Code and its browser shall live, e.g.
   * `['nsenter', '--net=/run/netns/demo', '--']`. The server then listens on a unix socket.
   */
  network?: readonly string[];
}

/** A running server with one window. */
export interface Session {
  page: Page;
  /** The folder with the server's settings, state and logs. */
  dataFolder: string;
  /** The server's unix socket, when it has one: `forward.ts` opens it to a user's browser. */
  socket: string | undefined;
  /** The address of the window's page, with the port of the browser's own network. */
  address: string;
  close(): Promise<void>;
}

const size: Size = { width: 1280, height: 800 };

/** Starts VS Code and opens its window. Whatever fails, nothing stays behind. */
export async function openSession(options: WindowOptions = {}): Promise<Session> {
  const scratch = await mkdtemp(join(tmpdir(), 'chasquid-window-'));
  const undo: (() => Promise<unknown>)[] = [() => rm(scratch, { recursive: true, force: true, maxRetries: 3 })];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const { network, extensions = [projectRoot] } = options;
    const dataFolder = join(scratch, 'data');
    const socket = network ? join(scratch, 'vscode.sock') : undefined;
    const starting = startServer({
      vscode: await provideServed(),
      dataFolder,
      extensions,
      fewBuiltIn: options.fewBuiltIn,
      settings: { ...quietSettings, 'workbench.colorTheme': themes[options.theme ?? 'dark'], ...options.settings },
      socket,
      enter: network,
      environment: options.environment,
    });
    const opening = openBrowser({ folder: scratch, size: options.size ?? size, enter: network });
    undo.push(
      // What did not start has left nothing behind.
      () =>
        starting.then(
          server => server.stop(),
          () => undefined,
        ),
      () =>
        opening.then(
          ({ browser }) => browser.close(),
          () => undefined,
        ),
    );
    const [server, { context }] = await Promise.all([starting, opening]);
    const port = socket ? await forwardInside(network!, socket, undo) : server.address;
    await keepSecrets(context);
    const page = await context.newPage();
    page.setDefaultTimeout(patienceMs);
    const address = pageAddress({ authority: `127.0.0.1:${port}`, folder: options.folder });
    await page.goto(address, { timeout: 180_000 });
    await whenRestored(page);
    return { page, dataFolder, socket, address, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * VS Code's page encrypts the secrets of extensions with a key of which the web server in front of it holds one half.
 * Here that half is the browser context's: secrets last as long as it does, reloads included.
 */
async function keepSecrets(context: BrowserContext): Promise<void> {
  const half = randomBytes(32);
  await context.route('**/mint-key', route => route.fulfill({ body: half }));
}

/** A way from the browser to the unix socket, in the browser's own network. Returns the port. */
async function forwardInside(
  network: readonly string[],
  socket: string,
  undo: (() => Promise<unknown>)[],
): Promise<number> {
  const script = join(import.meta.dirname, '..', 'forward.ts');
  const words = [...withParent, ...network, process.execPath, '--import', 'tsx', script, '0', socket];
  const [command, ...args] = words as [string, ...string[]];
  const child = spawn(command, args, { cwd: projectRoot, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  undo.push(() => stopGroup(child));
  return await portPrinted(child);
}

async function portPrinted(child: ChildProcess): Promise<number> {
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`The forwarder to VS Code ended with ${code} before it listened.`)));
    createInterface({ input: child.stdout! }).on('line', line => {
      const port = /^forwarding \S+:(\d+) to /.exec(line)?.[1];
      if (port) resolve(Number(port));
    });
  });
}
