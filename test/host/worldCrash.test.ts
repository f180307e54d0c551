import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { cgroups } from '../sandbox/cgroups';
import { must, until } from '../sandbox/processes';

const temporary = mkdtempSync(join(tmpdir(), 'crash-'));
after(() => rmSync(temporary, { recursive: true }));

const folders = () => readdirSync(temporary).filter(name => name.startsWith('chasquid-sandbox-'));

const run = ['--import', 'tsx', join(import.meta.dirname, '../sandbox/run.ts')];

/** Runs a command in a world inside of this one, as if this one were not there. */
function sandbox(...command: string[]) {
  return start([process.execPath, ...run, ...command]);
}

function start([program, ...args]: string[], more: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, ...more, TMPDIR: temporary, CHASQUID_SANDBOX_RUN: undefined };
  const child = spawn(program!, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const output = { text: '' };
  child.stdout.on('data', chunk => (output.text += chunk));
  const groups = () => cgroups('chasquid-sandbox-').filter(name => name.includes(`.${child.pid}-`));
  return { child, output, groups, ended: once(child, 'exit') as Promise<[number | null, string | null]> };
}

const up = [process.execPath, '--import', 'tsx', join(import.meta.dirname, '../sandbox/up.ts'), 'trixie'];
const services = async () =>
  (await must('ps', ['-e', '-o', 'comm='])).split('\n').filter(name => /^(knotd|pebble|sshd|systemd.*)$/.test(name));

test('when the runner is killed, its world ends with it, and the next one clears up', async () => {
  const { child, output, groups, ended } = sandbox(...up);
  await until('Such a world', 120_000, () => output.text.includes('Up after') || undefined);
  assert.ok((await services()).length > 5);
  child.kill('SIGKILL');
  await ended;
  await until('The end of its processes', 5000, async () => (await services()).length === 0 || undefined);
  assert.equal(folders().length, 1);
  assert.ok(groups().length > 0);
  const [code] = await sandbox('true').ended;
  assert.equal(code, 0);
  assert.deepEqual(folders(), []);
  assert.deepEqual(groups(), []);
});

test('when the runner is asked to end, the command closes its world in order', async () => {
  const { child, output, groups, ended } = sandbox(...up);
  await until('Such a world', 120_000, () => output.text.includes('Up after') || undefined);
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
  assert.match(output.text, /Closed\.\n$/);
  assert.deepEqual(await services(), []);
  assert.deepEqual(folders(), []);
  assert.deepEqual(groups(), []);
});

test('when the shell in which npm started the runner ends, so does the world', async () => {
  // npm hands a signal to its shell, which ends without telling anybody.
  const script = `${[process.execPath, ...run, ...up].join(' ')}; true`;
  const { child, output, ended } = start(['sh', '-c', script], { npm_lifecycle_event: 'sandbox' });
  await until('Such a world', 120_000, () => output.text.includes('Up after') || undefined);
  child.kill('SIGTERM');
  await ended;
  await until('The orderly end of the world', 20_000, () => output.text.endsWith('Closed.\n') || undefined);
  await until('The end of everything', 5000, () => folders().length === 0 || undefined);
  assert.deepEqual(await services(), []);
});

test("the command's exit status is handed on, and a command that a signal ended counts as 128 and its number", async () => {
  assert.deepEqual(await sandbox('sh', '-c', 'exit 7').ended, [7, null]);
  assert.deepEqual(await sandbox('sh', '-c', 'kill -TERM $$').ended, [143, null]);
});
