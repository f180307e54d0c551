/**
 * Runs the mocha suites inside the extension host. VS Code calls `run()`; what mocha prints goes to the file named by
 * `CHASQUID_TEST_OUTPUT` (the console of an extension host reaches nobody reliably), the counts to `CHASQUID_TEST_RESULT`.
 */
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

/** What one run of the suites came to. */
export interface InsideResult {
  tests: number;
  passed: number;
  failed: number;
  /** Pending in mocha's words: there should be none. */
  skipped: number;
}

export async function run(): Promise<void> {
  try {
    await runSuites();
  } catch (error) {
    say(error);
    throw error;
  }
}

function say(...words: unknown[]): void {
  const output = process.env['CHASQUID_TEST_OUTPUT'];
  if (output) appendFileSync(output, `${format(...words)}\n`);
  else console.log(...words);
}

async function runSuites(): Promise<void> {
  Mocha.reporters.Base.consoleLog = say;
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 30_000 });
  const pattern = process.env['CHASQUID_TEST_GREP'];
  if (pattern) mocha.grep(pattern);
  for (const name of readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.endsWith('.test.js')) mocha.addFile(join(__dirname, name));
  }
  const result = await new Promise<InsideResult>(resolve => {
    const runner = mocha.run(() => {
      const { tests = 0, passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
      resolve({ tests, passed: passes, failed: failures, skipped: pending });
    });
  });
  const file = process.env['CHASQUID_TEST_RESULT'];
  if (file) writeFileSync(file, JSON.stringify(result));
  if (result.failed > 0) throw new Error(`${result.failed} of ${result.tests} tests failed`);
}
