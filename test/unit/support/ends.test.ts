import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const folder = mkdtempSync(join(tmpdir(), 'ends-'));
after(() => rmSync(folder, { recursive: true }));

/** Runs a file of one test, which is given `ms` to end after the test. */
function run(name: string, body: string, ms: number) {
  const file = join(folder, `${name}.test.mjs`);
  writeFileSync(
    file,
    `import { test } from 'node:test'; import { connect, createServer } from 'node:net';
     test('it', () => { ${body} });`,
  );
  const ends = join(import.meta.dirname, '../../support/ends.mts');
  const words = ['--import', 'tsx', '--import', ends, '--test', file];
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined, CHASQUID_TEST_ENDS_MS: String(ms) };
  return spawnSync(process.execPath, words, { env, encoding: 'utf8', cwd: join(import.meta.dirname, '../../..') });
}

test('a file that leaves something open fails and says what it is', () => {
  const { status, stdout } = run(
    'open',
    `const one = createServer().listen(0, '127.0.0.1', () => connect(one.address()));`,
    200,
  );
  assert.equal(status, 1);
  assert.match(
    stdout,
    /The tests are over, and this is still open: Server, .*Socket to 127\.0\.0\.1 port \d+.*\. Close it\./,
  );
});

test('a file that closes what it opened passes, and is not kept waiting', () => {
  const start = Date.now();
  const { status, stdout } = run(
    'closed',
    `const one = createServer().listen(0, '127.0.0.1', () => one.close());`,
    60_000,
  );
  assert.equal(status, 0, stdout);
  assert.ok(Date.now() - start < 50_000);
});
