import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { fetchStableVersions } from '@vscode/test-electron/out/download';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache';
import { withLock } from './lock';
import { installPackages } from '../support/packages';

/** The npm package that carries a complete VS Code with its server and its browser-based window. */
const servedPackage = 'code-server@4.139.1';
const nodeMajor = 24;
const buildPackages = ['libkrb5-dev', 'pkg-config', 'make', 'g++', 'python3'];
const probeMs = 5_000;

/** VS Code as a server and a page in a browser. */
export interface ServedVscode {
  /** The folder with VS Code's own `package.json`, `product.json` and `out/server-main.js`. */
  root: string;
  /** The Node that its native modules were built for. */
  node: string;
  /** VS Code's version, as `vscode.version` says it. */
  version: string;
}

/** The executable for test-electron's `runTests`: a desktop VS Code, or the launcher of the served one. */
export interface VscodeForTests {
  kind: 'desktop' | 'served';
  executable: string;
  version: string;
}

/**
 * A VS Code that runs tests inside its extension host: the desktop one where it can be downloaded and shown
 * (`CHASQUID_VSCODE=served` skips it, `CHASQUID_VSCODE_VERSION` names one: a version, or `stable`), else the served one. Throws with the reason when neither can be had.
 */
export async function provideVscode(): Promise<VscodeForTests> {
  const desktop = process.env['CHASQUID_VSCODE'] === 'served' ? undefined : await provideDesktop();
  if (desktop) return desktop;
  const served = await provideServed();
  return { kind: 'served', executable: join(import.meta.dirname, 'launcher'), version: served.version };
}

async function provideDesktop(): Promise<VscodeForTests | undefined> {
  // Electron needs a display, which a headless Linux has not.
  if (process.platform === 'linux' && !process.env['DISPLAY']) return undefined;
  const versions = await Promise.race([
    fetchStableVersions(true, probeMs).catch(() => []),
    new Promise<string[]>(resolve => setTimeout(resolve, probeMs, []).unref()),
  ]);
  const wanted = process.env['CHASQUID_VSCODE_VERSION'] ?? 'stable';
  const version = versions.length === 0 || wanted === 'stable' ? versions[0] : wanted;
  if (!version) return undefined;
  const executable = await downloadAndUnzipVSCode({ version, cachePath: join(cacheFolder(), 'desktop') });
  return { kind: 'desktop', executable, version };
}

/**
 * The served VS Code from the cache, built on first use (Linux; three minutes; needs npm, and apt with root's or sudo's
 * rights when a build package or Chromium is missing). An interrupted build is never used.
 */
export async function provideServed(): Promise<ServedVscode> {
  if (process.platform !== 'linux') {
    throw new Error(
      'VS Code for tests is not here. Its download was not reachable, and the served one is built on Linux only. ' +
        'Run the tests with a network, or on Linux.',
    );
  }
  await installPackages(['chromium']);
  const folder = join(cacheFolder(), servedPackage.replace('@', '-'));
  if (!existsSync(folder)) {
    const waiting = (owner: number) => console.log(`Process ${owner} is installing VS Code; waiting for it`);
    await withLock(`${folder}.lock`, waiting, async () => {
      if (!existsSync(folder)) await build(folder);
    });
  }
  const root = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return { root, node: join(folder, 'node_modules', nodePackage(), 'bin', 'node'), version };
}

/** Builds beside the final folder and moves it into place when all is done. */
async function build(folder: string): Promise<void> {
  const began = Date.now();
  console.log(`Building VS Code for tests (${servedPackage}) in ${folder}; once, about three minutes`);
  await installPackages(buildPackages);
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await writeFile(join(partial, 'package.json'), '{ "private": true }\n');
  const log = join(cacheFolder(), 'install.log');
  await writeFile(log, '');
  // Not the package's own install script here: it wants Node's headers and this exact Node first.
  const packages = [`${nodePackage()}@${nodeMajor}`, servedPackage];
  await step('Fetching packages', log, partial, 'npm', [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    ...packages,
  ]);
  const nodeFolder = join(partial, 'node_modules', nodePackage());
  const { version } = JSON.parse(await readFile(join(nodeFolder, 'package.json'), 'utf8')) as { version: string };
  const environment = {
    PATH: `${join(nodeFolder, 'bin')}:${process.env['PATH'] ?? ''}`,
    npm_config_nodedir: nodeFolder,
    npm_config_user_agent: `npm/11.0.0 node/v${version} linux ${process.arch}`,
  };
  const package_ = join(partial, 'node_modules', 'code-server');
  await step('Compiling native modules', log, package_, 'sh', ['postinstall.sh'], environment);
  await rename(partial, folder);
  console.log(`VS Code for tests is ready after ${Math.round((Date.now() - began) / 1000)} s`);
}

function nodePackage(): string {
  return `node-linux-${process.arch}`;
}

async function step(
  title: string,
  log: string,
  cwd: string,
  command: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<void> {
  console.log(`  ${title}…`);
  const script = 'log=$1; shift; exec "$@" >> "$log" 2>&1';
  const child = spawn('sh', ['-c', script, 'sh', log, command, ...args], {
    cwd,
    // What npm tells its scripts about this project must not reach another project's installation.
    env: { ...withoutNpm(process.env), ...environment },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve));
  if (code !== 0) {
    const tail = (await readFile(log, 'utf8')).split('\n').slice(-40).join('\n');
    throw new Error(
      `${title} failed with ${code}. The end of ${log} says why:\n${tail}\nMend that and run this again.`,
    );
  }
}

function withoutNpm(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = /^npm_(?!config_(registry|cache|userconfig|globalconfig)$)/i;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !own.test(name)));
}
