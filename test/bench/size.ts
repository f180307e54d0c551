import { globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { projectRoot } from '../vscode/cache';
import manifest from '../../package.json';
import type { Bench, BenchRow } from '../bench';

const goalKb = 300;
const kb = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`;

/** What the production build ships, minified: the main bundle with all that it imports at once, and the rest. */
const bench: Bench = {
  name: 'Sizes of the bundles',
  async run(): Promise<BenchRow[]> {
    const main = join(projectRoot, manifest.main);
    const atOnce = importedAtOnce(main);
    const bytes = sum(atOnce.map(file => statSync(file).size));
    const others = globSync('dist/**/*.{mjs,js,css,ttf}', { cwd: projectRoot })
      .map(name => ({ name, file: join(projectRoot, name) }))
      .filter(({ file }) => !atOnce.includes(file))
      .map(({ name, file }) => ({ name, bytes: statSync(file).size }))
      .sort((a, b) => b.bytes - a.bytes);
    return await Promise.resolve([
      {
        what: `${manifest.main.replace('./', '')} with the ${atOnce.length - 1} chunks that it imports at once`,
        value: kb(bytes),
        goal: `≤ ${goalKb} KB`,
        reached: bytes <= goalKb * 1000,
      },
      { what: '  the same, gzipped', value: kb(sum(atOnce.map(file => gzipSync(readFileSync(file)).length))) },
      ...others.map(({ name, bytes: size }) => ({ what: name, value: kb(size) })),
    ]);
  },
};

/** The module and all that its `import … from` lead to; `import()` is for later. */
function importedAtOnce(file: string, found: string[] = []): string[] {
  if (found.includes(file)) return found;
  found.push(file);
  for (const [, name] of readFileSync(file, 'utf8').matchAll(/\b(?:import|from)\s*"(\.[^"]+)"/g))
    importedAtOnce(join(dirname(file), name!), found);
  return found;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export default bench;
