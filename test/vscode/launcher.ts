/**
 * The served VS Code behind the command line of a desktop one, so that test-electron's `runTests` starts either:
 *
 *     launcher [--user-data-dir DIR] [--extensionDevelopmentPath=DIR]… [--extensionTestsPath=MODULE] [FOLDER]
 *
 * It ends with the exit code of the tests. Other options of VS Code are taken and ignored. What the window logs goes to
 * `test-out/vscode/launcher.log`.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { outputFolder } from './cache';
import { provideServed } from './install';
import { openBrowser, pageAddress } from './page';
import { startServer, userSettingsFile } from './served';
import { quietSettings } from './settings';

const minutes = 60_000;
const limitMs = Number(process.env['CHASQUID_TEST_LIMIT_MS'] || 20 * minutes);

function wantedFrom(argv: string[]) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    strict: false,
    options: {
      'user-data-dir': { type: 'string' },
      'extensions-dir': { type: 'string' },
      extensionDevelopmentPath: { type: 'string', multiple: true },
      extensionTestsPath: { type: 'string' },
    },
  });
  return {
    dataFolder: values['user-data-dir'] as string | undefined,
    extensions: ((values['extensionDevelopmentPath'] ?? []) as string[]).map(path => resolve(path)),
    tests: values['extensionTestsPath'] as string | undefined,
    folder: positionals[0],
  };
}

async function main(): Promise<number> {
  const wanted = wantedFrom(process.argv.slice(2));
  const scratch = await mkdtemp(join(tmpdir(), 'chasquid-vscode-'));
  const dataFolder = resolve(wanted.dataFolder ?? join(scratch, 'data'));
  await mkdir(dataFolder, { recursive: true });
  const log = outputFolder('launcher.log');
  await mkdir(dirname(log), { recursive: true });
  await writeFile(log, '');
  const server = await startServer({
    vscode: await provideServed(),
    dataFolder,
    forTests: true,
    settings: { ...quietSettings, ...(await ownSettings(dataFolder)) },
  });
  const { browser, context } = await openBrowser({ folder: scratch, size: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    const ended = new Promise<number>((resolveCode, reject) => {
      void page.exposeFunction('codeAutomationExit', (code: number) => resolveCode(code));
      page.once('crash', () => reject(new Error('The page of VS Code crashed.')));
      setTimeout(
        () => reject(new Error(`The tests did not end within ${limitMs / minutes} minutes.`)),
        limitMs,
      ).unref();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolveCode(130));
    });
    await page.exposeFunction('codeAutomationLog', (level: string, words: unknown) => {
      appendFileSync(log, `${level} ${typeof words === 'string' ? words : JSON.stringify(words)}\n`);
    });
    await page.goto(
      pageAddress({
        authority: `127.0.0.1:${server.address}`,
        folder: wanted.folder && resolve(wanted.folder),
        extensions: wanted.extensions,
        tests: wanted.tests && resolve(wanted.tests),
      }),
    );
    return await ended;
  } finally {
    await browser.close();
    await server.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The settings that the given user data folder already has, where a desktop VS Code or the server keeps them. */
async function ownSettings(dataFolder: string): Promise<Record<string, unknown>> {
  for (const file of [userSettingsFile(dataFolder), join(dataFolder, 'User', 'settings.json')]) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return JSON.parse(text) as Record<string, unknown>;
  }
  return {};
}

main().then(
  code => process.exit(code),
  error => {
    console.error(error);
    process.exit(1);
  },
);
