import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { scriptFiles } from '../../src/ssh/shellScript';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const scripts = globSync('src/**/*.sh', { cwd: root }).sort();
/** A name for each text that ShellCheck had nothing to say about: all of them take it a minute. */
const clean = join(process.env['CHASQUID_VSCODE_CACHE'] || join(homedir(), '.cache', 'chasquid-vscode'), 'shellcheck');
const version = spawnSync('shellcheck', ['--version'], { encoding: 'utf8' }).stdout;

/** Of a script with all that it needs, and of what ShellCheck is told. */
function nameOf(script: string): string {
  const files = [join(root, '.shellcheckrc'), ...scriptFiles(pathToFileURL(join(root, script)))];
  const hash = createHash('sha256').update(version).update(script);
  for (const file of files) hash.update('\0').update(readFileSync(file));
  return hash.digest('hex');
}

describe('the shell scripts', () => {
  before(() => mkdirSync(clean, { recursive: true }));

  test('there are some, and each is POSIX sh for the shell of this machine', async () => {
    assert.ok(scripts.length > 50, `${scripts.length} scripts`);
    for (const script of scripts) await run('sh', ['-n', script], { cwd: root });
  });

  const missing = version ? false : 'ShellCheck is not installed (apt-get install shellcheck)';
  test('ShellCheck has nothing to say about any of them', { skip: missing }, async () => {
    const known = new Set(globSync('*', { cwd: clean }));
    const fresh = scripts.filter(script => !known.has(nameOf(script)));
    const check = async (script: string): Promise<string> => {
      const said = await run('shellcheck', ['-x', '-f', 'gcc', script], { cwd: root }).then(
        () => '',
        (error: Error & { stdout: string }) => error.stdout || error.message,
      );
      if (said === '') writeFileSync(join(clean, nameOf(script)), '');
      return said;
    };
    const said: string[] = [];
    const next = async (): Promise<void> => {
      for (let script = fresh.shift(); script !== undefined; script = fresh.shift()) said.push(await check(script));
    };
    await Promise.all([next(), next()]);
    assert.equal(said.join(''), '');
  });

  test('each exception that ShellCheck is told has its reason', () => {
    for (const script of scripts) {
      for (const line of readFileSync(join(root, script), 'utf8').split('\n')) {
        if (line.includes('shellcheck disable=')) assert.match(line, /# shellcheck disable=SC\d+ # .+\.$/, script);
      }
    }
  });
});
