/**
 * `npm run bench [-- NAME…]`: runs the benches of `test/bench` against a production build and prints what they measured.
 * Each is a module whose default export is a {@link Bench}; without names all are run.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

/** One measured value. */
export interface BenchRow {
  what: string;
  value: string;
  /** What the value shall be, e.g. `≤ 20 ms`. */
  goal?: string;
  /** Whether the goal is reached, where there is one. */
  reached?: boolean;
}

export interface Bench {
  name: string;
  run(): Promise<BenchRow[]>;
}

const root = resolve(import.meta.dirname, '..');
const folder = join(import.meta.dirname, 'bench');

async function main(wanted: string[]): Promise<number> {
  const names = globSync('*.ts', { cwd: folder })
    .map(file => basename(file, '.ts'))
    .sort();
  const unknown = wanted.filter(name => !names.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no bench "${unknown.join('", "')}". There are: ${names.join(', ')}`);
    return 2;
  }
  const build = ['esbuild.mjs', '--production'];
  const built = spawnSync(process.execPath, build, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (built.status !== 0) return 1;
  let missed = 0;
  for (const name of wanted.length > 0 ? wanted : names) {
    const { default: bench } = (await import(join(folder, `${name}.ts`))) as { default: Bench };
    console.log(`\n${bench.name}`);
    const rows = await bench.run();
    const [first, second] = [widest(rows.map(row => row.what)), widest(rows.map(row => row.value))];
    for (const { what, value, goal, reached } of rows) {
      const verdict = goal ? `  goal ${goal}${reached === undefined ? '' : reached ? ': reached' : ': MISSED'}` : '';
      console.log(`  ${what.padEnd(first)}  ${value.padStart(second)}${verdict}`);
      if (reached === false) missed += 1;
    }
  }
  if (missed > 0) console.log(`\n${missed} goals missed`);
  return 0;
}

function widest(texts: string[]): number {
  return Math.max(0, ...texts.map(text => text.length));
}

main(process.argv.slice(2)).then(
  code => process.exit(code),
  error => {
    console.error(error);
    process.exit(1);
  },
);
