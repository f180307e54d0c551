import { globSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../vscode/cache';
import manifest from '../../package.json';
import type { Bench, BenchRow } from '../bench';

const goalKb = 300;
const kb = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`;

/** What the production build ships, minified: the main bundle, what it loads when first needed, and the rest. */
const bench: Bench = {
  name: 'Sizes of the bundles',
  async run(): Promise<BenchRow[]> {
    const main = join(projectRoot, manifest.main);
    const mainBytes = statSync(main).size;
    const zipped = gzipSync(readFileSync(main)).length;
    const others = globSync('dist/**/*.{mjs,js,css,ttf}', { cwd: projectRoot })
      .map(name => ({ name, bytes: statSync(join(projectRoot, name)).size }))
      .filter(({ name }) => join(projectRoot, name) !== main)
      .sort((a, b) => b.bytes - a.bytes);
    return await Promise.resolve([
      {
        what: manifest.main.replace('./', ''),
        value: kb(mainBytes),
        goal: `≤ ${goalKb} KB`,
        reached: mainBytes <= goalKb * 1000,
      },
      { what: '  the same, gzipped', value: kb(zipped) },
      ...others.map(({ name, bytes }) => ({ what: name, value: kb(bytes) })),
    ]);
  },
};

export default bench;
