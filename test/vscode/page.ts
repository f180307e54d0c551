import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** A window's inner size in CSS pixels. */
export interface Size {
  width: number;
  height: number;
}

export interface BrowserOptions {
  /** Where a helper script may be left. */
  folder: string;
  size: Size;
  /** A command that runs another one where Chromium shall live; see {@link ServerOptions.enter}. */
  enter?: readonly string[] | undefined;
}

const executable = '/usr/bin/chromium';
const quietFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A headless Chromium with a context whose pages may use the clipboard. */
export async function openBrowser(options: BrowserOptions): Promise<{ browser: Browser; context: BrowserContext }> {
  const browser = await chromium.launch({ executablePath: await entering(options), args: quietFlags });
  const context = await browser.newContext({
    viewport: options.size,
    permissions: ['clipboard-read', 'clipboard-write'],
    // The page's own lookups never decide a test.
    serviceWorkers: 'allow',
  });
  return { browser, context };
}

/** Playwright starts one executable file, so a command in front of Chromium becomes a script. */
async function entering({ folder, enter }: BrowserOptions): Promise<string> {
  if (!enter?.length) return executable;
  const script = join(folder, 'chromium');
  const words = enter.map(word => `'${word.replaceAll("'", "'\\''")}'`);
  await writeFile(script, `#!/bin/sh\nexec ${words.join(' ')} ${executable} "$@"\n`);
  await chmod(script, 0o755);
  return script;
}

export interface PageOptions {
  /** Where the window's page is reached: `127.0.0.1:PORT`. */
  authority: string;
  /** The folder or `.code-workspace` file to open. */
  folder?: string | undefined;
  /** Folders of extensions under development. */
  extensions?: readonly string[] | undefined;
  /** The module whose `run()` is called inside the extension host. */
  tests?: string | undefined;
}

/** The address of a window: VS Code's page with what a desktop VS Code is told on its command line. */
export function pageAddress({ authority, folder, extensions = [], tests }: PageOptions): string {
  const remote = (path: string): string => `vscode-remote://${authority}${encodeURI(path)}`;
  const payload = [
    ...extensions.map(path => ['extensionDevelopmentPath', remote(path)]),
    ...(tests ? [['extensionTestsPath', remote(tests)]] : []),
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  if (folder) query.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', folder);
  return `http://${authority}/?${query.toString().replaceAll('+', '%20')}`;
}

/** Waits until the window has restored everything it shows at its start. */
export async function whenRestored(page: Page): Promise<void> {
  const restored = (): boolean => performance.getEntriesByName('code/didStartWorkbench').length > 0;
  await page.waitForFunction(restored, undefined, { timeout: 180_000 });
}
