// npm test: every layer, one after the other, each through its own npm script.
import { spawnSync } from 'node:child_process';
import { installPackages } from './support/packages';

const layers = ['types', 'lint', 'test:unit', 'test:host', 'test:vscode'];
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

async function main(): Promise<number> {
  // The real programs that the unit tests ask; each further layer sees to its own.
  await installPackages(['openssh-client', 'openssl', 'chromium']).catch((error: unknown) => {
    console.log(`\n!!! ${error instanceof Error ? error.message : String(error)} !!!`);
  });

  const results = layers.map(layer => {
    console.log(`\n━━━ ${layer} ━━━`);
    const start = Date.now();
    const { status } = spawnSync('npm', ['run', '--silent', layer], { stdio: 'inherit' });
    const ms = Date.now() - start;
    console.log(`━━━ ${layer}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds(ms)}`);
    return { layer, ms, passed: status === 0 };
  });

  console.log();
  for (const { layer, ms, passed } of results) {
    console.log(`${passed ? '✓' : '✗'} ${layer.padEnd(12)} ${seconds(ms).padStart(9)}`);
  }
  const failed = results.filter(({ passed }) => !passed).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

void main().then(code => (process.exitCode = code));
