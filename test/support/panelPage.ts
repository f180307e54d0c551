import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { installPackages } from './packages';
import { pageHtml } from '../../src/views/dnsPanel/page';
import type { FromPage, ToPage } from '../../webview/messages';
import { themes } from './themes';

export interface PanelPage {
  page: Page;
  /** What the page has said to the extension, in order. */
  sent(): Promise<FromPage[]>;
  send(message: ToPage): Promise<void>;
  /** Console errors and policy violations. */
  complaints: string[];
}

export interface PanelBrowser {
  open(theme: keyof typeof themes, size?: { width: number; height: number }, state?: unknown): Promise<PanelPage>;
  close(): Promise<void>;
}

const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
  '.html': 'text/html',
};

/**
 * Builds the panel's real page and opens it in Chromium under its real content policy. Around it stands what VS Code puts there: the
 * theme's variables, the body's class, `acquireVsCodeApi` (which records what is sent).
 */
export async function startPanelBrowser(): Promise<PanelBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'chasquid-panel-'));
  await build({
    entryPoints: ['webview/dnsPanel.ts'],
    outdir: folder,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    loader: { '.ttf': 'file' },
    logLevel: 'silent',
  });
  const server = createServer((request, response) => {
    const name = new URL(request.url!, 'http://localhost').pathname.slice(1);
    if (name === 'page.html') {
      const html = pageHtml({
        script: '/dnsPanel.js',
        style: '/dnsPanel.css',
        source: "'self'",
        server: 'mail.example.test',
        domain: 'example.test',
      });
      return void response.setHeader('content-type', types['.html']!).end(html);
    }
    readFile(join(folder, name)).then(
      content => response.setHeader('content-type', types[extname(name)] ?? 'text/plain').end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const own = process.env.CHROMIUM;
  if (!own) await installPackages(['chromium']);
  const browser: Browser = await chromium.launch({
    executablePath: own ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  return {
    async open(theme, size = { width: 1100, height: 900 }, state) {
      const context = await browser.newContext({ viewport: size });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', message => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', error => complaints.push(String(error)));
      await page.addInitScript(surroundings(theme, state));
      await page.goto(`http://127.0.0.1:${port}/page.html`);
      // The page's policy forbids what waitForFunction would evaluate.
      await page.waitForSelector('[data-testid="check-again"]');
      return {
        page,
        complaints,
        sent: () => page.evaluate<FromPage[]>('window.sent'),
        send: message => page.evaluate(`window.postMessage(${JSON.stringify(message)}, '*')`),
      };
    },
    async close() {
      await browser.close();
      await new Promise(resolve => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As text: it runs in the page, which knows nothing of this side's compiler. */
function surroundings(theme: keyof typeof themes, state: unknown): string {
  return `
    window.sent = [];
    window.kept = ${JSON.stringify(state) ?? 'undefined'};
    window.acquireVsCodeApi = () => ({
      postMessage: message => window.sent.push(message),
      getState: () => window.kept,
      setState: value => (window.kept = JSON.parse(JSON.stringify(value))),
    });
    document.addEventListener('DOMContentLoaded', () => {
      const { kind, colours } = ${JSON.stringify(themes[theme])};
      for (const [name, value] of Object.entries(colours)) document.documentElement.style.setProperty('--vscode-' + name, value);
      document.body.className = kind;
    });`;
}
