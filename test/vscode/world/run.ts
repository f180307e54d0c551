// Tests of the window that need mail hosts, each file in a sealed world of its own: node --import tsx test/vscode/world/run.ts [FILE…]
import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { enter } from '../../sandbox/enter';
import { prepare } from '../../sandbox/prepare';
import { becomeRoot, obstacle } from '../../sandbox/privilege';
import { skippedStatus } from '../../support/layer';
import { provideServed } from '../install';
import { runFiles, testWords } from '../secondTry';

async function main(named: string[]): Promise<number> {
  const problem = obstacle();
  if (problem) {
    console.log(`\n!!! THE WINDOW WAS NOT TESTED WITH MAIL SERVERS. ${problem} !!!\n`);
    return skippedStatus;
  }
  becomeRoot();
  // Both may download, which is impossible inside of a world.
  await Promise.all([provideServed(), prepare()]);
  const found = globSync('*.test.ts', { cwd: import.meta.dirname }).map(name => join(import.meta.dirname, name));
  const files = named.length > 0 ? named.map(name => resolve(name)) : found.sort();
  if (files.length === 0) throw new Error('No test of the window with mail servers was found.');
  const failed = await runFiles(files, (file, onOutput) =>
    enter([process.execPath, ...testWords, file], onOutput ? { onOutput } : {}),
  );
  console.log(`\nIn the window, with mail servers: ${files.length - failed} of ${files.length} files passed`);
  return failed === 0 ? 0 : 1;
}

void main(process.argv.slice(2)).then(
  code => (process.exitCode = code),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
