// npm test: every layer, one after the other, each through its own npm script.
import { spawnSync } from 'node:child_process';
import { skippedStatus } from './support/layer';
import { installPackages } from './support/packages';

const layers = ['types', 'lint', 'test:unit', 'test:host', 'test:vscode'];
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

async function main(): Promise<number> {
  // The real programs that the unit tests ask; each further layer sees to its own.
  await installPackages(['openssh-client', 'openssl', 'shellcheck', 'chromium']).catch((error: unknown) => {
    console.log(`\n!!! ${error instanceof Error ? error.message : String(error)} !!!`);
  });

  const results = layers.map(layer => {
    console.log(`\n━━━ ${layer} ━━━`);
    const start = Date.now();
    const { status } = spawnSync('npm', ['run', '--silent', layer], { stdio: 'inherit' });
    const ms = Date.now() - start;
    const outcome = status === 0 ? 'passed' : status === skippedStatus ? 'skipped' : 'failed';
    console.log(`━━━ ${layer}: ${outcome === 'failed' ? 'FAILED' : outcome} in ${seconds(ms)}`);
    return { layer, ms, outcome } as const;
  });

  console.log();
  const signs = { passed: '✓', skipped: '–', failed: '✗' };
  for (const { layer, ms, outcome } of results) {
    const note = outcome === 'skipped' ? '  not tested, or not as a whole: see above why' : '';
    console.log(`${signs[outcome]} ${layer.padEnd(12)} ${seconds(ms).padStart(9)}${note}`);
  }
  const count = (wanted: keyof typeof signs) => results.filter(({ outcome }) => outcome === wanted).length;
  const skipped = count('skipped');
  console.log(`${count('passed')} passed, ${count('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return count('failed') === 0 ? 0 : 1;
}

void main().then(code => (process.exitCode = code));
